using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using CooperationApi.Contracts;
using CooperationApi.Tests.Access;
using CooperationApi.Tests.Features.Records;

namespace CooperationApi.Tests.Features.Import;

/// <summary>Tests of `POST /v1/imports` with JSON and NDJSON bundles.</summary>
public sealed class ImportEndpointTests : IAsyncLifetime
{
    private const string Address = "/v1/imports", JsonMediaType = "application/json", NdjsonMediaType = "application/x-ndjson";

    private AuthenticatedService service = null!;
    private string key = "";

    public async ValueTask InitializeAsync()
    {
        service = await AuthenticatedService.Start();
        key = await service.CreateKeySecret(Role.Editor);
    }

    public ValueTask DisposeAsync() => service.DisposeAsync();

    [Theory]
    [InlineData(JsonMediaType)]
    [InlineData(NdjsonMediaType)]
    public async Task Repeated_import_of_a_bundle_changes_nothing(string type)
    {
        var bundle = type == JsonMediaType
            ? new JsonObject { ["organizations"] = new JsonArray(CreateOrganization("a"), CreateOrganization("b")) }.ToJsonString()
            : CreateLine("a") + "\r\n\n" + CreateLine("b");
        var before = await GetRevision();
        Assert.Equal((2, 0, 0, before + 2, false), ReadReport(await ImportForJson(200, type, bundle)));
        Assert.Equal((0, 0, 2, before + 2, false), ReadReport(await ImportForJson(200, type, bundle)));
        Assert.Equal(200, await service.GetStatusCode("/v1/organizations/b"));
    }

    [Fact]
    public async Task Lines_may_refer_to_records_of_later_lines()
    {
        var organization = CreateOrganization("first");
        organization["parentId"] = "second";
        await ImportForJson(200, NdjsonMediaType,
            $$"""{"type":"organizations","data":{{organization.ToJsonString()}}}""" + "\n" + CreateLine("second") + "\n");
        Assert.Equal("second", (string?)(await service.SendForJson(HttpStatusCode.OK, "GET", "/v1/organizations/first", key))["parentId"]);
    }

    [Fact]
    public async Task Dry_run_reports_the_result_and_saves_nothing()
    {
        var before = await GetRevision();
        Assert.Equal((1, 0, 0, before + 1, true), ReadReport(await ImportForJson(200, NdjsonMediaType, CreateLine("a"), "?dryRun=true")));
        Assert.Equal(before, await GetRevision());
        Assert.Equal(404, await service.GetStatusCode("/v1/organizations/a"));
        Assert.Equal(["/0/data/name"],
            GetPointers(
                await ImportForJson(400, NdjsonMediaType, CreateLine("a").Replace("Sở Du lịch Hưng Yên", "", StringComparison.Ordinal),
                    "?dryRun=true")));
    }

    [Fact]
    public async Task Error_in_the_last_line_rolls_back_the_import_and_is_reported_with_its_pointer()
    {
        var before = await GetRevision();
        var lines = string.Join('\n', Enumerable.Range(0, 3000).Select(i => CreateLine($"o-{i}"))) + "\n"
            + CreateLine("last").Replace("hung-yen-2025", "nowhere", StringComparison.Ordinal);
        var problem = await ImportForJson(400, NdjsonMediaType, lines);
        var error = Assert.Single(problem["errors"]!.AsArray())!;
        Assert.Equal(("unknown_reference", "/3000/data/provinceId", "organizations/last", 1L),
            ((string?)error["code"], (string?)error["pointer"], (string?)error["record"], (long)problem["errorCount"]!));
        Assert.Equal(before, await GetRevision());
        Assert.Equal(404, await service.GetStatusCode("/v1/organizations/o-0"));
    }

    [Fact]
    public async Task All_errors_are_counted_and_the_first_1000_reported()
    {
        var problem =
            await ImportForJson(400, NdjsonMediaType, string.Join('\n', Enumerable.Range(0, 1200).Select(i => CreateLine($"Not-{i}"))));
        Assert.Equal((1000, 1200L), (problem["errors"]!.AsArray().Count, (long)problem["errorCount"]!));
        Assert.Equal("/999/data/id", GetPointers(problem)[999]);
    }

    [Fact]
    public async Task Every_invalid_line_is_reported_and_the_lines_after_it_are_still_read()
    {
        var lines = new[]
        {
            "not json", "[]", "{}", """{"type":"organisations","data":{}}""", """{"type":"organizations","data":{},"op":"upsert"}""",
            CreateLine("good"),
            """{"type":"organizations","data":{"id":"x","name":"\ud800","kind":"Fund","citations":[]}}""",
            """{"type":"meetings","type":"meetings","data":{}}""", CreateLine("cut")[..40],
        };
        var errors = (await ImportForJson(400, NdjsonMediaType, string.Join('\n', lines)))["errors"]!.AsArray();
        Assert.Equal(
            ["/0 invalid_json", "/1 invalid_json", "/2 required_members_missing", "/3/type unknown_resource", "/4/op unknown_member",
                "/4/data required_members_missing", "/6/data/name invalid_unicode", "/7 invalid_json", "/8 invalid_json"],
            errors.Select(error => $"{error!["pointer"]} {error["code"]}"));
        Assert.Equal("organizations", (string?)errors[3]!["suggestion"]);
    }

    [Theory]
    [InlineData(NdjsonMediaType, """{"type":"organizations","data":{"id":"a?","name":"b"}}""", "/0/data/id")]
    [InlineData(NdjsonMediaType, """{"type":"\ud800","data":{}}""", "/0/type")]
    [InlineData(NdjsonMediaType, """{"ty?pe":"organizations"}""", "/0")]
    [InlineData(NdjsonMediaType, """{"type":"organizations","data":{"id":"a","name":"\ufffe","kind":"Fund","citations":[]}}""",
        "/0/data/name")]
    [InlineData(JsonMediaType, """{"organizations":[{"id":"a?","name":"b"}]}""", "/organizations/0/id")]
    [InlineData(JsonMediaType, """{"organizations":[{"id":"\ud800","name":"b"}]}""", "/organizations/0/id")]
    [InlineData(JsonMediaType, """{"?":[]}""", "")]
    public async Task Text_that_is_not_Unicode_is_rejected_with_its_place(string mediaType, string body, string pointer)
    {
        // The byte 0xFF in place of each question mark is invalid in UTF-8.
        var bytes = Encoding.UTF8.GetBytes(body).Select(value => value == (byte)'?' ? (byte)0xFF : value).ToArray();
        using var content = new ByteArrayContent(bytes);
        content.Headers.TryAddWithoutValidation("Content-Type", mediaType);
        using var response = await service.Send("POST", Address, content, $"Authorization: Bearer {key}");
        var error = Assert.Single((await ApiFixture.ReadProblem(400, response))["errors"]!.AsArray())!;
        Assert.Equal(("invalid_unicode", pointer), ((string?)error["code"], (string?)error["pointer"]));
    }

    [Fact]
    public async Task Equivalent_JSON_spellings_of_a_line_change_nothing()
    {
        var data = CreateOrganization("lines");
        data["name"] = "Sở null";
        await ImportForJson(200, NdjsonMediaType,
            new JsonObject { ["type"] = "organizations", ["data"] = data.DeepClone() }.ToJsonString(ApiJson.Options));
        var json = data.ToJsonString(ApiJson.Options);
        string[] variants =
        [
            $$"""{"data":{{json}},"type":"organizations"}""", $$""" { "type" : "organizations" , "data" : {{json}} } """ + "\r",
            $$"""{"\u0074ype":"organizations","data":{{json}}}""",
            $$"""{"type":"organizations","data":{{json.Replace("null", "\\u006eull", StringComparison.Ordinal)}}}""",
        ];
        var revision = await GetRevision();
        foreach (var variant in variants)
            Assert.Equal((0, 0, 1, revision, false), ReadReport(await ImportForJson(200, NdjsonMediaType, variant)));
    }

    [Theory]
    [InlineData("\"kind\":\"Other\"", "\"kind\":\"Other\",\"parentId\":null", "/0/data/parentId null_value")]
    [InlineData("[\"name\"]", "[\"name\",null]", "/0/data/citations/0/supports/1 null_value")]
    [InlineData("\"kind\":\"Other\"", "\"kind\":\"Other\",\"kind\":\"Other\"", "/0 invalid_json")]
    [InlineData("\"locator\":", "\"basis\":\"Referenced\",\"locator\":", "/0 invalid_json")]
    [InlineData("\"kind\":\"Other\"", "\"Kind\":\"Other\"", "/0/data/Kind unknown_member")]
    [InlineData("\"kind\":\"Other\"", "\"kind\":0", "/0/data/kind wrong_type")]
    [InlineData("\"type\":\"organizations\"", "\"type\":7", "/0/type unknown_resource")]
    [InlineData("\"wrong\"}}", "\"wrong\"}}{}", "/0 invalid_json")]
    [InlineData("\"wrong\"}}", "\"wrong\"},\"op\":\"upsert\"}", "/0/op unknown_member")]
    public async Task Error_in_a_line_is_reported_with_its_pointer(string original, string replacement, string expectedError)
    {
        var line = CreateLine("wrong");
        Assert.Contains(original, line, StringComparison.Ordinal);
        var errors = (await ImportForJson(400, NdjsonMediaType,
            line.Replace(original, replacement, StringComparison.Ordinal)))["errors"]!.AsArray();
        Assert.Equal(expectedError, $"{errors[0]!["pointer"]} {errors[0]!["code"]}");
    }

    [Fact]
    public async Task Line_nested_1000_levels_deep_is_reported_as_invalid_JSON()
    {
        var deep = string.Concat(Enumerable.Repeat("[", 1000)) + string.Concat(Enumerable.Repeat("]", 1000));
        var problem = await ImportForJson(400, NdjsonMediaType, CreateLine("deep").Replace("[\"name\"]", deep, StringComparison.Ordinal));
        Assert.Equal("/0 invalid_json", $"{problem["errors"]![0]!["pointer"]} {problem["errors"]![0]!["code"]}");
    }

    [Fact]
    public async Task Duplicate_record_is_rejected_at_its_second_occurrence()
    {
        var problem = await ImportForJson(400, NdjsonMediaType,
            $"{CreateLine("a")}\n{CreateLine("b")}\n{CreateLine("a").Replace("Sở", "Hội", StringComparison.Ordinal)}");
        Assert.Equal(("duplicate_id", "/2/data/id"), ((string?)problem["errors"]![0]!["code"], (string?)problem["errors"]![0]!["pointer"]));
    }

    [Fact]
    public async Task Too_long_line_is_rejected()
    {
        var problem =
            await ImportForJson(400, NdjsonMediaType, CreateLine("a") + "\n" + new string('x', 1_100_000) + "\n" + CreateLine("b"));
        Assert.Equal("/1 line_too_long", $"{problem["errors"]![0]!["pointer"]} {problem["errors"]![0]!["code"]}");
    }

    [Fact]
    public async Task Decomposed_text_is_normalized_to_NFC()
    {
        await ImportForJson(200, NdjsonMediaType,
            CreateLine("nfd").Replace("Sở Du lịch", "Sở Du lịch".Normalize(NormalizationForm.FormD), StringComparison.Ordinal));
        Assert.Equal("Sở Du lịch Hưng Yên",
            (string?)(await service.SendForJson(HttpStatusCode.OK, "GET", "/v1/organizations/nfd", key))["name"]);
    }

    [Fact]
    public async Task Import_requires_an_editor_key_with_rights_for_the_records()
    {
        var before = await GetRevision();
        var foreignSecret = (await service.CreateKey(Role.Editor, ["ha-noi"])).Secret;
        var ownSecret = (await service.CreateKey(Role.Editor, ["hung-yen-2025"])).Secret;
        Assert.Equal(401, await ImportAs(null));
        Assert.Equal(403, await ImportAs(await service.CreateKeySecret(Role.Reader)));
        Assert.Equal(403, await ImportAs(foreignSecret));
        Assert.Equal(before, await GetRevision());
        Assert.Equal(200, await ImportAs(ownSecret));

        async Task<int> ImportAs(string? secret)
        {
            using var response = await Post(secret, NdjsonMediaType, CreateLine("a"), "");
            return (int)response.StatusCode;
        }
    }

    [Theory]
    [InlineData("text/csv")]
    [InlineData("application/json; charset=utf-16")]
    public async Task Unsupported_media_types_are_rejected(string type) =>
        Assert.Equal("unsupported_media_type", (string?)(await ImportForJson(415, type, CreateLine("a")))["code"]);

    [Fact]
    public async Task Meeting_date_must_be_within_the_validity_of_its_provinces()
    {
        var meeting = (await service.SendForJson(HttpStatusCode.OK, "GET", "/v1/meetings/" + SeedFacts.ConferenceId, key)).AsObject();
        meeting.Remove("revision");
        // A meeting of its own: the agreement of the conference cannot precede it.
        meeting["id"] = "cuoc-gap-vi-du";
        meeting["heldOn"] = "2026-10-26";
        var problem =
            await ImportForJson(400, JsonMediaType, new JsonObject { ["meetings"] = new JsonArray(meeting.DeepClone()) }.ToJsonString());
        var errors = problem["errors"]!.AsArray();
        Assert.All(errors, error => Assert.Equal("province_not_in_force", (string?)error!["code"]));
        Assert.Contains("thai-binh", (string?)errors[0]!["detail"], StringComparison.Ordinal);
        Assert.StartsWith("/meetings/0/", (string?)errors[0]!["pointer"], StringComparison.Ordinal);

        // The province existed until 2025-06-30.
        meeting["heldOn"] = "2025-06";
        await ImportForJson(200, JsonMediaType, new JsonObject { ["meetings"] = new JsonArray(meeting.DeepClone()) }.ToJsonString());
        meeting["heldOn"] = "2025-07";
        await ImportForJson(400, JsonMediaType, new JsonObject { ["meetings"] = new JsonArray(meeting.DeepClone()) }.ToJsonString());
    }

    [Fact]
    public async Task Province_cannot_end_before_the_meetings_that_refer_to_it()
    {
        var province = (await service.SendForJson(HttpStatusCode.OK, "GET", "/v1/provinces/thai-binh", key)).AsObject();
        province.Remove("revision");
        province["validTo"] = "2015-06-30";
        province["versions"]!.AsArray()[^1]!["validTo"] = "2015-06-30";
        var problem = await ImportForJson(400, JsonMediaType, new JsonObject { ["provinces"] = new JsonArray(province) }.ToJsonString());
        Assert.Contains("province_not_in_force", problem["errors"]!.AsArray().Select(error => (string?)error!["code"]));
        Assert.Contains("meetings/" + SeedFacts.ConferenceId, problem["errors"]!.AsArray().Select(error => (string?)error!["record"]));
    }

    private static JsonObject CreateOrganization(string id)
    {
        var organization = RecordWriteTests.CreateOrganization();
        organization["id"] = id;
        return organization;
    }

    private static string CreateLine(string id) =>
        new JsonObject { ["type"] = "organizations", ["data"] = CreateOrganization(id) }.ToJsonString(ApiJson.Options);

    private static string[] GetPointers(JsonNode problem) => [.. problem["errors"]!.AsArray().Select(error => (string)error!["pointer"]!)];

    private static (int, int, int, long, bool) ReadReport(JsonNode report) =>
        ((int)report["created"]!, (int)report["replaced"]!, (int)report["unchanged"]!, (long)report["revision"]!, (bool)report["dryRun"]!);

    private async Task<long> GetRevision() => (long)(await service.SendForJson(HttpStatusCode.OK, "GET", "/v1/status", key))["revision"]!;

    private async Task<JsonNode> ImportForJson(int status, string type, string body, string query = "")
    {
        using var response = await Post(key, type, body, query);
        var text = await response.ReadText();
        Assert.True((int)response.StatusCode == status, $"{(int)response.StatusCode} {text}");
        return JsonNode.Parse(text)!;
    }

    private async Task<HttpResponseMessage> Post(string? secret, string type, string body, string query)
    {
        using var content = new ByteArrayContent(Encoding.UTF8.GetBytes(body));
        content.Headers.TryAddWithoutValidation("Content-Type", type);
        return await service.Send("POST", Address + query, content, secret is null ? [] : [$"Authorization: Bearer {secret}"]);
    }
}
