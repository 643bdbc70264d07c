namespace CooperationApi.Contracts;

/// <summary>Something agreed, directed, assigned, planned or recommended.</summary>
public sealed record Commitment : CitedRecord, IQuantified
{
    /// <summary>The content of the commitment.</summary>
    public required string Title { get; init; }

    /// <summary>The title in English.</summary>
    public string? TitleEn { get; init; }

    /// <summary>The kind of commitment.</summary>
    public required CommitmentKind Kind { get; init; }

    /// <summary>
    /// The id of the agreement that contains the commitment; absent if it was requested or recommended at the meeting but not agreed.
    /// </summary>
    public string? AgreementId { get; init; }

    /// <summary>The id of the meeting at which the commitment was made.</summary>
    public string? MeetingId { get; init; }

    /// <summary>The ids of the cooperation groups to which the editors assign the commitment.</summary>
    public IReadOnlyList<string> GroupIds { get; init; } = [];

    /// <summary>The ids of the province units that the commitment concerns: the units that existed at the time of the commitment.</summary>
    public IReadOnlyList<string> ProvinceIds { get; init; } = [];

    /// <summary>The parties that made the proposal, request or directive, if a source names them.</summary>
    public IReadOnlyList<Party> VoicedBy { get; init; } = [];

    /// <summary>The parties that are responsible for the commitment.</summary>
    public IReadOnlyList<Party> Responsible { get; init; } = [];

    /// <summary>The ids of the province units and organizations that benefit from the commitment.</summary>
    public IReadOnlyList<string> BeneficiaryIds { get; init; } = [];

    /// <summary>The planned quantity; absent if the commitment has none.</summary>
    public decimal? Quantity { get; init; }

    /// <summary>The unit of the planned quantity.</summary>
    public string? Unit { get; init; }

    /// <summary>The unit in English.</summary>
    public string? UnitEn { get; init; }

    /// <summary>The planned amount of money, in whole units of the currency.</summary>
    public long? Amount { get; init; }

    /// <summary>The ISO 4217 code of the currency.</summary>
    public string? Currency { get; init; }

    /// <summary>True if the source says "about".</summary>
    public bool? Approximate { get; init; }

    /// <summary>The bound of the planned figure, if the source says "over" (AtLeast), "nearly" or "up to" (AtMost).</summary>
    public Bound? Bound { get; init; }

    /// <summary>The period in which the commitment is due to be carried out.</summary>
    public Period? Period { get; init; }

    /// <summary>The due date.</summary>
    public PartialDate? DueOn { get; init; }

    /// <summary>The status that a source reports.</summary>
    public required CommitmentStatus Status { get; init; }

    /// <summary>The date of the reported status.</summary>
    public PartialDate? StatusAsOf { get; init; }
}

/// <summary>
/// The kinds of commitments: Content (agreed cooperation), Directive, Assignment, Recommendation, Project (something to be built), Document
/// (a document to be issued).
/// </summary>
public enum CommitmentKind
{
    Content,
    Directive,
    Assignment,
    Recommendation,
    Project,
    Document,
}

/// <summary>The statuses of a commitment.</summary>
public enum CommitmentStatus
{
    Agreed,
    Planned,
    InProgress,
    Done,
    Dropped,
    Unknown,
}
