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
            ["/0 body_not_json", "/1 line_not_object", "/2 required_members_missing", "/3/type unknown_resource", "/4/op unknown_member",
                "/4/data required_members_missing", "/6/data/name invalid_unicode", "/7 json_duplicate_member", "/8 json_incomplete"],
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
    [InlineData("\"kind\":\"Other\"", "\"kind\":\"Other\",\"kind\":\"Other\"", "/0 json_duplicate_member")]
    [InlineData("\"locator\":", "\"basis\":\"Referenced\",\"locator\":", "/0 json_duplicate_member")]
    [InlineData("\"kind\":\"Other\"", "\"Kind\":\"Other\"", "/0/data/Kind unknown_member")]
    [InlineData("\"kind\":\"Other\"", "\"kind\":0", "/0/data/kind text_required")]
    [InlineData("\"type\":\"organizations\"", "\"type\":7", "/0/type unknown_resource")]
    [InlineData("\"wrong\"}}", "\"wrong\"}}{}", "/0 json_text_after_end")]
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
    public async Task Line_nested_1000_levels_deep_is_rejected()
    {
        var deep = string.Concat(Enumerable.Repeat("[", 1000)) + string.Concat(Enumerable.Repeat("]", 1000));
        var problem = await ImportForJson(400, NdjsonMediaType, CreateLine("deep").Replace("[\"name\"]", deep, StringComparison.Ordinal));
        Assert.Equal("/0 json_too_deep", $"{problem["errors"]![0]!["pointer"]} {problem["errors"]![0]!["code"]}");
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

    [Theory]
    [InlineData("")]
    [InlineData("?onConflict=refuse")]
    [InlineData("?dryRun=true")]
    public async Task Import_that_would_replace_records_is_refused_with_what_each_would_lose(string query)
    {
        var first = await GetOfficial("dao-duc-toan");
        first["positions"] = new JsonArray(new JsonObject { ["title"] = "Chức vụ khác", ["provinceId"] = "ha-noi", ["from"] = "2020" });
        first["citations"] = CreateOrganization("a")["citations"]!.DeepClone();
        var second = await GetOfficial("nguyen-thi-bich-ngoc");
        second["aliases"]!.AsArray().Add("Bích Ngọc");
        var bundle = new JsonObject
        {
            ["officials"] = new JsonArray(first, second),
            ["organizations"] = new JsonArray(CreateOrganization("a")),
        }.ToJsonString();
        var before = await GetRevision();
        var stored = await GetOfficial("dao-duc-toan");

        var problem = await ImportForJson(409, JsonMediaType, bundle, query);
        Assert.Equal(("import_conflict", 2L), ((string?)problem["code"], (long)problem["errorCount"]!));
        var errors = problem["errors"]!.AsArray();
        Assert.Equal(["officials/dao-duc-toan", "officials/nguyen-thi-bich-ngoc"], errors.Select(error => (string?)error!["record"]));
        Assert.Equal(["/officials/0", "/officials/1"], GetPointers(problem));
        string[] lost =
        [
            .. stored["positions"]!.AsArray().Select((_, i) => $"/positions/{i}"),
            .. stored["citations"]!.AsArray().Select((_, i) => $"/citations/{i}"),
        ];
        Assert.Equal(lost, errors[0]!["lost"]!.AsArray().Select(pointer => (string)pointer!));
        Assert.Equal(lost.Length, (int)errors[0]!["lostCount"]!);
        // A record that would only gain an entry loses nothing.
        Assert.Equal((null, 0), (errors[1]!["lost"], (int)errors[1]!["lostCount"]!));
        Assert.Equal(before, await GetRevision());
        Assert.Equal(404, await service.GetStatusCode("/v1/organizations/a"));
    }

    [Fact]
    public async Task Lost_values_are_members_and_list_entries_that_the_new_record_does_not_have()
    {
        var meeting = await GetRecord("meetings/" + SeedFacts.ConferenceId);
        meeting["provinceIds"] = new JsonArray([.. meeting["provinceIds"]!.AsArray().Reverse().Select(id => id!.DeepClone())]);
        meeting["title"] = "Một hội nghị khác";
        meeting["participants"]!.AsArray().RemoveAt(1);
        meeting.Remove("summary");
        var problem =
            await ImportForJson(409, JsonMediaType, new JsonObject { ["meetings"] = new JsonArray(meeting) }.ToJsonString());
        Assert.Equal(["/participants/1", "/summary", "/title"],
            problem["errors"]![0]!["lost"]!.AsArray().Select(pointer => (string)pointer!).Order(StringComparer.Ordinal));
    }

    [Theory]
    [InlineData("keep", "replaced", "kept")]
    [InlineData("replace", "kept", "replaced")]
    public async Task Report_lists_the_records_of_each_outcome_and_the_dry_run_reports_the_same(string onConflict, string none, string some)
    {
        await ImportForJson(200, NdjsonMediaType, CreateLine("same") + "\n" + CreateLine("other"));
        var lines = CreateLine("new") + "\n" + CreateLine("other").Replace("Sở Du lịch", "Hội", StringComparison.Ordinal) + "\n"
            + CreateLine("same");
        var preview = (await ImportForJson(200, NdjsonMediaType, lines, $"?onConflict={onConflict}&dryRun=true")).AsObject();
        var report = (await ImportForJson(200, NdjsonMediaType, lines, $"?onConflict={onConflict}")).AsObject();
        Assert.True((bool)preview["dryRun"]!);
        preview["dryRun"] = false;
        Assert.True(JsonNode.DeepEquals(preview, report), preview + "\n" + report);
        foreach (var (outcome, id) in new[] { ("created", "new"), (some, "other"), ("unchanged", "same") })
        {
            Assert.Equal(1, (int)report[outcome]!);
            Assert.Equal("organizations/" + id, (string?)Assert.Single(report[outcome + "Records"]!.AsArray()));
        }
        Assert.Equal(0, (int)report[none]!);
        Assert.Empty(report[none + "Records"]!.AsArray());
        Assert.Equal(onConflict == "replace" ? "Hội Hưng Yên" : "Sở Du lịch Hưng Yên",
            (string?)(await GetRecord("organizations/other"))["name"]);
    }

    [Fact]
    public async Task Reports_list_at_most_1000_records_and_50_lost_values_and_count_all()
    {
        var many = CreateOrganization("o-0");
        var citation = many["citations"]![0]!;
        many["citations"] = new JsonArray([.. Enumerable.Range(0, 60).Select(i => With(citation, "locator", $"đoạn {i}"))]);
        var others = Enumerable.Range(1, 1000).Select(i => CreateLine($"o-{i}")).ToList();
        var report = await ImportForJson(200, NdjsonMediaType, string.Join('\n', others.Prepend(
            new JsonObject { ["type"] = "organizations", ["data"] = many }.ToJsonString(ApiJson.Options))));
        Assert.Equal((1001, 1000), ((int)report["created"]!, report["createdRecords"]!.AsArray().Count));

        var problem = await ImportForJson(409, NdjsonMediaType, string.Join('\n', others.Prepend(CreateLine("o-0")))
            .Replace("đoạn 1", "đoạn 99", StringComparison.Ordinal));
        var errors = problem["errors"]!.AsArray();
        Assert.Equal((1001L, 1000), ((long)problem["errorCount"]!, errors.Count));
        Assert.Equal((60, 50), ((int)errors[0]!["lostCount"]!, errors[0]!["lost"]!.AsArray().Count));

        static JsonNode With(JsonNode node, string member, string value)
        {
            var copy = node.DeepClone();
            copy[member] = value;
            return copy;
        }
    }

    [Fact]
    public async Task Duplicate_of_a_kept_record_is_rejected()
    {
        await ImportForJson(200, NdjsonMediaType, CreateLine("a"));
        var other = CreateLine("a").Replace("Sở", "Hội", StringComparison.Ordinal);
        var problem = await ImportForJson(400, NdjsonMediaType, $"{other}\n{other}", "?onConflict=keep");
        Assert.Equal("duplicate_id", (string?)problem["errors"]![0]!["code"]);
    }

    [Fact]
    public async Task Kept_record_of_another_province_needs_no_permission_and_a_replaced_one_does()
    {
        await ImportForJson(200, NdjsonMediaType, CreateLine("a"));
        var foreignSecret = (await service.CreateKey(Role.Editor, ["ha-noi"])).Secret;
        var other = CreateLine("a").Replace("Sở", "Hội", StringComparison.Ordinal);
        foreach (var (onConflict, expectedStatus) in new[] { ("keep", 200), ("refuse", 403), ("replace", 403) })
        {
            using var response = await Post(foreignSecret, NdjsonMediaType, other, $"?onConflict={onConflict}");
            Assert.Equal((onConflict, expectedStatus), (onConflict, (int)response.StatusCode));
        }
    }

    [Fact]
    public async Task Meeting_date_must_be_within_the_validity_of_its_provinces()
    {
        var meeting = (await service.SendForJson(HttpStatusCode.OK, "GET", "/v1/meetings/" + SeedFacts.ConferenceId, key)).AsObject();
        meeting.Remove("revision");
        // A meeting of its own: the agreement of the conference cannot precede it.
        meeting["id"] = "cuoc-gap-vi-du";
        meeting["heldOn"] = "2026-10-26";
        var problem = await ReplaceMeeting(400);
        var errors = problem["errors"]!.AsArray();
        Assert.All(errors, error => Assert.Equal("province_not_in_force", (string?)error!["code"]));
        Assert.Contains("thai-binh", (string?)errors[0]!["detail"], StringComparison.Ordinal);
        Assert.StartsWith("/meetings/0/", (string?)errors[0]!["pointer"], StringComparison.Ordinal);

        // The province existed until 2025-06-30.
        meeting["heldOn"] = "2025-06";
        await ReplaceMeeting(200);
        meeting["heldOn"] = "2025-07";
        await ReplaceMeeting(400);

        Task<JsonNode> ReplaceMeeting(int status) => ImportForJson(status, JsonMediaType,
            new JsonObject { ["meetings"] = new JsonArray(meeting.DeepClone()) }.ToJsonString(), "?onConflict=replace");
    }

    [Fact]
    public async Task Province_cannot_end_before_the_meetings_that_refer_to_it()
    {
        var province = (await service.SendForJson(HttpStatusCode.OK, "GET", "/v1/provinces/thai-binh", key)).AsObject();
        province.Remove("revision");
        province["validTo"] = "2015-06-30";
        province["versions"] = new JsonArray(province["versions"]!.AsArray()[0]!.DeepClone());
        province["versions"]!.AsArray()[0]!["validTo"] = "2015-06-30";
        var problem = await ImportForJson(400, JsonMediaType, new JsonObject { ["provinces"] = new JsonArray(province) }.ToJsonString(),
            "?onConflict=replace");
        Assert.Contains("province_not_in_force", problem["errors"]!.AsArray().Select(error => (string?)error!["code"]));
        Assert.Contains("meetings/" + SeedFacts.ConferenceId, problem["errors"]!.AsArray().Select(error => (string?)error!["record"]));
    }

    private async Task<JsonObject> GetRecord(string name)
    {
        var record = (await service.SendForJson(HttpStatusCode.OK, "GET", $"/v1/{name}", key)).AsObject();
        record.Remove("revision");
        return record;
    }

    private Task<JsonObject> GetOfficial(string id) => GetRecord("officials/" + id);

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
