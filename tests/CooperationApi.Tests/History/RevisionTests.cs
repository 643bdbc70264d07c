using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using CooperationApi.Contracts;
using CooperationApi.Tests.Access;
using CooperationApi.Tests.Editing;
using Microsoft.AspNetCore.JsonPatch.SystemTextJson;

namespace CooperationApi.Tests.History;

/// <summary>What a record was stays known: each change, by whom, and what it changed.</summary>
public sealed class RevisionTests : IAsyncLifetime
{
    private const string Address = "/v1/organizations/so-du-lich-hung-yen", History = Address + "/revisions";

    private Guarded service = null!;
    private MadeKey key = null!;

    public async ValueTask InitializeAsync()
    {
        service = await Guarded.Start();
        key = await service.Make(Role.Editor);
    }

    public ValueTask DisposeAsync() => service.DisposeAsync();

    [Fact]
    public async Task Each_change_stands_in_the_history_with_who_made_it_and_what_it_changed()
    {
        var (first, _) = await Edited();
        var page = await Json(History + "?total=true");
        var head = (long)page["revision"]!;
        Assert.Equal((5L, 5L), (head - first + 1, (long)page["total"]!));
        var items = page.Items();
        Assert.Equal(Enumerable.Range(0, 5).Select(i => head - i), items.Select(Number));
        Assert.All(items, item => Assert.Equal(Actor, (string?)item["actor"]));
        Assert.All(items, item => Assert.Matches(@"^20[0-9-]+T[0-9:.]+Z$", (string?)item["at"]));
        Assert.Equal(["remove", "upsert", "upsert", "upsert", "upsert"], items.Select(item => (string)item["op"]!));
        Assert.Equal(["deleted", null, null, null, null], items.Select(item => (string?)item["reason"]));
        Assert.Empty(items[0]["changes"]!.AsArray());
        Assert.Equal("""[{"op":"replace","path":"/name","value":"Sở Du lịch"}]""", items[3]["changes"]!.ToJsonString(Wire.Json));
        Assert.Equal("""["add",""]""", new JsonArray(items[4]["changes"]![0]!["op"]!.DeepClone(), items[4]["changes"]![0]!["path"]!.DeepClone()).ToJsonString());
        Assert.Equal(items.AsEnumerable().Reverse().Select(Number), (await Json(History + "?sort=revision")).Items().Select(Number));
    }

    [Fact]
    public async Task The_patches_one_after_another_make_each_state_of_the_record()
    {
        await Edited();
        var body = new JsonObject();
        foreach (var item in (await Json(History + "?sort=revision")).Items().Where(item => (string?)item["op"] == "upsert"))
        {
            var changes = item["changes"]!.AsArray();
            if ((string?)changes[0]!["path"] == "")
                body = changes[0]!["value"]!.DeepClone().AsObject();
            else
                JsonSerializer.Deserialize<JsonPatchDocument<JsonObject>>(changes.ToJsonString())!.ApplyTo(body);
            var then = (await Json($"{Address}?revision={Number(item)}")).AsObject();
            then.Remove("revision");
            Assert.True(JsonNode.DeepEquals(then, body), $"{Number(item)}: {body.ToJsonString()}");
        }
    }

    [Theory]
    [InlineData("sort=revision")]
    [InlineData("sort=-revision")]
    public async Task A_history_comes_in_pages_and_as_a_file(string sort)
    {
        await Edited();
        var all = (await Json($"{History}?{sort}")).Items();
        var paged = new List<JsonNode>();
        for (var next = $"{History}?{sort}&limit=2"; next is not null;)
        {
            var page = await Json(next);
            paged.AddRange(page.Items());
            next = page["next"] is { } cursor ? $"{History}?{sort}&limit=2&cursor={cursor}" : null;
        }
        Assert.Equal(all.Select(item => item.ToJsonString()), paged.Select(item => item.ToJsonString()));
        using var file = await service.Get($"{History}?{sort}&format=ndjson");
        Assert.Equal(all.Select(item => item.ToJsonString(Wire.Json)), (await file.Text()).Split('\n', StringSplitOptions.RemoveEmptyEntries));
    }

    [Fact]
    public async Task A_history_is_tagged_by_the_state_of_the_store_and_changes_with_it()
    {
        var (_, tag) = await Edited();
        using var history = await service.Get(History);
        Assert.StartsWith("W/\"", history.ETag(), StringComparison.Ordinal);
        Assert.Equal(304, await service.Status(History, null, $"If-None-Match: {history.ETag()}"));
        Assert.Equal(412, (int)(await Send("PUT", EditTests.Organization(), $"If-Match: {tag}")).StatusCode);
        Assert.Equal(200, (int)(await Put("/v1/organizations/khac", EditTests.Organization("Khác"), "If-None-Match: *")).StatusCode / 100 * 100);
        Assert.Equal(200, await service.Status(History, null, $"If-None-Match: {history.ETag()}"));
    }

    [Fact]
    public async Task A_record_is_answered_as_it_stood_at_any_number()
    {
        var (first, _) = await Edited();
        Assert.Equal("record_not_made_yet", await service.Refused(404, "GET", $"{Address}?revision={first - 1}"));
        Assert.Equal("Sở Du lịch Hưng Yên", (string?)(await Json($"{Address}?revision={first}"))["name"]);
        using var then = await service.Get($"{Address}?revision={first + 1}");
        Assert.Equal($"-{first + 1}\"", then.ETag()[^($"{first + 1}".Length + 2)..]);
        Assert.NotNull(then.Header("Last-Modified"));
        Assert.Equal(304, await service.Status($"{Address}?revision={first + 1}", null, $"If-None-Match: {then.ETag()}"));
        Assert.Equal("""{"name":"Sở Du lịch"}""", (await Json($"{Address}?revision={first + 1}&fields=name")).ToJsonString(Wire.Json));
        Assert.Equal("record_removed", await service.Refused(410, "GET", $"{Address}?revision={first + 4}"));
        // Others' changes count no more than none.
        Assert.Equal(await (await service.Get("/v1/provinces/ha-noi")).Text(), await (await service.Get($"/v1/provinces/ha-noi?revision={first}")).Text());
    }

    [Theory]
    [InlineData("revision=x", "revision: not_a_number")]
    [InlineData("revision=-1", "revision: not_a_number")]
    [InlineData("revision=0", "revision: out_of_range")]
    [InlineData("revision=99999999", "revision: out_of_range")]
    [InlineData("revision=99999999999999999999", "revision: out_of_range")]
    [InlineData("revision=499&at=2019-10-26", "at: not_with_revision")]
    [InlineData("revision=499&expand=successors", "expand: not_with_revision")]
    public async Task A_number_that_says_nothing_is_refused(string query, string fault)
    {
        using var answer = await service.Get($"/v1/provinces/ha-noi?{query}");
        Assert.Contains(fault, (await Api.ProblemOf(400, answer)).Faults());
    }

    [Fact]
    public async Task What_never_was_has_no_history()
    {
        Assert.Equal("record_not_found", await service.Refused(404, "GET", History));
        Assert.Equal("record_not_found", await service.Refused(404, "GET", "/v1/organizations/a_b/revisions"));
        Assert.Equal("record_not_found", await service.Refused(404, "GET", Address + "?revision=1"));
        Assert.Equal("invalid_request", await service.Refused(400, "GET", "/v1/provinces/ha-noi/revisions?sort=at&limit=0&cursor=x"));
    }

    [Theory, MemberData(nameof(Catalog.Each), MemberType = typeof(Catalog))]
    public async Task The_documented_example_of_a_number_finds_every_resource_s_example(string type)
    {
        var read = (await service.Document()).Operations.Single(operation => operation.Path == $"/v1/{type}/{{id}}" && operation.Method == "GET");
        Assert.Equal(200, await service.Status($"{read.ExampleAddress}?{read.Parameters.Single(parameter => parameter.Name == "revision").ExampleQuery}"));
    }

    private string Actor => $"{key.Key.Name} ({key.Key.Id})";

    private static long Number(JsonNode item) => (long)item["revision"]!;

    /// <summary>Makes the organization, changes it three times and removes it: five changes.</summary>
    private async Task<(long First, string Tag)> Edited()
    {
        var record = EditTests.Organization();
        using var made = await Send("PUT", record, "If-None-Match: *");
        var first = (long)JsonNode.Parse(await made.Text())!["revision"]!;
        var tag = made.ETag();
        foreach (Action change in (Action[])[
            () => record["name"] = "Sở Du lịch",
            () => record["citations"]!.AsArray().Insert(0, Citation("kind", "provinceId")),
            () => (record["provinceId"], record["citations"]) = (null, new JsonArray(Citation("kind"), record["citations"]![1]!.DeepClone(), Citation("name"))),
        ])
        {
            change();
            if (record["provinceId"] is null)
                record.Remove("provinceId");
            using var changed = await Send("PUT", record, $"If-Match: {tag}");
            Assert.True((int)changed.StatusCode == 200, await changed.Text());
            tag = changed.ETag();
        }
        using var removed = await Send("DELETE", null, $"If-Match: {tag}");
        Assert.Equal(204, (int)removed.StatusCode);
        return (first, tag);
    }

    private static JsonObject Citation(params string[] supports) => new()
    {
        ["sourceId"] = Founding.Source,
        ["locator"] = $"đoạn {supports.Length.ToString(CultureInfo.InvariantCulture)}",
        ["supports"] = new JsonArray([.. supports.Select(member => JsonValue.Create(member))]),
        ["basis"] = "Referenced",
    };

    private Task<HttpResponseMessage> Send(string method, JsonNode? record, params string[] headers) => service.Send(method, Address, key.Secret, record, headers);

    private Task<HttpResponseMessage> Put(string address, JsonNode record, params string[] headers) => service.Send("PUT", address, key.Secret, record, headers);

    private async Task<JsonNode> Json(string address)
    {
        using var answer = await service.Get(address);
        var text = await answer.Text();
        Assert.True((int)answer.StatusCode == 200, $"{address}: {text}");
        return JsonNode.Parse(text)!;
    }
}
