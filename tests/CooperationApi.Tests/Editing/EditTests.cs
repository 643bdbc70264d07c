using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using CooperationApi.Contracts;
using CooperationApi.Tests.Access;
using Dapper;
using Microsoft.Data.Sqlite;

namespace CooperationApi.Tests.Editing;

/// <summary>Records are made, replaced, changed and removed, by whoever may, and never over somebody else's work.</summary>
public sealed class EditTests : IAsyncLifetime
{
    private const string Address = "/v1/organizations/so-du-lich-hung-yen";

    private Guarded service = null!;
    private string key = "";

    public async ValueTask InitializeAsync()
    {
        service = await Guarded.Start();
        key = await service.Key(Role.Editor);
    }

    public ValueTask DisposeAsync() => service.DisposeAsync();

    [Fact]
    public async Task A_record_is_made_read_replaced_and_removed()
    {
        using var made = await Put(Organization(), "If-None-Match: *");
        Assert.Equal((201, Address), ((int)made.StatusCode, made.Header("Location")));
        Assert.Equal(await Body(made), await Body(await service.Get(Address)));
        Assert.Equal(made.Header("ETag"), (await service.Get(Address)).Header("ETag"));

        var record = JsonNode.Parse(await Body(made))!;
        record["name"] = "Sở Văn hóa, Thể thao và Du lịch tỉnh Hưng Yên";
        using var replaced = await Put(record, $"If-Match: {made.Header("ETag")}");
        Assert.Equal(200, (int)replaced.StatusCode);
        var stands = JsonNode.Parse(await Body(replaced))!;
        Assert.Equal((long)record["revision"]! + 1, (long)stands["revision"]!);
        Assert.Equal((string?)record["name"], (string?)stands["name"]);
        Assert.Equal([stands.ToJsonString(Wire.Json)], (await Items("/v1/organizations?q=the%20thao%20du%20lich%20hung%20yen")).ConvertAll(item => item.ToJsonString(Wire.Json)));

        using var removed = await service.Send("DELETE", Address, key, null, $"If-Match: {replaced.Header("ETag")}");
        Assert.Equal(204, (int)removed.StatusCode);
        Assert.Equal("record_removed", await service.Refused(410, "GET", Address));
        Assert.Empty(await Items("/v1/organizations?q=the%20thao%20du%20lich%20hung%20yen"));
        Assert.Empty(await Items("/v1/search?q=du%20lich%20hung%20yen&types=organizations"));
        Assert.Equal("record_removed", await service.Refused(410, "DELETE", Address, key, null, $"If-Match: {replaced.Header("ETag")}"));
    }

    [Fact]
    public async Task Of_two_editors_who_send_what_they_read_with_its_revision_the_second_is_told_too_and_the_first_may_send_it_again()
    {
        using var made = await Put(Organization(), "If-None-Match: *");
        var (first, second) = (JsonNode.Parse(await Body(made))!, JsonNode.Parse(await Body(made))!);
        (first["name"], second["name"]) = ("Tên thứ nhất", "Tên thứ hai");
        using var won = await Put(first, $"If-Match: {made.Header("ETag")}");
        using var lost = await Put(second, $"If-Match: {made.Header("ETag")}");
        using var again = await Put(first, $"If-Match: {made.Header("ETag")}");
        Assert.Equal((200, 412, 200), ((int)won.StatusCode, (int)lost.StatusCode, (int)again.StatusCode));
        Assert.Equal((won.Header("ETag"), won.Header("ETag")), (lost.Header("ETag"), again.Header("ETag")));
    }

    [Fact]
    public async Task A_damaged_record_is_not_made_part_of_the_past()
    {
        using var made = await Put(Organization(), "If-None-Match: *");
        using var connection = new SqliteConnection($"Data Source={service.StorePath};Pooling=false");
        await connection.ExecuteAsync("UPDATE record SET body = replace(body, 'Hưng', 'Hung') WHERE type = 'organizations' AND id = 'so-du-lich-hung-yen'");
        using var refused = await Put(Organization("Tên khác"), $"If-Match: {made.Header("ETag")}");
        Assert.Equal(503, (int)refused.StatusCode);
        Assert.Equal(0L, await connection.QuerySingleAsync<long>("SELECT count(past_body) FROM change"));
        Assert.Equal(503, await service.Status($"{Address}?revision={JsonNode.Parse(await Body(made))!["revision"]}"));
    }

    [Fact]
    public async Task Of_two_editors_who_know_the_same_state_the_first_writes_and_the_second_is_told()
    {
        using var made = await Put(Organization(), "If-None-Match: *");
        var (first, second) = (Organization(), Organization());
        (first["name"], second["name"]) = ("Tên thứ nhất", "Tên thứ hai");
        using var won = await Put(first, $"If-Match: {made.Header("ETag")}");
        using var lost = await Put(second, $"If-Match: {made.Header("ETag")}");
        Assert.Equal((200, 412), ((int)won.StatusCode, (int)lost.StatusCode));
        Assert.Equal("precondition_failed", (string?)(await Api.ProblemOf(412, lost))["code"]);
        Assert.Equal(won.Header("ETag"), lost.Header("ETag"));
        using var again = await Put(second, $"If-Match: {lost.Header("ETag")}");
        Assert.Equal(200, (int)again.StatusCode);
    }

    [Fact]
    public async Task A_write_that_is_sent_again_changes_nothing_and_answers_the_same()
    {
        using var made = await Put(Organization(), "If-None-Match: *");
        using var again = await Put(Organization(), "If-None-Match: *");
        Assert.Equal((200, made.Header("ETag"), await Body(made)), ((int)again.StatusCode, again.Header("ETag"), await Body(again)));
        Assert.Equal("precondition_failed", await service.Refused(412, "PUT", Address, key, Organization("Khác"), "If-None-Match: *"));

        var patch = new JsonObject { ["name"] = "Tên mới" };
        using var changed = await Patch(patch, $"If-Match: {made.Header("ETag")}");
        using var repeated = await Patch(patch, $"If-Match: {made.Header("ETag")}");
        Assert.Equal((200, changed.Header("ETag")), ((int)repeated.StatusCode, repeated.Header("ETag")));
        Assert.NotEqual(made.Header("ETag"), changed.Header("ETag"));
    }

    [Fact]
    public async Task A_patch_replaces_members_and_takes_away_what_is_null()
    {
        var record = Organization();
        using var made = await Put(record, "If-None-Match: *");
        using var patched = await Patch(new JsonObject { ["provinceId"] = null, ["name"] = "Sở Du lịch" }, $"If-Match: {made.Header("ETag")}");
        var stands = JsonNode.Parse(await Body(patched))!;
        Assert.Equal((200, "Sở Du lịch", null), ((int)patched.StatusCode, (string?)stands["name"], (string?)stands["provinceId"]));
        Assert.Equal(record["citations"]!.ToJsonString(), stands["citations"]!.ToJsonString());
        using var wrong = await Patch(new JsonObject { ["citations"] = null, ["kind"] = "Nothing" }, $"If-Match: {patched.Header("ETag")}");
        var faults = (await Api.ProblemOf(400, wrong))["errors"]!.AsArray().Select(fault => $"{fault!["pointer"]} {fault["code"]}");
        Assert.Equal([" members_missing", "/kind not_allowed"], faults.Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task A_dry_run_says_what_would_be_and_keeps_nothing()
    {
        using var tried = await service.Send("PUT", Address + "?dryRun=true", key, Organization(), "If-None-Match: *");
        Assert.Equal((200, null), ((int)tried.StatusCode, tried.Header("ETag")));
        Assert.Equal("Sở Du lịch Hưng Yên", (string?)JsonNode.Parse(await Body(tried))!["name"]);
        Assert.Equal("record_not_found", await service.Refused(404, "GET", Address));
        using var gone = await service.Send("DELETE", "/v1/statements/" + await AnId("statements") + "?dryRun=true", key, null, "If-Match: *");
        Assert.Equal(204, (int)gone.StatusCode);
        Assert.Equal(200, await service.Status("/v1/statements/" + await AnId("statements")));
    }

    [Fact]
    public async Task Who_prefers_it_is_answered_without_the_record()
    {
        using var made = await Put(Organization(), "If-None-Match: *", "Prefer: return=minimal");
        Assert.Equal((201, "return=minimal", ""), ((int)made.StatusCode, made.Header("Preference-Applied"), await Body(made)));
        using var replaced = await Put(Organization("Khác"), $"If-Match: {made.Header("ETag")}", "Prefer: return=minimal");
        Assert.Equal((204, ""), ((int)replaced.StatusCode, await Body(replaced)));
        Assert.Equal((await service.Get(Address)).Header("ETag"), replaced.Header("ETag"));
    }

    [Fact]
    public async Task A_record_that_others_name_is_not_removed_and_they_are_listed()
    {
        using var answer = await service.Send("DELETE", "/v1/meetings/hoi-nghi-ha-noi-thai-binh-2019-10-26", key, null, "If-Match: *");
        var problem = await Api.ProblemOf(409, answer);
        Assert.Equal("still_referenced", (string?)problem["code"]);
        Assert.Contains(problem["errors"]!.AsArray(), fault => ((string)fault!["detail"]!).Contains("noi-dung-hop-tac-ha-noi-thai-binh-2019", StringComparison.Ordinal));
        Assert.Equal(200, await service.Status("/v1/meetings/hoi-nghi-ha-noi-thai-binh-2019-10-26"));
    }

    [Theory]
    [InlineData("PUT", 428, "precondition_missing")]
    [InlineData("PATCH", 428, "precondition_missing")]
    [InlineData("DELETE", 428, "precondition_missing")]
    [InlineData("PUT", 400, "precondition_invalid", "If-Match: x")]
    [InlineData("PUT", 412, "precondition_failed", "If-Match: \"nothing-1\"")]
    [InlineData("PATCH", 404, "record_not_found", "If-Match: *")]
    [InlineData("DELETE", 404, "record_not_found", "If-Match: *")]
    public async Task What_is_asked_of_a_record_that_is_not_there(string method, int status, string code, params string[] headers)
    {
        using var answer = await service.Send(method, Address, method == "DELETE" ? null : new StringContent(Organization().ToJsonString(), Encoding.UTF8,
            method == "PATCH" ? "application/merge-patch+json" : "application/json"), [$"Authorization: Bearer {key}", .. headers]);
        Assert.Equal(code, (string?)(await Api.ProblemOf(status, answer))["code"]);
    }

    [Fact]
    public async Task A_weak_tag_of_a_list_changes_no_record()
    {
        using var list = await service.Get("/v1/organizations");
        Assert.Equal("precondition_failed", await service.Refused(412, "DELETE", "/v1/statements/" + await AnId("statements"), key, null, $"If-Match: {list.Header("ETag")}"));
    }

    [Theory]
    [InlineData("""{"name":"x","kind":"Other"}""", "/ members_missing")]
    [InlineData("""{"name":"x","kind":"Other","citations":[]}""", "/citations too_short")]
    [InlineData("""{"id":"other","name":"x","kind":"Other","citations":[{"sourceId":"ha-noi-thai-binh-2019-10-26","locator":"1","supports":["name"],"basis":"Referenced"}]}""", "/id id_differs")]
    [InlineData("""{"revision":7,"name":"x","kind":"Other","citations":[{"sourceId":"ha-noi-thai-binh-2019-10-26","locator":"1","supports":["name"],"basis":"Referenced"}]}""", "/revision revision_differs")]
    [InlineData("""{"name":"x","kind":"Other","provinceId":"nowhere","citations":[{"sourceId":"none","locator":"1","supports":["name"],"basis":"Referenced"}]}""", "/provinceId unknown_reference,/citations/0/sourceId unknown_reference")]
    [InlineData("""{"name":"x","name":"y"}""", "/ invalid_json")]
    [InlineData("""{"name":null,"nmae":"x","kind":"Other","citations":[null]}""", "/citations/0 null_value,/name null_value,/nmae unknown_member")]
    [InlineData("""{"name":"a\u0000b\ud800","kind":"Other","citations":[]}""", "/name invalid_text")]
    [InlineData("[1]", "/ wrong_type")]
    [InlineData("{", "/ invalid_json")]
    [InlineData("", "/ invalid_json")]
    public async Task A_body_that_is_no_record_is_refused_with_all_of_its_faults(string body, string expected)
    {
        using var answer = await service.Send("PUT", Address, new StringContent(body, Encoding.UTF8, "application/json"), $"Authorization: Bearer {key}", "If-None-Match: *");
        var faults = (await Api.ProblemOf(400, answer))["errors"]!.AsArray().Select(fault => $"{((string?)fault!["pointer"] is "" ? "/" : fault["pointer"])} {fault["code"]}");
        Assert.Equal(expected.Split(',').Order(StringComparer.Ordinal), faults.Order(StringComparer.Ordinal));
        Assert.Equal(404, await service.Status(Address));
    }

    [Fact]
    public async Task Letters_and_their_marks_that_come_apart_are_kept_together()
    {
        using var made = await Put(Organization("Sở Du lịch Hưng Yên".Normalize(NormalizationForm.FormD)), "If-None-Match: *");
        Assert.Equal("Sở Du lịch Hưng Yên", (string?)JsonNode.Parse(await Body(made))!["name"]);
    }

    [Theory, MemberData(nameof(Catalog.Each), MemberType = typeof(Catalog))]
    public async Task What_reading_answers_writing_takes_and_it_changes_nothing(string type)
    {
        var head = (long)(await Json("/v1/provinces?limit=1"))["revision"]!;
        foreach (var record in (await Items($"/v1/{type}?limit=5")))
        {
            using var read = await service.Get($"/v1/{type}/{record.Id()}");
            using var put = await service.Send("PUT", $"/v1/{type}/{record.Id()}", key, record, $"If-Match: {read.Header("ETag")}");
            Assert.True(put.StatusCode == HttpStatusCode.OK, await Body(put));
            Assert.Equal((await Body(read), read.Header("ETag")), (await Body(put), put.Header("ETag")));
        }
        Assert.Equal(head, (long)(await Json("/v1/provinces?limit=1"))["revision"]!);
    }

    [Fact]
    public async Task Nobody_writes_without_a_key_that_allows_it()
    {
        Assert.Equal("key_missing", await service.Refused(401, "PUT", Address, null, Organization(), "If-None-Match: *"));
        Assert.Equal("role_insufficient", await service.Refused(403, "PUT", Address, await service.Key(Role.Reader), Organization(), "If-None-Match: *"));
        var bound = (await service.Make(Role.Editor, ["ha-noi"])).Secret;
        Assert.Equal("province_foreign", await service.Refused(403, "PUT", Address, bound, Organization(), "If-None-Match: *"));
        var own = (await service.Make(Role.Editor, ["hung-yen-2025"])).Secret;
        using var made = await service.Send("PUT", Address, own, Organization(), "If-None-Match: *");
        Assert.Equal(201, (int)made.StatusCode);
        var given = Organization();
        given["provinceId"] = "ha-noi";
        Assert.Equal("province_foreign", await service.Refused(403, "PUT", Address, bound, given, $"If-Match: {made.Header("ETag")}"));
        Assert.Equal("province_foreign", await service.Refused(403, "PUT", Address, own, given, $"If-Match: {made.Header("ETag")}"));
        Assert.Equal("province_foreign", await service.Refused(403, "DELETE", Address, bound, null, "If-Match: *"));
    }

    /// <summary>An organization that there is not, named by nobody.</summary>
    internal static JsonObject Organization(string name = "Sở Du lịch Hưng Yên") => new()
    {
        ["name"] = name,
        ["kind"] = "Other",
        ["provinceId"] = "hung-yen-2025",
        ["citations"] = new JsonArray(new JsonObject
        {
            ["sourceId"] = Founding.Source,
            ["locator"] = "đoạn 1",
            ["supports"] = new JsonArray("name"),
            ["basis"] = "Referenced",
        }),
    };

    private Task<HttpResponseMessage> Put(JsonNode record, params string[] headers) => service.Send("PUT", Address, key, record, headers);

    private Task<HttpResponseMessage> Patch(JsonNode patch, params string[] headers) => service.Send("PATCH", Address,
        new StringContent(patch.ToJsonString(), Encoding.UTF8, "application/merge-patch+json"), [$"Authorization: Bearer {key}", .. headers]);

    private async Task<JsonNode> Json(string address) => JsonNode.Parse(await Body(await service.Get(address)))!;

    private async Task<List<JsonNode>> Items(string address) => [.. (await Json(address))["items"]!.AsArray().Select(item => item!)];

    private async Task<string> AnId(string type) => (await Items($"/v1/{type}?limit=1"))[0].Id();

    private static async Task<string> Body(HttpResponseMessage answer) => await answer.Text();
}
