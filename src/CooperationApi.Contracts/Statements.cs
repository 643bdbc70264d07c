namespace CooperationApi.Contracts;

/// <summary>An appraisal, limitation, principle or expectation, in the words of the editors.</summary>
public sealed record Statement : CitedRecord
{
    /// <summary>The kind of statement.</summary>
    public required StatementKind Kind { get; init; }

    /// <summary>The id of the official who made the statement; absent if the source attributes it to several people or to nobody.</summary>
    public string? OfficialId { get; init; }

    /// <summary>The id of the meeting at which the statement was made.</summary>
    public string? MeetingId { get; init; }

    /// <summary>The statement, in the words of the editors.</summary>
    public required string Text { get; init; }

    /// <summary>The records that the statement is about.</summary>
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
