using System.Net;
using System.Text.Json.Nodes;
using CooperationApi.Contracts;
using CooperationApi.Tests.Access;
using CooperationApi.Tests.Features.Records;
using Dapper;

namespace CooperationApi.Tests.Storage;

/// <summary>Tests of the high-water mark: a restored or replaced store starts a new epoch, a store after a kill does not.</summary>
public sealed class HighWaterMarkTests : IDisposable
{
    private const int StoreErrorExitCode = 3;

    private readonly TempFolder folder = new();

    private string StorePath => folder.GetPath("cooperation.db");

    private string HighWaterMarkPath => StorePath + ".hwm";

    public void Dispose() => folder.Dispose();

    [Fact]
    public async Task Older_store_in_its_place_starts_a_new_epoch_above_all_issued_revisions()
    {
        await folder.CreateStore();
        var before = await StartAndReadVersion();
        await TestStore.BackUp(StorePath, folder.GetPath("copy"));
        await ImportOrganizations("mot", "hai", "ba");
        Assert.Equal((before.Epoch, before.Revision + 3), await StartAndReadVersion());
        var cursor = await GetHeadCursor();
        await TestStore.Restore(folder.GetPath("copy"), StorePath);
        var after = await StartAndReadVersion();
        Assert.NotEqual(before.Epoch, after.Epoch);
        Assert.Equal(before.Revision + 3, after.Revision);
        await using (var service = await ServiceProcess.Start(StorePath))
        {
            var (status, body) = await service.Get($"/v1/changes?cursor={cursor}");
            Assert.Equal((410, "epoch_changed"), (status, (string?)JsonNode.Parse(body)!["code"]));
            await service.Terminate();
        }
        await ImportOrganizations("bon");
        Assert.Equal((after.Epoch, before.Revision + 4), await StartAndReadVersion());
    }

    [Fact]
    public async Task Restored_store_written_elsewhere_beyond_the_high_water_mark_is_detected()
    {
        await folder.CreateStore();
        var before = await StartAndReadVersion();
        await TestStore.BackUp(StorePath, folder.GetPath("copy"));
        await TestStore.Restore(folder.GetPath("copy"), folder.GetPath("elsewhere.db"));
        File.Copy(HighWaterMarkPath, folder.GetPath("elsewhere.db.hwm"));
        await ImportOrganizations("mot");
        Assert.Equal(0, (await CliProcess.Import(folder.GetPath("elsewhere.db"), CreateBundle("hai", "ba"))).ExitCode);
        await TestStore.BackUp(folder.GetPath("elsewhere.db"), folder.GetPath("elsewhere"));
        await TestStore.Restore(folder.GetPath("elsewhere"), StorePath);
        var after = await StartAndReadVersion();
        Assert.NotEqual(before.Epoch, after.Epoch);
        Assert.Equal(before.Revision + 2, after.Revision);
    }

    [Theory]
    [Trait("Engine", "Sqlite")]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Store_without_a_valid_high_water_mark_starts_a_new_epoch(bool isOverwritten)
    {
        await folder.CreateStore();
        var before = await StartAndReadVersion();
        await DestroyHighWaterMark(isOverwritten);
        var after = await StartAndReadVersion();
        Assert.NotEqual(before.Epoch, after.Epoch);
        Assert.Equal(before.Revision, after.Revision);
        Assert.Equal(after, await StartAndReadVersion());
    }

    [Theory]
    [Trait("Engine", "PostgreSQL")]
    [InlineData(false)]
    [InlineData(true)]
    public async Task New_instance_without_a_valid_high_water_mark_keeps_the_epoch_and_gets_a_mark(bool isOverwritten)
    {
        Prerequisite.Require(TestStore.IsPostgreSql, "PostgreSQL is not configured.");
        await folder.CreateStore();
        await TestStore.BackUp(StorePath, folder.GetPath("copy"));
        await ImportOrganizations("mot");
        var before = await StartAndReadVersion();
        await DestroyHighWaterMark(isOverwritten);
        Assert.Equal(before, await StartAndReadVersion());
        // The start has written the mark of the new instance.
        await TestStore.Restore(folder.GetPath("copy"), StorePath);
        var after = await StartAndReadVersion();
        Assert.NotEqual(before.Epoch, after.Epoch);
        Assert.Equal(before.Revision, after.Revision);
    }

    [Fact]
    [Trait("Engine", "PostgreSQL")]
    public async Task Backup_and_restore_commands_name_the_tools_of_PostgreSQL()
    {
        Prerequisite.Require(TestStore.IsPostgreSql, "PostgreSQL is not configured.");
        await folder.CreateStore();
        await File.WriteAllTextAsync(folder.GetPath("backup.db"), "", TestContext.Current.CancellationToken);
        var before = folder.ListEntriesWithHashes();
        foreach (var command in (string[])["backup", "restore"])
        {
            var (exitCode, _, error) = await CliProcess.Run(command, $"--Storage:Path={StorePath}", folder.GetPath("backup.db"));
            Assert.Equal(StoreErrorExitCode, exitCode);
            Assert.Contains("docs/operations/postgresql.md", Assert.Single(error.Trim().Split('\n')), StringComparison.Ordinal);
        }
        Assert.Equal(before, folder.ListEntriesWithHashes());
    }

    [Fact]
    public async Task Half_written_high_water_mark_is_still_valid()
    {
        await folder.CreateStore();
        await ImportOrganizations("mot");
        var before = await StartAndReadVersion();
        // Each of the two slots in turn is damaged.
        foreach (var slot in (int[])[0, 1])
        {
            var intact = await File.ReadAllBytesAsync(HighWaterMarkPath, TestContext.Current.CancellationToken);
            Assert.Equal(1024, intact.Length);
            var damaged = intact.ToArray();
            damaged.AsSpan(slot * 512 + 40, 300).Fill((byte)'0');
            await File.WriteAllBytesAsync(HighWaterMarkPath, damaged, TestContext.Current.CancellationToken);
            Assert.Equal(before.Epoch, (await StartAndReadVersion()).Epoch);
            await File.WriteAllBytesAsync(HighWaterMarkPath, intact, TestContext.Current.CancellationToken);
        }
    }

    [Fact]
    public async Task Store_ahead_of_its_high_water_mark_keeps_its_epoch()
    {
        await folder.CreateStore();
        var before = await StartAndReadVersion();
        var highWaterMark = await File.ReadAllBytesAsync(HighWaterMarkPath, TestContext.Current.CancellationToken);
        await ImportOrganizations("mot");
        await File.WriteAllBytesAsync(HighWaterMarkPath, highWaterMark, TestContext.Current.CancellationToken);
        await TestStore.BackUp(StorePath, folder.GetPath("copy"));
        await ImportOrganizations("hai");
        await File.WriteAllBytesAsync(HighWaterMarkPath, highWaterMark, TestContext.Current.CancellationToken);
        Assert.Equal((before.Epoch, before.Revision + 2), await StartAndReadVersion());
        // The start has written the current revision to the high-water mark.
        await TestStore.Restore(folder.GetPath("copy"), StorePath);
        Assert.NotEqual(before.Epoch, (await StartAndReadVersion()).Epoch);
    }

    [Fact]
    public async Task Redaction_of_the_last_changed_record_keeps_the_epoch()
    {
        await folder.CreateStore();
        await ImportOrganizations("mot");
        var before = await StartAndReadVersion();
        Execute("DELETE FROM record WHERE revision = (SELECT max(revision) FROM change)");
        Assert.Equal(before, await StartAndReadVersion());
    }

    [Fact]
    public async Task Writes_fail_while_the_high_water_mark_cannot_be_written()
    {
        await using var service = await AuthenticatedService.Start();
        var key = await service.CreateKeySecret(Role.Editor);
        File.Delete(service.StorePath + ".hwm");
        Directory.CreateDirectory(service.StorePath + ".hwm");
        Assert.Equal("unavailable",
            await service.SendForProblemCode(503, "PUT", "/v1/organizations/mot", key, RecordWriteTests.CreateOrganization("mot"),
                "If-None-Match: *"));
        Assert.Equal(404, await service.GetStatusCode("/v1/organizations/mot"));
        Directory.Delete(service.StorePath + ".hwm");
        using var created =
            await service.Send("PUT", "/v1/organizations/mot", key, RecordWriteTests.CreateOrganization("mot"), "If-None-Match: *");
        Assert.Equal(201, (int)created.StatusCode);
    }

    [Fact]
    [Trait("Engine", "Sqlite")]
    public async Task Backup_can_be_made_during_writes_and_is_restored_only_where_no_store_exists()
    {
        await folder.CreateStore();
        var backup = folder.GetPath("backup.db");
        (string Epoch, long Revision) before;
        await using (var service = await ServiceProcess.Start(StorePath))
        {
            var writing = ImportOrganizations("mot", "hai", "ba");
            var (exitCode, output, error) = await CliProcess.Run("backup", $"--Storage:Path={StorePath}", backup);
            Assert.True(exitCode == 0, error);
            Assert.Contains(backup, output, StringComparison.Ordinal);
            await writing;
            Assert.Equal(StoreErrorExitCode, (await CliProcess.Run("backup", $"--Storage:Path={StorePath}", backup)).ExitCode);
            // A change after the backup, lost with the store.
            await ImportOrganizations("bon");
            before = await StartAndReadVersion();
            await service.Terminate();
        }
        if (!OperatingSystem.IsWindows())
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(backup));
        Assert.Equal(StoreErrorExitCode, (await CliProcess.Run("restore", $"--Storage:Path={StorePath}", backup)).ExitCode);
        Assert.Equal(before, await StartAndReadVersion());

        File.Move(StorePath, folder.GetPath("lost.db"));
        var restored = await CliProcess.Run("restore", $"--Storage:Path={StorePath}", backup);
        Assert.True(restored.ExitCode == 0, restored.Error);
        Assert.Contains("revoke", restored.Error, StringComparison.Ordinal);
        var after = await StartAndReadVersion();
        Assert.NotEqual(before.Epoch, after.Epoch);
        Assert.Equal(before.Revision, after.Revision);
        Assert.Equal(0, Query<int>("SELECT count(*) FROM record WHERE id = 'bon'"));
        Assert.Equal("ok", Query<string>("PRAGMA integrity_check"));
    }

    [Fact]
    [Trait("Engine", "Sqlite")]
    public async Task Restore_command_starts_a_new_epoch_even_with_an_unchanged_high_water_mark()
    {
        await folder.CreateStore();
        var before = await StartAndReadVersion();
        Assert.Equal(0, (await CliProcess.Run("backup", $"--Storage:Path={StorePath}", folder.GetPath("backup.db"))).ExitCode);
        File.Delete(StorePath);
        Assert.Equal(0, (await CliProcess.Run("restore", $"--Storage:Path={StorePath}", folder.GetPath("backup.db"))).ExitCode);
        Assert.NotEqual(before.Epoch, (await StartAndReadVersion()).Epoch);
    }

    [Fact]
    [Trait("Engine", "Sqlite")]
    public async Task Incomplete_or_foreign_backup_is_not_restored()
    {
        await folder.CreateStore("backup.db");
        await File.WriteAllTextAsync(folder.GetPath("text.db"), "text as long as a database header: " + new string('x', 100),
            TestContext.Current.CancellationToken);
        using (var file = File.OpenWrite(folder.GetPath("backup.db")))
            file.SetLength(file.Length / 2);
        foreach (var name in (string[])["text.db", "backup.db"])
        {
            Assert.Equal(StoreErrorExitCode,
                (await CliProcess.Run("restore", $"--Storage:Path={StorePath}", folder.GetPath(name))).ExitCode);
            Assert.False(File.Exists(StorePath));
        }
        Assert.Equal(StoreErrorExitCode,
            (await CliProcess.Run("backup", $"--Storage:Path={StorePath}", folder.GetPath("none.db"))).ExitCode);
        Assert.False(File.Exists(StorePath));
    }

    /// <summary>Starts and stops a service on the store and returns the epoch and revision of the store.</summary>
    private async Task<(string Epoch, long Revision)> StartAndReadVersion()
    {
        await using (AuthenticatedService.StartOnStore(StorePath))
            return Query<(string, long)>("SELECT epoch, head FROM store_version");
    }

    private async Task ImportOrganizations(params string[] names)
    {
        await using var service = AuthenticatedService.StartOnStore(StorePath);
        var key = await service.CreateKeySecret();
        foreach (var name in names)
            await service.SendForJson(HttpStatusCode.OK, "POST", "/v1/imports", key, CreateBundle(name));
    }

    private static JsonObject CreateBundle(params string[] names) => new()
    {
        ["organizations"] = new JsonArray([.. names.Select(name => CreateOrganization(name))]),
    };

    private static JsonObject CreateOrganization(string name)
    {
        var organization = RecordWriteTests.CreateOrganization(name);
        organization["id"] = name;
        return organization;
    }

    private async Task<string> GetHeadCursor()
    {
        await using var service = await ServiceProcess.Start(StorePath);
        var head = await service.GetJson("/v1/changes/head");
        await service.Terminate();
        return (string)head["cursor"]!;
    }

    /// <summary>Deletes the file of the high-water mark, or overwrites both slots.</summary>
    private async Task DestroyHighWaterMark(bool isOverwritten)
    {
        if (isOverwritten)
            await File.WriteAllTextAsync(HighWaterMarkPath, new string('0', 1024), TestContext.Current.CancellationToken);
        else
            File.Delete(HighWaterMarkPath);
    }

    private T Query<T>(string sql)
    {
        using var connection = TestStore.CreateConnection(StorePath);
        return connection.QuerySingle<T>(sql);
    }

    private void Execute(string sql)
    {
        using var connection = TestStore.CreateConnection(StorePath);
        connection.Execute(sql);
    }
}
