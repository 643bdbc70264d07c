using System.Text;
using System.Text.Json.Nodes;
using Microsoft.Data.Sqlite;

namespace CooperationApi.Tests.Storage;

/// <summary>The store's file, as the program makes, opens and refuses it.</summary>
[Collection(nameof(Processes))]
public sealed class StoreTests
{
    private const int Refused = 3;

    [Fact]
    public async Task A_first_start_makes_the_folder_and_serves_the_founding_content()
    {
        using var folder = new Folder();
        await using (var service = await Served.On(folder.Path("not/yet/there/cooperation.db")))
            Assert.Equal(86, (int)(await service.Json("/v1/status"))["records"]!["provinces"]!);
        Assert.True(File.Exists(folder.Path("not/yet/there/cooperation.db")));
    }

    [Fact]
    public async Task A_second_start_changes_nothing()
    {
        using var folder = new Folder();
        var store = folder.Path("cooperation.db");
        JsonNode first;
        await using (var service = await Served.On(store))
        {
            first = await service.Json("/v1/status");
            await service.Terminate();
        }
        var before = folder.Snapshot();
        await using (var service = await Served.On(store))
        {
            Assert.Equal(first.ToJsonString(), (await service.Json("/v1/status")).ToJsonString());
            await service.Terminate();
        }
        Assert.Equal(before, folder.Snapshot());
    }

    [Fact]
    public async Task Two_stores_are_two_lives()
    {
        using var folder = new Folder();
        await Executable.Import(folder.Path("other.db"), new JsonObject());
        Assert.NotEqual(Query(await folder.Store(), "SELECT epoch FROM feed"), Query(folder.Path("other.db"), "SELECT epoch FROM feed"));
    }

    [Fact]
    public async Task A_database_of_others_is_refused_and_left_as_it_is()
    {
        using var folder = new Folder();
        using (var foreign = new SqliteConnection($"Data Source={folder.Path("cooperation.db")};Pooling=false"))
        {
            foreign.Open();
            using var command = new SqliteCommand("PRAGMA journal_mode = WAL; CREATE TABLE feed (one, epoch, head); INSERT INTO feed VALUES (1, 'theirs', 7)", foreign);
            command.ExecuteNonQuery();
        }
        await IsRefused(folder, "cooperation.db");
    }

    [Theory]
    [InlineData("")]
    [InlineData("a text")]
    public async Task A_file_that_is_no_store_is_refused_and_left_as_it_is(string content)
    {
        using var folder = new Folder();
        await File.WriteAllTextAsync(folder.Path("cooperation.db"), content, TestContext.Current.CancellationToken);
        await IsRefused(folder, "cooperation.db");
    }

    [Fact]
    public async Task A_folder_in_the_stores_place_is_refused_and_left_as_it_is()
    {
        using var folder = new Folder();
        Directory.CreateDirectory(folder.Path("cooperation.db"));
        await IsRefused(folder, "cooperation.db");
    }

    [Fact]
    public async Task A_path_under_a_file_is_refused_and_left_as_it_is()
    {
        using var folder = new Folder();
        await File.WriteAllTextAsync(folder.Path("file"), "a text", TestContext.Current.CancellationToken);
        await IsRefused(folder, "file/cooperation.db");
    }

    [Fact]
    public async Task A_log_without_its_store_is_refused_and_left_as_it_is()
    {
        using var folder = new Folder();
        await File.WriteAllTextAsync(folder.Path("cooperation.db-wal"), "a log", TestContext.Current.CancellationToken);
        await IsRefused(folder, "cooperation.db");
    }

    [Fact]
    public async Task A_store_that_was_cut_off_is_refused_and_left_as_it_is()
    {
        using var folder = new Folder();
        using (var file = File.OpenWrite(await folder.Store()))
            file.SetLength(file.Length - 4096 * 5);
        await IsRefused(folder, "cooperation.db");
    }

    [Theory]
    [InlineData(1)]
    [InlineData(150)]
    public async Task A_store_with_a_page_of_rubbish_is_refused_and_left_as_it_is(int page)
    {
        using var folder = new Folder();
        using (var file = File.OpenWrite(await folder.Store()))
        {
            var rubbish = new byte[4096];
            new Random(page).NextBytes(rubbish);
            file.Position = 4096L * page;
            file.Write(rubbish);
        }
        await IsRefused(folder, "cooperation.db");
    }

    [Fact]
    public async Task A_store_of_a_newer_version_is_refused_and_left_as_it_is()
    {
        using var folder = new Folder();
        Execute(await folder.Store(), "INSERT INTO migration (name, applied_at) VALUES ('Migrations/9999_later.sql', '2099-01-01T00:00:00Z')");
        Assert.Contains("9999_later", await IsRefused(folder, "cooperation.db"), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(600_000)]
    [InlineData(1_100_000)]
    public async Task A_first_start_that_is_killed_on_its_way_leaves_a_whole_store_or_none(long writtenBytes)
    {
        using var folder = new Folder();
        var store = folder.Path("cooperation.db");
        using (var starting = Executable.Start($"--Storage:Path={store}", "--urls", "http://127.0.0.1:0"))
        {
            // How far it has got is told by what it has written, which no clock can tell.
            while (!starting.HasExited && !File.Exists(store) && Written(folder) < writtenBytes)
                await Task.Delay(1, TestContext.Current.CancellationToken);
            starting.Kill();
            await starting.WaitForExitAsync(TestContext.Current.CancellationToken);
        }
        await HasTheWholeContent(store);
    }

    [Fact]
    public async Task A_service_that_is_killed_leaves_a_whole_store()
    {
        using var folder = new Folder();
        // Disposing kills.
        await using (var service = await Served.On(await folder.Store()))
            await service.Json("/v1/meetings");
        await HasTheWholeContent(folder.Path("cooperation.db"));
    }

    [Fact]
    public async Task Two_first_starts_at_once_make_one_store()
    {
        using var folder = new Folder();
        var services = await Task.WhenAll(Served.On(folder.Path("cooperation.db")), Served.On(folder.Path("cooperation.db")));
        var states = new List<string>();
        foreach (var service in services)
        {
            await using (service)
                states.Add((await service.Json("/v1/status")).ToJsonString());
        }
        Assert.Equal(states[0], states[1]);
    }

    [Fact]
    public async Task The_history_has_every_record_once_in_numbers_without_a_gap()
    {
        using var folder = new Folder();
        var store = await folder.Store();
        Assert.Equal("0", Query(store, "SELECT count(*) FROM record LEFT JOIN state ON seq = record.revision AND state.type = record.type AND state.id = record.id AND state.body = record.body WHERE seq IS NULL"));
        Assert.Equal(Query(store, "SELECT count(*) || '|1|' || head || '|' || head FROM record, feed"), Query(store, "SELECT count(DISTINCT type || '/' || id) || '|' || min(seq) || '|' || max(seq) || '|' || count(*) FROM change"));
        Assert.Equal("0", Query(store, "SELECT count(*) FROM record WHERE json_extract(body, '$.revision') <> revision OR json_extract(body, '$.id') <> id"));
        Assert.Equal("1", Query(store, "SELECT count(DISTINCT epoch || transaction_start || actor || op) FROM change"));
    }

    [Fact]
    public async Task Everything_derived_has_a_record_and_every_reference_leads_to_one()
    {
        using var folder = new Folder();
        var store = await folder.Store();
        Assert.Equal("0", Query(store, "SELECT count(*) FROM reference LEFT JOIN record ON record.type = to_type AND record.id = to_id WHERE record.id IS NULL"));
        foreach (var (table, type) in new[] { ("province", "provinces"), ("official", "officials"), ("meeting", "meetings"), ("result", "results"), ("source", "sources"), ("cooperation_group", "cooperation-groups") })
            Assert.Equal(Query(store, $"SELECT group_concat(id) FROM (SELECT id FROM record WHERE type = '{type}' ORDER BY id)"), Query(store, $"SELECT group_concat(id) FROM (SELECT id FROM {table} ORDER BY id)"));
    }

    [Fact]
    public async Task Any_SQLite_shell_opens_the_file_and_finds_it_sound()
    {
        using var folder = new Folder();
        var store = await folder.Store();
        Assert.Equal("ok", Query(store, "PRAGMA integrity_check"));
        Assert.Equal("wal", Query(store, "PRAGMA journal_mode"));
        Assert.Equal("1129271120", Query(store, "PRAGMA application_id"));
    }

    [Fact]
    public async Task A_service_that_is_asked_to_end_ends_within_five_seconds()
    {
        using var folder = new Folder();
        await using var service = await Served.On(await folder.Store());
        await service.Json("/v1/status");
        var (exit, took) = await service.Terminate();
        Assert.Equal(0, exit);
        Assert.InRange(took.TotalSeconds, 0, 5);
        // Nothing is left to be played in: the file is the store, and its fence stands beside it.
        Assert.Equal([folder.Path("cooperation.db"), folder.Path("cooperation.db.fence")], folder.Snapshot().Select(entry => entry.Split(' ')[0]));
    }

    [Fact]
    public async Task A_missing_engine_is_refused()
    {
        using var folder = new Folder();
        var (exit, _, error) = await Executable.Run("--Storage:Engine=PostgreSQL", $"--Storage:Path={folder.Path("cooperation.db")}", "--urls", "http://127.0.0.1:0");
        Assert.NotEqual(0, exit);
        Assert.Contains("PostgreSQL", Assert.Single(error.Trim().Split('\n')), StringComparison.Ordinal);
        Assert.Empty(folder.Snapshot());
    }

    private static async Task<string> IsRefused(Folder folder, string name)
    {
        var before = folder.Snapshot();
        var (exit, _, error) = await Executable.RunOn(folder.Path(name));
        Assert.True(exit == Refused, $"{exit}: {error}");
        var line = Assert.Single(error.Trim().Split('\n'));
        Assert.Contains(folder.Path(name), line, StringComparison.Ordinal);
        Assert.Equal(before, folder.Snapshot());
        return line;
    }

    private static async Task HasTheWholeContent(string store)
    {
        using var whole = new Folder();
        await using var service = await Served.On(store);
        Assert.Equal(Query(await whole.Store(), "SELECT count(*) || ' ' || max(revision) FROM record"), Query(store, "SELECT count(*) || ' ' || max(revision) FROM record"));
        Assert.Equal("ok", Query(store, "PRAGMA integrity_check"));
        Assert.Equal(12, (int)(await service.Json($"/v1/cooperation-groups?agreementId={Founding.Agreement}&total=true"))["total"]!);
        await service.Terminate();
        Assert.Equal([store, store + ".fence"], Directory.GetFileSystemEntries(Path.GetDirectoryName(store)!).Order(StringComparer.Ordinal));
    }

    private static long Written(Folder folder)
    {
        try
        {
            return new DirectoryInfo(folder.Path(".")).EnumerateFiles().Where(file => file.Name.Contains(".new", StringComparison.Ordinal)).Sum(file => file.Length);
        }
        catch (FileNotFoundException)
        {
            return 0;
        }
    }

    private static void Execute(string store, string sql)
    {
        using var connection = new SqliteConnection($"Data Source={store};Pooling=false");
        connection.Open();
        using var command = new SqliteCommand(sql, connection);
        command.ExecuteNonQuery();
    }

    private static string Query(string store, string sql)
    {
        using var connection = new SqliteConnection($"Data Source={store};Pooling=false");
        connection.Open();
        using var command = new SqliteCommand(sql, connection);
        var rows = new StringBuilder();
        using var reader = command.ExecuteReader();
        while (reader.Read())
            rows.AppendLine(reader.GetValue(0).ToString());
        return rows.ToString().TrimEnd();
    }
}
