using System.Data.Common;
using Dapper;

namespace CooperationApi.Storage.Writing;

/// <summary>
/// Drops and recreates the indexes that writes do not use. Row-by-row updates of these indexes take a quarter of the time of a large
/// import, and more in a larger store; at the end of the import, each index is sorted once. Until the commit, readers see the earlier
/// snapshot, which has the indexes.
/// </summary>
internal sealed class SecondaryIndexes(DbConnection connection)
{
    // Indexes that no write uses before `Recreate`: `*_by_*` by convention, plus these two. The final checks of a write use `reference_to`.
    private const string NamePattern = @"(name LIKE '%\_by\_%' ESCAPE '\' OR name IN ('record_for_digest', 'reference_to'))";

    private IReadOnlyList<string>? droppedSql;

    /// <summary>True if the indexes are dropped.</summary>
    public bool AreDropped => droppedSql is not null;

    /// <summary>Drops the indexes, until <see cref="Recreate"/>.</summary>
    public void Drop()
    {
        var indexes = connection.Query<(string Name, string Sql)>($"SELECT name, sql FROM sqlite_schema WHERE type = 'index' AND sql IS NOT NULL AND {NamePattern} ORDER BY name").AsList();
        foreach (var (name, _) in indexes)
            connection.Execute($"DROP INDEX {name}");
        droppedSql = [.. indexes.Select(index => index.Sql)];
    }

    /// <summary>Recreates the dropped indexes.</summary>
    public void Recreate()
    {
        foreach (var sql in droppedSql ?? [])
            connection.Execute(sql);
        droppedSql = null;
    }
}
