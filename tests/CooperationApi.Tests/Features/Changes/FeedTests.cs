using System.Text.Json.Nodes;
using CooperationApi.Tests.Access;
using CooperationApi.Tests.Features.Records;
using Dapper;

namespace CooperationApi.Tests.Features.Changes;

/// <summary>Tests of the change feed: pages, filters, cursors, long polling and the event stream.</summary>
public sealed class FeedTests : IAsyncLifetime
{
    private AuthenticatedService service = null!;
    private string key = "";

    public async ValueTask InitializeAsync()
    {
        service = await AuthenticatedService.Start();
        key = await service.CreateKeySecret();
    }

    public ValueTask DisposeAsync() => service.DisposeAsync();

    [Theory]
    [InlineData(1)]
    [InlineData(7)]
    [InlineData(1000)]
    public async Task Feed_from_the_start_reproduces_the_data_set_with_any_page_size(int limit)
    {
        var replica = new FeedReplica(service, $"limit={limit}");
        await replica.FollowToHead();
        await replica.AssertMatchesDigest();
    }

    [Fact]
    public async Task Time_of_a_change_is_not_before_the_change_before_it_after_the_clock_is_set_back()
    {
        await CreateOrganization("a");
        service.Clock.Advance(TimeSpan.FromDays(-2));
        await CreateOrganization("b");
        service.Clock.Advance(TimeSpan.FromDays(3));
        await CreateOrganization("c");
        var times = (await GetJson("/v1/changes?limit=1000")).GetItems().Select(change => (string)change["at"]!).ToList();
        Assert.Equal(times.Order(StringComparer.Ordinal), times);
        Assert.Equal(times[^3], times[^2]);
        Assert.NotEqual(times[^2], times[^1]);
    }

    [Fact]
    public async Task Unchanged_feed_returns_304_without_reading_the_store()
    {
        var head = await GetJson("/v1/changes/head");
        using var page = await service.Get($"/v1/changes?cursor={head["cursor"]}");
        Assert.Equal((200, "[]"), ((int)page.StatusCode, JsonNode.Parse(await page.ReadText())!["items"]!.ToJsonString()));
        // The 304 needs no query: it works although the table `change` is missing.
        await service.Restart();
        using var connection = TestStore.CreateConnection(service.StorePath);
        connection.Execute(RenameTable("change", "away"));
        using var unchanged = await service.Get($"/v1/changes?cursor={head["cursor"]}", $"If-None-Match: {page.GetHeader("ETag")}");
        Assert.Equal((304, ""), ((int)unchanged.StatusCode, await unchanged.ReadText()));
        Assert.Equal(503, await service.GetStatusCode("/v1/changes"));
        connection.Execute(RenameTable("away", "change"));

        // On PostgreSQL, a view reads the renamed table.
        static string RenameTable(string from, string to) => TestStore.IsPostgreSql
            ? $"ALTER TABLE {from} RENAME TO {to}; ALTER VIEW {ToView(from)} RENAME TO {ToView(to)}"
            : $"PRAGMA legacy_alter_table = ON; ALTER TABLE {from} RENAME TO {to}";

        static string ToView(string table) => table == "change" ? "record_version" : "away_version";
    }

    [Fact]
    public async Task ETag_of_any_page_sent_with_the_next_cursor_hides_no_changes()
    {
        var (itemCount, address, tag) = (0, "/v1/changes?limit=100", "\"none\"");
        for (var hasChanged = false; ;)
        {
            using var response = await service.Get(address, $"If-None-Match: {tag}");
            if ((int)response.StatusCode == 304)
                break;
            var page = JsonNode.Parse(await response.ReadText())!;
            itemCount += page.GetItems().Count;
            // A change during the run is not part of it; the next run has it.
            if (!hasChanged)
                await CreateOrganization("a");
            hasChanged = true;
            (address, tag) = ($"/v1/changes?limit=100&cursor={page["next"]}", response.GetHeader("ETag")!);
        }
        Assert.Equal((await GetJson("/v1/status"))["records"]!.AsObject().Sum(count => (long)count.Value!), itemCount);
    }

    [Fact]
    public async Task Transaction_that_fits_in_a_page_is_never_split()
    {
        var cursor = await GetHeadCursor();
        await CreateOrganization("a");
        await ImportOrganizations(Enumerable.Range(0, 8).Select(i => $"b{i}"));
        await CreateOrganization("c");
        var pages = await ReadPages(cursor, "limit=8");
        Assert.Equal(["a", "b0 b1 b2 b3 b4 b5 b6 b7", "c"], pages.Select(page => string.Join(' ', page.GetItems().GetIds())));
        Assert.All(pages, page => Assert.Null(page["open"]));
    }

    [Fact]
    public async Task Transaction_larger_than_a_page_is_open_until_its_last_page()
    {
        var cursor = await GetHeadCursor();
        await CreateOrganization("a");
        await ImportOrganizations(Enumerable.Range(0, 250).Select(i => $"b{i:000}"));
        await CreateOrganization("c");
        var pages = await ReadPages(cursor, "limit=100");
        Assert.Equal([1, 100, 100, 51], pages.Select(page => page.GetItems().Count));
        Assert.Equal([null, true, true, null], pages.Select(page => (bool?)page["open"]));
        Assert.Equal(252, pages.SelectMany(page => page.GetItems().GetIds()).Distinct().Count());
        Assert.Equal([true, true, true, false], pages.Select(page => (bool)page["more"]!));
    }

    [Fact]
    public async Task Run_of_pages_ends_at_the_head_it_started_with()
    {
        var cursor = await GetHeadCursor();
        await CreateOrganization("a");
        await CreateOrganization("b");
        var first = await GetJson($"/v1/changes?cursor={cursor}&limit=1");
        await CreateOrganization("c");
        var second = await GetJson($"/v1/changes?cursor={first["next"]}&limit=5");
        Assert.Equal(("b", false), (string.Join(' ', second.GetItems().GetIds()), (bool)second["more"]!));
        Assert.Equal((long)first["revision"]!, (long)second["revision"]!);
        var third = await GetJson($"/v1/changes?cursor={second["next"]}&limit=5");
        Assert.Equal(("c", false), (string.Join(' ', third.GetItems().GetIds()), (bool)third["more"]!));
    }

    [Fact]
    public async Task Delete_takes_effect_in_feed_lists_and_items_at_the_same_revision()
    {
        await CreateOrganization("a");
        var cursor = await GetHeadCursor();
        var total = (long)(await GetJson("/v1/organizations?total=true&limit=1"))["total"]!;
        await DeleteRecord("organizations", "a");
        var change = Assert.Single((await GetJson($"/v1/changes?cursor={cursor}")).GetItems());
        Assert.Equal(("remove", "deleted", "organizations", "a"),
            ((string?)change["op"], (string?)change["reason"], (string?)change["type"], (string?)change["id"]));
        Assert.Null(change["data"]);
        Assert.Equal("record_deleted", await service.SendForProblemCode(410, "GET", "/v1/organizations/a"));
        Assert.Equal(total - 1, (long)(await GetJson("/v1/organizations?total=true&limit=1"))["total"]!);
        Assert.Equal((long)change["revision"]!, (long)(await GetJson("/v1/changes/head"))["revision"]!);
    }

    [Fact]
    public async Task Merge_is_one_transaction_that_leaves_no_dangling_reference()
    {
        var replica = new FeedReplica(service, "limit=10");
        await replica.FollowToHead();
        var cursor = await GetHeadCursor();
        using var merged = await service.Send("POST", $"/v1/sources/{SeedFacts.SourceId}/merge-into/{await GetOtherSourceId()}", key);
        Assert.Equal(200, (int)merged.StatusCode);
        var pages = await ReadPages(cursor, "limit=10");
        Assert.True(pages.Count > 3);
        Assert.Equal([.. Enumerable.Repeat<bool?>(true, pages.Count - 1), null], pages.Select(page => (bool?)page["open"]));
        var removal = Assert.Single(pages.SelectMany(page => page.GetItems()), change => (string?)change["op"] == "remove");
        Assert.Equal(("merged", await GetOtherSourceId()), ((string?)removal["reason"], (string?)removal["into"]));
        await replica.FollowToHead(
            () => Assert.All(replica.Records.Where(record => record.Key.StartsWith("meetings/", StringComparison.Ordinal)),
            record => Assert.All(record.Value["citations"]!.AsArray(),
                citation => Assert.Contains("sources/" + citation!["sourceId"], replica.Records.Keys))));
        await replica.AssertMatchesDigest();
    }

    [Fact]
    public async Task Record_that_moves_between_filters_leaves_one_feed_and_enters_the_other()
    {
        var meeting = new JsonObject
        {
            ["title"] = "Hội nghị",
            ["kind"] = "Conference",
            ["provinceIds"] = new JsonArray("ha-noi", "thai-binh"),
            ["citations"] = RecordWriteTests.CreateOrganization()["citations"]!.DeepClone(),
        };
        meeting["citations"]![0]!["supports"] = new JsonArray("title");
        var (thaiBinhCursor, hungYenCursor) =
            (await GetHeadCursor("types=meetings&provinceId=thai-binh"), await GetHeadCursor("types=meetings&provinceId=hung-yen"));
        var officialsCursor = await GetHeadCursor("types=officials");
        await PutRecord("meetings", "hoi-nghi", meeting);
        Assert.Equal("upsert",
            FormatSingleChange(await GetJson($"/v1/changes?types=meetings&provinceId=thai-binh&cursor={thaiBinhCursor}")));
        var nextCursor = (string)(await GetJson($"/v1/changes?types=meetings&provinceId=thai-binh&cursor={thaiBinhCursor}"))["next"]!;
        Assert.Empty((await GetJson($"/v1/changes?types=meetings&provinceId=hung-yen&cursor={hungYenCursor}")).GetItems());
        meeting["provinceIds"] = new JsonArray("ha-noi", "hung-yen");
        await PutRecord("meetings", "hoi-nghi", meeting, "If-Match: *");
        Assert.Equal("remove filter",
            FormatSingleChange(await GetJson($"/v1/changes?types=meetings&provinceId=thai-binh&cursor={nextCursor}")));
        Assert.Equal("upsert", FormatSingleChange(await GetJson($"/v1/changes?types=meetings&provinceId=hung-yen&cursor={hungYenCursor}")));
        // The feed of the earlier filter does not see the delete, and a feed of another type sees none of these changes.
        await DeleteRecord("meetings", "hoi-nghi");
        Assert.Equal(["upsert", "remove"],
            (await GetJson($"/v1/changes?types=meetings&provinceId=hung-yen&cursor={hungYenCursor}")).GetItems()
                .Select(change => (string?)change["op"]));
        Assert.Equal("remove filter",
            FormatSingleChange(await GetJson($"/v1/changes?types=meetings&provinceId=thai-binh&cursor={nextCursor}")));
        Assert.Empty((await GetJson($"/v1/changes?types=officials&cursor={officialsCursor}")).GetItems());
    }

    [Fact]
    public async Task Cursor_from_another_epoch_or_ahead_of_the_head_is_rejected_with_410()
    {
        await CreateOrganization("a");
        var cursor = await GetHeadCursor();
        using (var connection = TestStore.CreateConnection(service.StorePath))
        {
            connection.Execute(
                "DELETE FROM change WHERE revision = (SELECT max(revision) FROM change); UPDATE store_version SET head = head - 1");
            await AssertGone("cursor_ahead", cursor);
            connection.Execute("UPDATE store_version SET epoch = 'abc'");
        }
        await AssertGone("epoch_changed", cursor);
        await service.Restart();
        await AssertGone("epoch_changed", cursor);
    }

    [Fact]
    public async Task Altered_cursor_or_cursor_of_another_filter_is_rejected()
    {
        var cursor = await GetHeadCursor();
        foreach (var altered in (string[])[cursor[..^1], cursor + "A", cursor[..5] + (cursor[5] == 'x' ? 'y' : 'x') + cursor[6..], "x",
            "1"])
            Assert.Equal("cursor_invalid", await GetErrorCode($"/v1/changes?cursor={altered}"));
        Assert.Equal("cursor_filter_mismatch", await GetErrorCode($"/v1/changes?types=meetings&cursor={cursor}"));
        Assert.Equal("cursor_filter_mismatch", await GetErrorCode($"/v1/changes?cursor={await GetHeadCursor("provinceId=ha-noi")}"));
        Assert.Equal("cursor_filter_mismatch", await GetErrorCode($"/v1/changes?cursor={(await GetJson("/v1/meetings?limit=1"))["next"]}"));
    }

    [Theory]
    [InlineData("limit=0&wait=31", "out_of_range out_of_range")]
    [InlineData("limit=1001", "out_of_range")]
    [InlineData("wait=x", "invalid_integer")]
    [InlineData("types=meeting", "not_allowed")]
    [InlineData("provinceId=a,b", "too_many_values")]
    [InlineData("since=2020-01-01", "unknown_parameter")]
    [InlineData("limit=1&limit=2", "duplicate_parameter")]
    public async Task Invalid_feed_query_is_rejected_with_all_errors(string query, string codes)
    {
        using var response = await service.Get($"/v1/changes?{query}");
        var problem = await ApiFixture.ReadProblem(400, response);
        Assert.Equal(codes, string.Join(' ', problem["errors"]!.AsArray().Select(error => error!["code"])));
    }

    [Fact]
    public async Task Redaction_removes_earlier_content_from_the_feed()
    {
        var beginning = await GetHeadCursor();
        await PutRecord("organizations", "a", RecordWriteTests.CreateOrganization("Bí mật một"));
        var middle = await GetHeadCursor();
        await PutRecord("organizations", "a", RecordWriteTests.CreateOrganization("Bí mật hai"), "If-Match: *");
        using var redacted =
            await service.Send("POST", "/v1/organizations/a/redact", key, new JsonObject { ["reason"] = "Dữ liệu cá nhân" });
        Assert.Equal(200, (int)redacted.StatusCode);
        foreach (var cursor in (string[])[beginning, middle])
        {
            var page = await GetJson($"/v1/changes?cursor={cursor}");
            Assert.Equal("remove redacted", FormatSingleChange(page));
            Assert.DoesNotContain("Bí mật", page.ToJsonString(), StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task Long_poll_returns_on_a_change_or_after_the_timeout()
    {
        var cursor = await GetHeadCursor();
        var startTime = DateTime.UtcNow;
        Assert.Empty((await GetJson($"/v1/changes?cursor={cursor}&wait=1")).GetItems());
        Assert.True(DateTime.UtcNow - startTime > TimeSpan.FromSeconds(0.9));
        var pendingPage = GetJson($"/v1/changes?cursor={cursor}&wait=30");
        await CreateOrganization("a");
        Assert.Equal(["a"], (await pendingPage).GetItems().GetIds());
        // A commit of another process also ends the wait.
        cursor = await GetHeadCursor();
        pendingPage = GetJson($"/v1/changes?cursor={cursor}&wait=30");
        using (var connection = TestStore.CreateConnection(service.StorePath))
            connection.Execute("UPDATE store_version SET head = head + 1");
        Assert.Empty((await pendingPage).GetItems());
    }

    [Fact]
    public async Task Event_stream_sends_changes_and_resumes_after_the_last_event_id()
    {
        string lastEventId;
        using (var stream = await OpenEventStream("/v1/changes/live"))
        {
            await CreateOrganization("a");
            var received = await stream.ReadNext();
            Assert.Equal("a", (string?)received.Change["id"]);
            lastEventId = received.Id;
        }
        await ImportOrganizations(["b", "c"]);
        using (var stream = await OpenEventStream("/v1/changes/live", $"Last-Event-ID: {lastEventId}"))
        {
            var (first, second) = (await stream.ReadNext(), await stream.ReadNext());
            Assert.Equal(("b", "c"), ((string?)first.Change["id"], (string?)second.Change["id"]));
            // An event within a transaction has no id, because a stream cannot resume there.
            Assert.Empty(first.Id);
            Assert.Equal(await GetHeadCursor(), second.Id);
        }
        using var rejected = await service.Get("/v1/changes/live", "Last-Event-ID: x");
        Assert.Equal("cursor_invalid", (string?)(await ApiFixture.ReadProblem(400, rejected))["errors"]![0]!["code"]);
    }

    [Fact]
    public async Task Write_blocked_by_another_transaction_appears_in_the_feed_once_after_commit()
    {
        var cursor = await GetHeadCursor();
        var receivedIds = new List<string>();
        async Task Poll()
        {
            var page = await GetJson($"/v1/changes?cursor={cursor}");
            cursor = (string)page["next"]!;
            receivedIds.AddRange(page.GetItems().GetIds());
        }

        Task blockedWrite;
        using (var connection = TestStore.CreateConnection(service.StorePath))
        {
            connection.Open();
            using var transaction = connection.BeginTransaction();
            connection.Execute("UPDATE store_version SET auxiliary_version = auxiliary_version + 1", transaction: transaction);
            blockedWrite = CreateOrganization("late");
            await Poll();
            await Task.Delay(300, TestContext.Current.CancellationToken);
            await Poll();
            Assert.False(blockedWrite.IsCompleted);
            Assert.Empty(receivedIds);
            transaction.Commit();
        }
        await blockedWrite;
        await CreateOrganization("later");
        await Poll();
        await Poll();
        Assert.Equal(["late", "later"], receivedIds);
    }

    private async Task<string> GetErrorCode(string address)
    {
        using var response = await service.Get(address);
        return (string)(await ApiFixture.ReadProblem(400, response))["errors"]![0]!["code"]!;
    }

    private async Task AssertGone(string code, string cursor)
    {
        using var response = await service.Get($"/v1/changes?cursor={cursor}");
        Assert.Equal(code, (string?)(await ApiFixture.ReadProblem(410, response))["code"]);
        Assert.Equal($"</v1/exports/latest>; rel=\"alternate\", </problems/{code}>; rel=\"help\"", response.GetHeader("Link"));
    }

    private static string FormatSingleChange(JsonNode page) =>
        Assert.Single(page.GetItems()) is var change && change["reason"] is { } reason ? $"{change["op"]} {reason}" : (string)change["op"]!;

    private async Task<List<JsonNode>> ReadPages(string cursor, string query)
    {
        var pages = new List<JsonNode>();
        do
        {
            pages.Add(await GetJson($"/v1/changes?cursor={cursor}&{query}"));
            cursor = (string)pages[^1]["next"]!;
        }
        while ((bool)pages[^1]["more"]!);
        return pages;
    }

    private async Task<string> GetHeadCursor(string filter = "") => (string)(await GetJson($"/v1/changes/head?{filter}"))["cursor"]!;

    private async Task<string> GetOtherSourceId() =>
        (await GetJson("/v1/sources?limit=2")).GetItems().GetIds().First(id => id != SeedFacts.SourceId);

    private Task CreateOrganization(string id) => PutRecord("organizations", id, RecordWriteTests.CreateOrganization(id));

    private async Task PutRecord(string type, string id, JsonNode record, string precondition = "If-None-Match: *")
    {
        using var response = await service.Send("PUT", $"/v1/{type}/{id}", key, record, precondition);
        Assert.True((int)response.StatusCode is 200 or 201, await response.ReadText());
    }

    private async Task DeleteRecord(string type, string id)
    {
        using var response = await service.Send("DELETE", $"/v1/{type}/{id}", key, null, "If-Match: *");
        Assert.Equal(204, (int)response.StatusCode);
    }

    private async Task ImportOrganizations(IEnumerable<string> ids)
    {
        var organizations = ids.Select(id =>
        {
            var organization = RecordWriteTests.CreateOrganization(id);
            organization["id"] = id;
            return (JsonNode)organization;
        });
        using var response =
            await service.Send("POST", "/v1/imports", key, new JsonObject { ["organizations"] = new JsonArray([.. organizations]) });
        Assert.True((int)response.StatusCode == 200, await response.ReadText());
    }

    private async Task<JsonNode> GetJson(string address)
    {
        using var response = await service.Get(address);
        var text = await response.ReadText();
        Assert.True((int)response.StatusCode == 200, $"{address}: {(int)response.StatusCode} {text}");
        return JsonNode.Parse(text)!;
    }

    private async Task<EventReader> OpenEventStream(string address, params string[] headers)
    {
        var client = new HttpClient { BaseAddress = service.Address };
        using var request = new HttpRequestMessage(HttpMethod.Get, address);
        foreach (var header in headers)
            request.Headers.TryAddWithoutValidation(header.Split(": ")[0], header.Split(": ")[1]);
        var response = await client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, TestContext.Current.CancellationToken);
        Assert.Equal((200, "text/event-stream"), ((int)response.StatusCode, response.Content.Headers.ContentType?.ToString()));
        return new(client, new(await response.Content.ReadAsStreamAsync(TestContext.Current.CancellationToken)));
    }

    /// <summary>Reads server-sent events one by one.</summary>
    private sealed class EventReader(HttpClient client, StreamReader reader) : IDisposable
    {
        public async Task<(string Id, JsonNode Change)> ReadNext()
        {
            var (id, data) = ("", "");
            while (await reader.ReadLineAsync(TestContext.Current.CancellationToken) is { } line && (line.Length > 0 || data.Length == 0))
            {
                if (line.StartsWith("id: ", StringComparison.Ordinal))
                    id = line[4..];
                if (line.StartsWith("data: ", StringComparison.Ordinal))
                    data = line[6..];
            }
            return (id, JsonNode.Parse(data)!);
        }

        public void Dispose()
        {
            reader.Dispose();
            client.Dispose();
        }
    }
}
