namespace CooperationApi.Contracts;

/// <summary>An appraisal, limitation, principle or expectation that somebody voiced.</summary>
public sealed record Statement : CitedRecord
{
    /// <summary>What kind of statement it is.</summary>
    public required StatementKind Kind { get; init; }

    /// <summary>The official who made it; absent where a source gives it to many or to nobody.</summary>
    public string? OfficialId { get; init; }

    /// <summary>The meeting at which it was made.</summary>
    public string? MeetingId { get; init; }

    /// <summary>What was said, in the editors' words.</summary>
    public required string Text { get; init; }

    /// <summary>What it is about.</summary>
    public IReadOnlyList<RecordReference> About { get; init; } = [];
}

/// <summary>The kinds of statements.</summary>
public enum StatementKind
{
    Appraisal,
    Limitation,
    Principle,
    Expectation,
}
