using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using CooperationApi.Contracts;
using CooperationApi.Tests.Access;

namespace CooperationApi.Tests.Features.Import;

/// <summary>Tests of the list `additions` of bundles, which appends entries to existing records.</summary>
public sealed class AdditionTests : IAsyncLifetime
{
    private const string Official = "/v1/officials/dao-duc-toan", Source = "ha-noi-thai-binh-2019-10-26";

    private AuthenticatedService service = null!;
    private string key = "";

    public async ValueTask InitializeAsync()
    {
        service = await AuthenticatedService.Start();
        key = await service.CreateKeySecret(Role.Editor);
    }

    public ValueTask DisposeAsync() => service.DisposeAsync();

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Addition_appends_entries_and_keeps_all_stored_ones(bool isNdjson)
    {
        var before = await Get(Official);
        var addition = CreateAddition();
        var preview = await Import(200, addition, isNdjson, "?dryRun=true");
        Assert.True(JsonNode.DeepEquals(before, await Get(Official)));
        var report = await Import(200, addition, isNdjson);

        Assert.Equal((1, 0, "officials/dao-duc-toan"),
            ((int)report["extended"]!, (int)report["replaced"]!, (string?)report["extendedRecords"]![0]));
        preview["dryRun"] = false;
        Assert.True(JsonNode.DeepEquals(preview, report));
        var after = await Get(Official);
        foreach (var name in new[] { "positions", "citations" })
        {
            var expected = before[name]!.DeepClone().AsArray();
            expected.Add(addition[name]![0]!.DeepClone());
            Assert.True(JsonNode.DeepEquals(expected, after[name]), after[name]!.ToJsonString());
        }
        Assert.True(JsonNode.DeepEquals(before, await Get($"{Official}?revision={before["revision"]}")));
    }

    [Fact]
    public async Task Repeated_addition_changes_nothing()
    {
        await Import(200, CreateAddition());
        var before = await Get(Official);
        var report = await Import(200, CreateAddition());
        Assert.Equal((0, 1), ((int)report["extended"]!, (int)report["unchanged"]!));
        Assert.True(JsonNode.DeepEquals(before, await Get(Official)));
    }

    [Fact]
    public async Task Entries_that_the_record_has_are_not_appended_again()
    {
        var before = await Get(Official);
        var addition = CreateAddition();
        addition["positions"]!.AsArray().Insert(0, before["positions"]![0]!.DeepClone());
        addition["positions"]!.AsArray().Add(addition["positions"]![1]!.DeepClone());
        addition["citations"]!.AsArray().Add(before["citations"]![0]!.DeepClone());
        await Import(200, addition);
        var after = await Get(Official);
        Assert.Equal((before["positions"]!.AsArray().Count + 1, before["citations"]!.AsArray().Count + 1),
            (after["positions"]!.AsArray().Count, after["citations"]!.AsArray().Count));
    }

    [Fact]
    public async Task Quote_without_offsets_is_located_once()
    {
        const string text = "Đồng chí Đào Đức Toàn phát biểu tại hội nghị.";
        await ImportBundle(200, new()
        {
            ["sources"] = JsonNode.Parse(
                """
                [{"id":"nguon-moi","title":"Nguồn mới","publisher":"example.org","url":"https://example.org/a","language":"vi",
                  "kind":"Press"}]
                """),
        });
        using (var body = new ByteArrayContent(Encoding.UTF8.GetBytes(text)))
        {
            body.Headers.TryAddWithoutValidation("Content-Type", "text/plain");
            using var response = await service.Send("PUT", "/v1/sources/nguon-moi/text", body, $"Authorization: Bearer {key}");
            Assert.True(response.IsSuccessStatusCode, await response.ReadText());
        }
        var addition = CreateAddition();
        addition["citations"] = JsonNode.Parse(
            """[{"sourceId":"nguon-moi","quote":"Đào Đức Toàn","supports":["name"],"basis":"Stated"}]""");
        Assert.Equal(1, (int)(await Import(200, addition))["extended"]!);
        var citation = (await Get(Official))["citations"]!.AsArray()[^1]!;
        Assert.Equal((9, 21), ((int)citation["start"]!, (int)citation["end"]!));
        Assert.Equal(1, (int)(await Import(200, addition))["unchanged"]!);
    }

    [Theory]
    [InlineData("""{"type":"officials","id":"khong-co","citations":CITATIONS}""", "record_not_found", "/additions/0/id")]
    [InlineData("""{"type":"offcials","id":"a","citations":CITATIONS}""", "not_allowed", "/additions/0/type")]
    [InlineData("""{"type":"sources","id":"a","citations":CITATIONS}""", "not_allowed", "/additions/0/type")]
    [InlineData("""{"type":"officials","id":"dao-duc-toan","citations":[]}""", "too_short", "/additions/0/citations")]
    [InlineData("""{"type":"officials","id":"dao-duc-toan","positions":[]}""", "required_members_missing", "/additions/0")]
    [InlineData("""{"type":"officials","id":"dao-duc-toan","name":"A","citations":CITATIONS}""", "unknown_member", "/additions/0/name")]
    [InlineData("""{"type":"provinces","id":"ha-noi","positions":[{"title":"A"}],"citations":CITATIONS}""", "unknown_member",
        "/additions/0/positions")]
    [InlineData("""{"type":"officials","id":"dao-duc-toan","positions":[{"title":""}],"citations":CITATIONS}""", "too_short",
        "/additions/0/positions/0/title")]
    [InlineData(
        """{"type":"officials","id":"dao-duc-toan","positions":[{"title":"A","provinceId":"khong-co"}],"citations":CITATIONS}""",
        "unknown_reference", "/additions/0/positions/0/provinceId")]
    public async Task Invalid_addition_is_rejected_with_its_place(string json, string code, string pointer)
    {
        var before = await Get(Official);
        var addition = JsonNode.Parse(json.Replace("CITATIONS", CreateAddition()["citations"]!.ToJsonString(), StringComparison.Ordinal))!;
        var error = Assert.Single((await Import(400, addition))["errors"]!.AsArray())!;
        Assert.Equal((code, pointer), ((string?)error["code"], (string?)error["pointer"]));
        Assert.True(JsonNode.DeepEquals(before, await Get(Official)));
    }

    [Fact]
    public async Task Limits_of_the_record_apply_with_the_stored_entries()
    {
        var addition = CreateAddition();
        addition["citations"] = new JsonArray([.. Enumerable.Range(1, 100).Select(page => JsonNode.Parse(
            $$"""{"sourceId":"{{Source}}","locator":"page {{page}}","supports":["name"],"basis":"Referenced"}"""))]);
        var error = Assert.Single((await Import(400, addition))["errors"]!.AsArray())!;
        Assert.Equal(("too_long", "/additions/0/citations", "officials/dao-duc-toan"),
            ((string?)error["code"], (string?)error["pointer"], (string?)error["record"]));
    }

    [Fact]
    public async Task Two_additions_to_one_record_in_a_bundle_are_rejected()
    {
        var problem = await Import(400, [CreateAddition(), CreateAddition()], isNdjson: false);
        Assert.Equal("duplicate_id", (string?)problem["errors"]![0]!["code"]);
    }

    [Fact]
    public async Task Editor_of_other_provinces_cannot_extend_a_record()
    {
        var before = await Get(Official);
        var editorOfAllProvinces = key;
        key = (await service.CreateKey(Role.Editor, ["an-giang"])).Secret;
        Assert.Equal("province_forbidden", (string?)(await Import(403, CreateAddition()))["code"]);
        key = editorOfAllProvinces;
        Assert.True(JsonNode.DeepEquals(before, await Get(Official)));
    }

    private static JsonObject CreateAddition() => JsonNode.Parse(
        $$"""
        {
          "type": "officials", "id": "dao-duc-toan",
          "positions": [ { "title": "Chức vụ mới", "provinceId": "ha-noi", "observedOn": "2020-01-02" } ],
          "citations": [ { "sourceId": "{{Source}}", "locator": "page 2", "supports": ["positions"], "basis": "Referenced" } ]
        }
        """)!.AsObject();

    private async Task<JsonNode> Get(string address) => await service.SendForJson(HttpStatusCode.OK, "GET", address, key);

    private Task<JsonNode> Import(int status, JsonNode addition, bool isNdjson = false, string query = "") =>
        Import(status, [addition], isNdjson, query);

    private Task<JsonNode> Import(int status, IReadOnlyList<JsonNode> additions, bool isNdjson, string query = "") => isNdjson
        ? Post(status, "application/x-ndjson", string.Concat(additions.Select(addition =>
            new JsonObject { ["type"] = "additions", ["data"] = addition.DeepClone() }.ToJsonString() + "\n")), query)
        : ImportBundle(status, new() { ["additions"] = new JsonArray([.. additions.Select(addition => addition.DeepClone())]) }, query);

    private Task<JsonNode> ImportBundle(int status, JsonObject bundle, string query = "") =>
        Post(status, "application/json", bundle.ToJsonString(), query);

    private async Task<JsonNode> Post(int status, string mediaType, string text, string query)
    {
        using var content = new ByteArrayContent(Encoding.UTF8.GetBytes(text));
        content.Headers.TryAddWithoutValidation("Content-Type", mediaType);
        using var response = await service.Send("POST", "/v1/imports" + query, content, $"Authorization: Bearer {key}");
        var body = await response.ReadText();
        Assert.True((int)response.StatusCode == status, $"{(int)response.StatusCode} {body}");
        return JsonNode.Parse(body)!;
    }
}
