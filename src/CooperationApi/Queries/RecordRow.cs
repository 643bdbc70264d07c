using CooperationApi.Storage;

namespace CooperationApi.Queries;

/// <summary>A record as it is kept.</summary>
internal sealed record RecordRow
{
    /// <summary>What a query reads it from.</summary>
    public const string Columns = "record.id, record.revision, record.changed_at, record.hash, CAST(record.body AS BLOB) AS body";

    public required string Id { get; init; }

    public required long Revision { get; init; }

    public required string ChangedAt { get; init; }

    /// <summary>The hash that it was written with; none of a state of the past.</summary>
    public required string? Hash { get; init; }

    /// <summary>Its JSON, in UTF-8.</summary>
    public required byte[] Body { get; init; }

    /// <summary>The value that the list asked for is sorted by.</summary>
    public object SortValue { get; init; } = "";

    /// <summary>The record, if its body is the one that was written.</summary>
    public RecordRow Verify()
    {
        RecordHash.Verify(Id, Body, Hash);
        return this;
    }
}
