using System.Data.Common;
using Dapper;

namespace CooperationApi.Storage.Writing;

/// <summary>Finds the row ids of records.</summary>
internal static class RowIds
{
    /// <summary>Returns the row ids of those records of a type that exist.</summary>
    public static async Task<IEnumerable<(string Id, long RowId)>> Find(DbConnection connection, string type, IReadOnlyList<string> ids)
    {
        // One lookup by key per id. With `id IN (…)`, PostgreSQL can choose to read all records of the type, since the statistics lack the
        // rows of the running import.
        var parameters = new DynamicParameters(new { type });
        var values = string.Join("), (", parameters.AddEach("id", ids));
        var rows = await connection.QueryAsync<(string Id, long? RowId)>(
            $"""
            WITH wanted (id) AS (VALUES ({values}))
            SELECT id, (SELECT record.row_id FROM record WHERE record.type = @type AND record.id = wanted.id) AS row_id
            FROM wanted
            """, parameters);
        return rows.Where(row => row.RowId is not null).Select(row => (row.Id, row.RowId!.Value));
    }
}
