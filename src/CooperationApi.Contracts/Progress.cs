using System.ComponentModel.DataAnnotations;

namespace CooperationApi.Contracts;

/// <summary>The progress of the commitments of an agreement, a province unit or an official.</summary>
public sealed record ProgressReport
{
    /// <summary>The commitments that an agreement contains, by id.</summary>
    [Length(0, Limits.MaxProgressRecords)]
    public required IReadOnlyList<CommitmentProgress> Agreed { get; init; }

    /// <summary>The commitments that are in no agreement: raised at a meeting, or reported without one.</summary>
    [Length(0, Limits.MaxProgressRecords)]
    public required IReadOnlyList<CommitmentProgress> Raised { get; init; }

    /// <summary>
    /// The results that fulfil none of these commitments. Those of an agreement were delivered under it, or given or reported at the
    /// meeting that adopted it.
    /// </summary>
    [Length(0, Limits.MaxProgressRecords)]
    public required IReadOnlyList<ResultProgress> OtherResults { get; init; }

    /// <summary>
    /// The totals per cooperation group: all groups of an agreement, or the groups of these records. A record in several groups counts in
    /// each of them.
    /// </summary>
    [Length(0, Limits.MaxProgressRecords)]
    public required IReadOnlyList<GroupProgress> Groups { get; init; }

    /// <summary>The totals per pillar; without a pillar, the records in no group with a pillar.</summary>
    [Length(0, 3)]
    public required IReadOnlyList<PillarProgress> Pillars { get; init; }

    /// <summary>The totals of all records, each counted once.</summary>
    public required ProgressTotals Total { get; init; }

    /// <summary>The revision of the data set to which the response belongs.</summary>
    public required long Revision { get; init; }
}

/// <summary>A commitment with the responsible parties, the plan, the results and the derived state.</summary>
public sealed record CommitmentProgress
{
    /// <summary>The id of the commitment.</summary>
    [Slug]
    public required string Id { get; init; }

    /// <summary>The content of the commitment.</summary>
    [Length(1, 500)]
    public required string Title { get; init; }

    /// <summary>The title in English.</summary>
    [Length(1, 500)]
    public string? TitleEn { get; init; }

    /// <summary>The kind of commitment.</summary>
    public required CommitmentKind Kind { get; init; }

    /// <summary>The id of the agreement that contains the commitment.</summary>
    [Slug]
    public string? AgreementId { get; init; }

    /// <summary>The id of the meeting at which the commitment was made.</summary>
    [Slug]
    public string? MeetingId { get; init; }

    /// <summary>The ids of the cooperation groups.</summary>
    [Length(0, 200), Slug]
    public required IReadOnlyList<string> GroupIds { get; init; }

    /// <summary>The parties that are responsible.</summary>
    [Length(0, 50)]
    public required IReadOnlyList<NamedParty> Responsible { get; init; }

    /// <summary>The parties that made the proposal, request or directive.</summary>
    [Length(0, 50)]
    public required IReadOnlyList<NamedParty> VoicedBy { get; init; }

    /// <summary>The period in which the commitment is due to be carried out.</summary>
    public Period? Period { get; init; }

    /// <summary>The due date.</summary>
    public PartialDate? DueOn { get; init; }

    /// <summary>The status that a source reports.</summary>
    public required CommitmentStatus Status { get; init; }

    /// <summary>The date of the reported status.</summary>
    public PartialDate? StatusAsOf { get; init; }

    /// <summary>The planned quantity and amount; absent without a plan in figures.</summary>
    public ProgressFigures? Planned { get; init; }

    /// <summary>
    /// The sums of the results in the unit and the currency of the plan; absent without such results. Of results that are probably the
    /// same, one counts, and of a whole and its parts the whole.
    /// </summary>
    public ProgressFigures? Delivered { get; init; }

    /// <summary>The state, derived from the records. It is no judgement.</summary>
    public required ProgressState State { get; init; }

    /// <summary>The latest date that a source reports of the commitment or its results; absent if there is none.</summary>
    public DatedEvidence? LatestEvidence { get; init; }

    /// <summary>The results that fulfil the commitment, by id.</summary>
    [Length(0, Limits.MaxProgressRecords)]
    public required IReadOnlyList<ResultProgress> Results { get; init; }
}

/// <summary>
/// The states of a commitment: Delivered (the results reach the planned quantity or amount, or a source states the status Done),
/// PartlyDelivered (the results are below the plan), Reported (a result without comparable figures, or a status after the adoption), NoNews
/// (nothing since the date in `latestEvidence`).
/// </summary>
public enum ProgressState
{
    Delivered,
    PartlyDelivered,
    Reported,
    NoNews,
}

/// <summary>A party with its name.</summary>
public sealed record NamedParty
{
    /// <summary>The name of the official or organization, or else the words of the source, or else the name of the province unit.</summary>
    [Length(1, 500)]
    public required string Name { get; init; }

    /// <summary>The id of the official.</summary>
    [Slug]
    public string? OfficialId { get; init; }

    /// <summary>The id of the organization.</summary>
    [Slug]
    public string? OrganizationId { get; init; }

    /// <summary>The id of the province unit.</summary>
    [Slug]
    public string? ProvinceId { get; init; }
}

/// <summary>A quantity with its unit and an amount with its currency, planned or delivered.</summary>
public sealed record ProgressFigures
{
    /// <summary>The quantity.</summary>
    [Range(0, Limits.MaxSafeInteger)]
    public decimal? Quantity { get; init; }

    /// <summary>The unit of the quantity.</summary>
    [Length(1, 100)]
    public string? Unit { get; init; }

    /// <summary>The amount of money, in whole units of the currency.</summary>
    public long? Amount { get; init; }

    /// <summary>The ISO 4217 code of the currency.</summary>
    [Pattern(Patterns.Currency, 3)]
    public string? Currency { get; init; }

    /// <summary>True if a source says "about" of a figure.</summary>
    public bool? Approximate { get; init; }

    /// <summary>The bound of the figures, if a source says "over" (AtLeast), "nearly" or "up to" (AtMost).</summary>
    public Bound? Bound { get; init; }
}

/// <summary>A date that a source reports, with the record that has it.</summary>
public sealed record DatedEvidence
{
    /// <summary>The date, to the known precision.</summary>
    public required PartialDate On { get; init; }

    /// <summary>
    /// The record: the commitment (its `statusAsOf`), a result, or the agreement or meeting with which the commitment began.
    /// </summary>
    public required RecordReference Record { get; init; }
}

/// <summary>A result that fulfils a commitment, or belongs to the same agreement, province or official.</summary>
public sealed record ResultProgress
{
    /// <summary>The id of the result.</summary>
    [Slug]
    public required string Id { get; init; }

    /// <summary>The content of the result.</summary>
    [Length(1, 500)]
    public required string Title { get; init; }

    /// <summary>The title in English.</summary>
    [Length(1, 500)]
    public string? TitleEn { get; init; }

    /// <summary>The kind of result.</summary>
    public required ResultKind Kind { get; init; }

    /// <summary>The id of the agreement under which the result was delivered.</summary>
    [Slug]
    public string? AgreementId { get; init; }

    /// <summary>The ids of the cooperation groups.</summary>
    [Length(0, 200), Slug]
    public required IReadOnlyList<string> GroupIds { get; init; }

    /// <summary>The quantity and the amount.</summary>
    public ProgressFigures? Figures { get; init; }

    /// <summary>The period in which the result was delivered or given.</summary>
    public Period? Period { get; init; }

    /// <summary>The id of the meeting at which the result was given or delivered.</summary>
    [Slug]
    public string? MeetingId { get; init; }

    /// <summary>The id of the meeting at which the result was reported.</summary>
    [Slug]
    public string? ReportedAt { get; init; }

    /// <summary>
    /// The strongest basis of the citations that join the result with its commitment: with Inferred, the editors conclude that it fulfils
    /// the commitment. Absent in `otherResults`.
    /// </summary>
    public CitationBasis? FulfilsBasis { get; init; }
}

/// <summary>The numbers of commitments by state, and of results.</summary>
public sealed record ProgressTotals
{
    /// <summary>The agreed commitments by state.</summary>
    public required StateCounts Agreed { get; init; }

    /// <summary>The raised commitments by state.</summary>
    public required StateCounts Raised { get; init; }

    /// <summary>The number of results.</summary>
    public required long Results { get; init; }
}

/// <summary>The numbers of commitments by derived state.</summary>
public sealed record StateCounts
{
    /// <summary>The number of commitments.</summary>
    public required long Commitments { get; init; }

    /// <summary>The number of commitments with the state Delivered.</summary>
    public required long Delivered { get; init; }

    /// <summary>The number of commitments with the state PartlyDelivered.</summary>
    public required long PartlyDelivered { get; init; }

    /// <summary>The number of commitments with the state Reported.</summary>
    public required long Reported { get; init; }

    /// <summary>The number of commitments with the state NoNews.</summary>
    public required long NoNews { get; init; }

    /// <summary>The number of commitments with a result that fulfils them.</summary>
    public required long WithResult { get; init; }
}

/// <summary>The totals of a cooperation group.</summary>
public sealed record GroupProgress
{
    /// <summary>The id of the cooperation group.</summary>
    [Slug]
    public required string GroupId { get; init; }

    /// <summary>The name of the group.</summary>
    [Length(1, 500)]
    public required string Name { get; init; }

    /// <summary>The pillar; absent if the agreement has no pillars.</summary>
    public Pillar? Pillar { get; init; }

    /// <summary>The totals.</summary>
    public required ProgressTotals Total { get; init; }
}

/// <summary>The totals of a pillar.</summary>
public sealed record PillarProgress
{
    /// <summary>The pillar; absent for records in no group with a pillar.</summary>
    public Pillar? Pillar { get; init; }

    /// <summary>The totals.</summary>
    public required ProgressTotals Total { get; init; }
}
