namespace CooperationApi.Contracts;

/// <summary>An error response (RFC 9457).</summary>
public sealed record Problem
{
    /// <summary>The problem type, a URN that ends with the code.</summary>
    public required string Type { get; init; }

    /// <summary>The problem type in words.</summary>
    public required string Title { get; init; }

    /// <summary>The HTTP status.</summary>
    public required int Status { get; init; }

    /// <summary>A description of this occurrence, and of the way to resolve it.</summary>
    public required string Detail { get; init; }

    /// <summary>The id of this occurrence, a URN that is also in the log of the service.</summary>
    public required string Instance { get; init; }

    /// <summary>The problem code for programs. It is stable and the same in every language.</summary>
    public required string Code { get; init; }

    /// <summary>The trace id of the request.</summary>
    public required string TraceId { get; init; }

    /// <summary>The number of errors in the request.</summary>
    public long? ErrorCount { get; init; }

    /// <summary>The errors in the request: at most the first 100, or 1,000 for a bundle or a source text.</summary>
    public IReadOnlyList<ProblemError>? Errors { get; init; }
}

/// <summary>One error in a request.</summary>
public sealed record ProblemError
{
    /// <summary>The query parameter with the error.</summary>
    public string? Parameter { get; init; }

    /// <summary>The member with the error, as a JSON Pointer into the body, or into the record that `record` identifies.</summary>
    public string? Pointer { get; init; }

    /// <summary>
    /// The record with the error, as type and id, for example `meetings/vi-du`; present if it may differ from the requested record.
    /// </summary>
    public string? Record { get; init; }

    /// <summary>The error code for programs. It is stable and the same in every language.</summary>
    public required string Code { get; init; }

    /// <summary>A description of the error, and of the way to correct it.</summary>
    public required string Detail { get; init; }

    /// <summary>The allowed values.</summary>
    public IReadOnlyList<string>? Allowed { get; init; }

    /// <summary>The closest allowed value or name.</summary>
    public string? Suggestion { get; init; }
}
