using CooperationApi.Contracts;
using CooperationApi.Queries;

namespace CooperationApi.Features.Progress;

/// <summary>Derives the delivered figures, the latest evidence and the state of a commitment from its record and its results.</summary>
/// <param name="Commitment">The commitment.</param>
/// <param name="Results">The results that fulfil it.</param>
/// <param name="Start">The adoption of its agreement, or the meeting at which it was made; null if unknown.</param>
/// <param name="Dates">The dates of meetings by id.</param>
internal sealed record CommitmentAssessment(Commitment Commitment, IReadOnlyList<Result> Results, DatedEvidence? Start,
    IReadOnlyDictionary<string, PartialDate> Dates)
{
    // Results that other results of the commitment include or repeat do not count twice.
    private IEnumerable<Result> CountedResults => Results.Where((result, i) =>
        Results.All(whole => whole.Id != result.PartOf)
        && Results.Take(i).All(earlier => !earlier.ProbablySameAs.Contains(result.Id) && !result.ProbablySameAs.Contains(earlier.Id)));

    /// <summary>The sums in the unit and the currency of the plan; null if no result has one of them.</summary>
    public ProgressFigures? Delivered
    {
        get
        {
            var counted = CountedResults.ToList();
            var quantities = counted.Where(result => result.Unit is not null && result.Unit == Commitment.Unit).ToList();
            var amounts = counted.Where(result => result.Currency is not null && result.Currency == Commitment.Currency).ToList();
            var summed = quantities.Union(amounts).ToList();
            return summed.Count == 0 ? null : new()
            {
                Quantity = quantities.Count == 0 ? null
                    : ExactSum.Ensure(quantities.Sum(result => result.Quantity.GetValueOrDefault())),
                Unit = quantities.Count == 0 ? null : Commitment.Unit,
                Amount = amounts.Count == 0 ? null
                    : (long)ExactSum.Ensure(amounts.Sum(result => (decimal)result.Amount.GetValueOrDefault())),
                Currency = amounts.Count == 0 ? null : Commitment.Currency,
                Approximate = summed.Any(result => result.Approximate == true) ? true : null,
                Bound = summed.Select(result => result.Bound).FirstOrDefault(bound => bound is not null),
            };
        }
    }

    /// <summary>The state.</summary>
    public ProgressState State
    {
        get
        {
            var delivered = Delivered;
            if (delivered?.Quantity >= Commitment.Quantity || delivered?.Amount >= Commitment.Amount)
                return ProgressState.Delivered;
            if (Commitment.Status == CommitmentStatus.Done
                && Commitment.Citations.Any(citation => citation.Supports.Contains("status")))
                return ProgressState.Delivered;
            if (delivered is not null)
                return ProgressState.PartlyDelivered;
            return Results.Count > 0 || IsStatusReportedLater ? ProgressState.Reported : ProgressState.NoNews;
        }
    }

    private bool IsStatusReportedLater =>
        Commitment.Status is CommitmentStatus.InProgress or CommitmentStatus.Done or CommitmentStatus.Dropped
        && (Start is null || Commitment.StatusAsOf?.LastDay > Start.On.FirstDay);

    /// <summary>
    /// The latest of the dates of the start, the meeting, the reported status and the results; null if none is known. A month or a year
    /// counts from its first day, so that it never hides a known later day.
    /// </summary>
    public DatedEvidence? LatestEvidence => Results.Select(FindEvidence).Append(FindStatusEvidence()).Append(FindMeetingEvidence())
        .Append(Start).OfType<DatedEvidence>().Where(evidence => evidence.On.FirstDay is not null)
        .MaxBy(evidence => evidence.On.FirstDay);

    private DatedEvidence? FindMeetingEvidence() => FindDate(Commitment.MeetingId) is { } date
        ? new() { On = date, Record = new() { Type = "meetings", Id = Commitment.MeetingId! } }
        : null;

    private DatedEvidence? FindStatusEvidence() =>
        Commitment.StatusAsOf is { } date ? new() { On = date, Record = new() { Type = "commitments", Id = Commitment.Id } } : null;

    // The report of a result is later than its delivery.
    private DatedEvidence? FindEvidence(Result result) =>
        (FindDate(result.ReportedAt) ?? result.Period?.To ?? result.Period?.From ?? FindDate(result.MeetingId)) is { } date
            ? new() { On = date, Record = new() { Type = "results", Id = result.Id } }
            : null;

    private PartialDate? FindDate(string? meetingId) =>
        meetingId is not null && Dates.TryGetValue(meetingId, out var date) ? date : null;
}
