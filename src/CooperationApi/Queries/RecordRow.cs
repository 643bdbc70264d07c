using CooperationApi.Storage;
using Dapper;

namespace CooperationApi.Queries;

/// <summary>A row of the table `record`, or of a past state of a record.</summary>
/// <param name="Id">The id.</param>
/// <param name="Revision">The revision of the last change.</param>
/// <param name="ChangedAt">The time of the last change.</param>
/// <param name="Hash">The stored hash of the body.</param>
/// <param name="Body">The JSON in UTF-8.</param>
/// <param name="SortValue">The value by which the list is sorted; null outside of lists.</param>
[method: ExplicitConstructor]
internal sealed record RecordRow(string Id, long Revision, string ChangedAt, string? Hash, byte[] Body, object? SortValue)
{
    /// <summary>The columns that a query selects.</summary>
    public const string Columns = "record.id, record.revision, record.changed_at, record.hash, CAST(record.body AS BLOB) AS body";

    /// <summary>Returns the row if the body matches its hash. Throws <see cref="CorruptRecordException"/> otherwise.</summary>
    public RecordRow Verify()
    {
        RecordHash.Verify(Id, Body, Hash);
        return this;
    }
}
