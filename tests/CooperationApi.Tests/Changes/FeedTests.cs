using System.Text.Json.Nodes;
using CooperationApi.Tests.Access;
using CooperationApi.Tests.Editing;
using Dapper;
using Microsoft.Data.Sqlite;

namespace CooperationApi.Tests.Changes;

/// <summary>The feed of all changes, as a copy follows it.</summary>
public sealed class FeedTests : IAsyncLifetime
{
    private Guarded service = null!;
    private string key = "";

    public async ValueTask InitializeAsync()
    {
        service = await Guarded.Start();
        key = await service.Key();
    }

    public ValueTask DisposeAsync() => service.DisposeAsync();

    [Theory]
    [InlineData(1)]
    [InlineData(7)]
    [InlineData(1000)]
    public async Task From_the_beginning_it_tells_the_whole_record_whatever_the_pages(int limit)
    {
        var copy = new Copy(service, $"limit={limit}");
        await copy.Follow();
        await copy.IsTheRecord();
    }

    [Fact]
    public async Task Nothing_new_is_told_without_a_body_or_a_read()
    {
        var head = await Json("/v1/changes/head");
        using var page = await service.Get($"/v1/changes?cursor={head["cursor"]}");
        Assert.Equal((200, "[]"), ((int)page.StatusCode, JsonNode.Parse(await page.Text())!["items"]!.ToJsonString()));
        // A store that can't be read is no hindrance to who has all of it.
        await service.Restart();
        using var damaged = new SqliteConnection($"Data Source={service.StorePath};Pooling=false");
        damaged.Execute("PRAGMA legacy_alter_table = ON; ALTER TABLE change RENAME TO away");
        using var unchanged = await service.Get($"/v1/changes?cursor={head["cursor"]}", $"If-None-Match: {page.Header("ETag")}");
        Assert.Equal((304, ""), ((int)unchanged.StatusCode, await unchanged.Text()));
        Assert.Equal(503, await service.Status("/v1/changes"));
        damaged.Execute("PRAGMA legacy_alter_table = ON; ALTER TABLE away RENAME TO change");
    }

    [Fact]
    public async Task The_tag_of_any_page_can_be_sent_with_the_next_cursor_and_hides_nothing()
    {
        var (seen, address, tag) = (0, "/v1/changes?limit=100", "\"none\"");
        for (var made = false; ;)
        {
            using var answer = await service.Get(address, $"If-None-Match: {tag}");
            if ((int)answer.StatusCode == 304)
                break;
            var page = JsonNode.Parse(await answer.Text())!;
            seen += page.Items().Count;
            // Amid the run another change is made: the run ends before it, and the next has it.
            if (!made)
                await Make("a");
            made = true;
            (address, tag) = ($"/v1/changes?limit=100&cursor={page["next"]}", answer.Header("ETag")!);
        }
        Assert.Equal((await Json("/v1/status"))["records"]!.AsObject().Sum(of => (long)of.Value!), seen);
    }

    [Fact]
    public async Task A_transaction_that_fits_a_page_is_never_cut()
    {
        var cursor = await Head();
        await Make("a");
        await Import(Enumerable.Range(0, 8).Select(number => $"b{number}"));
        await Make("c");
        var pages = await Pages(cursor, "limit=8");
        Assert.Equal(["a", "b0 b1 b2 b3 b4 b5 b6 b7", "c"], pages.Select(page => string.Join(' ', page.Items().Ids())));
        Assert.All(pages, page => Assert.Null(page["open"]));
    }

    [Fact]
    public async Task A_transaction_that_is_larger_than_a_page_is_open_until_its_last()
    {
        var cursor = await Head();
        await Make("a");
        await Import(Enumerable.Range(0, 250).Select(number => $"b{number:000}"));
        await Make("c");
        var pages = await Pages(cursor, "limit=100");
        Assert.Equal([1, 100, 100, 51], pages.Select(page => page.Items().Count));
        Assert.Equal([null, true, true, null], pages.Select(page => (bool?)page["open"]));
        Assert.Equal(252, pages.SelectMany(page => page.Items().Ids()).Distinct().Count());
        Assert.Equal([true, true, true, false], pages.Select(page => (bool)page["more"]!));
    }

    [Fact]
    public async Task A_run_ends_where_the_head_was_when_it_began()
    {
        var cursor = await Head();
        await Make("a");
        await Make("b");
        var first = await Json($"/v1/changes?cursor={cursor}&limit=1");
        await Make("c");
        var second = await Json($"/v1/changes?cursor={first["next"]}&limit=5");
        Assert.Equal(("b", false), (string.Join(' ', second.Items().Ids()), (bool)second["more"]!));
        Assert.Equal((long)first["revision"]!, (long)second["revision"]!);
        var third = await Json($"/v1/changes?cursor={second["next"]}&limit=5");
        Assert.Equal(("c", false), (string.Join(' ', third.Items().Ids()), (bool)third["more"]!));
    }

    [Fact]
    public async Task What_is_deleted_is_removed_and_gone_everywhere_from_the_same_change_on()
    {
        await Make("a");
        var cursor = await Head();
        var total = (long)(await Json("/v1/organizations?total=true&limit=1"))["total"]!;
        await Delete("organizations", "a");
        var change = Assert.Single((await Json($"/v1/changes?cursor={cursor}")).Items());
        Assert.Equal(("remove", "deleted", "organizations", "a"), ((string?)change["op"], (string?)change["reason"], (string?)change["type"], (string?)change["id"]));
        Assert.Null(change["data"]);
        Assert.Equal("record_removed", await service.Refused(410, "GET", "/v1/organizations/a"));
        Assert.Equal(total - 1, (long)(await Json("/v1/organizations?total=true&limit=1"))["total"]!);
        Assert.Equal((long)change["revision"]!, (long)(await Json("/v1/changes/head"))["revision"]!);
    }

    [Fact]
    public async Task A_merge_is_one_transaction_in_which_no_reference_leads_nowhere()
    {
        var copy = new Copy(service, "limit=10");
        await copy.Follow();
        var cursor = await Head();
        using var merged = await service.Send("POST", $"/v1/sources/{Founding.Source}/merge-into/{await OtherSource()}", key);
        Assert.Equal(200, (int)merged.StatusCode);
        var pages = await Pages(cursor, "limit=10");
        Assert.True(pages.Count > 3);
        Assert.Equal([.. Enumerable.Repeat<bool?>(true, pages.Count - 1), null], pages.Select(page => (bool?)page["open"]));
        var removed = Assert.Single(pages.SelectMany(page => page.Items()), change => (string?)change["op"] == "remove");
        Assert.Equal(("merged", await OtherSource()), ((string?)removed["reason"], (string?)removed["into"]));
        await copy.Follow(() => Assert.All(copy.Records.Where(record => record.Key.StartsWith("meetings/", StringComparison.Ordinal)),
            record => Assert.All(record.Value["citations"]!.AsArray(), citation => Assert.Contains("sources/" + citation!["sourceId"], copy.Records.Keys))));
        await copy.IsTheRecord();
    }

    [Fact]
    public async Task A_record_that_leaves_the_filter_is_removed_from_who_follows_it_and_comes_to_who_follows_the_other()
    {
        var meeting = new JsonObject
        {
            ["title"] = "Hội nghị",
            ["kind"] = "Conference",
            ["provinceIds"] = new JsonArray("ha-noi", "thai-binh"),
            ["citations"] = EditTests.Organization()["citations"]!.DeepClone(),
        };
        meeting["citations"]![0]!["supports"] = new JsonArray("title");
        var (ours, theirs) = (await Head("types=meetings&provinceId=thai-binh"), await Head("types=meetings&provinceId=hung-yen"));
        await Put("meetings", "hoi-nghi", meeting);
        Assert.Equal("upsert", Only(await Json($"/v1/changes?types=meetings&provinceId=thai-binh&cursor={ours}")));
        var step = (string)(await Json($"/v1/changes?types=meetings&provinceId=thai-binh&cursor={ours}"))["next"]!;
        Assert.Empty((await Json($"/v1/changes?types=meetings&provinceId=hung-yen&cursor={theirs}")).Items());
        meeting["provinceIds"] = new JsonArray("ha-noi", "hung-yen");
        await Put("meetings", "hoi-nghi", meeting, "If-Match: *");
        Assert.Equal("remove filter", Only(await Json($"/v1/changes?types=meetings&provinceId=thai-binh&cursor={step}")));
        Assert.Equal("upsert", Only(await Json($"/v1/changes?types=meetings&provinceId=hung-yen&cursor={theirs}")));
        // Who follows neither hears of nothing, now or when it goes.
        await Delete("meetings", "hoi-nghi");
        Assert.Equal(["upsert", "remove"], (await Json($"/v1/changes?types=meetings&provinceId=hung-yen&cursor={theirs}")).Items().Select(change => (string?)change["op"]));
        Assert.Equal("remove filter", Only(await Json($"/v1/changes?types=meetings&provinceId=thai-binh&cursor={step}")));
        Assert.Empty((await Json($"/v1/changes?types=officials&cursor={await Head("types=officials")}")).Items());
    }

    [Fact]
    public async Task A_cursor_of_another_life_or_ahead_of_the_head_is_gone_for_good()
    {
        await Make("a");
        var cursor = await Head();
        using (var store = new SqliteConnection($"Data Source={service.StorePath};Pooling=false"))
        {
            store.Execute("DELETE FROM change WHERE seq = (SELECT max(seq) FROM change); UPDATE feed SET head = head - 1");
            await IsGone("cursor_ahead", cursor);
            store.Execute("UPDATE feed SET epoch = 'abc'");
        }
        await IsGone("epoch_changed", cursor);
        await service.Restart();
        await IsGone("epoch_changed", cursor);
    }

    [Fact]
    public async Task A_cursor_that_was_altered_or_made_for_another_filter_is_refused()
    {
        var cursor = await Head();
        foreach (var altered in (string[])[cursor[..^1], cursor + "A", cursor[..5] + (cursor[5] == 'x' ? 'y' : 'x') + cursor[6..], "x", "1"])
            Assert.Equal("cursor_invalid", await Fault($"/v1/changes?cursor={altered}"));
        Assert.Equal("cursor_filter_mismatch", await Fault($"/v1/changes?types=meetings&cursor={cursor}"));
        Assert.Equal("cursor_filter_mismatch", await Fault($"/v1/changes?cursor={await Head("provinceId=ha-noi")}"));
        Assert.Equal("cursor_filter_mismatch", await Fault($"/v1/changes?cursor={(await Json("/v1/meetings?limit=1"))["next"]}"));
    }

    [Theory]
    [InlineData("limit=0&wait=31", "out_of_range out_of_range")]
    [InlineData("limit=1001", "out_of_range")]
    [InlineData("wait=x", "not_a_number")]
    [InlineData("types=meeting", "not_allowed")]
    [InlineData("provinceId=a,b", "too_many_values")]
    [InlineData("since=2020-01-01", "unknown_parameter")]
    [InlineData("limit=1&limit=2", "repeated_parameter")]
    public async Task What_is_no_question_to_the_feed_is_refused_with_all_its_faults(string query, string codes)
    {
        using var answer = await service.Get($"/v1/changes?{query}");
        var problem = await Api.ProblemOf(400, answer);
        Assert.Equal(codes, string.Join(' ', problem["errors"]!.AsArray().Select(error => error!["code"])));
    }

    [Fact]
    public async Task A_redaction_reaches_the_past()
    {
        var beginning = await Head();
        await Put("organizations", "a", EditTests.Organization("Bí mật một"));
        var between = await Head();
        await Put("organizations", "a", EditTests.Organization("Bí mật hai"), "If-Match: *");
        using var redacted = await service.Send("POST", "/v1/organizations/a/redact", key, new JsonObject { ["reason"] = "Dữ liệu cá nhân" });
        Assert.Equal(200, (int)redacted.StatusCode);
        foreach (var cursor in (string[])[beginning, between])
        {
            var page = await Json($"/v1/changes?cursor={cursor}");
            Assert.Equal("remove redacted", Only(page));
            Assert.DoesNotContain("Bí mật", page.ToJsonString(), StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task Who_waits_is_answered_when_something_changes_and_else_after_the_time()
    {
        var cursor = await Head();
        var began = DateTime.UtcNow;
        Assert.Empty((await Json($"/v1/changes?cursor={cursor}&wait=1")).Items());
        Assert.InRange((DateTime.UtcNow - began).TotalSeconds, 0.9, 10);
        var waiting = Json($"/v1/changes?cursor={cursor}&wait=30");
        await Make("a");
        Assert.Equal(["a"], (await waiting).Items().Ids());
        // By another process too.
        cursor = await Head();
        waiting = Json($"/v1/changes?cursor={cursor}&wait=30");
        using (var store = new SqliteConnection($"Data Source={service.StorePath};Pooling=false"))
            store.Execute("UPDATE feed SET head = head + 1");
        Assert.Empty((await waiting).Items());
    }

    [Fact]
    public async Task As_it_happens_it_is_sent_as_events_and_taken_up_behind_the_last()
    {
        string last;
        using (var live = await Live("/v1/changes/live"))
        {
            await Make("a");
            var heard = await live.Next();
            Assert.Equal("a", (string?)heard.Change["id"]);
            last = heard.Id;
        }
        await Import(["b", "c"]);
        using (var live = await Live("/v1/changes/live", $"Last-Event-ID: {last}"))
        {
            var (first, second) = (await live.Next(), await live.Next());
            Assert.Equal(("b", "c"), ((string?)first.Change["id"], (string?)second.Change["id"]));
            // Amid a transaction nothing is to be taken up.
            Assert.Empty(first.Id);
            Assert.Equal(await Head(), second.Id);
        }
        using var refused = await service.Get("/v1/changes/live", "Last-Event-ID: x");
        Assert.Equal("cursor_invalid", (string?)(await Api.ProblemOf(400, refused))["errors"]![0]!["code"]);
    }

    [Fact]
    public async Task What_one_writer_holds_open_is_seen_by_nobody_and_then_by_everybody_once()
    {
        var cursor = await Head();
        var seen = new List<string>();
        async Task Poll()
        {
            var page = await Json($"/v1/changes?cursor={cursor}");
            cursor = (string)page["next"]!;
            seen.AddRange(page.Items().Ids());
        }

        Task late;
        using (var store = new SqliteConnection($"Data Source={service.StorePath};Pooling=false"))
        {
            store.Open();
            using var open = store.BeginTransaction();
            store.Execute("UPDATE feed SET settled = settled + 1", transaction: open);
            late = Make("late");
            await Poll();
            await Task.Delay(300, TestContext.Current.CancellationToken);
            await Poll();
            Assert.False(late.IsCompleted);
            Assert.Empty(seen);
            open.Commit();
        }
        await late;
        await Make("later");
        await Poll();
        await Poll();
        Assert.Equal(["late", "later"], seen);
    }

    private async Task<string> Fault(string address)
    {
        using var answer = await service.Get(address);
        return (string)(await Api.ProblemOf(400, answer))["errors"]![0]!["code"]!;
    }

    private async Task IsGone(string code, string cursor)
    {
        using var answer = await service.Get($"/v1/changes?cursor={cursor}");
        Assert.Equal(code, (string?)(await Api.ProblemOf(410, answer))["code"]);
        Assert.Equal("</v1/exports/latest>; rel=\"alternate\"", answer.Header("Link"));
    }

    private static string Only(JsonNode page) => Assert.Single(page.Items()) is var change && change["reason"] is { } reason ? $"{change["op"]} {reason}" : (string)change["op"]!;

    private async Task<List<JsonNode>> Pages(string cursor, string query)
    {
        var pages = new List<JsonNode>();
        do
        {
            pages.Add(await Json($"/v1/changes?cursor={cursor}&{query}"));
            cursor = (string)pages[^1]["next"]!;
        }
        while ((bool)pages[^1]["more"]!);
        return pages;
    }

    private async Task<string> Head(string filter = "") => (string)(await Json($"/v1/changes/head?{filter}"))["cursor"]!;

    private async Task<string> OtherSource() => (await Json("/v1/sources?limit=2")).Items().Ids().First(id => id != Founding.Source);

    private Task Make(string id) => Put("organizations", id, EditTests.Organization(id));

    private async Task Put(string type, string id, JsonNode record, string condition = "If-None-Match: *")
    {
        using var made = await service.Send("PUT", $"/v1/{type}/{id}", key, record, condition);
        Assert.True((int)made.StatusCode is 200 or 201, await made.Text());
    }

    private async Task Delete(string type, string id)
    {
        using var removed = await service.Send("DELETE", $"/v1/{type}/{id}", key, null, "If-Match: *");
        Assert.Equal(204, (int)removed.StatusCode);
    }

    private async Task Import(IEnumerable<string> ids)
    {
        var organizations = ids.Select(id =>
        {
            var organization = EditTests.Organization(id);
            organization["id"] = id;
            return (JsonNode)organization;
        });
        using var taken = await service.Send("POST", "/v1/imports", key, new JsonObject { ["organizations"] = new JsonArray([.. organizations]) });
        Assert.True((int)taken.StatusCode == 200, await taken.Text());
    }

    private async Task<JsonNode> Json(string address)
    {
        using var answer = await service.Get(address);
        var text = await answer.Text();
        Assert.True((int)answer.StatusCode == 200, $"{address}: {(int)answer.StatusCode} {text}");
        return JsonNode.Parse(text)!;
    }

    private async Task<Events> Live(string address, params string[] headers)
    {
        var client = new HttpClient { BaseAddress = service.Address };
        using var request = new HttpRequestMessage(HttpMethod.Get, address);
        foreach (var header in headers)
            request.Headers.TryAddWithoutValidation(header.Split(": ")[0], header.Split(": ")[1]);
        var answer = await client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, TestContext.Current.CancellationToken);
        Assert.Equal((200, "text/event-stream"), ((int)answer.StatusCode, answer.Content.Headers.ContentType?.ToString()));
        return new(client, new(await answer.Content.ReadAsStreamAsync(TestContext.Current.CancellationToken)));
    }

    /// <summary>A stream of events, read one by one.</summary>
    private sealed class Events(HttpClient client, StreamReader lines) : IDisposable
    {
        public async Task<(string Id, JsonNode Change)> Next()
        {
            var (id, data) = ("", "");
            while (await lines.ReadLineAsync(TestContext.Current.CancellationToken) is { } line && (line.Length > 0 || data.Length == 0))
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
            lines.Dispose();
            client.Dispose();
        }
    }
}
