using CooperationApi.Storage.Sqlite;
using Dapper;
using Microsoft.Data.Sqlite;

namespace CooperationApi.Tests.Storage.Sqlite;

/// <summary>Tests of the indexes that a bulk load drops and recreates.</summary>
[Trait("Engine", "Sqlite")]
public sealed class SecondaryIndexTests
{
    [Fact]
    public async Task Bulk_load_keeps_the_indexes_that_writes_use_and_recreates_all_others()
    {
        using var folder = new TempFolder();
        await using var connection = new SqliteConnection($"Data Source={await folder.CreateStore()};Pooling=false");
        var indexes = new SecondaryIndexes(connection);
        var before = ListIndexes();
        indexes.Drop();
        Assert.Equal(["change_redacted", "change_removal"], ListIndexes().Select(index => index.Name));
        indexes.Recreate();
        Assert.Equal(before, ListIndexes());

        // The indexes of keys have no SQL.
        List<(string Name, string Sql)> ListIndexes() =>
            connection.Query<(string, string)>("SELECT name, sql FROM sqlite_schema WHERE type = 'index' AND sql IS NOT NULL ORDER BY name")
                .AsList();
    }
}
