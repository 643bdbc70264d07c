using System.Text;
using System.Text.Json.Nodes;
using Microsoft.Data.Sqlite;

namespace CooperationApi.Tests.Storage;

/// <summary>A store that an earlier version wrote is brought up to date by the first start of this one.</summary>
[Collection(nameof(Processes))]
public sealed class MigrationTests
{
    // What has numbers of its own making, or says when it was applied; `reference` shows the first two by name.
    private static readonly string[] Private = ["member", "link", "migration"];

    [Theory]
    [InlineData("0002_resources.sql")]
    [InlineData("0004_figures.sql")]
    [InlineData("0006_relations.sql")]
    public async Task What_is_derived_now_is_derived_of_what_was_there_before(string last)
    {
        using var folder = new Folder();
        var before = Content(await folder.Store());
        var store = await StoreOf(folder, last);
        Assert.NotEqual(before, Content(store));

        var (exit, output, error) = await Executable.Import(store, new JsonObject());
        Assert.True(exit == 0, output + error);
        Assert.Equal(before, Content(store));
    }

    [Fact]
    public async Task A_store_with_a_damaged_record_is_not_brought_up_to_date_by_half()
    {
        using var folder = new Folder();
        var store = await StoreOf(folder, "0004_figures.sql");
        Execute(store, "UPDATE record SET body = replace(body, 'Thái', 'Tháy') WHERE id = 'thai-binh'");
        var before = Content(store);
        var (exit, _, error) = await Executable.Import(store, new JsonObject());
        Assert.True(exit == 3, error);
        Assert.Contains("thai-binh", error, StringComparison.Ordinal);
        Assert.Equal(before, Content(store));
    }

    /// <summary>The founding content as it stood in a store whose last migration was the given one.</summary>
    private static async Task<string> StoreOf(Folder folder, string last)
    {
        var store = folder.Path("earlier.db");
        Execute(store, "PRAGMA application_id = 1129271120; PRAGMA journal_mode = WAL; CREATE TABLE migration (name TEXT PRIMARY KEY, applied_at TEXT NOT NULL)");
        foreach (var file in Directory.GetFiles(Path.Combine(Repository.Root, "src", "CooperationApi", "Storage", "Migrations")).Order(StringComparer.Ordinal))
        {
            var name = Path.GetFileName(file);
            if (string.CompareOrdinal(name, last) <= 0)
                Execute(store, $"{await File.ReadAllTextAsync(file, TestContext.Current.CancellationToken)}; INSERT INTO migration VALUES ('Migrations/{name}', '')");
        }
        Execute(store,
            $"""
            ATTACH '{await folder.Store()}' AS today;
            INSERT INTO feed SELECT one, epoch, head FROM today.feed;
            INSERT INTO record (type, id, revision, changed_at, hash, body) SELECT type, id, revision, changed_at, hash, body FROM today.record;
            INSERT INTO change (seq, epoch, transaction_start, type, id, op, reason, body, at, actor)
            SELECT seq, epoch, transaction_start, type, id, op, reason, body, at, actor FROM today.change;
            """);
        File.Copy(folder.Path("cooperation.db.fence"), store + ".fence");
        return store;
    }

    /// <summary>Every row of every table and view, but for what an index keeps for itself.</summary>
    private static string Content(string store)
    {
        using var connection = new SqliteConnection($"Data Source={store};Pooling=false");
        connection.Open();
        var content = new StringBuilder();
        foreach (var table in Rows(connection, "SELECT name FROM sqlite_schema WHERE type IN ('table', 'view') AND name NOT LIKE 'search_index_%' AND name NOT LIKE 'search_name_%' ORDER BY name").Except(Private))
        {
            content.AppendLine(table);
            var columns = string.Join(" || '|' || ", Rows(connection, $"SELECT name FROM pragma_table_info('{table}') ORDER BY name").Select(column => $"coalesce({column}, 'NULL')"));
            content.AppendJoin('\n', Rows(connection, $"SELECT {columns} FROM {table}").Order(StringComparer.Ordinal)).AppendLine();
        }
        return content.ToString();
    }

    private static List<string> Rows(SqliteConnection connection, string sql)
    {
        using var command = new SqliteCommand(sql, connection);
        using var reader = command.ExecuteReader();
        var rows = new List<string>();
        while (reader.Read())
            rows.Add(reader.GetString(0));
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
