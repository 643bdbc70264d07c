using System.Text;
using System.Text.Json.Nodes;
using CooperationApi.Tests.Editing;
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
        var today = await folder.Store();
        // What a record was before is of a past that earlier versions kept elsewhere.
        foreach (var name in new[] { "Sở Du lịch", "Sở Văn hóa và Du lịch" })
        {
            var organization = EditTests.Organization(name);
            organization["id"] = "so-du-lich";
            Assert.Equal(0, (await Executable.Import(today, new JsonObject { ["organizations"] = new JsonArray(organization) })).Exit);
        }
        var before = Content(today);
        Assert.Contains("\"name\":\"Sở Du lịch\"", before, StringComparison.Ordinal);
        var store = await StoreOf(folder, today, last);
        Assert.NotEqual(before, Content(store));

        var (exit, output, error) = await Executable.Import(store, new JsonObject());
        Assert.True(exit == 0, output + error);
        Assert.Equal(before, Content(store));
    }

    [Fact]
    public async Task The_past_of_a_store_that_kept_what_stands_twice_is_what_it_was()
    {
        using var folder = new Folder();
        var store = await StoreOf(folder, await folder.Store(), "0017_happenings.sql");
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
        const string Told = "seq || '|' || type || '/' || id || '|' || op || '|' || coalesce(reason, '') || '|' || coalesce(into_id, '') || '|' || coalesce(note, '') || '|' || coalesce(body, '')";
        var before = All(store, $"SELECT {Told} FROM change ORDER BY seq");
        Assert.Equal(0, (await Executable.Import(store, new JsonObject())).Exit);
        Assert.Equal(before, All(store, $"SELECT {Told} FROM state ORDER BY seq"));
        // Kept once: with the record what stands, with the change what stood.
        Assert.Equal(["2"], All(store, "SELECT count(past_body) FROM change"));
    }

    [Fact]
    public async Task A_store_with_a_damaged_record_is_not_brought_up_to_date_by_half()
    {
        using var folder = new Folder();
        var store = await StoreOf(folder, await folder.Store(), "0004_figures.sql");
        Execute(store, "UPDATE record SET body = replace(body, 'Thái', 'Tháy') WHERE id = 'thai-binh'");
        var before = Content(store);
        var (exit, _, error) = await Executable.Import(store, new JsonObject());
        Assert.True(exit == 3, error);
        Assert.Contains("thai-binh", error, StringComparison.Ordinal);
        Assert.Equal(before, Content(store));
    }

    /// <summary>What is in today's store as it stood in one whose last migration was the given one.</summary>
    private static async Task<string> StoreOf(Folder folder, string today, string last)
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
            ATTACH '{today}' AS today;
            INSERT INTO feed (one, epoch, head) SELECT one, epoch, head FROM today.feed;
            INSERT INTO record (type, id, revision, changed_at, hash, body) SELECT type, id, revision, changed_at, hash, body FROM today.record;
            INSERT INTO change (seq, epoch, transaction_start, type, id, op, reason, body, at, actor)
            SELECT seq, epoch, transaction_start, type, id, op, reason, body, at, actor FROM today.state;
            """);
        File.Copy(today + ".fence", store + ".fence");
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

    private static List<string> All(string store, string sql)
    {
        using var connection = new SqliteConnection($"Data Source={store};Pooling=false");
        connection.Open();
        return Rows(connection, sql);
    }

    private static List<string> Rows(SqliteConnection connection, string sql)
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
