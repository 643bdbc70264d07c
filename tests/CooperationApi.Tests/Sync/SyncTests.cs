using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using CooperationApi.Tests.Access;
using Dapper;
using Microsoft.Data.Sqlite;

namespace CooperationApi.Tests.Sync;

/// <summary>Tests of `cooperation-sync` as a separate process against a running service.</summary>
public sealed class SyncTests : IAsyncLifetime
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    private AuthenticatedService service = null!;
    private string key = "";

    private string CopyPath => service.GetPath("copy.db");

    public async ValueTask InitializeAsync()
    {
        service = await AuthenticatedService.Start(("Exports:Enabled", "true"));
        key = await service.CreateKeySecret();
        // The first export is built in the background.
        await service.WaitForLatestExport();
    }

    public ValueTask DisposeAsync() => service.DisposeAsync();

    [Fact]
    public async Task First_run_copies_the_export_and_later_runs_apply_the_changes()
    {
        await using var network = new FaultInjectingProxy(service.Address);
        Assert.Equal((0, "in_sync"), GetResult(await RunSync("--from", network.Address)));
        await AssertCopyEqualsLists();
        Assert.Contains(network.RequestLines, requestLine => requestLine.EndsWith("cooperation.db.zst", StringComparison.Ordinal));
        network.Requests.Clear();
        Assert.Equal((0, "in_sync"), GetResult(await RunSync("--from", network.Address)));
        Assert.Equal(["GET /v1/changes", "GET /v1/mirror/digest"], network.RequestLines.Select(line => line.Split('?')[0]));

        await PutOrganization("a", "một");
        await PutOrganization("b", "hai");
        await PutOrganization("a", "một, sửa lại");
        await DeleteOrganization("b");
        await PutOrganization("c", "ba");
        await service.SendForJson(HttpStatusCode.OK, "POST", "/v1/organizations/c/merge-into/a", key);
        var (exitCode, lines, _) = await RunSync();
        Assert.Equal((0, 6L), (exitCode, (long)lines[^1]["changes"]!));
        await AssertCopyEqualsLists();
        // The copy is readable without the tool.
        using var copy = new SqliteConnection($"Data Source={CopyPath};Mode=ReadOnly;Pooling=false");
        Assert.Equal("một, sửa lại", copy.QuerySingle<string>("SELECT name FROM organizations WHERE id = 'a'"));
        Assert.Equal(((string?)lines[^1]["epoch"], (long)lines[^1]["revision"]!),
            copy.QuerySingle<(string, long)>("SELECT epoch, revision FROM mirror"));
    }

    [Fact]
    public async Task Transaction_of_many_pages_is_applied_as_a_whole()
    {
        await RunSync();
        await ImportOrganizations(2500);
        await PutOrganization("a", "một");
        var (exitCode, lines, _) = await RunSync();
        Assert.Equal((0, 2501L), (exitCode, (long)lines[^1]["changes"]!));
        await AssertCopyEqualsLists();
    }

    [Fact]
    public async Task Restored_service_causes_a_new_copy_without_remains_of_the_old_one()
    {
        var backup = service.GetPath("backup.db");
        await PutOrganization("a", "một");
        await service.BackUp(backup);
        await PutOrganization("b", "hai");
        await DeleteOrganization("a");
        Assert.Equal(0, (await RunSync()).ExitCode);
        await service.RestartOnBackup(backup);
        var (exitCode, lines, _) = await RunSync();
        Assert.Equal((0, "in_sync"), (exitCode, (string?)lines[^1]["event"]));
        Assert.Contains(lines, line => (string?)line["reason"] == "epoch_changed");
        await AssertCopyEqualsLists();
        Assert.True((await ReadCopy()).ContainsKey(("organizations", "a")));
        Assert.False((await ReadCopy()).ContainsKey(("organizations", "b")));
        Assert.False(File.Exists(CopyPath + ".new"));
    }

    [Fact]
    public async Task Sync_killed_at_any_moment_resumes_without_loss()
    {
        var seed = Environment.GetEnvironmentVariable("SYNC_SEED") is { } seedText
            ? int.Parse(seedText, CultureInfo.InvariantCulture)
            : Random.Shared.Next();
        TestContext.Current.TestOutputHelper!.WriteLine($"SYNC_SEED={seed}");
        var random = new Random(seed);
        var stopwatch = Stopwatch.StartNew();
        Assert.Equal(0, (await RunSync()).ExitCode);
        var fullDuration = stopwatch.Elapsed;
        foreach (var file in Directory.GetFiles(Path.GetDirectoryName(CopyPath)!, "copy.db*"))
            File.Delete(file);
        var kills =
            Environment.GetEnvironmentVariable("SYNC_KILLS") is { } killsText ? int.Parse(killsText, CultureInfo.InvariantCulture) : 10;
        for (var kill = 0; kill < kills; kill++)
        {
            if (kill % 3 == 2)
                await ImportOrganizations(random.Next(1, 1200), $"i{kill}");
            else
                await PutOrganization($"k{random.Next(4)}", $"lần {kill}");
            using var process = SyncProcess.Start("--from", service.Address.ToString(), "--to", CopyPath);
            _ = process.StandardOutput.ReadToEndAsync(Cancel);
            await Task.Delay(TimeSpan.FromMilliseconds(random.Next(50, (int)fullDuration.TotalMilliseconds)), Cancel);
            process.Kill();
            await process.WaitForExitAsync(Cancel);
        }
        Assert.Equal((0, "in_sync"), GetResult(await RunSync()));
        await AssertCopyEqualsLists();
        Assert.Equal(["copy.db", "copy.db.lock"],
            Directory.GetFiles(Path.GetDirectoryName(CopyPath)!, "copy.db*").Select(Path.GetFileName).Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task Interrupted_download_is_resumed()
    {
        await using var network = new FaultInjectingProxy(service.Address);
        var export =
            (await service.WaitForLatestExport())["files"]!.AsArray().Single(file => (string?)file!["name"] == "cooperation.db.zst")!;
        network.BreakAfter((long)export["bytes"]! * 6 / 10);
        var (exitCode, lines, _) = await RunSync("--from", network.Address);
        Assert.Equal(0, exitCode);
        Assert.Equal((string?)export["sha256"], (string?)lines.Single(line => (string?)line["event"] == "downloaded")["sha256"]);
        var fetches = network.Requests.Where(head => head.StartsWith("GET " + export["link"], StringComparison.Ordinal)).ToList();
        Assert.Equal(2, fetches.Count);
        Assert.DoesNotContain("Range:", fetches[0], StringComparison.Ordinal);
        Assert.Contains("Range: bytes=", fetches[1], StringComparison.Ordinal);
        Assert.Contains($"If-Range: \"{export["sha256"]}\"", fetches[1], StringComparison.Ordinal);
        await AssertCopyEqualsLists();
    }

    [Fact]
    public async Task Interrupted_page_is_requested_again()
    {
        await RunSync();
        await ImportOrganizations(300);
        await using var network = new FaultInjectingProxy(service.Address);
        network.BreakAfter(2000);
        Assert.Equal((0, "in_sync"), GetResult(await RunSync("--from", network.Address)));
        Assert.Equal(network.RequestLines.First(), network.RequestLines.ElementAt(1));
        await AssertCopyEqualsLists();
    }

    [Theory]
    [InlineData("UPDATE provinces SET data = replace(data, 'Hà Nội', 'Ha Noi') WHERE id = 'ha-noi'")]
    [InlineData("UPDATE provinces SET revision = 1000000 WHERE id = 'ha-noi'")]
    [InlineData("DELETE FROM provinces WHERE id = 'ha-noi'")]
    [InlineData(
        "INSERT INTO provinces (id, revision, hash, data) SELECT 'khong-co', revision, hash, data FROM provinces WHERE id = 'ha-noi'")]
    public async Task Damage_in_the_copy_is_found_in_two_digest_requests_and_repaired(string damage)
    {
        await RunSync();
        using (var copy = new SqliteConnection($"Data Source={CopyPath};Pooling=false"))
            copy.Execute(damage);
        await using var network = new FaultInjectingProxy(service.Address);
        var (exitCode, lines, _) = await RunSync("--from", network.Address);
        Assert.Equal(0, exitCode);
        var requestLines = network.RequestLines.ToList();
        Assert.StartsWith("GET /v1/changes?", requestLines[0], StringComparison.Ordinal);
        Assert.Equal("GET /v1/mirror/digest", requestLines[1]);
        Assert.StartsWith("GET /v1/mirror/digest?bucket=", requestLines[2], StringComparison.Ordinal);
        Assert.Equal("provinces", (string?)Assert.Single(lines, line => (string?)line["event"] == "repaired")["type"]);
        await AssertCopyEqualsLists();
    }

    [Fact]
    public async Task Broken_copy_is_replaced()
    {
        await RunSync();
        using (var copy = new SqliteConnection($"Data Source={CopyPath};Pooling=false"))
            copy.Execute("DELETE FROM provinces; DELETE FROM results; DELETE FROM statements");
        var (exitCode, lines, _) = await RunSync();
        Assert.Equal(0, exitCode);
        Assert.Contains(lines, line => (string?)line["event"] == "replacing");
        await AssertCopyEqualsLists();

        var bytes = await File.ReadAllBytesAsync(CopyPath, Cancel);
        bytes.AsSpan(4096, bytes.Length - 4096).Fill(0x5a);
        await File.WriteAllBytesAsync(CopyPath, bytes, Cancel);
        Assert.Equal(0, (await RunSync()).ExitCode);
        await AssertCopyEqualsLists();
    }

    [Fact]
    public async Task NDJSON_files_equal_those_of_the_export_and_only_changed_ones_are_rewritten()
    {
        var folder = service.GetPath("ndjson");
        Assert.Equal(0, (await RunSync("--ndjson", folder)).ExitCode);
        var manifest = await service.WaitForLatestExport();
        foreach (var file in manifest["files"]!.AsArray()
            .Where(file => (string?)file!["format"] == "ndjson" && (string?)file["compression"] == "zstd"))
            Assert.Equal((string?)file!["uncompressedSha256"],
                Convert.ToHexStringLower(
                    SHA256.HashData(await File.ReadAllBytesAsync(Path.Combine(folder, $"{file["type"]}.ndjson"), Cancel))));
        Assert.Equal((long)manifest["revision"]!,
            (long)JsonNode.Parse(await File.ReadAllTextAsync(Path.Combine(folder, "mirror.json"), Cancel))!["revision"]!);
        await PutOrganization("a", "một");
        var (_, lines, _) = await RunSync("--ndjson", folder);
        Assert.Equal(["organizations"], lines[^1]["types"]!.AsArray().Select(type => (string)type!));
        Assert.Contains("một", await File.ReadAllTextAsync(Path.Combine(folder, "organizations.ndjson"), Cancel), StringComparison.Ordinal);
        Assert.Equal("in_sync", (string?)(await RunSync("--ndjson", folder)).Lines[^1]["event"]);
    }

    [Fact]
    public async Task Path_of_the_base_URL_precedes_all_requests_and_the_files_of_the_export()
    {
        await using var network = new FaultInjectingProxy(service.Address) { PathPrefix = "/cooperation" };
        Assert.Equal((0, "in_sync"), GetResult(await RunSync("--from", network.Address)));
        Assert.Equal((0, "in_sync"), GetResult(await RunSync("--from", network.Address + "/", "--verify")));
        Assert.Contains(network.RequestLines, requestLine => requestLine.EndsWith("cooperation.db.zst", StringComparison.Ordinal));
        await AssertCopyEqualsLists();
    }

    [Fact]
    public async Task Missing_folders_are_created_and_reported()
    {
        var (folder, ndjson) = (service.GetPath("new/copies"), service.GetPath("new/ndjson"));
        var (exitCode, lines, _) = await RunSync("--to", Path.Combine(folder, "copy.db"), "--ndjson", ndjson);
        Assert.Equal(0, exitCode);
        Assert.Equal([folder, ndjson],
            lines.Where(line => (string?)line["event"] == "folder_created").Select(line => (string?)line["folder"]));
        Assert.DoesNotContain((await RunSync("--to", Path.Combine(folder, "copy.db"), "--ndjson", ndjson)).Lines,
            line => (string?)line["event"] == "folder_created");
    }

    [Fact]
    public async Task Refused_target_gets_no_files_beside_it()
    {
        var folder = Directory.CreateDirectory(service.GetPath("targets")).FullName;
        var (text, database, subfolder) = (Path.Combine(folder, "text"), Path.Combine(folder, "database"), Path.Combine(folder, "folder"));
        await File.WriteAllTextAsync(text, "somebody's", Cancel);
        Directory.CreateDirectory(subfolder);
        using (var connection = new SqliteConnection($"Data Source={database};Pooling=false"))
            connection.Execute("PRAGMA journal_mode = WAL; CREATE TABLE a (b)");
        foreach (var target in (string[])[text, database, subfolder, Path.Combine(folder, "missing") + "/"])
            Assert.Equal(2, (await RunSync("--to", target)).ExitCode);
        Assert.Equal([database, subfolder, text], Directory.GetFileSystemEntries(folder).Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task Copy_starts_from_the_feed_if_there_is_no_export()
    {
        await using var serviceWithoutExports = await AuthenticatedService.Start();
        Assert.Equal((0, "in_sync"), GetResult(await RunSync("--from", serviceWithoutExports.Address.ToString())));
        Assert.Equal((0, "in_sync"), GetResult(await RunSync("--from", serviceWithoutExports.Address.ToString(), "--verify")));
    }

    [Fact]
    public async Task API_key_is_read_from_a_file_if_reads_require_one()
    {
        await using var privateService =
            await AuthenticatedService.Start(("Access:AllowAnonymousRead", "false"), ("Exports:Enabled", "true"));
        var file = privateService.GetPath("key");
        await File.WriteAllTextAsync(file, await privateService.CreateKeySecret(Contracts.Role.Reader) + "\n", Cancel);
        var (exitCode, _, error) = await RunSync("--from", privateService.Address.ToString());
        Assert.Equal(3, exitCode);
        Assert.Contains("401", error, StringComparison.Ordinal);
        Assert.Equal(0, (await RunSync("--from", privateService.Address.ToString(), "--key-file", file)).ExitCode);
    }

    [Fact]
    public async Task Failures_are_reported_by_the_exit_code_and_damage_nothing()
    {
        var foreignFile = service.GetPath("other.db");
        await File.WriteAllTextAsync(foreignFile, "somebody's", Cancel);
        Assert.Equal(2, (await RunSync("--to", foreignFile)).ExitCode);
        Assert.Equal("somebody's", await File.ReadAllTextAsync(foreignFile, Cancel));
        foreach (var address in (string[])["example.vn", "http://user@127.0.0.1:9", "http://127.0.0.1:9/?a=b", "http://127.0.0.1:9/#a"])
            Assert.Equal(2, (await RunSync("--from", address)).ExitCode);
        Assert.Equal(2, (await RunSync("--nonsense")).ExitCode);
        Assert.Equal(3, (await RunSync("--from", "http://127.0.0.1:9")).ExitCode);
        Assert.Equal(4, (await RunSync("--to", "/dev/full/copy.db")).ExitCode);
        Assert.Equal(0, (await RunSync()).ExitCode);
        await using (new FileStream(CopyPath + ".lock", FileMode.Open, FileAccess.ReadWrite, FileShare.None))
            Assert.Equal(4, (await RunSync()).ExitCode);
        Assert.Equal(0, (await RunSync()).ExitCode);
    }

    [Fact]
    [Trait("Engine", "Sqlite")]
    public async Task Store_file_of_the_service_is_refused_as_a_copy() =>
        Assert.Equal(2, (await RunSync("--to", service.StorePath)).ExitCode);

    private Task<(int ExitCode, List<JsonNode> Lines, string Error)> RunSync(params string[] args) => SyncProcess.Run(
        [.. args, .. args.Contains("--from") ? (string[])[] : ["--from", service.Address.ToString()],
            .. args.Contains("--to") ? (string[])[] : ["--to", CopyPath]]);

    private static (int, string?) GetResult((int ExitCode, List<JsonNode> Lines, string Error) run) =>
        (run.ExitCode, run.Lines.Count == 0 ? run.Error : (string?)run.Lines[^1]["event"]);

    /// <summary>Compares the copy with the service's lists, independently of the tool and of the digest.</summary>
    private async Task AssertCopyEqualsLists()
    {
        var listed = new Dictionary<(string, string), (long, string)>();
        foreach (var type in (await service.SendForJson(HttpStatusCode.OK, "GET", "/v1/status", key))["records"]!.AsObject()
            .Select(entry => entry.Key))
        {
            using var lines = await service.Get($"/v1/{type}?format=ndjson");
            foreach (var line in (await lines.ReadText()).Split('\n', StringSplitOptions.RemoveEmptyEntries))
            {
                var record = JsonNode.Parse(line)!;
                if (record["id"] is { } id)
                    listed[(type, (string)id!)] = ((long)record["revision"]!, line);
            }
        }
        var rows = await ReadCopy();
        Assert.Equal(listed.Keys.Order(), rows.Keys.Order());
        Assert.All(listed, record => Assert.Equal(record.Value, (rows[record.Key].Revision, rows[record.Key].Data)));
        Assert.All(rows.Values, row => Assert.Equal(row.Hash, Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(row.Data)))));
    }

    private async Task<Dictionary<(string Type, string Id), (long Revision, string Hash, string Data)>> ReadCopy()
    {
        await using var copy = new SqliteConnection($"Data Source={CopyPath};Mode=ReadOnly;Pooling=false");
        var rows = new Dictionary<(string, string), (long, string, string)>();
        foreach (var table in await copy.QueryAsync<string>(
            "SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT IN ('mirror', 'sync')"))
        {
            foreach (var (id, revision, hash,
                data) in await copy.QueryAsync<(string, long, string, string)>($"SELECT id, revision, hash, data FROM {table}"))
                rows[(table.Replace('_', '-'), id)] = (revision, hash, data);
        }
        return rows;
    }

    private Task<long> PutOrganization(string id, string name) => service.PutOrganization(key, id, name);

    private Task DeleteOrganization(string id) => service.DeleteOrganization(key, id);

    private Task ImportOrganizations(int count, string prefix = "m") => service.ImportOrganizations(key, count, prefix);
}
