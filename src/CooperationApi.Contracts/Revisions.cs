using System.Text.Json;

namespace CooperationApi.Contracts;

/// <summary>One change of a record: when, by whom, and what became of it.</summary>
public sealed record RecordRevision
{
    /// <summary>The change's number in the feed of all changes. Of a change that made or replaced the record, the record's revision from then on.</summary>
    public required long Revision { get; init; }

    /// <summary>When, in UTC.</summary>
    public required string At { get; init; }

    /// <summary>By whom.</summary>
    public required string Actor { get; init; }

    /// <summary>What was done: `upsert`, the record was made or replaced; `remove`, it was taken out.</summary>
    public required string Op { get; init; }

    /// <summary>Why it was taken out: `deleted`, `merged` or `redacted`.</summary>
    public string? Reason { get; init; }

    /// <summary>The identifier of the record, of the same type, that it was merged into.</summary>
    public string? Into { get; init; }

    /// <summary>Why it was redacted, in words.</summary>
    public string? Note { get; init; }

    /// <summary>True if what the record said from this change on was redacted, so that there is nothing to show of it.</summary>
    public bool? Redacted { get; init; }

    /// <summary>True if it is the oldest of the record that is kept and earlier ones may no longer be: its changes then make the whole record.</summary>
    public bool? Oldest { get; init; }

    /// <summary>
    /// What was changed, as a JSON Patch (RFC 6902) of the state before, without the member `revision`, which every change changes. The patch that makes a record adds
    /// the whole of it, at the path "". Empty for a removal, and for what was redacted.
    /// </summary>
    public required IReadOnlyList<PatchOperation> Changes { get; init; }
}

/// <summary>One step of a JSON Patch (RFC 6902).</summary>
public sealed record PatchOperation
{
    /// <summary>What is done: `add`, `remove` or `replace`.</summary>
    public required string Op { get; init; }

    /// <summary>Where, as a JSON Pointer (RFC 6901).</summary>
    public required string Path { get; init; }

    /// <summary>What is added, or takes the place of what was there; absent for a removal.</summary>
    public JsonElement? Value { get; init; }
}
