using System.Data.Common;
using CooperationApi.Contracts;
using CooperationApi.Resources;
using CooperationApi.Storage;

namespace CooperationApi.Features.Progress;

/// <summary>
/// Reads one commitment, the commitments and results of an agreement, or those that refer to another record, and derives their progress.
/// </summary>
internal sealed class ProgressReader(ResourceCatalog catalog)
{
    /// <summary>Reads the progress. Throws 400 if there are too many records.</summary>
    public async Task<ProgressReport> Read(DbConnection connection, string type, string id, CancellationToken cancel)
    {
        var query = new ProgressQuery(connection, type, id, cancel);
        var commitments = await query.ReadRecords<Commitment>(catalog["commitments"], ProgressQuery.CommitmentsSql(type));
        var results = await query.ReadRecords<Result>(catalog["results"], ProgressQuery.ResultsSql(type));
        var groups = await query.ReadRecords<CooperationGroup>(catalog[ResourceTypes.CooperationGroups], ProgressQuery.GroupsSql(type));
        var agreementDates = await query.ReadDates("agreement", "adopted_on");
        var meetingDates = await query.ReadDates("meeting", "held_on");
        var names = await query.ReadPartyNames(catalog);
        var resultsByCommitment = results.SelectMany(result => result.Fulfils, (result, commitmentId) => (commitmentId, result))
            .ToLookup(pair => pair.commitmentId, pair => pair.result);
        var progress = commitments.Select(commitment => CreateCommitmentProgress(new(commitment, [.. resultsByCommitment[commitment.Id]],
            FindStart(commitment, agreementDates, meetingDates), meetingDates), names)).ToList();
        var pillars = groups.ToDictionary(group => group.Id, group => group.Pillar);
        var commitmentIds = commitments.Select(commitment => commitment.Id).ToHashSet();
        return new()
        {
            Agreed = [.. progress.Where(IsAgreed)],
            Raised = [.. progress.Where(commitment => !IsAgreed(commitment))],
            OtherResults =
            [
                .. results.Where(result => !result.Fulfils.Any(commitmentIds.Contains))
                    .Select(result => CreateResultProgress(result, fulfilsBasis: null)),
            ],
            Groups =
            [
                .. from @group in groups
                   orderby @group.AgreementId, @group.Pillar, @group.Ordinal, @group.Id
                   select new GroupProgress
                   {
                       GroupId = @group.Id,
                       Name = @group.Name,
                       Pillar = @group.Pillar,
                       Total = CreateTotals(progress.Where(commitment => commitment.GroupIds.Contains(@group.Id)),
                           results.Count(result => result.GroupIds.Contains(@group.Id))),
                   },
            ],
            Pillars =
            [
                .. from pillar in progress.SelectMany(commitment => GetPillars(commitment.GroupIds))
                       .Concat(results.SelectMany(result => GetPillars(result.GroupIds))).Distinct()
                   orderby pillar is null, pillar
                   select new PillarProgress
                   {
                       Pillar = pillar,
                       Total = CreateTotals(progress.Where(commitment => GetPillars(commitment.GroupIds).Contains(pillar)),
                           results.Count(result => GetPillars(result.GroupIds).Contains(pillar))),
                   },
            ],
            Total = CreateTotals(progress, results.Count),
            Revision = (await Database.ReadVersion(connection)).Revision,
        };

        static bool IsAgreed(CommitmentProgress commitment) => commitment.AgreementId is not null;

        IEnumerable<Pillar?> GetPillars(IReadOnlyList<string> groupIds) =>
            groupIds.Select(pillars.GetValueOrDefault).DefaultIfEmpty().Distinct();

        static ProgressTotals CreateTotals(IEnumerable<CommitmentProgress> commitments, long results)
        {
            var byAgreement = commitments.ToLookup(IsAgreed);
            return new() { Agreed = Count([.. byAgreement[true]]), Raised = Count([.. byAgreement[false]]), Results = results };
        }
    }

    /// <summary>
    /// Returns the adoption of the agreement, or the meeting at which the commitment was made or the agreement adopted; null if unknown.
    /// </summary>
    private static DatedEvidence? FindStart(Commitment commitment, Dictionary<string, PartialDate> agreementDates,
        Dictionary<string, PartialDate> meetingDates)
    {
        if (commitment.AgreementId is { } agreementId && agreementDates.TryGetValue(agreementId, out var adoptedOn))
            return new() { On = adoptedOn, Record = new() { Type = "agreements", Id = agreementId } };
        return commitment.MeetingId is { } meetingId && meetingDates.TryGetValue(meetingId, out var heldOn)
            ? new() { On = heldOn, Record = new() { Type = "meetings", Id = meetingId } }
            : null;
    }

    private static CommitmentProgress CreateCommitmentProgress(CommitmentAssessment assessment, Dictionary<RecordReference, string> names)
    {
        var commitment = assessment.Commitment;
        return new()
        {
            Id = commitment.Id,
            Title = commitment.Title,
            TitleEn = commitment.TitleEn,
            Kind = commitment.Kind,
            AgreementId = commitment.AgreementId,
            MeetingId = commitment.MeetingId,
            GroupIds = commitment.GroupIds,
            Responsible = [.. commitment.Responsible.Select(party => CreateNamedParty(party, names))],
            VoicedBy = [.. commitment.VoicedBy.Select(party => CreateNamedParty(party, names))],
            Period = commitment.Period,
            DueOn = commitment.DueOn,
            Status = commitment.Status,
            StatusAsOf = commitment.StatusAsOf,
            Planned = CreateFigures(commitment, commitment.Approximate, commitment.Bound),
            Delivered = assessment.Delivered,
            State = assessment.State,
            LatestEvidence = assessment.LatestEvidence,
            Results = [.. assessment.Results.Select(result => CreateResultProgress(result, FindFulfilsBasis(result)))],
        };
    }

    private static NamedParty CreateNamedParty(Party party, Dictionary<RecordReference, string> names) => new()
    {
        Name = FindName(names, "officials", party.OfficialId) ?? FindName(names, "organizations", party.OrganizationId)
            ?? party.Description ?? FindName(names, ResourceTypes.Provinces, party.ProvinceId)!,
        OfficialId = party.OfficialId,
        OrganizationId = party.OrganizationId,
        ProvinceId = party.ProvinceId,
    };

    private static string? FindName(Dictionary<RecordReference, string> names, string type, string? id) =>
        id is null ? null : names[new() { Type = type, Id = id }];

    private static ResultProgress CreateResultProgress(Result result, CitationBasis? fulfilsBasis) => new()
    {
        Id = result.Id,
        Title = result.Title,
        TitleEn = result.TitleEn,
        Kind = result.Kind,
        AgreementId = result.AgreementId,
        GroupIds = result.GroupIds,
        Figures = CreateFigures(result, result.Approximate, result.Bound),
        Period = result.Period,
        MeetingId = result.MeetingId,
        ReportedAt = result.ReportedAt,
        FulfilsBasis = fulfilsBasis,
    };

    private static ProgressFigures? CreateFigures(IQuantified record, bool? isApproximate, Bound? bound) =>
        record.Quantity is null && record.Amount is null ? null : new()
        {
            Quantity = record.Quantity,
            Unit = record.Unit,
            Amount = record.Amount,
            Currency = record.Currency,
            Approximate = isApproximate,
            Bound = bound,
        };

    private static CitationBasis FindFulfilsBasis(Result result)
    {
        var bases = result.Citations.Where(citation => citation.Supports.Contains("fulfils"))
            .Select(citation => citation.Basis).ToHashSet();
        return bases.Contains(CitationBasis.Stated) ? CitationBasis.Stated
            : bases.Contains(CitationBasis.Referenced) ? CitationBasis.Referenced : CitationBasis.Inferred;
    }

    private static StateCounts Count(IReadOnlyCollection<CommitmentProgress> commitments) => new()
    {
        Commitments = commitments.Count,
        Delivered = commitments.Count(commitment => commitment.State == ProgressState.Delivered),
        PartlyDelivered = commitments.Count(commitment => commitment.State == ProgressState.PartlyDelivered),
        Reported = commitments.Count(commitment => commitment.State == ProgressState.Reported),
        NoNews = commitments.Count(commitment => commitment.State == ProgressState.NoNews),
        WithResult = commitments.Count(commitment => commitment.Results.Count > 0),
    };
}
