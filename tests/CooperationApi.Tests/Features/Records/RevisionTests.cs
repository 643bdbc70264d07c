using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using CooperationApi.Contracts;
using CooperationApi.Tests.Access;
using Microsoft.AspNetCore.JsonPatch.SystemTextJson;

namespace CooperationApi.Tests.Features.Records;

/// <summary>Tests of the history of a record: revisions, actors and patches.</summary>
public sealed class RevisionTests : IAsyncLifetime
{
    private const string RecordUrl = "/v1/organizations/so-du-lich-hung-yen", HistoryUrl = RecordUrl + "/revisions";

    private AuthenticatedService service = null!;
    private CreatedKey key = null!;

    public async ValueTask InitializeAsync()
    {
        service = await AuthenticatedService.Start();
        key = await service.CreateKey(Role.Editor);
    }

    public ValueTask DisposeAsync() => service.DisposeAsync();

    [Fact]
    public async Task History_lists_each_change_with_its_actor_and_its_patch()
    {
        var (first, _) = await CreateEditedRecord();
        var page = await GetJson(HistoryUrl + "?total=true");
        var head = (long)page["revision"]!;
        Assert.Equal((5L, 5L), (head - first + 1, (long)page["total"]!));
        var items = page.GetItems();
        Assert.Equal(Enumerable.Range(0, 5).Select(i => head - i), items.Select(GetRevision));
        Assert.All(items, item => Assert.Equal(Actor, (string?)item["actor"]));
        Assert.All(items, item => Assert.Matches(@"^20[0-9-]+T[0-9:.]+Z$", (string?)item["at"]));
        Assert.Equal(["remove", "upsert", "upsert", "upsert", "upsert"], items.Select(item => (string)item["op"]!));
        Assert.Equal(["deleted", null, null, null, null], items.Select(item => (string?)item["reason"]));
        Assert.Empty(items[0]["changes"]!.AsArray());
        Assert.Equal("""[{"op":"replace","path":"/name","value":"Sở Du lịch"}]""", items[3]["changes"]!.ToJsonString(ApiJson.Options));
        Assert.Equal("""["add",""]""",
            new JsonArray(items[4]["changes"]![0]!["op"]!.DeepClone(), items[4]["changes"]![0]!["path"]!.DeepClone()).ToJsonString());
        Assert.Equal(items.AsEnumerable().Reverse().Select(GetRevision),
            (await GetJson(HistoryUrl + "?sort=revision")).GetItems().Select(GetRevision));
    }

    [Fact]
    public async Task Patches_applied_in_order_reproduce_every_revision()
    {
        await CreateEditedRecord();
        var body = new JsonObject();
        foreach (var item in (await GetJson(HistoryUrl + "?sort=revision")).GetItems().Where(item => (string?)item["op"] == "upsert"))
        {
            var changes = item["changes"]!.AsArray();
            if ((string?)changes[0]!["path"] == "")
                body = changes[0]!["value"]!.DeepClone().AsObject();
            else
                JsonSerializer.Deserialize<JsonPatchDocument<JsonObject>>(changes.ToJsonString())!.ApplyTo(body);
            var pastRecord = (await GetJson($"{RecordUrl}?revision={GetRevision(item)}")).AsObject();
            pastRecord.Remove("revision");
            Assert.True(JsonNode.DeepEquals(pastRecord, body), $"{GetRevision(item)}: {body.ToJsonString()}");
        }
    }

    [Theory]
    [InlineData("sort=revision")]
    [InlineData("sort=-revision")]
    public async Task History_is_available_in_pages_and_as_NDJSON(string sort)
    {
        await CreateEditedRecord();
        var all = (await GetJson($"{HistoryUrl}?{sort}")).GetItems();
        var pagedItems = new List<JsonNode>();
        for (var next = $"{HistoryUrl}?{sort}&limit=2"; next is not null;)
        {
            var page = await GetJson(next);
            pagedItems.AddRange(page.GetItems());
            next = page["next"] is { } cursor ? $"{HistoryUrl}?{sort}&limit=2&cursor={cursor}" : null;
        }
        Assert.Equal(all.Select(item => item.ToJsonString()), pagedItems.Select(item => item.ToJsonString()));
        using var file = await service.Get($"{HistoryUrl}?{sort}&format=ndjson");
        Assert.Equal(all.Select(item => item.ToJsonString(ApiJson.Options)),
            (await file.ReadText()).Split('\n', StringSplitOptions.RemoveEmptyEntries));
    }

    [Fact]
    public async Task History_ETag_changes_with_the_store()
    {
        var (_, tag) = await CreateEditedRecord();
        using var history = await service.Get(HistoryUrl);
        Assert.StartsWith("W/\"", history.GetETag(), StringComparison.Ordinal);
        Assert.Equal(304, await service.GetStatusCode(HistoryUrl, null, $"If-None-Match: {history.GetETag()}"));
        Assert.Equal(412, (int)(await SendRequest("PUT", RecordWriteTests.CreateOrganization(), $"If-Match: {tag}")).StatusCode);
        Assert.Equal(200,
            (int)(await PutRecord("/v1/organizations/khac", RecordWriteTests.CreateOrganization("Khác"),
                "If-None-Match: *")).StatusCode / 100 * 100);
        Assert.Equal(200, await service.GetStatusCode(HistoryUrl, null, $"If-None-Match: {history.GetETag()}"));
    }

    [Fact]
    public async Task Record_is_readable_as_of_any_revision()
    {
        var (first, _) = await CreateEditedRecord();
        Assert.Equal("record_not_yet_created", await service.SendForProblemCode(404, "GET", $"{RecordUrl}?revision={first - 1}"));
        Assert.Equal("Sở Du lịch Hưng Yên", (string?)(await GetJson($"{RecordUrl}?revision={first}"))["name"]);
        using var pastResponse = await service.Get($"{RecordUrl}?revision={first + 1}");
        Assert.Equal($"-{first + 1}\"", pastResponse.GetETag()[^($"{first + 1}".Length + 2)..]);
        Assert.Equal(304,
            await service.GetStatusCode($"{RecordUrl}?revision={first + 1}", null, $"If-None-Match: {pastResponse.GetETag()}"));
        Assert.Equal("""{"name":"Sở Du lịch"}""",
            (await GetJson($"{RecordUrl}?revision={first + 1}&fields=name")).ToJsonString(ApiJson.Options));
        Assert.Equal("record_deleted", await service.SendForProblemCode(410, "GET", $"{RecordUrl}?revision={first + 4}"));
        // Changes of other records do not change the record as of a revision.
        Assert.Equal(await (await service.Get("/v1/provinces/ha-noi")).ReadText(),
            await (await service.Get($"/v1/provinces/ha-noi?revision={first}")).ReadText());
    }

    [Theory]
    [InlineData("revision=x", "revision: invalid_integer")]
    [InlineData("revision=-1", "revision: invalid_integer")]
    [InlineData("revision=0", "revision: out_of_range")]
    [InlineData("revision=99999999", "revision: out_of_range")]
    [InlineData("revision=99999999999999999999", "revision: out_of_range")]
    [InlineData("revision=506&expand=successors", "expand: incompatible_with_revision")]
    public async Task Invalid_revision_is_rejected(string query, string expectedError)
    {
        using var response = await service.Get($"/v1/provinces/ha-noi?{query}");
        Assert.Contains(expectedError, (await ApiFixture.ReadProblem(400, response)).GetErrors());
    }

    [Fact]
    public async Task Record_that_never_existed_has_no_history()
    {
        Assert.Equal("record_not_found", await service.SendForProblemCode(404, "GET", HistoryUrl));
        Assert.Equal("record_not_found", await service.SendForProblemCode(404, "GET", "/v1/organizations/a_b/revisions"));
        Assert.Equal("record_not_found", await service.SendForProblemCode(404, "GET", RecordUrl + "?revision=1"));
        Assert.Equal("invalid_request",
            await service.SendForProblemCode(400, "GET", "/v1/provinces/ha-noi/revisions?sort=at&limit=0&cursor=x"));
    }

    [Theory, MemberData(nameof(ResourceTypes.AsTheoryData), MemberType = typeof(ResourceTypes))]
    public async Task Documented_revision_example_works_for_every_resource(string type)
    {
        var getOperation = (await service.GetOpenApi()).Operations.Single(
            operation => operation.Path == $"/v1/{type}/{{recordId}}" && operation.Method == "GET");
        Assert.Equal(200,
            await service.GetStatusCode(
                $"{getOperation.ExampleAddress}?{getOperation.Parameters.Single(parameter => parameter.Name == "revision").ExampleQuery}"));
    }

    private string Actor => $"{key.Key.Name} ({key.Key.Id})";

    private static long GetRevision(JsonNode item) => (long)item["revision"]!;

    /// <summary>Creates the organization, changes it three times and deletes it (five changes).</summary>
    private async Task<(long FirstRevision, string ETag)> CreateEditedRecord()
    {
        var record = RecordWriteTests.CreateOrganization();
        using var created = await SendRequest("PUT", record, "If-None-Match: *");
        var firstRevision = (long)JsonNode.Parse(await created.ReadText())!["revision"]!;
        var tag = created.GetETag();
        foreach (Action change in (Action[])[
            () => record["name"] = "Sở Du lịch",
            () => record["citations"]!.AsArray().Insert(0, CreateCitation("kind", "provinceId")),
            () => (record["provinceId"], record["citations"]) =
                (null, new JsonArray(CreateCitation("kind"), record["citations"]![1]!.DeepClone(), CreateCitation("name"))),
        ])
        {
            change();
            if (record["provinceId"] is null)
                record.Remove("provinceId");
            using var response = await SendRequest("PUT", record, $"If-Match: {tag}");
            Assert.True((int)response.StatusCode == 200, await response.ReadText());
            tag = response.GetETag();
        }
        using var deleted = await SendRequest("DELETE", null, $"If-Match: {tag}");
        Assert.Equal(204, (int)deleted.StatusCode);
        return (firstRevision, tag);
    }

    private static JsonObject CreateCitation(params string[] supports) => new()
    {
        ["sourceId"] = SeedFacts.SourceId,
        ["locator"] = $"đoạn {supports.Length.ToString(CultureInfo.InvariantCulture)}",
        ["supports"] = new JsonArray([.. supports.Select(member => JsonValue.Create(member))]),
        ["basis"] = "Referenced",
    };

    private Task<HttpResponseMessage> SendRequest(string method, JsonNode? record, params string[] headers) =>
        service.Send(method, RecordUrl, key.Secret, record, headers);

    private Task<HttpResponseMessage> PutRecord(string address, JsonNode record, params string[] headers) =>
        service.Send("PUT", address, key.Secret, record, headers);

    private async Task<JsonNode> GetJson(string address)
    {
        using var response = await service.Get(address);
        var text = await response.ReadText();
        Assert.True((int)response.StatusCode == 200, $"{address}: {text}");
        return JsonNode.Parse(text)!;
    }
}
