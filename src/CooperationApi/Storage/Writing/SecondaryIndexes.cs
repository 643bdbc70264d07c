using System.Data.Common;
using Dapper;

namespace CooperationApi.Storage.Writing;

/// <summary>
/// The indexes that only readers use. Row by row, keeping them costs a quarter of the time that a large import takes, and more the larger the store is; made when
/// all rows are there, each is sorted once. Others read the state of before, which has them, until the transaction is over.
/// </summary>
internal sealed class SecondaryIndexes(DbConnection connection)
{
    // What a table is only read by is named so; the other two are asked by readers, and when all rows are there.
    private const string NamePattern = @"(name LIKE '%\_by\_%' ESCAPE '\' OR name IN ('record_for_mirror', 'link_to'))";

    private IReadOnlyList<string>? droppedSql;

    /// <summary>Whether they are taken out.</summary>
    public bool AreDropped => droppedSql is not null;

    /// <summary>Takes them out, until <see cref="Recreate"/>.</summary>
    public void Drop()
    {
        var indexes = connection.Query<(string Name, string Sql)>($"SELECT name, sql FROM sqlite_schema WHERE type = 'index' AND sql IS NOT NULL AND {NamePattern} ORDER BY name").AsList();
        foreach (var (name, _) in indexes)
            connection.Execute($"DROP INDEX {name}");
        droppedSql = [.. indexes.Select(index => index.Sql)];
    }

    /// <summary>Makes anew those that were taken out.</summary>
    public void Recreate()
    {
        foreach (var sql in droppedSql ?? [])
            connection.Execute(sql);
        droppedSql = null;
    }
}
