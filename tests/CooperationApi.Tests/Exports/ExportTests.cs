using System.IO.Compression;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using CooperationApi.Contracts;
using CooperationApi.Tests.Access;
using CooperationApi.Tests.Editing;
using Dapper;
using Microsoft.Data.Sqlite;
using ZstdSharp;

namespace CooperationApi.Tests.Exports;

/// <summary>The whole record in files: what is in them, how they are fetched, and when they go.</summary>
public sealed class ExportTests : IAsyncLifetime
{
    private Guarded service = null!;
    private string key = "";

    public async ValueTask InitializeAsync()
    {
        service = await Guarded.Start(("Exports:At", "01:30"));
        key = await service.Key();
    }

    public ValueTask DisposeAsync() => service.DisposeAsync();

    [Fact]
    public async Task Every_file_is_what_the_manifest_says_and_the_feed_goes_on_from_there()
    {
        var manifest = await Latest();
        var status = await Json("/v1/status");
        Assert.Equal(((string?)status["epoch"], (long)status["revision"]!), ((string?)manifest["epoch"], (long)manifest["revision"]!));
        Assert.Equal(2 + 4 * status["records"]!.AsObject().Count, manifest["files"]!.AsArray().Count);
        foreach (var file in manifest["files"]!.AsArray().Select(file => file!))
        {
            var packed = await Bytes((string)file["link"]!);
            var unpacked = Unpacked(packed, (string)file["compression"]!);
            Assert.Equal(((long)file["bytes"]!, (string)file["sha256"]!), (packed.Length, Hash(packed)));
            Assert.Equal(((long)file["unpackedBytes"]!, (string)file["unpackedSha256"]!), (unpacked.Length, Hash(unpacked)));
            Assert.Equal((string?)file["type"] is { } type ? (long)status["records"]![type]! : status["records"]!.AsObject().Sum(count => (long)count.Value!), (long)file["rows"]!);
            if ((string?)file["format"] == "ndjson")
                HasItsFooter(unpacked, (long)file["rows"]!);
        }
        Assert.Empty((await Json($"/v1/changes?cursor={manifest["cursor"]}")).Items());
        await Put("a", "một");
        Assert.Equal(["a"], (await Json($"/v1/changes?cursor={manifest["cursor"]}")).Items().Ids());
    }

    [Fact]
    public async Task A_line_has_its_records_bytes_and_their_hash_in_the_order_of_ids()
    {
        var manifest = await Latest();
        foreach (var type in (string[])["meetings", "provinces", "sources"])
        {
            var lines = Encoding.UTF8.GetString(Unpacked(await Bytes(Link(manifest, $"{type}.ndjson.zst")), "zstd")).Trim().Split('\n')[..^1];
            var ids = lines.Select(line => (string)JsonNode.Parse(line)!["id"]!).ToList();
            Assert.Equal(ids.Order(StringComparer.Ordinal), ids);
            Assert.Equal((await All($"/v1/{type}")).Ids().Order(StringComparer.Ordinal), ids);
            foreach (var line in lines.Take(3))
            {
                var (id, hash) = ((string)JsonNode.Parse(line)!["id"]!, (string)JsonNode.Parse(line)!["hash"]!);
                var data = line[(line.IndexOf("\"data\":", StringComparison.Ordinal) + 7)..^1];
                using var item = await service.Get($"/v1/{type}/{id}");
                Assert.Equal(await item.Text(), data);
                Assert.Equal(hash, Hash(Encoding.UTF8.GetBytes(data)));
            }
        }
    }

    [Fact]
    public async Task A_table_is_the_lists_own()
    {
        var manifest = await Latest();
        using var listed = await service.Get("/v1/organizations?format=csv&sort=name", "Accept: text/csv");
        var lines = Encoding.UTF8.GetString(Unpacked(await Bytes(Link(manifest, "organizations.csv.gz")), "gzip")).Split("\r\n").Order(StringComparer.Ordinal);
        Assert.Equal((await listed.Text()).Split("\r\n").Order(StringComparer.Ordinal), lines);
    }

    [Fact]
    public async Task The_database_has_what_lists_show_in_tables_that_can_be_read_and_nothing_else()
    {
        await GiveText("bai-bao", "Một đoạn văn bản không ai được đọc");
        await Put("a", "Tổ chức a");
        await Delete("a");
        await service.Restart();
        var manifest = await LatestAt(await Head());
        var path = service.Path("export.db");
        await File.WriteAllBytesAsync(path, Unpacked(await Bytes(Link(manifest, "cooperation.db.zst")), "zstd"), TestContext.Current.CancellationToken);
        using var database = new SqliteConnection($"Data Source={path};Mode=ReadOnly;Pooling=false");
        Assert.Equal("ok", database.QuerySingle<string>("PRAGMA integrity_check"));
        var types = (await Json("/v1/status"))["records"]!.AsObject();
        Assert.Equal(types.Select(type => type.Key.Replace('-', '_')).Append("mirror").Order(StringComparer.Ordinal), database.Query<string>("SELECT name FROM sqlite_schema WHERE type = 'table'").Order(StringComparer.Ordinal));
        foreach (var (type, count) in types)
            Assert.Equal((long)count!, database.QuerySingle<long>($"SELECT count(*) FROM {type.Replace('-', '_')}"));
        Assert.Equal("Thái Bình", database.QuerySingle<string>("SELECT name FROM provinces WHERE id = 'thai-binh'"));
        Assert.Contains(Founding.Source, database.Query<string>("SELECT DISTINCT value ->> '$.sourceId' FROM meetings, json_each(meetings.citations)"));
        Assert.Equal(((string?)manifest["cursor"], (long)manifest["revision"]!), database.QuerySingle<(string, long)>("SELECT cursor, revision FROM mirror"));
        var bytes = await File.ReadAllTextAsync(path, TestContext.Current.CancellationToken);
        foreach (var hidden in (string[])["không ai được đọc", "Tổ chức a", "access_key", "search_"])
            Assert.DoesNotContain(hidden, bytes, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_same_content_gives_the_same_bytes_wherever_it_is_exported()
    {
        using var folder = new Folder();
        var hashes = new List<string>();
        foreach (var name in (string[])["one", "other"])
        {
            var store = folder.Path($"{name}/cooperation.db");
            var (exit, _, error) = await Executable.Run("export", $"--Storage:Path={store}");
            Assert.True(exit == 0, error);
            var manifest = JsonNode.Parse(await File.ReadAllTextAsync(Assert.Single(Directory.GetFiles(folder.Path(name), "manifest.json", SearchOption.AllDirectories)), TestContext.Current.CancellationToken))!;
            hashes.Add(string.Join('\n', manifest["files"]!.AsArray().Where(file => (string?)file!["content"] == "records").Select(file => $"{file!["name"]} {file["unpackedSha256"]}")));
        }
        Assert.Equal(hashes[0], hashes[1]);
        Assert.True(hashes[0].Split('\n').Length > 40);
    }

    [Fact]
    public async Task A_download_that_was_cut_off_is_taken_up_and_of_a_file_that_was_replaced_no_mixture_comes()
    {
        var link = Link(await Latest(), "meetings.ndjson.gz");
        using var whole = await service.Get(link);
        var bytes = await whole.Content.ReadAsByteArrayAsync(TestContext.Current.CancellationToken);
        Assert.Equal($"sha-256=:{Convert.ToBase64String(SHA256.HashData(bytes))}:", whole.Header("Repr-Digest"));
        Assert.Equal($"\"{Hash(bytes)}\"", whole.Header("ETag"));
        var cut = bytes.Length * 6 / 10;
        using (var rest = await service.Get(link, $"Range: bytes={cut}-", $"If-Range: {whole.Header("ETag")}"))
        {
            Assert.Equal((206, $"bytes {cut}-{bytes.Length - 1}/{bytes.Length}"), ((int)rest.StatusCode, rest.Content.Headers.ContentRange!.ToString()));
            Assert.Equal(Hash(bytes), Hash([.. bytes[..cut], .. await rest.Content.ReadAsByteArrayAsync(TestContext.Current.CancellationToken)]));
        }
        using (var other = await service.Get(link, $"Range: bytes={cut}-", "If-Range: \"another\""))
            Assert.Equal((200, (long?)bytes.Length), ((int)other.StatusCode, other.Content.Headers.ContentLength));
        using (var known = await service.Get(link, $"If-None-Match: {whole.Header("ETag")}"))
            Assert.Equal(304, (int)known.StatusCode);
        using (var beyond = await service.Get(link, "Range: bytes=99999999-"))
            Assert.Equal("range_not_satisfiable", (string?)(await Api.ProblemOf(416, beyond))["code"]);
        using (var head = await service.Send("HEAD", link, content: null))
            Assert.Equal((200, (long?)bytes.Length, 0), ((int)head.StatusCode, head.Content.Headers.ContentLength, (await head.Text()).Length));
    }

    [Fact]
    public async Task A_redaction_withdraws_what_holds_the_record_and_another_is_made_without_it()
    {
        await Put("a", "Bí mật");
        await service.Restart();
        var manifest = await LatestAt(await Head());
        using var redacted = await service.Send("POST", "/v1/organizations/a/redact", key, new JsonObject { ["reason"] = "Dữ liệu cá nhân" });
        Assert.Equal(200, (int)redacted.StatusCode);
        var link = Link(manifest, "organizations.ndjson.gz");
        Assert.Equal("export_withdrawn", await service.Refused(410, "GET", link));
        Assert.Equal("export_withdrawn", await service.Refused(410, "GET", $"/v1/exports/{manifest["id"]}/manifest.json"));
        Assert.Empty(Directory.GetDirectories(service.Path("exports"), $"{manifest["id"]}"));
        var next = await LatestAt(await Head());
        Assert.NotEqual((string?)manifest["id"], (string?)next["id"]);
        Assert.DoesNotContain("Bí mật", Encoding.UTF8.GetString(Unpacked(await Bytes(Link(next, "organizations.ndjson.gz")), "gzip")), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_redaction_of_what_came_later_withdraws_nothing()
    {
        var manifest = await Latest();
        await Put("a", "Bí mật");
        using var redacted = await service.Send("POST", "/v1/organizations/a/redact", key, new JsonObject { ["reason"] = "Dữ liệu cá nhân" });
        Assert.Equal(200, await service.Status(Link(manifest, "organizations.ndjson.gz")));
    }

    [Fact]
    public async Task A_new_one_is_made_when_its_time_comes_with_what_has_changed_since_the_last()
    {
        var first = await Latest();
        await Put("a", "một");
        await Put("a", "hai");
        await Put("b", "một");
        await Delete("b");
        Assert.Equal((string?)first["id"], (string?)(await Latest())["id"]);
        service.Clock.Pass(TimeSpan.FromDays(1));
        await service.Restart();
        var second = await LatestAt(await Head());
        Assert.Equal((string?)first["id"], (string?)second["since"]);
        Assert.Null(first["since"]);
        var delta = Encoding.UTF8.GetString(Unpacked(await Bytes(Link(second, "delta.ndjson.zst")), "zstd")).Trim().Split('\n');
        var told = (await Json($"/v1/changes?cursor={first["cursor"]}")).Items();
        Assert.Equal(told.Select(change => change.ToJsonString()), delta[..^1].Select(line => JsonNode.Parse(line)!.ToJsonString()));
        Assert.Equal(4, told.Count);

        // The first is kept for a week, and nothing is made where nothing changes.
        Assert.Equal(200, await service.Status(Link(first, "meetings.csv.gz")));
        service.Clock.Pass(TimeSpan.FromDays(8));
        await service.Restart();
        Assert.Equal((string?)second["id"], (string?)(await Latest())["id"]);
        Assert.Equal("export_expired", await service.Refused(410, "GET", Link(first, "meetings.csv.gz")));
        Assert.Equal(200, await service.Status(Link(second, "meetings.csv.gz")));
    }

    [Fact]
    public async Task One_of_an_earlier_life_of_the_store_is_no_more()
    {
        var manifest = await Latest();
        await service.Restart(() => File.Delete(service.StorePath + ".fence"));
        var next = await Latest();
        Assert.NotEqual((string?)manifest["epoch"], (string?)next["epoch"]);
        Assert.Equal("export_expired", await service.Refused(410, "GET", Link(manifest, "meetings.csv.gz")));
    }

    [Fact]
    public async Task What_a_killed_process_left_half_built_is_nobodys_and_goes()
    {
        var manifest = await Latest();
        var left = Directory.CreateDirectory(Path.Combine(service.Path("exports"), ".building-x")).FullName;
        await File.WriteAllTextAsync(Path.Combine(left, "meetings.csv.gz"), "half", TestContext.Current.CancellationToken);
        foreach (var address in (string[])["/v1/exports/.building-x/meetings.csv.gz", "/v1/exports/..%2F.building-x/meetings.csv.gz", $"/v1/exports/{manifest["id"]}/..%2F.building-x%2Fmeetings.csv.gz", $"/v1/exports/{manifest["id"]}/none.gz"])
            Assert.Equal(404, await service.Status(address));
        await Put("a", "một");
        Assert.Equal(0, (await Executable.Run("export", $"--Storage:Path={service.StorePath}")).Exit);
        Assert.False(Directory.Exists(left));
        // Made by another process, served by this one.
        Assert.Equal(await Head(), (long)(await Latest())["revision"]!);
    }

    [Fact]
    public async Task Where_there_is_no_room_none_is_published_and_the_service_goes_on()
    {
        await using var other = await Guarded.Start(("Exports:At", "01:30"), ("Exports:Path", "/dev/full/exports"));
        Assert.Equal("export_being_built", await other.Refused(503, "GET", "/v1/exports/latest"));
        Assert.Equal(200, await other.Status("/v1/status"));
        Assert.True(SpinWait.SpinUntil(() => other.Log.Any(line => line.Contains("No export could be made", StringComparison.Ordinal)), TimeSpan.FromSeconds(20)));
        var (exit, _, error) = await Executable.Run("export", $"--Storage:Path={other.StorePath}", "--Exports:Path=/dev/full/exports");
        Assert.True(exit == 1, error);
        Assert.Contains("No export was made", error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Where_reading_takes_a_key_so_do_the_files_the_feed_and_the_digest()
    {
        await using var closed = await Guarded.Start(("Access:Reading", "Keys"), ("Exports:At", "01:30"));
        var reader = await closed.Key(Role.Reader);
        JsonNode manifest;
        while ((manifest = JsonNode.Parse(await (await closed.Send("GET", "/v1/exports/latest", reader)).Text())!)["files"] is null)
            await Task.Delay(50, TestContext.Current.CancellationToken);
        foreach (var address in (string[])["/v1/exports/latest", Link(manifest, "meetings.csv.gz"), $"/v1/exports/{manifest["id"]}/manifest.json", "/v1/changes", "/v1/changes/head", "/v1/changes/live", "/v1/mirror/digest"])
        {
            Assert.Equal(401, await closed.Status(address));
            // What goes on for ever is asked for by its head.
            using var given = await closed.Send("HEAD", address, reader);
            Assert.Equal((200, address), ((int)given.StatusCode, address));
        }
    }

    [Fact]
    public async Task Where_none_are_made_there_is_none()
    {
        await using var other = await Guarded.Start();
        Assert.Equal("no_export", await other.Refused(404, "GET", "/v1/exports/latest"));
    }

    private static void HasItsFooter(byte[] content, long rows)
    {
        var text = Encoding.UTF8.GetString(content);
        var start = text[..^1].LastIndexOf('\n') + 1;
        var footer = JsonNode.Parse(text[start..])!;
        Assert.Equal((rows, rows), ((long)footer["rows"]!, text[..start].Count(character => character == '\n')));
        Assert.Equal((string)footer["sha256"]!, Hash(Encoding.UTF8.GetBytes(text[..start])));
    }

    private static string Link(JsonNode manifest, string name) => (string)manifest["files"]!.AsArray().Single(file => (string?)file!["name"] == name)!["link"]!;

    private async Task<JsonNode> Latest() => await LatestAt(0);

    /// <summary>The latest export as soon as there is one that goes so far.</summary>
    private async Task<JsonNode> LatestAt(long revision)
    {
        for (var attempt = 0; ; attempt++)
        {
            using var answer = await service.Get("/v1/exports/latest");
            var manifest = JsonNode.Parse(await answer.Text())!;
            if ((int)answer.StatusCode == 200 && (long)manifest["revision"]! >= revision)
                return manifest;
            Assert.True(attempt < 300 && (int)answer.StatusCode is 200 or 503, manifest.ToJsonString());
            // Another one is due a day later.
            if (attempt == 20)
                service.Clock.Pass(TimeSpan.FromDays(1));
            if (attempt == 20)
                await service.Restart();
            await Task.Delay(100, TestContext.Current.CancellationToken);
        }
    }

    private async Task<long> Head() => (long)(await Json("/v1/changes/head"))["revision"]!;

    private async Task<byte[]> Bytes(string address)
    {
        using var answer = await service.Get(address);
        Assert.Equal(200, (int)answer.StatusCode);
        return await answer.Content.ReadAsByteArrayAsync(TestContext.Current.CancellationToken);
    }

    private static byte[] Unpacked(byte[] packed, string compression)
    {
        using var content = new MemoryStream();
        using Stream unpacking = compression == "gzip" ? new GZipStream(new MemoryStream(packed), CompressionMode.Decompress) : new DecompressionStream(new MemoryStream(packed));
        unpacking.CopyTo(content);
        return content.ToArray();
    }

    private static string Hash(byte[] bytes) => Convert.ToHexStringLower(SHA256.HashData(bytes));

    private async Task<List<JsonNode>> All(string address)
    {
        var items = new List<JsonNode>();
        for (var next = $"{address}?limit=200"; next is not null;)
        {
            var page = await Json(next);
            items.AddRange(page.Items());
            next = page["next"] is { } cursor ? $"{address}?limit=200&cursor={cursor}" : null;
        }
        return items;
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

    private async Task GiveText(string source, string text)
    {
        using var made = await service.Send("PUT", $"/v1/sources/{source}", key, new JsonObject { ["title"] = "Một bài báo", ["kind"] = "Press" }, "If-None-Match: *");
        Assert.True(made.IsSuccessStatusCode, await made.Text());
        using var content = new StringContent(text, Encoding.UTF8, "text/plain");
        using var given = await service.Send("PUT", $"/v1/sources/{source}/text", content, $"Authorization: Bearer {key}");
        Assert.True(given.IsSuccessStatusCode, await given.Text());
    }

    private async Task<JsonNode> Json(string address)
    {
        using var answer = await service.Get(address);
        var text = await answer.Text();
        Assert.True((int)answer.StatusCode == 200, text);
        return JsonNode.Parse(text)!;
    }
}
