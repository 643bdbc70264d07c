namespace CooperationApi.Contracts;

/// <summary>What went wrong, as RFC 9457 has it.</summary>
public sealed record Problem
{
    /// <summary>The kind of problem, a URN that ends in its code.</summary>
    public required string Type { get; init; }

    /// <summary>The kind of problem in words.</summary>
    public required string Title { get; init; }

    /// <summary>The HTTP status.</summary>
    public required int Status { get; init; }

    /// <summary>What was wrong this time.</summary>
    public required string Detail { get; init; }

    /// <summary>This occurrence, a URN that stands in the service's log too.</summary>
    public required string Instance { get; init; }

    /// <summary>The kind of problem for programs; stable, the same in every language.</summary>
    public required string Code { get; init; }

    /// <summary>The trace that the request belongs to.</summary>
    public required string TraceId { get; init; }

    /// <summary>How many faults the request has.</summary>
    public long? ErrorCount { get; init; }

    /// <summary>All faults of the request at once; of many the first hundred, of a bundle's the first thousand.</summary>
    public IReadOnlyList<ProblemError>? Errors { get; init; }
}

/// <summary>One fault of a request.</summary>
public sealed record ProblemError
{
    /// <summary>The query parameter at fault.</summary>
    public string? Parameter { get; init; }

    /// <summary>The member at fault of the body, or of `record`, as a JSON Pointer.</summary>
    public string? Pointer { get; init; }

    /// <summary>The record at fault, where it may be another than the one asked for: its type and id, `meetings/vi-du`.</summary>
    public string? Record { get; init; }

    /// <summary>The kind of fault for programs; stable, the same in every language.</summary>
    public required string Code { get; init; }

    /// <summary>What is wrong, and what would be right.</summary>
    public required string Detail { get; init; }

    /// <summary>The values that are allowed.</summary>
    public IReadOnlyList<string>? Allowed { get; init; }

    /// <summary>The nearest value or name that is allowed.</summary>
    public string? Suggestion { get; init; }
}
