using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using CooperationApi.Tests.Access;
using CooperationApi.Tests.Editing;
using Dapper;
using Microsoft.Data.Sqlite;

namespace CooperationApi.Tests.Syncing;

/// <summary>`cooperation-sync` as schedulers run it: a process, against a service over a socket.</summary>
public sealed class SyncTests : IAsyncLifetime
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    private Guarded service = null!;
    private string key = "";

    private string Copy => service.Path("mirror.db");

    public async ValueTask InitializeAsync()
    {
        service = await Guarded.Start(("Exports:At", "01:30"));
        key = await service.Key();
        // The first export is made beside the first requests.
        await service.LatestExport();
    }

    public ValueTask DisposeAsync() => service.DisposeAsync();

    [Fact]
    public async Task The_first_run_copies_the_export_and_later_ones_what_has_changed()
    {
        await using var network = new Network(service.Address);
        Assert.Equal((0, "in_step"), Last(await Sync("--from", network.Address)));
        await IsTheRecord();
        Assert.Contains(network.Asked, asked => asked.EndsWith("cooperation.db.zst", StringComparison.Ordinal));
        network.Requests.Clear();
        Assert.Equal((0, "in_step"), Last(await Sync("--from", network.Address)));
        Assert.StartsWith("GET /v1/changes?cursor=", Assert.Single(network.Asked), StringComparison.Ordinal);

        await Put("a", "một");
        await Put("b", "hai");
        await Put("a", "một, sửa lại");
        await Delete("b");
        await Put("c", "ba");
        await service.Json(HttpStatusCode.OK, "POST", "/v1/organizations/c/merge-into/a", key);
        var (exit, lines, _) = await Sync();
        Assert.Equal((0, 6L), (exit, (long)lines[^1]["changes"]!));
        await IsTheRecord();
        // Nobody has to know the tool to read it.
        using var copy = new SqliteConnection($"Data Source={Copy};Mode=ReadOnly;Pooling=false");
        Assert.Equal("một, sửa lại", copy.QuerySingle<string>("SELECT name FROM organizations WHERE id = 'a'"));
        Assert.Equal(((string?)lines[^1]["epoch"], (long)lines[^1]["revision"]!), copy.QuerySingle<(string, long)>("SELECT epoch, revision FROM mirror"));
    }

    [Fact]
    public async Task A_transaction_of_many_pages_arrives_whole()
    {
        await Sync();
        await Import(2500);
        await Put("a", "một");
        var (exit, lines, _) = await Sync();
        Assert.Equal((0, 2501L), (exit, (long)lines[^1]["changes"]!));
        await IsTheRecord();
    }

    [Fact]
    public async Task Of_a_restored_service_a_new_copy_is_made_and_nothing_of_the_old_one_is_left()
    {
        var backup = service.Path("backup.db");
        await Put("a", "một");
        await service.BackUp(backup);
        await Put("b", "hai");
        await Delete("a");
        Assert.Equal(0, (await Sync()).Exit);
        await service.Restart(() =>
        {
            foreach (var left in (string[])["", "-wal", "-shm"])
                File.Delete(service.StorePath + left);
            File.Copy(backup, service.StorePath);
        });
        var (exit, lines, _) = await Sync();
        Assert.Equal((0, "in_step"), (exit, (string?)lines[^1]["event"]));
        Assert.Contains(lines, line => (string?)line["why"] == "epoch_changed");
        await IsTheRecord();
        Assert.True((await Rows()).ContainsKey(("organizations", "a")));
        Assert.False((await Rows()).ContainsKey(("organizations", "b")));
        Assert.False(File.Exists(Copy + ".new"));
    }

    [Fact]
    public async Task Killed_at_any_moment_it_goes_on_and_loses_nothing()
    {
        var seed = Environment.GetEnvironmentVariable("SYNC_SEED") is { } given ? int.Parse(given, CultureInfo.InvariantCulture) : Random.Shared.Next();
        TestContext.Current.TestOutputHelper!.WriteLine($"SYNC_SEED={seed}");
        var random = new Random(seed);
        var clock = Stopwatch.StartNew();
        Assert.Equal(0, (await Sync()).Exit);
        var whole = clock.Elapsed;
        foreach (var file in Directory.GetFiles(Path.GetDirectoryName(Copy)!, "mirror.db*"))
            File.Delete(file);
        var kills = Environment.GetEnvironmentVariable("SYNC_KILLS") is { } number ? int.Parse(number, CultureInfo.InvariantCulture) : 10;
        for (var kill = 0; kill < kills; kill++)
        {
            if (kill % 3 == 2)
                await Import(random.Next(1, 1200), $"i{kill}");
            else
                await Put($"k{random.Next(4)}", $"lần {kill}");
            using var process = Start("--from", service.Address.ToString(), "--to", Copy);
            _ = process.StandardOutput.ReadToEndAsync(Cancel);
            await Task.Delay(TimeSpan.FromMilliseconds(random.Next(50, (int)whole.TotalMilliseconds)), Cancel);
            process.Kill();
            await process.WaitForExitAsync(Cancel);
        }
        Assert.Equal((0, "in_step"), Last(await Sync()));
        await IsTheRecord();
        Assert.Equal(["mirror.db", "mirror.db.lock"], Directory.GetFiles(Path.GetDirectoryName(Copy)!, "mirror.db*").Select(Path.GetFileName).Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task A_download_that_is_cut_off_is_taken_up_where_it_was()
    {
        await using var network = new Network(service.Address);
        var export = (await service.LatestExport())["files"]!.AsArray().Single(file => (string?)file!["name"] == "cooperation.db.zst")!;
        network.BreakAfter((long)export["bytes"]! * 6 / 10);
        var (exit, lines, _) = await Sync("--from", network.Address);
        Assert.Equal(0, exit);
        Assert.Equal((string?)export["sha256"], (string?)lines.Single(line => (string?)line["event"] == "downloaded")["sha256"]);
        var fetches = network.Requests.Where(head => head.StartsWith("GET " + export["link"], StringComparison.Ordinal)).ToList();
        Assert.Equal(2, fetches.Count);
        Assert.DoesNotContain("Range:", fetches[0], StringComparison.Ordinal);
        Assert.Contains("Range: bytes=", fetches[1], StringComparison.Ordinal);
        Assert.Contains($"If-Range: \"{export["sha256"]}\"", fetches[1], StringComparison.Ordinal);
        await IsTheRecord();
    }

    [Fact]
    public async Task A_page_that_breaks_off_is_asked_for_again()
    {
        await Sync();
        await Import(300);
        await using var network = new Network(service.Address);
        network.BreakAfter(2000);
        Assert.Equal((0, "in_step"), Last(await Sync("--from", network.Address)));
        Assert.Equal(network.Asked.First(), network.Asked.ElementAt(1));
        await IsTheRecord();
    }

    [Theory]
    [InlineData("UPDATE provinces SET data = replace(data, 'Hà Nội', 'Ha Noi') WHERE id = 'ha-noi'")]
    [InlineData("UPDATE provinces SET revision = 1000000 WHERE id = 'ha-noi'")]
    [InlineData("DELETE FROM provinces WHERE id = 'ha-noi'")]
    [InlineData("INSERT INTO provinces (id, revision, hash, data) SELECT 'khong-co', revision, hash, data FROM provinces WHERE id = 'ha-noi'")]
    public async Task What_is_wrong_in_the_copy_is_found_in_two_requests_and_mended(string damage)
    {
        await Sync();
        using (var copy = new SqliteConnection($"Data Source={Copy};Pooling=false"))
            copy.Execute(damage);
        await using var network = new Network(service.Address);
        var (exit, lines, _) = await Sync("--from", network.Address);
        Assert.Equal(0, exit);
        var asked = network.Asked.ToList();
        Assert.StartsWith("GET /v1/changes?", asked[0], StringComparison.Ordinal);
        Assert.Equal("GET /v1/mirror/digest", asked[1]);
        Assert.StartsWith("GET /v1/mirror/digest?bucket=", asked[2], StringComparison.Ordinal);
        Assert.Equal("provinces", (string?)Assert.Single(lines, line => (string?)line["event"] == "repaired")["type"]);
        await IsTheRecord();
    }

    [Fact]
    public async Task A_copy_that_is_broken_is_replaced()
    {
        await Sync();
        using (var copy = new SqliteConnection($"Data Source={Copy};Pooling=false"))
            copy.Execute("DELETE FROM provinces; DELETE FROM results; DELETE FROM statements");
        var (exit, lines, _) = await Sync();
        Assert.Equal(0, exit);
        Assert.Contains(lines, line => (string?)line["event"] == "replacing");
        await IsTheRecord();

        var bytes = await File.ReadAllBytesAsync(Copy, Cancel);
        bytes.AsSpan(4096, bytes.Length - 4096).Fill(0x5a);
        await File.WriteAllBytesAsync(Copy, bytes, Cancel);
        Assert.Equal(0, (await Sync()).Exit);
        await IsTheRecord();
    }

    [Fact]
    public async Task The_files_of_NDJSON_are_those_of_the_export_and_only_what_has_changed_is_written()
    {
        var folder = service.Path("ndjson");
        Assert.Equal(0, (await Sync("--ndjson", folder)).Exit);
        var manifest = await service.LatestExport();
        foreach (var file in manifest["files"]!.AsArray().Where(file => (string?)file!["format"] == "ndjson" && (string?)file["compression"] == "zstd"))
            Assert.Equal((string?)file!["unpackedSha256"], Convert.ToHexStringLower(SHA256.HashData(await File.ReadAllBytesAsync(Path.Combine(folder, $"{file["type"]}.ndjson"), Cancel))));
        Assert.Equal((long)manifest["revision"]!, (long)JsonNode.Parse(await File.ReadAllTextAsync(Path.Combine(folder, "mirror.json"), Cancel))!["revision"]!);
        await Put("a", "một");
        var (_, lines, _) = await Sync("--ndjson", folder);
        Assert.Equal(["organizations"], lines[^1]["types"]!.AsArray().Select(type => (string)type!));
        Assert.Contains("một", await File.ReadAllTextAsync(Path.Combine(folder, "organizations.ndjson"), Cancel), StringComparison.Ordinal);
        Assert.Equal("in_step", (string?)(await Sync("--ndjson", folder)).Lines[^1]["event"]);
    }

    [Fact]
    public async Task Where_no_exports_are_made_the_copy_begins_with_the_feed()
    {
        await using var other = await Guarded.Start();
        Assert.Equal((0, "in_step"), Last(await Sync("--from", other.Address.ToString())));
        Assert.Equal((0, "in_step"), Last(await Sync("--from", other.Address.ToString(), "--prove")));
    }

    [Fact]
    public async Task Where_reading_takes_a_key_it_is_read_from_a_file()
    {
        await using var closed = await Guarded.Start(("Access:Reading", "Keys"), ("Exports:At", "01:30"));
        var file = closed.Path("key");
        await File.WriteAllTextAsync(file, await closed.Key(Contracts.Role.Reader) + "\n", Cancel);
        var (exit, _, error) = await Sync("--from", closed.Address.ToString());
        Assert.Equal(3, exit);
        Assert.Contains("401", error, StringComparison.Ordinal);
        Assert.Equal(0, (await Sync("--from", closed.Address.ToString(), "--key-file", file)).Exit);
    }

    [Fact]
    public async Task What_can_not_be_done_is_said_by_the_exit_code_and_nothing_is_harmed()
    {
        var other = service.Path("other.db");
        await File.WriteAllTextAsync(other, "somebody's", Cancel);
        Assert.Equal(2, (await Sync("--to", other)).Exit);
        Assert.Equal("somebody's", await File.ReadAllTextAsync(other, Cancel));
        Assert.Equal(2, (await Sync("--to", service.StorePath)).Exit);
        Assert.Equal(2, (await Sync("--from", "example.vn")).Exit);
        Assert.Equal(2, (await Sync("--nonsense")).Exit);
        Assert.Equal(3, (await Sync("--from", "http://127.0.0.1:9")).Exit);
        Assert.Equal(4, (await Sync("--to", "/dev/full/mirror.db")).Exit);
        Assert.Equal(0, (await Sync()).Exit);
        await using (new FileStream(Copy + ".lock", FileMode.Open, FileAccess.ReadWrite, FileShare.None))
            Assert.Equal(4, (await Sync()).Exit);
        Assert.Equal(0, (await Sync()).Exit);
    }

    private async Task<(int Exit, List<JsonNode> Lines, string Error)> Sync(params string[] args)
    {
        using var process = Start([.. args, .. args.Contains("--from") ? (string[])[] : ["--from", service.Address.ToString()], .. args.Contains("--to") ? (string[])[] : ["--to", Copy]]);
        var (output, error) = (process.StandardOutput.ReadToEndAsync(Cancel), process.StandardError.ReadToEndAsync(Cancel));
        await process.WaitForExitAsync(Cancel);
        return (process.ExitCode, [.. (await output).Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => JsonNode.Parse(line)!)], await error);
    }

    private static (int, string?) Last((int Exit, List<JsonNode> Lines, string Error) run) => (run.Exit, run.Lines.Count == 0 ? run.Error : (string?)run.Lines[^1]["event"]);

    private static Process Start(params string[] args) => Process.Start(new ProcessStartInfo("dotnet", [Path.Combine(AppContext.BaseDirectory, "CooperationApi.Sync.dll"), .. args])
    {
        RedirectStandardOutput = true,
        RedirectStandardError = true,
    })!;

    /// <summary>Compares the copy with what the service's lists show, without anything of the tool's or the digest's.</summary>
    private async Task IsTheRecord()
    {
        var listed = new Dictionary<(string, string), (long, string)>();
        foreach (var type in (await service.Json(HttpStatusCode.OK, "GET", "/v1/status", key))["records"]!.AsObject().Select(of => of.Key))
        {
            using var lines = await service.Get($"/v1/{type}?format=ndjson");
            foreach (var line in (await lines.Text()).Split('\n', StringSplitOptions.RemoveEmptyEntries))
            {
                var record = JsonNode.Parse(line)!;
                if (record["id"] is { } id)
                    listed[(type, (string)id!)] = ((long)record["revision"]!, line);
            }
        }
        var rows = await Rows();
        Assert.Equal(listed.Keys.Order(), rows.Keys.Order());
        Assert.All(listed, record => Assert.Equal(record.Value, (rows[record.Key].Revision, rows[record.Key].Data)));
        Assert.All(rows.Values, row => Assert.Equal(row.Hash, Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(row.Data)))));
    }

    private async Task<Dictionary<(string Type, string Id), (long Revision, string Hash, string Data)>> Rows()
    {
        await using var copy = new SqliteConnection($"Data Source={Copy};Mode=ReadOnly;Pooling=false");
        var rows = new Dictionary<(string, string), (long, string, string)>();
        foreach (var table in await copy.QueryAsync<string>("SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT IN ('mirror', 'sync')"))
        {
            foreach (var (id, revision, hash, data) in await copy.QueryAsync<(string, long, string, string)>($"SELECT id, revision, hash, data FROM {table}"))
                rows[(table.Replace('_', '-'), id)] = (revision, hash, data);
        }
        return rows;
    }

    private async Task Put(string id, string name)
    {
        using var made = await service.Send("PUT", $"/v1/organizations/{id}", key, EditTests.Organization(name), await service.Status($"/v1/organizations/{id}") == 200 ? "If-Match: *" : "If-None-Match: *");
        Assert.True((int)made.StatusCode is 200 or 201, await made.Text());
    }

    private async Task Delete(string id)
    {
        using var removed = await service.Send("DELETE", $"/v1/organizations/{id}", key, null, "If-Match: *");
        Assert.Equal(204, (int)removed.StatusCode);
    }

    /// <summary>Many records in one transaction.</summary>
    private async Task Import(int count, string prefix = "m")
    {
        var records = Enumerable.Range(0, count).Select(number =>
        {
            var record = EditTests.Organization($"Một trong nhiều {number}");
            record["id"] = $"{prefix}{number}";
            return (JsonNode?)record;
        });
        await service.Json(HttpStatusCode.OK, "POST", "/v1/imports", key, new JsonObject { ["organizations"] = new JsonArray([.. records]) });
    }
}
