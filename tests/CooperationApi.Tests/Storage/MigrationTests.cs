using System.Text;
using System.Text.Json.Nodes;
using CooperationApi.Tests.Features.Records;
using Microsoft.Data.Sqlite;

namespace CooperationApi.Tests.Storage;

/// <summary>Tests of the migration of stores of earlier versions.</summary>
[Collection(nameof(ServiceProcesses))]
public sealed class MigrationTests
{
    // Tables with generated row ids or timestamps. The view `reference` shows the content of the first two.
    private static readonly string[] ExcludedTables = ["member", "link", "migration"];

    [Theory]
    [InlineData("0002_resources.sql")]
    [InlineData("0004_figures.sql")]
    [InlineData("0006_relations.sql")]
    public async Task Derived_data_is_rebuilt_when_an_older_store_is_migrated(string lastMigration)
    {
        using var folder = new TempFolder();
        var currentStore = await folder.CreateStore();
        // Two revisions, because earlier versions stored past bodies in another place.
        foreach (var name in new[] { "Sở Du lịch", "Sở Văn hóa và Du lịch" })
        {
            var organization = RecordWriteTests.CreateOrganization(name);
            organization["id"] = "so-du-lich";
            Assert.Equal(0, (await CliProcess.Import(currentStore, new JsonObject { ["organizations"] = new JsonArray(organization) })).ExitCode);
        }
        var before = DumpContent(currentStore);
        Assert.Contains("\"name\":\"Sở Du lịch\"", before, StringComparison.Ordinal);
        var store = await CreateOlderStore(folder, currentStore, lastMigration);
        Assert.NotEqual(before, DumpContent(store));

        var (exitCode, output, error) = await CliProcess.Import(store, new JsonObject());
        Assert.True(exitCode == 0, output + error);
        Assert.Equal(before, DumpContent(store));
    }

    [Fact]
    public async Task History_of_a_store_with_duplicated_bodies_survives_migration()
    {
        using var folder = new TempFolder();
        var store = await CreateOlderStore(folder, await folder.CreateStore(), "0017_happenings.sql");
        Execute(store,
            """
            UPDATE feed SET head = head + 5;
            INSERT INTO change (seq, epoch, transaction_start, type, id, op, reason, into_id, note, body, at, actor)
            SELECT head + add_seq, epoch, head + add_seq, 'organizations', 'so-' || reason, 'upsert', NULL, NULL, NULL, '{"id":"so-' || reason || '"}', 'then', 'somebody'
            FROM feed, (SELECT -4 AS add_seq, 'deleted' AS reason UNION ALL SELECT -3, 'merged');
            INSERT INTO change (seq, epoch, transaction_start, type, id, op, reason, into_id, note, at, actor)
            SELECT head - 2, epoch, head - 2, 'organizations', 'so-deleted', 'remove', 'deleted', NULL, NULL, 'then', 'somebody' FROM feed UNION ALL
            SELECT head - 1, epoch, head - 1, 'organizations', 'so-merged', 'remove', 'merged', 'thanh-uy-ha-noi', NULL, 'then', 'somebody' FROM feed UNION ALL
            SELECT head, epoch, head, 'organizations', 'so-redacted', 'remove', 'redacted', NULL, 'on demand', 'then', 'somebody' FROM feed
            """);
        const string Columns = "seq || '|' || type || '/' || id || '|' || op || '|' || coalesce(reason, '') || '|' || coalesce(into_id, '') || '|' || coalesce(note, '') || '|' || coalesce(body, '')";
        var before = QueryAll(store, $"SELECT {Columns} FROM change ORDER BY seq");
        Assert.Equal(0, (await CliProcess.Import(store, new JsonObject())).ExitCode);
        Assert.Equal(before, QueryAll(store, $"SELECT {Columns} FROM state ORDER BY seq"));
        // Each body is stored once: the current one in `record`, past ones in `change`.
        Assert.Equal(["2"], QueryAll(store, "SELECT count(past_body) FROM change"));
    }

    [Fact]
    public async Task Migration_of_a_store_with_a_corrupt_record_is_rolled_back()
    {
        using var folder = new TempFolder();
        var store = await CreateOlderStore(folder, await folder.CreateStore(), "0004_figures.sql");
        Execute(store, "UPDATE record SET body = replace(body, 'Thái', 'Tháy') WHERE id = 'thai-binh'");
        var before = DumpContent(store);
        var (exitCode, _, error) = await CliProcess.Import(store, new JsonObject());
        Assert.True(exitCode == 3, error);
        Assert.Contains("thai-binh", error, StringComparison.Ordinal);
        Assert.Equal(before, DumpContent(store));
    }

    /// <summary>Creates a store with the schema of an earlier migration and the content of a current store.</summary>
    private static async Task<string> CreateOlderStore(TempFolder folder, string currentStore, string lastMigration)
    {
        var store = folder.GetPath("earlier.db");
        Execute(store, "PRAGMA application_id = 1129271120; PRAGMA journal_mode = WAL; CREATE TABLE migration (name TEXT PRIMARY KEY, applied_at TEXT NOT NULL)");
        foreach (var file in Directory.GetFiles(Path.Combine(RepositoryFiles.Root, "src", "CooperationApi", "Storage", "Migrations")).Order(StringComparer.Ordinal))
        {
            var name = Path.GetFileName(file);
            if (string.CompareOrdinal(name, lastMigration) <= 0)
                Execute(store, $"{await File.ReadAllTextAsync(file, TestContext.Current.CancellationToken)}; INSERT INTO migration VALUES ('Migrations/{name}', '')");
        }
        Execute(store,
            $"""
            ATTACH '{currentStore}' AS today;
            INSERT INTO feed (one, epoch, head) SELECT one, epoch, head FROM today.feed;
            INSERT INTO record (type, id, revision, changed_at, hash, body) SELECT type, id, revision, changed_at, hash, body FROM today.record;
            INSERT INTO change (seq, epoch, transaction_start, type, id, op, reason, body, at, actor)
            SELECT seq, epoch, transaction_start, type, id, op, reason, body, at, actor FROM today.state;
            """);
        File.Copy(currentStore + ".hwm", store + ".hwm");
        return store;
    }

    /// <summary>Returns every row of every table and view, except internal tables of the full-text indexes.</summary>
    private static string DumpContent(string store)
    {
        using var connection = new SqliteConnection($"Data Source={store};Pooling=false");
        connection.Open();
        var content = new StringBuilder();
        foreach (var table in QueryRows(connection, "SELECT name FROM sqlite_schema WHERE type IN ('table', 'view') AND name NOT LIKE 'search_index_%' AND name NOT LIKE 'search_name_%' ORDER BY name").Except(ExcludedTables))
        {
            content.AppendLine(table);
            var columns = string.Join(" || '|' || ", QueryRows(connection, $"SELECT name FROM pragma_table_info('{table}') ORDER BY name").Select(column => $"coalesce({column}, 'NULL')"));
            content.AppendJoin('\n', QueryRows(connection, $"SELECT {columns} FROM {table}").Order(StringComparer.Ordinal)).AppendLine();
        }
        return content.ToString();
    }

    private static List<string> QueryAll(string store, string sql)
    {
        using var connection = new SqliteConnection($"Data Source={store};Pooling=false");
        connection.Open();
        return QueryRows(connection, sql);
    }

    private static List<string> QueryRows(SqliteConnection connection, string sql)
    {
        using var command = new SqliteCommand(sql, connection);
        using var reader = command.ExecuteReader();
        var rows = new List<string>();
        while (reader.Read())
            rows.Add(reader.GetValue(0).ToString()!);
        return rows;
    }

    private static void Execute(string store, string sql)
    {
        using var connection = new SqliteConnection($"Data Source={store};Pooling=false");
        connection.Open();
        using var command = new SqliteCommand(sql, connection);
        command.ExecuteNonQuery();
    }
}
