using System.ComponentModel.DataAnnotations;

namespace CooperationApi.Contracts;

/// <summary>A request to redact a record.</summary>
public sealed record Redaction
{
    /// <summary>The reason, in words. It is shown to every client that requests the record.</summary>
    public required string Reason { get; init; }
}

/// <summary>The result of a redaction, or its preview with `dryRun`.</summary>
public sealed record RedactionReport
{
    /// <summary>The record's type.</summary>
    [TypeName]
    public required string Type { get; init; }

    /// <summary>The record's id, which cannot be reused.</summary>
    [Slug]
    public required string Id { get; init; }

    /// <summary>The revision of the redaction.</summary>
    public required long Revision { get; init; }

    /// <summary>The time of the redaction, in UTC.</summary>
    [UtcTimestamp]
    public required string At { get; init; }

    /// <summary>The caller who redacted the record.</summary>
    [Length(1, 1000)]
    public required string Actor { get; init; }

    /// <summary>The reason.</summary>
    [Length(3, 500)]
    public required string Reason { get; init; }

    /// <summary>
    /// True if the store file no longer contains bytes of the record. False while the file is being rewritten, or while a long read (such
    /// as a download) uses an older state of the store; the purge then completes without another request. False with `dryRun`.
    /// </summary>
    public required bool Purged { get; init; }
}
