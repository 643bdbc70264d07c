using System.Text.Json;

namespace CooperationApi.Contracts;

/// <summary>A page of the feed of all changes, in the order in which they were committed.</summary>
public sealed record ChangePage
{
    /// <summary>The changes.</summary>
    public required IReadOnlyList<Change> Items { get; init; }

    /// <summary>The cursor to go on with: at once where there is more, later otherwise.</summary>
    public required string Next { get; init; }

    /// <summary>Whether the run goes on: what was there when it began has not all been sent.</summary>
    public required bool More { get; init; }

    /// <summary>True if the page ends amid a transaction, which is larger than a page: a copy applies it when the rest has come.</summary>
    public bool? Open { get; init; }

    /// <summary>The number of the last change that the run goes up to: the head of the feed when it began.</summary>
    public required long Revision { get; init; }
}

/// <summary>A change of one record, as those who copy need it.</summary>
public sealed record Change
{
    /// <summary>The change's number. Of an upsert, the record's revision from then on.</summary>
    public required long Revision { get; init; }

    /// <summary>When, in UTC.</summary>
    public required string At { get; init; }

    /// <summary>What is to be done: `upsert`, put the record in the place of what was there; `remove`, take it out, if it is there.</summary>
    public required string Op { get; init; }

    /// <summary>Why it is taken out: it was `deleted`, `merged` or `redacted`, or no longer fits the `filter` that is followed.</summary>
    public string? Reason { get; init; }

    /// <summary>The identifier of the record, of the same type, that it was merged into.</summary>
    public string? Into { get; init; }

    /// <summary>The record's type, as in its address.</summary>
    public required string Type { get; init; }

    /// <summary>The record's identifier.</summary>
    public required string Id { get; init; }

    /// <summary>The SHA-256 of the record's JSON as it is sent here and at its address, in lower-case hexadecimal.</summary>
    public string? Hash { get; init; }

    /// <summary>The record.</summary>
    public JsonElement? Data { get; init; }
}

/// <summary>The end of the feed, from which to follow it.</summary>
public sealed record ChangeHead
{
    /// <summary>The life of the store; a restored store begins another.</summary>
    public required string Epoch { get; init; }

    /// <summary>The number of the last change.</summary>
    public required long Revision { get; init; }

    /// <summary>The cursor behind it, for the filter that was asked with.</summary>
    public required string Cursor { get; init; }
}
