namespace CooperationApi.Contracts;

/// <summary>That something must not be in the record, and why.</summary>
public sealed record Redaction
{
    /// <summary>Why, in words. It is told to everybody who asks for the record.</summary>
    public required string Reason { get; init; }
}

/// <summary>What a redaction did.</summary>
public sealed record RedactionReport
{
    /// <summary>The record's type.</summary>
    public required string Type { get; init; }

    /// <summary>The record's identifier, which stays known.</summary>
    public required string Id { get; init; }

    /// <summary>The number of the change by which it was redacted.</summary>
    public required long Revision { get; init; }

    /// <summary>When, in UTC.</summary>
    public required string At { get; init; }

    /// <summary>By whom.</summary>
    public required string Actor { get; init; }

    /// <summary>Why.</summary>
    public required string Reason { get; init; }

    /// <summary>
    /// Whether nothing of it is left in the store's file either. False while that is still being written anew, or somebody still reads a state of before (a long
    /// download); it is then done as soon as can be, without asking again.
    /// </summary>
    public required bool Purged { get; init; }
}
