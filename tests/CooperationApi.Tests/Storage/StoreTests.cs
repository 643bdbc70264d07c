using System.Text.Json.Nodes;
using CooperationApi.Storage;
using CooperationApi.Tests.Access;
using Dapper;
using Microsoft.Data.Sqlite;
using Npgsql;

namespace CooperationApi.Tests.Storage;

/// <summary>Tests of creating, opening and rejecting stores.</summary>
public sealed class StoreTests
{
    private const int StoreErrorExitCode = 3;

    [Fact]
    public async Task Statement_that_starts_after_the_cancellation_is_interrupted()
    {
        await using var service = await AuthenticatedService.Start();
        using var cancellation = new CancellationTokenSource();
        var exception = await Assert.ThrowsAnyAsync<Exception>(() => service.GetService<Database>().Read(async connection =>
        {
            await cancellation.CancelAsync();
            return await connection.QuerySingleAsync<long>(
                "WITH RECURSIVE number(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM number WHERE n < 300000000) "
                + "SELECT count(*) FROM number");
        }, cancellation.Token));
        Assert.True(exception is SqliteException { SqliteErrorCode: SQLitePCL.raw.SQLITE_INTERRUPT }
            or OperationCanceledException { InnerException: PostgresException { SqlState: PostgresErrorCodes.QueryCanceled } },
            exception.ToString());
        Assert.Equal(200, await service.GetStatusCode("/v1/provinces/ha-noi"));
    }

    [Fact]
    public async Task First_start_creates_the_folder_and_serves_the_seed_data()
    {
        using var folder = new TempFolder();
        await using (var service = await ServiceProcess.Start(folder.GetPath("not/yet/there/cooperation.db")))
            Assert.Equal(86, (int)(await service.GetJson("/v1/status"))["records"]!["provinces"]!);
        Assert.True(TestStore.Exists(folder.GetPath("not/yet/there/cooperation.db")));
        Assert.True(File.Exists(folder.GetPath("not/yet/there/cooperation.db.hwm")));
    }

    [Fact]
    public async Task Second_start_changes_nothing()
    {
        using var folder = new TempFolder();
        var store = folder.GetPath("cooperation.db");
        JsonNode first;
        await using (var service = await ServiceProcess.Start(store))
        {
            first = await service.GetJson("/v1/status");
            await service.Terminate();
        }
        var before = folder.ListEntriesWithHashes();
        await using (var service = await ServiceProcess.Start(store))
        {
            Assert.Equal(first.ToJsonString(), (await service.GetJson("/v1/status")).ToJsonString());
            await service.Terminate();
        }
        Assert.Equal(before, folder.ListEntriesWithHashes());
    }

    [Fact]
    public async Task Two_stores_have_different_epochs()
    {
        using var folder = new TempFolder();
        await CliProcess.Import(folder.GetPath("other.db"), new JsonObject());
        Assert.NotEqual(Query(await folder.CreateStore(), "SELECT epoch FROM store_version"),
            Query(folder.GetPath("other.db"), "SELECT epoch FROM store_version"));
    }

    [Fact]
    public async Task Foreign_database_is_rejected_and_left_unchanged()
    {
        using var folder = new TempFolder();
        TestStore.CreateForeignDatabase(folder.GetPath("cooperation.db"));
        await AssertRejected(folder, "cooperation.db");
    }

    [Theory]
    [Trait("Engine", "Sqlite")]
    [InlineData("")]
    [InlineData("a text")]
    public async Task File_that_is_not_a_store_is_rejected_and_left_unchanged(string content)
    {
        using var folder = new TempFolder();
        await File.WriteAllTextAsync(folder.GetPath("cooperation.db"), content, TestContext.Current.CancellationToken);
        await AssertRejected(folder, "cooperation.db");
    }

    [Fact]
    [Trait("Engine", "Sqlite")]
    public async Task Folder_at_the_store_path_is_rejected_and_left_unchanged()
    {
        using var folder = new TempFolder();
        Directory.CreateDirectory(folder.GetPath("cooperation.db"));
        await AssertRejected(folder, "cooperation.db");
    }

    [Fact]
    public async Task Store_path_below_a_file_is_rejected_and_left_unchanged()
    {
        using var folder = new TempFolder();
        await File.WriteAllTextAsync(folder.GetPath("file"), "a text", TestContext.Current.CancellationToken);
        await AssertRejected(folder, "file/cooperation.db");
    }

    [Fact]
    [Trait("Engine", "Sqlite")]
    public async Task WAL_without_its_store_is_rejected_and_left_unchanged()
    {
        using var folder = new TempFolder();
        await File.WriteAllTextAsync(folder.GetPath("cooperation.db-wal"), "a log", TestContext.Current.CancellationToken);
        await AssertRejected(folder, "cooperation.db");
    }

    [Fact]
    [Trait("Engine", "Sqlite")]
    public async Task Truncated_store_is_rejected_and_left_unchanged()
    {
        using var folder = new TempFolder();
        using (var file = File.OpenWrite(await folder.CreateStore()))
            file.SetLength(file.Length - 4096 * 5);
        await AssertRejected(folder, "cooperation.db");
    }

    [Theory]
    [Trait("Engine", "Sqlite")]
    [InlineData(1)]
    [InlineData(150)]
    public async Task Store_with_a_corrupt_page_is_rejected_and_left_unchanged(int page)
    {
        using var folder = new TempFolder();
        using (var file = File.OpenWrite(await folder.CreateStore()))
        {
            var randomBytes = new byte[4096];
            new Random(page).NextBytes(randomBytes);
            file.Position = 4096L * page;
            file.Write(randomBytes);
        }
        await AssertRejected(folder, "cooperation.db");
    }

    [Theory]
    [InlineData("UPDATE schema_migration SET sha256 = 'of another script' WHERE name LIKE '%/0001_%'")]
    [InlineData("ALTER TABLE schema_migration RENAME TO migration")]
    public async Task Store_of_a_build_before_the_first_release_is_rejected_and_left_unchanged(string sql)
    {
        using var folder = new TempFolder();
        Execute(await folder.CreateStore(), sql);
        Assert.Contains("created by a build before the first release", await AssertRejected(folder, "cooperation.db"),
            StringComparison.Ordinal);
    }

    [Fact]
    public async Task Store_of_a_newer_version_is_rejected_and_left_unchanged()
    {
        using var folder = new TempFolder();
        Execute(await folder.CreateStore(), BuildLaterMigrationSql(minimumProgram: 9999));
        Assert.Contains("9999_later", await AssertRejected(folder, "cooperation.db"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Store_with_an_additive_migration_of_a_newer_version_is_served()
    {
        using var folder = new TempFolder();
        var store = await folder.CreateStore();
        Execute(store, BuildLaterMigrationSql(minimumProgram: 1));
        await using var service = await ServiceProcess.Start(store);
        Assert.Equal(200, (await service.Get("/v1/provinces/thai-binh")).Status);
    }

    [Fact]
    public async Task Service_responds_503_after_a_newer_version_migrated_its_store_incompatibly()
    {
        using var folder = new TempFolder();
        var store = await folder.CreateStore();
        await using var service = await ServiceProcess.Start(store);
        Assert.Equal(200, (await service.Get("/v1/provinces/thai-binh")).Status);
        Execute(store, "UPDATE store_version SET minimum_program = 9999");
        Assert.Equal(503, (await service.Get("/v1/provinces/thai-binh")).Status);
        Assert.Equal(503, (await service.Get("/health/ready")).Status);
    }

    private static string BuildLaterMigrationSql(long minimumProgram) =>
        $"""
        INSERT INTO schema_migration (name, sha256, applied_at, minimum_program)
        VALUES ('Migrations/9999_later.sql', '', '2099-01-01T00:00:00Z', {minimumProgram})
        """;

    [Theory]
    [InlineData(1)]
    [InlineData(600_000)]
    [InlineData(1_100_000)]
    public async Task First_start_that_is_killed_leaves_a_complete_store_or_none(long writtenBytes)
    {
        using var folder = new TempFolder();
        var store = folder.GetPath("cooperation.db");
        using (var starting = CliProcess.Start($"--Storage:Path={store}", "--urls", "http://127.0.0.1:0"))
        {
            // The number of written bytes shows the progress independently of the machine's speed.
            while (!starting.HasExited && !TestStore.Exists(store) && GetWrittenBytes(folder) < writtenBytes)
                await Task.Delay(1, TestContext.Current.CancellationToken);
            starting.Kill();
            await starting.WaitForExitAsync(TestContext.Current.CancellationToken);
        }
        await AssertHasSeedData(store);
    }

    [Fact]
    public async Task Killed_service_leaves_a_complete_store()
    {
        using var folder = new TempFolder();
        // DisposeAsync kills the process.
        await using (var service = await ServiceProcess.Start(await folder.CreateStore()))
            await service.GetJson("/v1/meetings");
        await AssertHasSeedData(folder.GetPath("cooperation.db"));
    }

    [Fact]
    public async Task Concurrent_first_starts_create_one_store()
    {
        using var folder = new TempFolder();
        var services = await Task.WhenAll(ServiceProcess.Start(folder.GetPath("cooperation.db")),
            ServiceProcess.Start(folder.GetPath("cooperation.db")));
        var states = new List<string>();
        foreach (var service in services)
        {
            await using (service)
                states.Add((await service.GetJson("/v1/status")).ToJsonString());
        }
        Assert.Equal(states[0], states[1]);
    }

    [Fact]
    public async Task Second_start_waits_for_a_process_that_migrates_the_same_store()
    {
        using var folder = new TempFolder();
        var store = folder.GetPath("cooperation.db");
        // A store without tables needs a migration.
        TestStore.EnsureDatabaseExists(store);
        if (!TestStore.IsPostgreSql)
            Execute(store, "PRAGMA application_id = 1129271120; PRAGMA journal_mode = WAL; CREATE TABLE t (x); DROP TABLE t");
        using var migrating = TestStore.CreateConnection(store);
        migrating.Open();
        var transaction = migrating.BeginTransaction();
        if (TestStore.IsPostgreSql)
            migrating.Execute("SELECT pg_advisory_xact_lock(x'434F4F50'::bigint)");
        var starting = ServiceProcess.Start(store);
        // Longer than the lock timeout of a write, 5 s.
        await Task.Delay(TimeSpan.FromSeconds(8), TestContext.Current.CancellationToken);
        transaction.Dispose();
        await using var service = await starting;
        Assert.Equal(200, (await service.Get("/health/ready")).Status);
    }

    [Fact]
    public async Task Start_without_a_writable_temporary_folder_is_rejected_and_a_missing_one_is_created()
    {
        using var folder = new TempFolder();
        var store = await folder.CreateStore();
        using var rejected = CliProcess.StartWithEnvironment([("TMPDIR", "/proc/none")], "export", $"--Storage:Path={store}");
        var error = await rejected.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        await rejected.WaitForExitAsync(TestContext.Current.CancellationToken);
        Assert.Equal(StoreErrorExitCode, rejected.ExitCode);
        Assert.Contains("TMPDIR", Assert.Single(error.Trim().Split('\n')), StringComparison.Ordinal);
        await using var service = await ServiceProcess.Start(store, ("TMPDIR", folder.GetPath("temporary")));
        Assert.True(Directory.Exists(folder.GetPath("temporary")));
        Assert.Equal(200, (await service.Get("/v1/meetings?format=xlsx")).Status);
    }

    [Fact]
    [Trait("Engine", "Sqlite")]
    public async Task Damaged_copy_of_a_backup_is_rejected_and_left_unchanged()
    {
        using var folder = new TempFolder();
        var store = await folder.CreateStore();
        // A backup is not in WAL mode.
        Execute(store, "PRAGMA journal_mode = DELETE");
        using (var file = File.OpenWrite(store))
        {
            file.Position = 8192L * 100;
            file.Write([.. Enumerable.Repeat((byte)'x', 8192 * 20)]);
        }
        await AssertRejected(folder, "cooperation.db");
    }

    [Fact]
    public async Task Unusable_high_water_mark_is_not_reported_as_a_damaged_store()
    {
        using var folder = new TempFolder();
        var store = await folder.CreateStore();
        File.Delete(store + ".hwm");
        Directory.CreateDirectory(store + ".hwm");
        var (exitCode, _, error) = await CliProcess.RunService(store);
        Assert.Equal(StoreErrorExitCode, exitCode);
        Assert.StartsWith("Cannot open high-water mark", error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task History_has_every_record_once_with_gapless_revisions()
    {
        using var folder = new TempFolder();
        var store = await folder.CreateStore();
        Assert.Equal("0",
            Query(store,
                "SELECT count(*) FROM record LEFT JOIN record_version ON record_version.revision = record.revision AND "
                + "record_version.type = record.type AND record_version.id = record.id AND record_version.body = record.body WHERE "
                + "record_version.revision IS NULL"));
        var head = Query(store, "SELECT head FROM store_version");
        Assert.Equal($"{Query(store, "SELECT count(*) FROM record")}|1|{head}|{head}",
            Query(store,
                "SELECT count(DISTINCT type || '/' || id) || '|' || min(revision) || '|' || max(revision) || '|' || count(*) FROM change"));
        using var connection = TestStore.CreateConnection(store);
        var records = connection.Query<(string Id, long Revision, byte[] Body)>("SELECT id, revision, CAST(body AS BLOB) FROM record")
            .Select(row => (row.Id, row.Revision, Body: JsonNode.Parse(row.Body)!)).ToList();
        Assert.NotEmpty(records);
        Assert.All(records,
            record => Assert.Equal((record.Id, record.Revision), (record.Body.GetId(), (long)record.Body["revision"]!)));
        Assert.Equal("1", Query(store, "SELECT count(DISTINCT epoch || transaction_start || actor || op) FROM change"));
    }

    [Fact]
    public async Task Derived_rows_and_references_all_have_a_record()
    {
        using var folder = new TempFolder();
        var store = await folder.CreateStore();
        Assert.Equal("0",
            Query(store,
                "SELECT count(*) FROM named_reference LEFT JOIN record ON record.type = to_type AND record.id = to_id WHERE record.id IS "
                + "NULL"));
        foreach (var (table, type) in new[] { ("province", "provinces"), ("official", "officials"), ("meeting", "meetings"),
            ("result", "results"), ("source", "sources"), ("cooperation_group", "cooperation-groups") })
            Assert.Equal(Query(store, $"SELECT id FROM record WHERE type = '{type}' ORDER BY id"),
                Query(store, $"SELECT id FROM {table} ORDER BY id"));
    }

    [Fact]
    [Trait("Engine", "Sqlite")]
    public async Task Store_is_a_valid_SQLite_database_in_WAL_mode()
    {
        using var folder = new TempFolder();
        var store = await folder.CreateStore();
        Assert.Equal("ok", Query(store, "PRAGMA integrity_check"));
        Assert.Equal("wal", Query(store, "PRAGMA journal_mode"));
        Assert.Equal("1129271120", Query(store, "PRAGMA application_id"));
    }

    [Fact]
    public async Task Service_terminates_and_leaves_no_WAL_and_no_connection()
    {
        using var folder = new TempFolder();
        await using var service = await ServiceProcess.Start(await folder.CreateStore());
        await service.GetJson("/v1/status");
        Assert.Equal(0, await service.Terminate());
        Assert.False(TestStore.IsInUse(folder.GetPath("cooperation.db")));
        // No WAL remains: the folder has only the store and its high-water mark.
        Assert.Equal([folder.GetPath("cooperation.db"), folder.GetPath("cooperation.db.hwm")],
            folder.ListEntriesWithHashes().Select(entry => entry.Split(' ')[0]));
    }

    [Fact]
    public async Task Unsupported_storage_engine_is_rejected()
    {
        using var folder = new TempFolder();
        var (exitCode, _,
            error) = await CliProcess.Run("--Storage:Engine=Oracle", $"--Storage:Path={folder.GetPath("cooperation.db")}", "--urls",
                "http://127.0.0.1:0");
        Assert.NotEqual(0, exitCode);
        Assert.Contains("Engine must be Sqlite or PostgreSQL.", Assert.Single(error.Trim().Split('\n')), StringComparison.Ordinal);
        Assert.Empty(folder.ListEntriesWithHashes());
    }

    private static async Task<string> AssertRejected(TempFolder folder, string name)
    {
        var before = folder.ListEntriesWithHashes();
        var (exitCode, _, error) = await CliProcess.RunService(folder.GetPath(name));
        Assert.True(exitCode == StoreErrorExitCode, $"{exitCode}: {error}");
        var line = Assert.Single(error.Trim().Split('\n'));
        Assert.Contains(TestStore.GetStoreName(folder.GetPath(name)), line, StringComparison.Ordinal);
        Assert.Equal(before, folder.ListEntriesWithHashes());
        return line;
    }

    private static async Task AssertHasSeedData(string store)
    {
        using var expected = new TempFolder();
        await using var service = await ServiceProcess.Start(store);
        Assert.Equal(Query(await expected.CreateStore(), "SELECT count(*) || ' ' || max(revision) FROM record"),
            Query(store, "SELECT count(*) || ' ' || max(revision) FROM record"));
        TestStore.AssertIsIntact(store);
        Assert.Equal(12, (int)(await service.GetJson($"/v1/cooperation-groups?agreementId={SeedFacts.AgreementId}&total=true"))["total"]!);
        await service.Terminate();
        Assert.Equal(TestStore.IsPostgreSql ? [store + ".hwm"] : [store, store + ".hwm"],
            Directory.GetFileSystemEntries(Path.GetDirectoryName(store)!).Order(StringComparer.Ordinal));
    }

    private static long GetWrittenBytes(TempFolder folder)
    {
        if (TestStore.IsPostgreSql)
            return TestStore.GetWrittenBytes(folder.GetPath("cooperation.db"));
        try
        {
            return new DirectoryInfo(folder.GetPath(".")).EnumerateFiles()
                .Where(file => file.Name.Contains(".new", StringComparison.Ordinal)).Sum(file => file.Length);
        }
        catch (FileNotFoundException)
        {
            return 0;
        }
    }

    private static void Execute(string store, string sql)
    {
        using var connection = TestStore.CreateConnection(store);
        connection.Execute(sql);
    }

    private static string Query(string store, string sql)
    {
        using var connection = TestStore.CreateConnection(store);
        return string.Join('\n', connection.Query<object>(sql).Select(row => ((IDictionary<string, object>)row).Values.First()));
    }
}
