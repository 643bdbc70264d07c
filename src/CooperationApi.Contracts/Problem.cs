using System.ComponentModel.DataAnnotations;

namespace CooperationApi.Contracts;

/// <summary>An error response (RFC 9457).</summary>
public sealed record Problem
{
    /// <summary>The problem type, a URN that ends with the code.</summary>
    [Pattern("^urn:problem-type:cooperation:[a-z]+(_[a-z]+)*$", 100)]
    public required string Type { get; init; }

    /// <summary>The problem type in words.</summary>
    [Length(1, 200)]
    public required string Title { get; init; }

    /// <summary>The HTTP status.</summary>
    [Range(400, 599)]
    public required int Status { get; init; }

    /// <summary>A description of this occurrence, and of the way to resolve it.</summary>
    [Pattern(Patterns.AnyText, 20_000)]
    public required string Detail { get; init; }

    /// <summary>The id of this occurrence, a URN that is also in the log of the service.</summary>
    [Pattern("^urn:uuid:[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$", 45)]
    public required string Instance { get; init; }

    /// <summary>The problem code for programs. It is stable and the same in every language.</summary>
    [Pattern(Patterns.Code, 50)]
    public required string Code { get; init; }

    /// <summary>The trace id of the request.</summary>
    [Pattern("^[0-9a-f]{32}$", 32)]
    public required string TraceId { get; init; }

    /// <summary>The id that was probably meant: present if the record does not exist and exactly one id is close.</summary>
    [Slug]
    public string? Suggestion { get; init; }

    /// <summary>The number of errors in the request.</summary>
    public long? ErrorCount { get; init; }

    /// <summary>The errors in the request: at most the first 100, or 1,000 for a bundle or a source text.</summary>
    [Length(1, Limits.MaxErrors)]
    public IReadOnlyList<ProblemError>? Errors { get; init; }
}

/// <summary>One error in a request.</summary>
public sealed record ProblemError
{
    /// <summary>The query parameter with the error.</summary>
    [Pattern(Patterns.AnyText, 10_000)]
    public string? Parameter { get; init; }

    /// <summary>The member with the error, as a JSON Pointer into the body, or into the record that `record` identifies.</summary>
    [Pattern(Patterns.JsonPointer, Limits.MaxPointerLength)]
    public string? Pointer { get; init; }

    /// <summary>
    /// The record with the error, as type and id, for example `meetings/vi-du`; present if it may differ from the requested record.
    /// </summary>
    [Pattern(Patterns.RecordName, 200)]
    public string? Record { get; init; }

    /// <summary>The error code for programs. It is stable and the same in every language.</summary>
    [Pattern(Patterns.Code, 50)]
    public required string Code { get; init; }

    /// <summary>A description of the error, and of the way to correct it.</summary>
    [Pattern(Patterns.AnyText, 20_000)]
    public required string Detail { get; init; }

    /// <summary>The allowed values.</summary>
    [Length(1, 200), Pattern(Patterns.Text, 200)]
    public IReadOnlyList<string>? Allowed { get; init; }

    /// <summary>The closest allowed value or name.</summary>
    [Length(1, 200)]
    public string? Suggestion { get; init; }

    /// <summary>
    /// The values of the stored record that the import would remove, as JSON Pointers into this record: at most the first 50. A value is a
    /// member or an entry of a list.
    /// </summary>
    [Length(1, Limits.MaxLostValues), Pattern(Patterns.JsonPointer, Limits.MaxPointerLength)]
    public IReadOnlyList<string>? Lost { get; init; }

    /// <summary>The number of values that the import would remove.</summary>
    public int? LostCount { get; init; }
}
