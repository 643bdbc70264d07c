using System.Text.Json.Nodes;
using Microsoft.Data.Sqlite;

namespace CooperationApi.Tests.Storage;

/// <summary>Tests that a store is opened only if this build knows its schema.</summary>
[Collection(nameof(ServiceProcesses))]
public sealed class MigrationTests
{
    [Theory]
    [InlineData("DELETE FROM migration; INSERT INTO migration VALUES ('Migrations/0001_record.sql', '')", "was created by a build before the first release")]
    [InlineData("INSERT INTO migration VALUES ('Migrations/9999_later.sql', '')", "was migrated by a newer version of this program (unknown migration 'Migrations/9999_later.sql')")]
    public async Task Store_with_another_schema_is_rejected_and_not_changed(string sql, string message)
    {
        using var folder = new TempFolder();
        var store = await folder.CreateStore();
        using (var connection = new SqliteConnection($"Data Source={store};Pooling=false"))
        {
            connection.Open();
            using var command = new SqliteCommand(sql + "; PRAGMA wal_checkpoint(TRUNCATE)", connection);
            command.ExecuteNonQuery();
        }
        var before = await File.ReadAllBytesAsync(store, TestContext.Current.CancellationToken);
        var (exitCode, output, error) = await CliProcess.Import(store, new JsonObject());
        Assert.Equal((3, ""), (exitCode, output));
        Assert.Contains(message, error, StringComparison.Ordinal);
        Assert.Equal(before, await File.ReadAllBytesAsync(store, TestContext.Current.CancellationToken));
    }
}
