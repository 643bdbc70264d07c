using CooperationApi.Storage;

namespace CooperationApi.Queries;

/// <summary>A row of the table `record`, or of a past state of a record.</summary>
internal sealed record RecordRow
{
    /// <summary>The columns that a query selects.</summary>
    public const string Columns = "record.id, record.revision, record.changed_at, record.hash, CAST(record.body AS BLOB) AS body";

    public required string Id { get; init; }

    public required long Revision { get; init; }

    public required string ChangedAt { get; init; }

    /// <summary>The stored hash of the body; null for an archived body.</summary>
    public required string? Hash { get; init; }

    /// <summary>The JSON in UTF-8.</summary>
    public required byte[] Body { get; init; }

    /// <summary>The value by which the list is sorted.</summary>
    public object SortValue { get; init; } = "";

    /// <summary>Returns the row if the body matches its hash. Throws <see cref="CorruptRecordException"/> otherwise.</summary>
    public RecordRow Verify()
    {
        RecordHash.Verify(Id, Body, Hash);
        return this;
    }
}
