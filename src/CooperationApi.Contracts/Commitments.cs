namespace CooperationApi.Contracts;

/// <summary>Something promised, directed, assigned or recommended.</summary>
public sealed record Commitment : CitedRecord
{
    /// <summary>What is to be done.</summary>
    public required string Title { get; init; }

    /// <summary>The same in English.</summary>
    public string? TitleEn { get; init; }

    /// <summary>What kind of commitment it is.</summary>
    public required CommitmentKind Kind { get; init; }

    /// <summary>The agreement that it belongs to.</summary>
    public string? AgreementId { get; init; }

    /// <summary>The meeting at which it was made.</summary>
    public string? MeetingId { get; init; }

    /// <summary>The groups of cooperation that it belongs to, by the editors' arrangement.</summary>
    public IReadOnlyList<string> GroupIds { get; init; } = [];

    /// <summary>The provinces concerned, as units of that day.</summary>
    public IReadOnlyList<string> ProvinceIds { get; init; } = [];

    /// <summary>Who voiced it, where a source names one: whose proposal, request or directive it is.</summary>
    public IReadOnlyList<Party> VoicedBy { get; init; } = [];

    /// <summary>Who answers for it.</summary>
    public IReadOnlyList<Party> Responsible { get; init; } = [];

    /// <summary>The time in which it is to be done.</summary>
    public Period? Period { get; init; }

    /// <summary>By when it is due.</summary>
    public PartialDate? DueOn { get; init; }

    /// <summary>How far it has got.</summary>
    public required CommitmentStatus Status { get; init; }

    /// <summary>The date on which that was so.</summary>
    public PartialDate? StatusAsOf { get; init; }
}

/// <summary>The kinds of commitments: Content of cooperation agreed on, Directive, Assignment, Recommendation, Project, Document to be issued.</summary>
public enum CommitmentKind
{
    Content,
    Directive,
    Assignment,
    Recommendation,
    Project,
    Document,
}

/// <summary>How far a commitment has got.</summary>
public enum CommitmentStatus
{
    Agreed,
    Planned,
    InProgress,
    Done,
    Dropped,
    Unknown,
}
