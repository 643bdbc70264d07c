using System.ComponentModel.DataAnnotations;
using System.Text.Json;

namespace CooperationApi.Contracts;

/// <summary>One change in the history of a record.</summary>
public sealed record RecordRevision
{
    /// <summary>The revision of the change in the change feed. After an `upsert`, this is the revision of the record.</summary>
    public required long Revision { get; init; }

    /// <summary>The time of the change, in UTC.</summary>
    [UtcTimestamp]
    public required string At { get; init; }

    /// <summary>The caller who made the change.</summary>
    [Length(1, 1000)]
    public required string Actor { get; init; }

    /// <summary>The operation: `upsert` (the record was created or replaced) or `remove` (the record was removed).</summary>
    [AllowedValues("upsert", "remove")]
    public required string Op { get; init; }

    /// <summary>The reason for a removal: `deleted`, `merged` or `redacted`.</summary>
    [AllowedValues("deleted", "merged", "redacted", null)]
    public string? Reason { get; init; }

    /// <summary>The id of the record, of the same type, into which the record was merged.</summary>
    [Slug]
    public string? Into { get; init; }

    /// <summary>The reason that the Admin stated for a redaction.</summary>
    [Length(1, 500)]
    public string? Note { get; init; }

    /// <summary>True if the content of this revision was redacted. `changes` is then empty.</summary>
    public bool? Redacted { get; init; }

    /// <summary>
    /// True if this is the oldest retained revision of the record and earlier ones may have been compacted. `changes` then has the whole
    /// record.
    /// </summary>
    public bool? Oldest { get; init; }

    /// <summary>
    /// The difference from the previous revision as a JSON Patch (RFC 6902), without the member `revision`. The patch of a new record adds
    /// the whole record at the path "". Empty for a removal and for redacted content.
    /// </summary>
    [Length(0, 100_000)]
    public required IReadOnlyList<PatchOperation> Changes { get; init; }
}

/// <summary>One operation of a JSON Patch (RFC 6902).</summary>
public sealed record PatchOperation
{
    /// <summary>The operation: `add`, `remove` or `replace`.</summary>
    [AllowedValues("add", "remove", "replace")]
    public required string Op { get; init; }

    /// <summary>The location, as a JSON Pointer (RFC 6901).</summary>
    [Pattern(Patterns.JsonPointer, Limits.MaxPointerLength)]
    public required string Path { get; init; }

    /// <summary>The added or new value; absent for `remove`.</summary>
    public JsonElement? Value { get; init; }
}
