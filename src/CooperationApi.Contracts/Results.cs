namespace CooperationApi.Contracts;

/// <summary>Something delivered or given, never something that is only planned.</summary>
public sealed record Result : CitedRecord, IQuantified
{
    /// <summary>The content of the result.</summary>
    public required string Title { get; init; }

    /// <summary>The title in English.</summary>
    public string? TitleEn { get; init; }

    /// <summary>The kind of result.</summary>
    public required ResultKind Kind { get; init; }

    /// <summary>
    /// The id of the agreement under which the result was delivered; absent if the result precedes the agreement or is not part of it.
    /// </summary>
    public string? AgreementId { get; init; }

    /// <summary>
    /// The ids of the cooperation groups to which the editors assign the result. Without `agreementId`, the groups are those of an
    /// agreement that the meeting of `meetingId` or `reportedAt` adopted.
    /// </summary>
    public IReadOnlyList<string> GroupIds { get; init; } = [];

    /// <summary>The ids of the province units that the result concerns: the units that existed at the time of the result.</summary>
    public IReadOnlyList<string> ProvinceIds { get; init; } = [];

    /// <summary>The ids of the commitments that the result fulfils, wholly or in part.</summary>
    public IReadOnlyList<string> Fulfils { get; init; } = [];

    /// <summary>The id of the meeting at which the result was given or delivered.</summary>
    public string? MeetingId { get; init; }

    /// <summary>The id of the meeting at which the result was reported.</summary>
    public string? ReportedAt { get; init; }

    /// <summary>The parties that reported the result, if a source names them.</summary>
    public IReadOnlyList<Party> ReportedBy { get; init; } = [];

    /// <summary>The quantity; absent if the result has none.</summary>
    public decimal? Quantity { get; init; }

    /// <summary>The total that the quantity is part of: 11 for "10 of 11 items".</summary>
    public decimal? OutOf { get; init; }

    /// <summary>The unit of the quantity.</summary>
    public string? Unit { get; init; }

    /// <summary>The unit in English.</summary>
    public string? UnitEn { get; init; }

    /// <summary>The amount of money, in whole units of the currency.</summary>
    public long? Amount { get; init; }

    /// <summary>The ISO 4217 code of the currency.</summary>
    public string? Currency { get; init; }

    /// <summary>True if the source says "about".</summary>
    public bool? Approximate { get; init; }

    /// <summary>The bound of the figure, if the source says "over" (AtLeast), "nearly" or "up to" (AtMost).</summary>
    public Bound? Bound { get; init; }

    /// <summary>The period in which the result was delivered or given.</summary>
    public Period? Period { get; init; }

    /// <summary>The id of the giver: a province unit or an organization.</summary>
    public string? GiverId { get; init; }

    /// <summary>The giver in the words of the source.</summary>
    public string? Giver { get; init; }

    /// <summary>The id of the receiver: a province unit or an organization.</summary>
    public string? ReceiverId { get; init; }

    /// <summary>The receiver in the words of the source.</summary>
    public string? Receiver { get; init; }

    /// <summary>The id of the result that this result is a part of. Sums count the whole only.</summary>
    public string? PartOf { get; init; }

    /// <summary>The ids of other records that probably describe the same result. Sums count only one of these records.</summary>
    public IReadOnlyList<string> ProbablySameAs { get; init; } = [];
}

/// <summary>
/// The kinds of results: Output (done together), Outcome (followed from the cooperation), Contribution (given by one party to another).
/// </summary>
public enum ResultKind
{
    Output,
    Outcome,
    Contribution,
}
