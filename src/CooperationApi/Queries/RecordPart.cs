using System.Data.Common;
using Dapper;

namespace CooperationApi.Queries;

/// <summary>
/// The records of all types in parts of consecutive row ids. New records are in the last part, so the other parts keep their records, and
/// a part is found without counting.
/// </summary>
internal static class RecordPart
{
    /// <summary>The maximum number of records in a part; deleted records leave gaps.</summary>
    public const int MaxRecords = 5000;

    /// <summary>Returns the numbers of the parts that have records, with one look-up of an index for each.</summary>
    public static async Task<IReadOnlyList<long>> List(DbConnection connection)
    {
        const string FirstRowSql = "SELECT min(row_id) FROM record WHERE row_id >= @start";
        var parts = new List<long>();
        var start = 0L;
        while (await connection.QuerySingleAsync<long?>(FirstRowSql, new { start }) is { } first)
        {
            parts.Add(first / MaxRecords);
            start = (parts[^1] + 1) * MaxRecords;
        }
        return parts;
    }

    /// <summary>Returns the records of a part with the times of their last changes.</summary>
    public static async Task<IReadOnlyList<(string Type, string Id, string ChangedAt)>> Read(DbConnection connection, long part) =>
        (await connection.QueryAsync<(string, string, string)>(
            "SELECT type, id, changed_at FROM record WHERE row_id >= @start AND row_id < @end ORDER BY row_id",
            new { start = part * MaxRecords, end = (part + 1) * MaxRecords })).AsList();
}
