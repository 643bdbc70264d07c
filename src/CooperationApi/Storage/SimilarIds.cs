using System.Data.Common;
using Dapper;

namespace CooperationApi.Storage;

/// <summary>The ids that sort next to an id without a record, as candidates for a suggestion.</summary>
internal static class SimilarIds
{
    private const int MaxPerSide = 200;

    /// <summary>Returns up to 400 ids of a type.</summary>
    public static async Task<IReadOnlyList<string>> Find(DbConnection connection, string type, string id) =>
    [
        .. await connection.QueryAsync<string>(
            "SELECT id FROM record WHERE type = @type AND id >= @id ORDER BY id LIMIT @MaxPerSide", new { type, id, MaxPerSide }),
        .. await connection.QueryAsync<string>(
            "SELECT id FROM record WHERE type = @type AND id < @id ORDER BY id DESC LIMIT @MaxPerSide", new { type, id, MaxPerSide }),
    ];
}
