using System.Globalization;
using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using CooperationApi.Contracts;
using CooperationApi.Tests.Access;
using Dapper;

namespace CooperationApi.Tests.Features.Records;

/// <summary>Tests of creating, replacing, patching and deleting records, with preconditions and permissions.</summary>
public sealed class RecordWriteTests : IAsyncLifetime
{
    private const string RecordUrl = "/v1/organizations/so-du-lich-hung-yen";

    private AuthenticatedService service = null!;
    private string key = "";

    public async ValueTask InitializeAsync()
    {
        service = await AuthenticatedService.Start();
        key = await service.CreateKeySecret(Role.Editor);
    }

    public ValueTask DisposeAsync() => service.DisposeAsync();

    [Fact]
    public async Task Record_is_created_read_replaced_and_deleted()
    {
        using var created = await PutRecord(CreateOrganization(), "If-None-Match: *");
        Assert.Equal((201, RecordUrl), ((int)created.StatusCode, created.GetHeader("Location")));
        Assert.Equal(await ReadBody(created), await ReadBody(await service.Get(RecordUrl)));
        Assert.Equal(created.GetHeader("ETag"), (await service.Get(RecordUrl)).GetHeader("ETag"));

        var record = JsonNode.Parse(await ReadBody(created))!;
        record["name"] = "Sở Văn hóa, Thể thao và Du lịch tỉnh Hưng Yên";
        using var replaced = await PutRecord(record, $"If-Match: {created.GetHeader("ETag")}");
        Assert.Equal(200, (int)replaced.StatusCode);
        var current = JsonNode.Parse(await ReadBody(replaced))!;
        Assert.Equal((long)record["revision"]! + 1, (long)current["revision"]!);
        Assert.Equal((string?)record["name"], (string?)current["name"]);
        Assert.Equal([current.ToJsonString(ApiJson.Options)],
            (await GetItems("/v1/organizations?q=the%20thao%20du%20lich%20hung%20yen")).ConvertAll(
                item => item.ToJsonString(ApiJson.Options)));

        using var deleted = await service.Send("DELETE", RecordUrl, key, null, $"If-Match: {replaced.GetHeader("ETag")}");
        Assert.Equal(204, (int)deleted.StatusCode);
        Assert.Equal("record_deleted", await service.SendForProblemCode(410, "GET", RecordUrl));
        Assert.Empty(await GetItems("/v1/organizations?q=the%20thao%20du%20lich%20hung%20yen"));
        Assert.Empty(await GetItems("/v1/search?q=du%20lich%20hung%20yen&types=organizations"));
        Assert.Equal("record_deleted",
            await service.SendForProblemCode(410, "DELETE", RecordUrl, key, null, $"If-Match: {replaced.GetHeader("ETag")}"));
    }

    [Fact]
    public async Task Stale_revision_in_body_is_rejected_and_a_retry_of_the_accepted_write_succeeds()
    {
        using var created = await PutRecord(CreateOrganization(), "If-None-Match: *");
        var (first, second) = (JsonNode.Parse(await ReadBody(created))!, JsonNode.Parse(await ReadBody(created))!);
        (first["name"], second["name"]) = ("Tên thứ nhất", "Tên thứ hai");
        using var accepted = await PutRecord(first, $"If-Match: {created.GetHeader("ETag")}");
        using var rejected = await PutRecord(second, $"If-Match: {created.GetHeader("ETag")}");
        using var retried = await PutRecord(first, $"If-Match: {created.GetHeader("ETag")}");
        Assert.Equal((200, 412, 200), ((int)accepted.StatusCode, (int)rejected.StatusCode, (int)retried.StatusCode));
        Assert.Equal((accepted.GetHeader("ETag"), accepted.GetHeader("ETag")), (rejected.GetHeader("ETag"), retried.GetHeader("ETag")));
    }

    [Fact]
    public async Task Corrupt_record_is_never_archived_as_an_earlier_version()
    {
        using var created = await PutRecord(CreateOrganization(), "If-None-Match: *");
        using var connection = TestStore.CreateConnection(service.StorePath);
        await connection.ExecuteAsync(
            $"UPDATE record SET body = {TestStore.ReplaceJson("body", "Hưng", "Hung")} "
            + "WHERE type = 'organizations' AND id = 'so-du-lich-hung-yen'");
        using var rejected = await PutRecord(CreateOrganization("Tên khác"), $"If-Match: {created.GetHeader("ETag")}");
        Assert.Equal(503, (int)rejected.StatusCode);
        Assert.Equal(0L, await connection.QuerySingleAsync<long>("SELECT count(archived_body) FROM change"));
        Assert.Equal(503, await service.GetStatusCode($"{RecordUrl}?revision={JsonNode.Parse(await ReadBody(created))!["revision"]}"));
    }

    [Fact]
    public async Task Second_write_with_the_same_ETag_is_rejected_until_it_sends_the_new_ETag()
    {
        using var created = await PutRecord(CreateOrganization(), "If-None-Match: *");
        var (first, second) = (CreateOrganization(), CreateOrganization());
        (first["name"], second["name"]) = ("Tên thứ nhất", "Tên thứ hai");
        using var accepted = await PutRecord(first, $"If-Match: {created.GetHeader("ETag")}");
        using var rejected = await PutRecord(second, $"If-Match: {created.GetHeader("ETag")}");
        Assert.Equal((200, 412), ((int)accepted.StatusCode, (int)rejected.StatusCode));
        Assert.Equal("precondition_failed", (string?)(await ApiFixture.ReadProblem(412, rejected))["code"]);
        Assert.Equal(accepted.GetHeader("ETag"), rejected.GetHeader("ETag"));
        using var retried = await PutRecord(second, $"If-Match: {rejected.GetHeader("ETag")}");
        Assert.Equal(200, (int)retried.StatusCode);
    }

    [Fact]
    public async Task Repeated_write_changes_nothing_and_returns_the_same_response()
    {
        using var created = await PutRecord(CreateOrganization(), "If-None-Match: *");
        using var recreated = await PutRecord(CreateOrganization(), "If-None-Match: *");
        Assert.Equal((200, created.GetHeader("ETag"), await ReadBody(created)),
            ((int)recreated.StatusCode, recreated.GetHeader("ETag"), await ReadBody(recreated)));
        Assert.Equal("precondition_failed",
            await service.SendForProblemCode(412, "PUT", RecordUrl, key, CreateOrganization("Khác"), "If-None-Match: *"));

        var patch = new JsonObject { ["name"] = "Tên mới" };
        using var patched = await PatchRecord(patch, $"If-Match: {created.GetHeader("ETag")}");
        using var repeated = await PatchRecord(patch, $"If-Match: {created.GetHeader("ETag")}");
        Assert.Equal((200, patched.GetHeader("ETag")), ((int)repeated.StatusCode, repeated.GetHeader("ETag")));
        Assert.NotEqual(created.GetHeader("ETag"), patched.GetHeader("ETag"));
    }

    [Fact]
    public async Task Patch_replaces_members_and_removes_those_that_are_null()
    {
        var record = CreateOrganization();
        using var created = await PutRecord(record, "If-None-Match: *");
        using var patched =
            await PatchRecord(new JsonObject { ["provinceId"] = null, ["name"] = "Sở Du lịch" }, $"If-Match: {created.GetHeader("ETag")}");
        var current = JsonNode.Parse(await ReadBody(patched))!;
        Assert.Equal((200, "Sở Du lịch", null), ((int)patched.StatusCode, (string?)current["name"], (string?)current["provinceId"]));
        Assert.Equal(record["citations"]!.ToJsonString(), current["citations"]!.ToJsonString());
        using var rejected =
            await PatchRecord(new JsonObject { ["citations"] = null, ["kind"] = "Nothing" }, $"If-Match: {patched.GetHeader("ETag")}");
        var errors =
            (await ApiFixture.ReadProblem(400, rejected))["errors"]!.AsArray().Select(error => $"{error!["pointer"]} {error["code"]}");
        Assert.Equal([" required_members_missing", "/kind not_allowed"], errors.Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task Dry_run_returns_the_outcome_and_saves_nothing()
    {
        using var dryRun = await service.Send("PUT", RecordUrl + "?dryRun=true", key, CreateOrganization(), "If-None-Match: *");
        Assert.Equal((200, null), ((int)dryRun.StatusCode, dryRun.GetHeader("ETag")));
        Assert.Equal("Sở Du lịch Hưng Yên", (string?)JsonNode.Parse(await ReadBody(dryRun))!["name"]);
        Assert.Equal("record_not_found", await service.SendForProblemCode(404, "GET", RecordUrl));
        using var deleted =
            await service.Send("DELETE", "/v1/statements/" + await GetFirstId("statements") + "?dryRun=true", key, null, "If-Match: *");
        Assert.Equal(204, (int)deleted.StatusCode);
        Assert.Equal(200, await service.GetStatusCode("/v1/statements/" + await GetFirstId("statements")));
    }

    [Fact]
    public async Task Prefer_return_minimal_omits_the_record_from_the_response()
    {
        using var created = await PutRecord(CreateOrganization(), "If-None-Match: *", "Prefer: return=minimal");
        Assert.Equal((201, "return=minimal", ""),
            ((int)created.StatusCode, created.GetHeader("Preference-Applied"), await ReadBody(created)));
        using var replaced =
            await PutRecord(CreateOrganization("Khác"), $"If-Match: {created.GetHeader("ETag")}", "Prefer: wait=5, return=minimal; a=b");
        Assert.Equal((204, ""), ((int)replaced.StatusCode, await ReadBody(replaced)));
        Assert.Equal((await service.Get(RecordUrl)).GetHeader("ETag"), replaced.GetHeader("ETag"));
    }

    [Fact]
    public async Task Referenced_record_is_not_deleted_and_the_referring_records_are_listed()
    {
        using var response = await service.Send("DELETE", "/v1/meetings/hoi-nghi-ha-noi-thai-binh-2019-10-26", key, null, "If-Match: *");
        var problem = await ApiFixture.ReadProblem(409, response);
        Assert.Equal("still_referenced", (string?)problem["code"]);
        Assert.Contains(problem["errors"]!.AsArray(),
            error => ((string)error!["detail"]!).Contains("noi-dung-hop-tac-ha-noi-thai-binh-2019", StringComparison.Ordinal));
        Assert.Equal(200, await service.GetStatusCode("/v1/meetings/hoi-nghi-ha-noi-thai-binh-2019-10-26"));
    }

    [Theory]
    [InlineData("PUT", 428, "precondition_required")]
    [InlineData("PATCH", 428, "precondition_required")]
    [InlineData("DELETE", 428, "precondition_required")]
    [InlineData("PUT", 400, "precondition_invalid", "If-Match: x")]
    [InlineData("PUT", 412, "precondition_failed", "If-Match: \"nothing-1\"")]
    [InlineData("PATCH", 404, "record_not_found", "If-Match: *")]
    [InlineData("DELETE", 404, "record_not_found", "If-Match: *")]
    public async Task Write_to_a_missing_record_returns_the_matching_error(string method, int status, string code, params string[] headers)
    {
        using var response = await service.Send(method, RecordUrl,
            method == "DELETE" ? null : new StringContent(CreateOrganization().ToJsonString(), Encoding.UTF8,
            method == "PATCH" ? "application/merge-patch+json" : "application/json"), [$"Authorization: Bearer {key}", .. headers]);
        Assert.Equal(code, (string?)(await ApiFixture.ReadProblem(status, response))["code"]);
    }

    [Fact]
    public async Task Weak_ETag_of_a_list_is_no_precondition_for_a_write()
    {
        using var list = await service.Get("/v1/organizations");
        Assert.Equal("precondition_failed",
            await service.SendForProblemCode(412, "DELETE", "/v1/statements/" + await GetFirstId("statements"), key, null,
                $"If-Match: {list.GetHeader("ETag")}"));
    }

    [Theory]
    [InlineData("""{"name":"x","kind":"Other"}""", "/ required_members_missing")]
    [InlineData("""{"name":"x","kind":"Other","citations":[]}""", "/citations too_short")]
    [InlineData(
        """{"id":"other","name":"x","kind":"Other","citations":[{"sourceId":"ha-noi-thai-binh-2019-10-26","locator":"1","""
        + """ "supports":["name"],"basis":"Referenced"}]}""", "/id id_mismatch")]
    [InlineData(
        """{"revision":7,"name":"x","kind":"Other","citations":[{"sourceId":"ha-noi-thai-binh-2019-10-26","locator":"1","""
        + """ "supports":["name"],"basis":"Referenced"}]}""", "/revision revision_mismatch")]
    [InlineData(
        """{"name":"x","kind":"Other","provinceId":"nowhere","citations":[{"sourceId":"none","locator":"1","supports":["name"],"""
        + """ "basis":"Referenced"}]}""", "/provinceId unknown_reference,/citations/0/sourceId unknown_reference")]
    [InlineData("""{"name":"x","name":"y"}""", "/ json_duplicate_member")]
    [InlineData("""{"name":null,"nmae":"x","kind":"Other","citations":[null]}""",
        "/citations/0 null_value,/name null_value,/nmae unknown_member")]
    [InlineData("[1]", "/ object_required")]
    [InlineData("{", "/ json_incomplete")]
    [InlineData("", "/ body_empty")]
    public async Task Invalid_body_is_rejected_with_all_errors(string body, string expected)
    {
        using var response = await service.Send("PUT", RecordUrl, new StringContent(body, Encoding.UTF8, "application/json"),
            $"Authorization: Bearer {key}", "If-None-Match: *");
        var errors = (await ApiFixture.ReadProblem(400, response))["errors"]!.AsArray()
            .Select(error => $"{((string?)error!["pointer"] is "" ? "/" : error["pointer"])} {error["code"]}");
        Assert.Equal(expected.Split(',').Order(StringComparer.Ordinal), errors.Order(StringComparer.Ordinal));
        Assert.Equal(404, await service.GetStatusCode(RecordUrl));
    }

    [Theory]
    [InlineData("PUT", "{\"name\":\"a?b\",\"kind\":\"Other\",\"citations\":[]}", "/name")]
    [InlineData("PUT", "{\"id\":\"so-du-lich\",\"na?me\":\"b\",\"kind\":\"Other\"}", "")]
    [InlineData("PUT", "{\"unknown\":{\"a\":[\"\\ud800\"]}}", "/unknown/a/0")]
    [InlineData("PATCH", "{\"name\":\"a?b\"}", "/name")]
    [InlineData("PATCH", "{\"na?me\":null}", "")]
    [InlineData("PATCH", "{\"note\":\"\\ud800\"}", "/note")]
    [InlineData("PATCH", "{\"citations\":[{\"quote\":\"\\udc00\\ud800\"}]}", "/citations/0/quote")]
    [InlineData("PATCH", "{\"note\":\"\\ufffe\"}", "/note")]
    [InlineData("PATCH", "{\"note\":\"\uFFFE\"}", "/note")]
    public async Task Text_that_is_not_Unicode_is_rejected(string method, string body, string pointer)
    {
        using var created = await PutRecord(CreateOrganization(), "If-None-Match: *");
        // The byte 0xFF in place of each question mark is invalid in UTF-8.
        var bytes = Encoding.UTF8.GetBytes(body).Select(value => value == (byte)'?' ? (byte)0xFF : value).ToArray();
        using var content = new ByteArrayContent(bytes);
        content.Headers.ContentType = new(method == "PATCH" ? "application/merge-patch+json" : "application/json");
        using var response = await service.Send(method, RecordUrl, content, $"Authorization: Bearer {key}", "If-Match: *");
        var error = Assert.Single((await ApiFixture.ReadProblem(400, response))["errors"]!.AsArray())!;
        Assert.Equal(("invalid_unicode", pointer), ((string?)error["code"], (string?)error["pointer"]));
        Assert.Equal(created.GetHeader("ETag"), (await service.Get(RecordUrl)).GetHeader("ETag"));
    }

    [Fact]
    public async Task Byte_order_mark_before_a_body_is_accepted()
    {
        using var created = await service.Send("PUT", RecordUrl,
            new StringContent("\uFEFF" + CreateOrganization().ToJsonString(), Encoding.UTF8, "application/json"),
            $"Authorization: Bearer {key}", "If-None-Match: *");
        Assert.Equal(201, (int)created.StatusCode);
        using var patched = await service.Send("PATCH", RecordUrl,
            new StringContent("\uFEFF{\"name\":\"Sở Du lịch\"}", Encoding.UTF8, "application/merge-patch+json"),
            $"Authorization: Bearer {key}", "If-Match: *");
        Assert.Equal(200, (int)patched.StatusCode);
    }

    [Fact]
    public async Task Patch_of_an_unknown_member_is_rejected_also_if_it_removes_the_member()
    {
        foreach (var (url, patch, pointers) in new[]
        {
            ("/v1/organizations/" + await GetFirstId("organizations"), """{"alias":null,"Name":null}""", new[] { "/alias", "/Name" }),
            ("/v1/agreements/" + await GetFirstId("agreements"), """{"declaredGroups":{"totals":null}}""", ["/declaredGroups/totals"]),
        })
        {
            using var response = await service.Send("PATCH", url, new StringContent(patch, Encoding.UTF8, "application/merge-patch+json"),
                $"Authorization: Bearer {key}", "If-Match: *");
            var errors = (await ApiFixture.ReadProblem(400, response))["errors"]!.AsArray();
            Assert.Equal(pointers, errors.Select(error => (string?)error!["pointer"]));
            Assert.All(errors, error => Assert.Equal("unknown_member", (string?)error!["code"]));
        }
    }

    [Theory]
    [InlineData("W/{0}")]
    [InlineData("W/{0}", "-gzip")]
    [InlineData("{0}", "-gzip")]
    [InlineData("{0}", "-br")]
    public async Task If_Match_accepts_each_form_that_a_proxy_gives_the_current_ETag(string form, string suffix = "")
    {
        using var created = await PutRecord(CreateOrganization(), "If-None-Match: *");
        string FormatTag(string etag) => string.Format(CultureInfo.InvariantCulture, form, etag[..^1] + suffix + "\"");
        using var patched = await PatchRecord(new JsonObject { ["name"] = "Sở Du lịch" }, $"If-Match: {FormatTag(created.GetETag())}");
        Assert.Equal(200, (int)patched.StatusCode);
        using var rejected = await PatchRecord(new JsonObject { ["name"] = "Sở khác" }, $"If-Match: {FormatTag(created.GetETag())}");
        Assert.Equal((412, patched.GetETag()), ((int)rejected.StatusCode, rejected.GetETag()));
    }

    [Fact]
    public async Task Decomposed_text_is_stored_in_NFC()
    {
        using var created =
            await PutRecord(CreateOrganization("Sở Du lịch Hưng Yên".Normalize(NormalizationForm.FormD)), "If-None-Match: *");
        Assert.Equal("Sở Du lịch Hưng Yên", (string?)JsonNode.Parse(await ReadBody(created))!["name"]);
    }

    [Theory, MemberData(nameof(ResourceTypes.AsTheoryData), MemberType = typeof(ResourceTypes))]
    public async Task Record_written_back_as_it_was_read_is_accepted_and_changes_nothing(string type)
    {
        var head = (long)(await GetJson("/v1/provinces?limit=1"))["revision"]!;
        foreach (var record in (await GetItems($"/v1/{type}?limit=5")))
        {
            using var read = await service.Get($"/v1/{type}/{record.GetId()}");
            using var put = await service.Send("PUT", $"/v1/{type}/{record.GetId()}", key, record, $"If-Match: {read.GetHeader("ETag")}");
            Assert.True(put.StatusCode == HttpStatusCode.OK, await ReadBody(put));
            Assert.Equal((await ReadBody(read), read.GetHeader("ETag")), (await ReadBody(put), put.GetHeader("ETag")));
        }
        Assert.Equal(head, (long)(await GetJson("/v1/provinces?limit=1"))["revision"]!);
    }

    [Fact]
    public async Task Write_requires_a_key_with_the_role_and_the_province()
    {
        Assert.Equal("key_missing",
            await service.SendForProblemCode(401, "PUT", RecordUrl, null, CreateOrganization(), "If-None-Match: *"));
        Assert.Equal("role_insufficient",
            await service.SendForProblemCode(403, "PUT", RecordUrl, await service.CreateKeySecret(Role.Reader), CreateOrganization(),
                "If-None-Match: *"));
        var otherProvinceKey = (await service.CreateKey(Role.Editor, ["ha-noi"])).Secret;
        Assert.Equal("province_forbidden",
            await service.SendForProblemCode(403, "PUT", RecordUrl, otherProvinceKey, CreateOrganization(), "If-None-Match: *"));
        var ownProvinceKey = (await service.CreateKey(Role.Editor, ["hung-yen-2025"])).Secret;
        using var created = await service.Send("PUT", RecordUrl, ownProvinceKey, CreateOrganization(), "If-None-Match: *");
        Assert.Equal(201, (int)created.StatusCode);
        var moved = CreateOrganization();
        moved["provinceId"] = "ha-noi";
        Assert.Equal("province_forbidden",
            await service.SendForProblemCode(403, "PUT", RecordUrl, otherProvinceKey, moved, $"If-Match: {created.GetHeader("ETag")}"));
        Assert.Equal("province_forbidden",
            await service.SendForProblemCode(403, "PUT", RecordUrl, ownProvinceKey, moved, $"If-Match: {created.GetHeader("ETag")}"));
        Assert.Equal("province_forbidden",
            await service.SendForProblemCode(403, "DELETE", RecordUrl, otherProvinceKey, null, "If-Match: *"));
    }

    /// <summary>Creates an organization that is not in the seed data and that no record refers to.</summary>
    internal static JsonObject CreateOrganization(string name = "Sở Du lịch Hưng Yên") => new()
    {
        ["name"] = name,
        ["kind"] = "Other",
        ["provinceId"] = "hung-yen-2025",
        ["citations"] = new JsonArray(new JsonObject
        {
            ["sourceId"] = SeedFacts.SourceId,
            ["locator"] = "đoạn 1",
            ["supports"] = new JsonArray("name"),
            ["basis"] = "Referenced",
        }),
    };

    private Task<HttpResponseMessage> PutRecord(JsonNode record, params string[] headers) =>
        service.Send("PUT", RecordUrl, key, record, headers);

    private Task<HttpResponseMessage> PatchRecord(JsonNode patch, params string[] headers) => service.Send("PATCH", RecordUrl,
        new StringContent(patch.ToJsonString(), Encoding.UTF8, "application/merge-patch+json"),
        [$"Authorization: Bearer {key}", .. headers]);

    private async Task<JsonNode> GetJson(string address) => JsonNode.Parse(await ReadBody(await service.Get(address)))!;

    private async Task<List<JsonNode>> GetItems(string address) => [.. (await GetJson(address))["items"]!.AsArray().Select(item => item!)];

    private async Task<string> GetFirstId(string type) => (await GetItems($"/v1/{type}?limit=1"))[0].GetId();

    private static async Task<string> ReadBody(HttpResponseMessage response) => await response.ReadText();
}
