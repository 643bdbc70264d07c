using System.Data.Common;
using Dapper;

namespace CooperationApi.Storage;

/// <summary>The record into which another record was merged.</summary>
internal static class MergeTarget
{
    /// <summary>
    /// Returns the id of the record into which a missing record was merged, the last of a chain of merges; null if it was not merged. The
    /// id of a merged record is never used again, so the chain has no cycle.
    /// </summary>
    public static async Task<string?> Find(DbConnection connection, string type, string id)
    {
        var target = default(string);
        for (var next = id; next is not null; target = next ?? target)
        {
            next = await connection.QueryFirstOrDefaultAsync<string?>(
                "SELECT merged_into FROM change WHERE type = @type AND id = @next AND op = 'remove' ORDER BY revision DESC LIMIT 1",
                new { type, next });
        }
        return target;
    }
}
