using System.ComponentModel.DataAnnotations;
using System.Text.Json;

namespace CooperationApi.Contracts;

/// <summary>A page of the change feed, in commit order.</summary>
public sealed record ChangePage
{
    /// <summary>The changes.</summary>
    [Length(0, Limits.MaxPageChanges)]
    public required IReadOnlyList<Change> Items { get; init; }

    /// <summary>
    /// The cursor of the next page. Request the next page at once if `more` is true, and at any later time if `more` is false.
    /// </summary>
    [Cursor]
    public required string Next { get; init; }

    /// <summary>True if the next page is available now. A run ends with the change that was the newest when the run began.</summary>
    public required bool More { get; init; }

    /// <summary>
    /// True if the page ends inside a transaction that is larger than a page. Apply the changes only after the rest has arrived.
    /// </summary>
    public bool? Open { get; init; }

    /// <summary>The revision at which the run ends: the newest revision when the run began.</summary>
    public required long Revision { get; init; }
}

/// <summary>A change of one record in the change feed.</summary>
public sealed record Change
{
    /// <summary>The revision of the change. After an `upsert`, this is the revision of the record.</summary>
    public required long Revision { get; init; }

    /// <summary>The time of the change, in UTC.</summary>
    [UtcTimestamp]
    public required string At { get; init; }

    /// <summary>
    /// The operation: `upsert` (store `data` in place of any previous version) or `remove` (delete the record, if it exists).
    /// </summary>
    [AllowedValues("upsert", "remove")]
    public required string Op { get; init; }

    /// <summary>
    /// The reason for a removal: `deleted`, `merged`, `redacted`, or `filter` (the record no longer matches the filter of the request).
    /// </summary>
    [AllowedValues("deleted", "merged", "redacted", "filter", null)]
    public string? Reason { get; init; }

    /// <summary>The id of the record, of the same type, into which the record was merged.</summary>
    [Slug]
    public string? Into { get; init; }

    /// <summary>The record's type, as in its URL.</summary>
    [TypeName]
    public required string Type { get; init; }

    /// <summary>The record's id.</summary>
    [Slug]
    public required string Id { get; init; }

    /// <summary>The SHA-256 of the record's JSON, as sent here and at its URL, in lower-case hexadecimal; absent for a removal.</summary>
    [Sha256]
    public string? Hash { get; init; }

    /// <summary>The record; absent for a removal.</summary>
    public JsonElement? Data { get; init; }
}

/// <summary>The head of the change feed.</summary>
public sealed record ChangeHead
{
    /// <summary>The epoch of the store. A restored store starts a new epoch.</summary>
    [Epoch]
    public required string Epoch { get; init; }

    /// <summary>The revision of the last change.</summary>
    public required long Revision { get; init; }

    /// <summary>The cursor after the last change, for the filter of the request.</summary>
    [Cursor]
    public required string Cursor { get; init; }
}
