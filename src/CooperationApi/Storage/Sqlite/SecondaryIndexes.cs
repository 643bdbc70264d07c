using System.Data.Common;
using Dapper;

namespace CooperationApi.Storage.Sqlite;

/// <summary>
/// Drops and recreates the indexes that writes do not use; the keys of tables stay. Row-by-row updates of these indexes take a quarter
/// of the time of a large import, and more in a larger store; at the end of the import, each index is sorted once. Until the commit,
/// readers see the earlier snapshot, which has the indexes.
/// </summary>
internal sealed class SecondaryIndexes(DbConnection connection)
{
    // `change_removal` finds the tombstone of each created record. `change_redacted` has no entry for an upsert, so it costs an import
    // nothing, but its creation would read the whole table. The final checks of a write use other indexes, after `Recreate`.
    private const string KeptIndexes = "'change_removal', 'change_redacted'";

    private IReadOnlyList<string>? droppedSql;

    /// <summary>True if the indexes are dropped.</summary>
    public bool AreDropped => droppedSql is not null;

    /// <summary>Drops the indexes, until <see cref="Recreate"/>.</summary>
    public void Drop()
    {
        // The index of a key has no SQL of its own.
        var indexes = connection.Query<(string Name, string Sql)>(
            $"""
            SELECT name, sql FROM sqlite_schema
            WHERE type = 'index' AND sql IS NOT NULL AND name NOT IN ({KeptIndexes}) ORDER BY name
            """).AsList();
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
