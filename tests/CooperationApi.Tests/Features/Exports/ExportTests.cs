using System.IO.Compression;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using CooperationApi.Contracts;
using CooperationApi.Features.Exports;
using CooperationApi.Tests.Access;
using Dapper;
using Microsoft.Data.Sqlite;
using ZstdSharp;

namespace CooperationApi.Tests.Features.Exports;

/// <summary>Tests of exports: content, downloads, retention and withdrawal.</summary>
public sealed class ExportTests : IAsyncLifetime
{
    private AuthenticatedService service = null!;
    private string key = "";

    private string ExportsPath => service.StorePath + ".exports";

    public async ValueTask InitializeAsync()
    {
        service = await AuthenticatedService.Start(("Exports:Enabled", "true"));
        key = await service.CreateKeySecret();
    }

    public ValueTask DisposeAsync() => service.DisposeAsync();

    [Fact]
    public async Task Files_match_the_manifest_and_the_feed_continues_from_its_cursor()
    {
        var manifest = await GetLatest();
        var status = await GetJson("/v1/status");
        Assert.Equal(((string?)status["epoch"], (long)status["revision"]!), ((string?)manifest["epoch"], (long)manifest["revision"]!));
        Assert.Equal(2 + 4 * status["records"]!.AsObject().Count, manifest["files"]!.AsArray().Count);
        foreach (var file in manifest["files"]!.AsArray().Select(file => file!))
        {
            var compressed = await GetBytes((string)file["link"]!);
            var decompressed = Decompress(compressed, (string)file["compression"]!);
            Assert.Equal(((long)file["bytes"]!, (string)file["sha256"]!), (compressed.Length, ComputeHash(compressed)));
            Assert.Equal(((long)file["uncompressedBytes"]!, (string)file["uncompressedSha256"]!),
                (decompressed.Length, ComputeHash(decompressed)));
            Assert.Equal(
                (string?)file["type"] is { } type
                    ? (long)status["records"]![type]!
                    : status["records"]!.AsObject().Sum(count => (long)count.Value!), (long)file["rows"]!);
            if ((string?)file["format"] == "ndjson")
                AssertFooter(decompressed, (long)file["rows"]!);
        }
        Assert.Empty((await GetJson($"/v1/changes?cursor={manifest["cursor"]}")).GetItems());
        await PutOrganization("a", "một");
        Assert.Equal(["a"], (await GetJson($"/v1/changes?cursor={manifest["cursor"]}")).GetItems().GetIds());
    }

    [Fact]
    public async Task NDJSON_lines_have_the_bytes_and_hash_of_their_record_in_order_of_id()
    {
        var manifest = await GetLatest();
        foreach (var type in (string[])["meetings", "provinces", "sources"])
        {
            var lines = Encoding.UTF8.GetString(Decompress(await GetBytes(GetLink(manifest, $"{type}.ndjson.zst")), "zstd")).Trim()
                .Split('\n')[..^1];
            var ids = lines.Select(line => (string)JsonNode.Parse(line)!["id"]!).ToList();
            Assert.Equal(ids.Order(StringComparer.Ordinal), ids);
            Assert.Equal((await GetAllItems($"/v1/{type}")).GetIds().Order(StringComparer.Ordinal), ids);
            foreach (var line in lines.Take(3))
            {
                var (id, hash) = ((string)JsonNode.Parse(line)!["id"]!, (string)JsonNode.Parse(line)!["hash"]!);
                var data = line[(line.IndexOf("\"data\":", StringComparison.Ordinal) + 7)..^1];
                using var item = await service.Get($"/v1/{type}/{id}");
                Assert.Equal(await item.ReadText(), data);
                Assert.Equal(hash, ComputeHash(Encoding.UTF8.GetBytes(data)));
            }
        }
    }

    [Fact]
    public async Task CSV_file_equals_the_list_as_CSV()
    {
        var manifest = await GetLatest();
        using var listed = await service.Get("/v1/organizations?format=csv&sort=name", "Accept: text/csv");
        var lines = Encoding.UTF8.GetString(Decompress(await GetBytes(GetLink(manifest, "organizations.csv.gz")), "gzip")).Split("\r\n")
            .Order(StringComparer.Ordinal);
        Assert.Equal((await listed.ReadText()).Split("\r\n").Order(StringComparer.Ordinal), lines);
    }

    [Fact]
    public async Task SQLite_file_has_the_records_of_all_lists_in_tables_and_nothing_else()
    {
        await CreateSourceWithText("bai-bao", "Một đoạn văn bản không ai được đọc");
        await PutOrganization("a", "Tổ chức a");
        await DeleteOrganization("a");
        await service.Restart();
        var manifest = await WaitForLatest(await GetHeadRevision());
        var path = service.GetPath("export.db");
        await File.WriteAllBytesAsync(path, Decompress(await GetBytes(GetLink(manifest, "cooperation.db.zst")), "zstd"),
            TestContext.Current.CancellationToken);
        using var database = new SqliteConnection($"Data Source={path};Mode=ReadOnly;Pooling=false");
        Assert.Equal("ok", database.QuerySingle<string>("PRAGMA integrity_check"));
        var types = (await GetJson("/v1/status"))["records"]!.AsObject();
        Assert.Equal(types.Select(type => type.Key.Replace('-', '_')).Append("mirror").Order(StringComparer.Ordinal),
            database.Query<string>("SELECT name FROM sqlite_schema WHERE type = 'table'").Order(StringComparer.Ordinal));
        foreach (var (type, count) in types)
            Assert.Equal((long)count!, database.QuerySingle<long>($"SELECT count(*) FROM {type.Replace('-', '_')}"));
        Assert.Equal("Thái Bình", database.QuerySingle<string>("SELECT name FROM provinces WHERE id = 'thai-binh'"));
        Assert.Contains(SeedFacts.SourceId,
            database.Query<string>("SELECT DISTINCT value ->> '$.sourceId' FROM meetings, json_each(meetings.citations)"));
        Assert.Equal(((string?)manifest["cursor"], (long)manifest["revision"]!),
            database.QuerySingle<(string, long)>("SELECT cursor, revision FROM mirror"));
        var bytes = await File.ReadAllTextAsync(path, TestContext.Current.CancellationToken);
        foreach (var hidden in (string[])["không ai được đọc", "Tổ chức a", "api_key", "search_"])
            Assert.DoesNotContain(hidden, bytes, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Same_content_exports_to_the_same_bytes_anywhere()
    {
        using var folder = new TempFolder();
        var hashes = new List<string>();
        foreach (var name in (string[])["one", "other"])
        {
            var storePath = folder.GetPath($"{name}/cooperation.db");
            var (exitCode, _, error) = await CliProcess.Run("export", $"--Storage:Path={storePath}");
            Assert.True(exitCode == 0, error);
            var manifest = JsonNode.Parse(
                await File.ReadAllTextAsync(
                    Assert.Single(Directory.GetFiles(folder.GetPath(name), "manifest.json", SearchOption.AllDirectories)),
                    TestContext.Current.CancellationToken))!;
            hashes.Add(
                string.Join('\n',
                    manifest["files"]!.AsArray().Where(file => (string?)file!["content"] == "records")
                        .Select(file => $"{file!["name"]} {file["uncompressedSha256"]}")));
        }
        Assert.Equal(hashes[0], hashes[1]);
        Assert.True(hashes[0].Split('\n').Length > 40);
    }

    [Fact]
    public async Task Interrupted_download_resumes_unless_the_file_was_replaced()
    {
        var link = GetLink(await GetLatest(), "meetings.ndjson.gz");
        using var full = await service.Get(link);
        var bytes = await full.Content.ReadAsByteArrayAsync(TestContext.Current.CancellationToken);
        Assert.Equal($"sha-256=:{Convert.ToBase64String(SHA256.HashData(bytes))}:", full.GetHeader("Repr-Digest"));
        Assert.Equal($"\"{ComputeHash(bytes)}\"", full.GetHeader("ETag"));
        var offset = bytes.Length * 6 / 10;
        using (var remainder = await service.Get(link, $"Range: bytes={offset}-", $"If-Range: {full.GetHeader("ETag")}"))
        {
            Assert.Equal((206, $"bytes {offset}-{bytes.Length - 1}/{bytes.Length}"),
                ((int)remainder.StatusCode, remainder.Content.Headers.ContentRange!.ToString()));
            Assert.Equal(ComputeHash(bytes),
                ComputeHash([.. bytes[..offset], .. await remainder.Content.ReadAsByteArrayAsync(TestContext.Current.CancellationToken)]));
        }
        using (var replaced = await service.Get(link, $"Range: bytes={offset}-", "If-Range: \"another\""))
            Assert.Equal((200, (long?)bytes.Length), ((int)replaced.StatusCode, replaced.Content.Headers.ContentLength));
        using (var notModified = await service.Get(link, $"If-None-Match: {full.GetHeader("ETag")}"))
            Assert.Equal(304, (int)notModified.StatusCode);
        using (var unknownUnit = await service.Get(link, "Range: rows=0-9"))
            Assert.Equal((200, full.Content.Headers.ContentLength),
                ((int)unknownUnit.StatusCode, unknownUnit.Content.Headers.ContentLength));
        using (var outOfRange = await service.Get(link, "Range: bytes=99999999-"))
            Assert.Equal("range_not_satisfiable", (string?)(await ApiFixture.ReadProblem(416, outOfRange))["code"]);
        using (var head = await service.Send("HEAD", link, content: null))
            Assert.Equal((200, (long?)bytes.Length, 0),
                ((int)head.StatusCode, head.Content.Headers.ContentLength, (await head.ReadText()).Length));
    }

    [Fact]
    public async Task Redaction_withdraws_exports_with_the_record_and_builds_a_new_one()
    {
        await PutOrganization("a", "Bí mật");
        await service.Restart();
        var manifest = await WaitForLatest(await GetHeadRevision());
        using var redacted =
            await service.Send("POST", "/v1/organizations/a/redact", key, new JsonObject { ["reason"] = "Dữ liệu cá nhân" });
        Assert.Equal(200, (int)redacted.StatusCode);
        var link = GetLink(manifest, "organizations.ndjson.gz");
        Assert.Equal("export_withdrawn", await service.SendForProblemCode(410, "GET", link));
        Assert.Equal("export_withdrawn", await service.SendForProblemCode(410, "GET", $"/v1/exports/{manifest["id"]}/manifest.json"));
        Assert.Empty(Directory.GetDirectories(ExportsPath, $"{manifest["id"]}"));
        var next = await WaitForLatest(await GetHeadRevision());
        Assert.NotEqual((string?)manifest["id"], (string?)next["id"]);
        Assert.DoesNotContain("Bí mật",
            Encoding.UTF8.GetString(Decompress(await GetBytes(GetLink(next, "organizations.ndjson.gz")), "gzip")),
            StringComparison.Ordinal);
    }

    [Fact]
    public async Task Redaction_of_a_later_record_withdraws_no_export()
    {
        var manifest = await GetLatest();
        await PutOrganization("a", "Bí mật");
        using var redacted =
            await service.Send("POST", "/v1/organizations/a/redact", key, new JsonObject { ["reason"] = "Dữ liệu cá nhân" });
        Assert.Equal(200, await service.GetStatusCode(GetLink(manifest, "organizations.ndjson.gz")));
    }

    [Fact]
    public async Task Scheduled_export_has_the_delta_since_the_previous_one_and_old_ones_expire()
    {
        var first = await GetLatest();
        await PutOrganization("a", "một");
        await PutOrganization("a", "hai");
        await PutOrganization("b", "một");
        await DeleteOrganization("b");
        Assert.Equal((string?)first["id"], (string?)(await GetLatest())["id"]);
        service.Clock.Advance(TimeSpan.FromDays(1));
        await service.Restart();
        var second = await WaitForLatest(await GetHeadRevision());
        Assert.Equal((string?)first["id"], (string?)second["previousExportId"]);
        Assert.Null(first["previousExportId"]);
        var delta = Encoding.UTF8.GetString(Decompress(await GetBytes(GetLink(second, "delta.ndjson.zst")), "zstd")).Trim().Split('\n');
        var changes = (await GetJson($"/v1/changes?cursor={first["cursor"]}")).GetItems();
        Assert.Equal(changes.Select(change => change.ToJsonString()), delta[..^1].Select(line => JsonNode.Parse(line)!.ToJsonString()));
        Assert.Equal(4, changes.Count);

        // An export is retained for a week, and no new one is built without changes.
        Assert.Equal(200, await service.GetStatusCode(GetLink(first, "meetings.csv.gz")));
        service.Clock.Advance(TimeSpan.FromDays(8));
        await service.Restart();
        Assert.Equal((string?)second["id"], (string?)(await GetLatest())["id"]);
        Assert.Equal("export_expired", await service.SendForProblemCode(410, "GET", GetLink(first, "meetings.csv.gz")));
        Assert.Equal(200, await service.GetStatusCode(GetLink(second, "meetings.csv.gz")));
    }

    [Fact]
    public async Task Export_of_an_earlier_epoch_has_expired()
    {
        var manifest = await GetLatest();
        await service.Restart(() => TestStore.StartNewEpoch(service.StorePath));
        var next = await GetLatest();
        Assert.NotEqual((string?)manifest["epoch"], (string?)next["epoch"]);
        Assert.Equal("export_expired", await service.SendForProblemCode(410, "GET", GetLink(manifest, "meetings.csv.gz")));
    }

    [Fact]
    public async Task Unfinished_export_of_a_killed_process_is_not_served_and_is_deleted()
    {
        var manifest = await GetLatest();
        var unfinished = Directory.CreateDirectory(Path.Combine(ExportsPath, ".building-x")).FullName;
        await File.WriteAllTextAsync(Path.Combine(unfinished, "meetings.csv.gz"), "half", TestContext.Current.CancellationToken);
        foreach (var address in (string[])["/v1/exports/.building-x/meetings.csv.gz", "/v1/exports/..%2F.building-x/meetings.csv.gz",
            $"/v1/exports/{manifest["id"]}/..%2F.building-x%2Fmeetings.csv.gz", $"/v1/exports/{manifest["id"]}/none.gz"])
            Assert.Equal(404, await service.GetStatusCode(address));
        await PutOrganization("a", "một");
        Assert.Equal(0, (await CliProcess.Run("export", $"--Storage:Path={service.StorePath}")).ExitCode);
        Assert.False(Directory.Exists(unfinished));
        // The service also serves an export that another process built.
        Assert.Equal(await GetHeadRevision(), (long)(await GetLatest())["revision"]!);
    }

    [Theory]
    [InlineData("manifest.json", "")]
    [InlineData("manifest.json", "{ \"id\":")]
    [InlineData("meetings.csv.gz", "")]
    public async Task Damaged_export_is_logged_and_replaced(string file, string content)
    {
        var manifest = await GetLatest();
        await File.WriteAllTextAsync(Path.Combine(ExportsPath, (string)manifest["id"]!, file), content,
            TestContext.Current.CancellationToken);
        Assert.Equal(200, await service.GetStatusCode("/v1/status"));
        Assert.NotEqual(200, await service.GetStatusCode(GetLink(manifest, "meetings.csv.gz")));
        service.Clock.Advance(TimeSpan.FromMinutes(2));
        await GetJson("/v1/status");
        Assert.Contains(service.Log, line => line.Contains($"Export {manifest["id"]} is damaged", StringComparison.Ordinal));
        var rebuilt = await GetLatest();
        Assert.Equal((string?)manifest["id"], (string?)rebuilt["id"]);
        foreach (var name in (string[])["meetings.csv.gz", "cooperation.db.zst"])
            Assert.Equal(200, await service.GetStatusCode(GetLink(rebuilt, name)));
    }

    [Fact]
    public async Task Export_that_cannot_be_removed_is_not_served_and_the_status_remains()
    {
        var manifest = await GetLatest();
        var id = (string)manifest["id"]!;
        File.Delete(Path.Combine(ExportsPath, id, "meetings.csv.gz"));
        // A folder of this name prevents the tombstone of the damaged export, like a read-only folder.
        Directory.CreateDirectory(Path.Combine(ExportsPath, id + ".expired"));
        service.Clock.Advance(TimeSpan.FromMinutes(2));
        Assert.Null((await GetJson("/v1/status"))["lastExport"]);
        foreach (var address in (string[])["/v1/exports/latest", GetLink(manifest, "cooperation.db.zst")])
        {
            using var response = await service.Get(address);
            Assert.Equal("exports_unavailable", (string?)(await ApiFixture.ReadProblem(503, response))["code"]);
        }
        Directory.Delete(Path.Combine(ExportsPath, id + ".expired"));
        Assert.Equal(id, (string?)(await GetLatest())["id"]);
    }

    [Fact]
    public async Task Store_restored_beside_another_one_leaves_its_exports_alone()
    {
        var manifest = await GetLatest();
        var (backup, restored) = (service.GetPath("backup.db"), service.GetPath("restored.db"));
        await service.BackUp(backup);
        if (TestStore.IsPostgreSql)
            await TestStore.Restore(backup, restored, isDump: true);
        else
            Assert.Equal(0, (await CliProcess.Run("restore", $"--Storage:Path={restored}", backup)).ExitCode);
        Assert.Equal(0, (await CliProcess.Run("export", $"--Storage:Path={restored}")).ExitCode);
        var (exitCode, _, error) = await CliProcess.Run("export", $"--Storage:Path={restored}", $"--Exports:Path={ExportsPath}");
        Assert.Equal(1, exitCode);
        Assert.Contains(service.StorePath, error, StringComparison.Ordinal);
        await using (var other = await ServiceProcess.Start(restored, ("Exports__Path", ExportsPath)))
        {
            Assert.Null((await other.GetJson("/v1/status"))["lastExport"]);
            Assert.Equal(404, (await other.Get(GetLink(manifest, "meetings.csv.gz"))).Status);
        }
        service.Clock.Advance(TimeSpan.FromMinutes(2));
        Assert.Equal((string?)manifest["id"], (string?)(await GetLatest())["id"]);
        Assert.Equal(200, await service.GetStatusCode(GetLink(manifest, "meetings.csv.gz")));
    }

    [Theory]
    [InlineData("expired")]
    [InlineData("withdrawn")]
    public async Task Leftover_tombstone_does_not_block_the_next_export(string reason)
    {
        var manifest = await GetLatest();
        await File.WriteAllTextAsync(Path.Combine(ExportsPath, $"{manifest["id"]}.{reason}"), "", TestContext.Current.CancellationToken);
        Assert.Equal("export_being_built", await service.SendForProblemCode(503, "GET", "/v1/exports/latest"));
        Assert.Equal((string?)manifest["id"], (string?)(await GetLatest())["id"]);
    }

    [Fact]
    public async Task Old_export_expires_without_a_change_of_the_store()
    {
        var first = await GetLatest();
        await PutOrganization("a", "một");
        Assert.Equal(0, (await CliProcess.Run("export", $"--Storage:Path={service.StorePath}")).ExitCode);
        Assert.Equal(200, await service.GetStatusCode(GetLink(first, "meetings.csv.gz")));
        service.Clock.Advance(TimeSpan.FromDays(8));
        Assert.Equal("export_expired", await service.SendForProblemCode(410, "GET", GetLink(first, "meetings.csv.gz")));
    }

    [Fact]
    public async Task Export_of_a_compacted_store_is_served()
    {
        await using var compacted = await AuthenticatedService.Start(("Changes:RetentionDays", "1"), ("Exports:Enabled", "true"));
        var compactedKey = await compacted.CreateKeySecret();
        await compacted.PutOrganization(compactedKey, "a", "một");
        compacted.Clock.Advance(TimeSpan.FromDays(3));
        await compacted.Restart();
        await compacted.PutOrganization(compactedKey, "a", "hai");
        using (var connection = TestStore.CreateConnection(compacted.StorePath))
        {
            Assert.True(
                SpinWait.SpinUntil(() => connection.QuerySingle<long>("SELECT compacted_through FROM store_version") > 0,
                    TimeSpan.FromSeconds(60)));
        }
        await compacted.Restart(() => Directory.Delete(compacted.StorePath + ".exports", recursive: true));
        var manifest = await compacted.WaitForLatestExport();
        Assert.Equal(200, await compacted.GetStatusCode(GetLink(manifest, "meetings.csv.gz")));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(100_000)]
    public async Task Failure_of_the_content_of_a_file_is_not_masked_as_cancellation(int bytesBeforeFailure)
    {
        for (var attempt = 0; attempt < 100; attempt++)
        {
            using var folder = new TempFolder();
            var exception = await Assert.ThrowsAnyAsync<Exception>(
                () => CompressedFiles.Write(folder.GetPath("."), "file", new("5f0c2b9a41d7-506", "records", "ndjson"), async content =>
                {
                    await content.WriteAsync(new byte[bytesBeforeFailure], TestContext.Current.CancellationToken);
                    throw new InvalidDataException("the cause");
                }, TestContext.Current.CancellationToken));
            Assert.Equal((typeof(InvalidDataException), "the cause"), (exception.GetType(), exception.Message));
        }
    }

    [Fact]
    public async Task Failure_of_one_compression_is_the_failure_of_all()
    {
        using var folder = new TempFolder();
        await File.WriteAllTextAsync(folder.GetPath("file.gz"), "exists", TestContext.Current.CancellationToken);
        await Assert.ThrowsAsync<IOException>(
            () => CompressedFiles.Write(folder.GetPath("."), "file", new("5f0c2b9a41d7-506", "records", "ndjson"), async content =>
            {
                for (var block = 0; block < 200; block++)
                    await content.WriteAsync(new byte[1 << 20], TestContext.Current.CancellationToken);
                return 1;
            }, TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task Failed_background_job_is_logged_and_the_service_continues()
    {
        using var folder = new TempFolder();
        var storePath = await folder.CreateStore();
        using (var connection = TestStore.CreateConnection(storePath))
            connection.Execute(
                $"UPDATE record SET body = {TestStore.ReplaceJson("body", "\"name\"", "\"nane\"")} WHERE id = 'ha-noi'");
        await using var failing = AuthenticatedService.StartOnStore(storePath, ("Exports:Enabled", "true"));
        Assert.True(
            SpinWait.SpinUntil(() => failing.Log.Any(line => line.Contains("Export failed; retrying", StringComparison.Ordinal)),
                TimeSpan.FromSeconds(60)));
        Assert.Equal(200, await failing.GetStatusCode("/v1/status"));
    }

    [Fact]
    public async Task Full_disk_prevents_the_export_but_not_the_service()
    {
        await using var fullDiskService =
            await AuthenticatedService.Start(("Exports:Enabled", "true"), ("Exports:Path", "/dev/full/exports"));
        Assert.Equal("export_being_built", await fullDiskService.SendForProblemCode(503, "GET", "/v1/exports/latest"));
        Assert.Equal(200, await fullDiskService.GetStatusCode("/v1/status"));
        Assert.True(
            SpinWait.SpinUntil(() => fullDiskService.Log.Any(line => line.Contains("Export failed", StringComparison.Ordinal)),
                TimeSpan.FromSeconds(60)));
        var (exitCode, _, error) =
            await CliProcess.Run("export", $"--Storage:Path={fullDiskService.StorePath}", "--Exports:Path=/dev/full/exports");
        Assert.True(exitCode == 1, error);
        Assert.Contains("Export failed", error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Export_whose_folder_is_removed_during_the_build_fails_and_the_service_continues()
    {
        await using var cleanedService = await AuthenticatedService.Start(("Exports:Enabled", "true"));
        var folder = cleanedService.StorePath + ".exports";
        Assert.True(SpinWait.SpinUntil(
            () =>
            {
                try
                {
                    Directory.Delete(folder, recursive: true);
                }
                // The folder does not exist yet, or the build adds a file to it.
                catch (IOException)
                {
                }
                return cleanedService.Log.Any(line => line.Contains("Export failed; retrying", StringComparison.Ordinal));
            }, TimeSpan.FromSeconds(60)));
        Assert.Equal(200, await cleanedService.GetStatusCode("/v1/status"));
        await cleanedService.Restart();
        Assert.NotEmpty((await cleanedService.WaitForLatestExport())["files"]!.AsArray());
    }

    [Fact]
    public async Task Exports_feed_and_digest_require_a_key_when_reads_do()
    {
        await using var privateService =
            await AuthenticatedService.Start(("Access:AllowAnonymousRead", "false"), ("Exports:Enabled", "true"));
        var reader = await privateService.CreateKeySecret(Role.Reader);
        JsonNode manifest;
        while ((manifest =
            JsonNode.Parse(await (await privateService.Send("GET", "/v1/exports/latest", reader)).ReadText())!)["files"] is null)
            await Task.Delay(50, TestContext.Current.CancellationToken);
        foreach (var address in (string[])["/v1/exports/latest", GetLink(manifest, "meetings.csv.gz"),
            $"/v1/exports/{manifest["id"]}/manifest.json", "/v1/changes", "/v1/changes/head", "/v1/changes/live", "/v1/mirror/digest"])
        {
            Assert.Equal(401, await privateService.GetStatusCode(address));
            // HEAD, because the event stream does not end.
            using var head = await privateService.Send("HEAD", address, reader);
            Assert.Equal((200, address), ((int)head.StatusCode, address));
        }
    }

    [Fact]
    public async Task Latest_export_is_404_when_exports_are_disabled()
    {
        await using var unscheduled = await AuthenticatedService.Start();
        Assert.Equal("export_not_found", await unscheduled.SendForProblemCode(404, "GET", "/v1/exports/latest"));
    }

    private static void AssertFooter(byte[] content, long rows)
    {
        var text = Encoding.UTF8.GetString(content);
        var start = text[..^1].LastIndexOf('\n') + 1;
        var footer = JsonNode.Parse(text[start..])!;
        Assert.Equal((rows, rows), ((long)footer["rows"]!, text[..start].Count(character => character == '\n')));
        Assert.Equal((string)footer["sha256"]!, ComputeHash(Encoding.UTF8.GetBytes(text[..start])));
    }

    private static string GetLink(JsonNode manifest, string name) =>
        (string)manifest["files"]!.AsArray().Single(file => (string?)file!["name"] == name)!["link"]!;

    private async Task<JsonNode> GetLatest() => await WaitForLatest(0);

    /// <summary>Waits for an export that includes the given revision and returns its manifest.</summary>
    private async Task<JsonNode> WaitForLatest(long revision)
    {
        for (var attempt = 0; ; attempt++)
        {
            using var response = await service.Get("/v1/exports/latest");
            var manifest = JsonNode.Parse(await response.ReadText())!;
            if ((int)response.StatusCode == 200 && (long)manifest["revision"]! >= revision)
                return manifest;
            Assert.True(attempt < 300 && (int)response.StatusCode is 200 or 503, manifest.ToJsonString());
            // The next scheduled export is due a day later.
            if (attempt == 20)
                service.Clock.Advance(TimeSpan.FromDays(1));
            if (attempt == 20)
                await service.Restart();
            await Task.Delay(100, TestContext.Current.CancellationToken);
        }
    }

    private async Task<long> GetHeadRevision() => (long)(await GetJson("/v1/changes/head"))["revision"]!;

    private async Task<byte[]> GetBytes(string address)
    {
        using var response = await service.Get(address);
        Assert.Equal(200, (int)response.StatusCode);
        return await response.Content.ReadAsByteArrayAsync(TestContext.Current.CancellationToken);
    }

    private static byte[] Decompress(byte[] compressed, string compression)
    {
        using var content = new MemoryStream();
        using Stream decompressor = compression == "gzip"
            ? new GZipStream(new MemoryStream(compressed), CompressionMode.Decompress)
            : new DecompressionStream(new MemoryStream(compressed));
        decompressor.CopyTo(content);
        return content.ToArray();
    }

    private static string ComputeHash(byte[] bytes) => Convert.ToHexStringLower(SHA256.HashData(bytes));

    private async Task<List<JsonNode>> GetAllItems(string address)
    {
        var items = new List<JsonNode>();
        for (var next = $"{address}?limit=200"; next is not null;)
        {
            var page = await GetJson(next);
            items.AddRange(page.GetItems());
            next = page["next"] is { } cursor ? $"{address}?limit=200&cursor={cursor}" : null;
        }
        return items;
    }

    private Task<long> PutOrganization(string id, string name) => service.PutOrganization(key, id, name);

    private Task DeleteOrganization(string id) => service.DeleteOrganization(key, id);

    private async Task CreateSourceWithText(string source, string text)
    {
        using var sourceResponse = await service.Send("PUT", $"/v1/sources/{source}", key,
            new JsonObject { ["title"] = "Một bài báo", ["kind"] = "Press" }, "If-None-Match: *");
        Assert.True(sourceResponse.IsSuccessStatusCode, await sourceResponse.ReadText());
        using var content = new StringContent(text, Encoding.UTF8, "text/plain");
        using var textResponse = await service.Send("PUT", $"/v1/sources/{source}/text", content, $"Authorization: Bearer {key}");
        Assert.True(textResponse.IsSuccessStatusCode, await textResponse.ReadText());
    }

    private async Task<JsonNode> GetJson(string address)
    {
        using var response = await service.Get(address);
        var text = await response.ReadText();
        Assert.True((int)response.StatusCode == 200, text);
        return JsonNode.Parse(text)!;
    }
}
