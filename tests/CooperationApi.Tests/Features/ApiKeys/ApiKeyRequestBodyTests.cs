using System.Net;
using System.Net.Http.Headers;
using System.Text;
using CooperationApi.Tests.Access;

namespace CooperationApi.Tests.Features.ApiKeys;

/// <summary>Tests of strict body parsing on `/v1/keys`: all errors are reported and no key is created.</summary>
public sealed class ApiKeyRequestBodyTests(SharedServiceFixture shared) : IClassFixture<SharedServiceFixture>
{
    private readonly AuthenticatedService service = shared.Service;

    [Theory]
    [InlineData("""{"rle":1,"role":"editor","provinceIds":["ha-noi",null,3]}""", "/rle: unknown_member", "/role: not_allowed",
        "/provinceIds/1: null_value", "/provinceIds/2: text_required", ": required_members_missing")]
    [InlineData(
        """{"name":" a\u0001 ","role":"Admin","provinceIds":["ha-noi","ha-noi","nowhere","Ha Noi"],"expiresAt":"2020-01-01T00:00:00Z"}""",
        "/name: invalid_characters", "/name: outer_blanks", "/provinceIds: duplicate_id", "/provinceIds: provinces_not_applicable",
        "/provinceIds/3: invalid_id", "/expiresAt: not_in_future", "/provinceIds/2: unknown_reference")]
    [InlineData("""{"name":"","role":"Reader","expiresAt":"2099-13-01T00:00:00Z"}""", "/name: too_short", "/expiresAt: invalid_timestamp")]
    [InlineData("""{"name":"a\nb","role":"Reader","expiresAt":"2099-01-01"}""", "/name: invalid_characters",
        "/expiresAt: pattern_mismatch")]
    [InlineData("""{"name":"\u202eab","role":"Reader"}""", "/name: invalid_characters")]
    [InlineData("""{"name":"\ud800","role":"Reader"}""", "/name: invalid_unicode")]
    [InlineData("""{"name":"a","role":"Reader","\ud800":1}""", ": invalid_unicode")]
    [InlineData("""{"name":"a","role":"Reader","a/b~c":1}""", "/a~1b~0c: unknown_member")]
    [InlineData("""{"Name":"a","ROLE":"Reader"}""", "/Name: unknown_member", "/ROLE: unknown_member", ": required_members_missing")]
    [InlineData("""{"name":"a","name":"b","role":"Reader"}""", ": json_duplicate_member")]
    [InlineData("""{"name":1,"role":0}""", "/name: text_required", "/role: text_required")]
    [InlineData("""{"name":"a","role":"Reader","provinceIds":"ha-noi"}""", "/provinceIds: list_required")]
    [InlineData("""{"name":"a","role":"Reader","expiresAt":null}""", "/expiresAt: null_value")]
    [InlineData("""{"name":"a","role":"Reader","id":"mine","isAdmin":true}""", "/id: unknown_member", "/isAdmin: unknown_member")]
    [InlineData("[]", ": object_required")]
    [InlineData("null", ": null_value")]
    [InlineData("\"a\"", ": object_required")]
    [InlineData("", ": body_empty")]
    [InlineData("{", ": json_incomplete")]
    [InlineData("{},", ": json_text_after_end")]
    [InlineData("""{"name":"a","role":"Reader",}""", ": json_trailing_comma")]
    [InlineData("""{"name":"a"/**/,"role":"Reader"}""", ": invalid_json")]
    [InlineData("""{"name":NaN}""", ": json_unquoted_text")]
    public async Task Invalid_body_reports_all_of_its_errors(string body, params string[] expectedErrors)
    {
        using var response = await Post(new StringContent(body, Encoding.UTF8, "application/json"));
        var problem = await ApiFixture.ReadProblem(400, response);
        Assert.Equal(expectedErrors.Order(), problem.GetErrors().Order());
        var pointers = problem["errors"]!.AsArray().Select(error => (string?)error!["pointer"]);
        Assert.All(pointers, pointer => Assert.Matches("^(/[^/]*)*$", pointer!));
        await AssertNoKeyWasCreated();
    }

    [Fact]
    public async Task Body_that_is_not_UTF_8_is_rejected()
    {
        using var response = await Post(CreateContent([.. "{\"role\":\"Reader\",\"name\":\""u8, 0xFF, 0xFE, .. "\"}"u8]));
        Assert.Equal(["/name: invalid_unicode"], (await ApiFixture.ReadProblem(400, response)).GetErrors());
        using var utf16 = await Post(CreateContent(Encoding.Unicode.GetBytes("""{"name":"a","role":"Reader"}""")));
        Assert.Equal([": json_wrong_encoding"], (await ApiFixture.ReadProblem(400, utf16)).GetErrors());
        await AssertNoKeyWasCreated();
    }

    [Theory]
    [InlineData(17)]
    [InlineData(1000)]
    [InlineData(25_000)]
    public async Task Too_deeply_nested_body_is_rejected(int levels)
    {
        using var response = await Post(CreateContent(Encoding.UTF8.GetBytes(new string('[', levels) + new string(']', levels))));
        Assert.Equal([": json_too_deep"], (await ApiFixture.ReadProblem(400, response)).GetErrors());
    }

    [Theory]
    [InlineData(null)]
    [InlineData("text/plain")]
    [InlineData("application/xml")]
    [InlineData("application/x+json")]
    [InlineData("application/merge-patch+json")]
    [InlineData("application/x-www-form-urlencoded")]
    [InlineData("application/json; charset=latin1")]
    [InlineData("application/json; charset=utf-7")]
    [InlineData("application/json, text/plain")]
    [InlineData("json")]
    public async Task Unsupported_media_type_is_rejected(string? type)
    {
        var body = new ByteArrayContent(ValidBody);
        if (type is not null)
            body.Headers.TryAddWithoutValidation("Content-Type", type);
        using var response = await Post(body);
        Assert.Equal("unsupported_media_type", (string?)(await ApiFixture.ReadProblem(415, response))["code"]);
        Assert.Equal("application/json", response.GetHeader("Accept"));
        await AssertNoKeyWasCreated();
    }

    [Theory]
    [InlineData("application/json;charset=UTF-8")]
    [InlineData("APPLICATION/JSON; charset=\"utf-8\"")]
    public async Task Media_type_may_be_spelled_in_any_case_with_a_charset(string type)
    {
        var body = new ByteArrayContent(ValidBody);
        body.Headers.TryAddWithoutValidation("Content-Type", type);
        await using var separateService = await AuthenticatedService.Start();
        using var response =
            await separateService.Send("POST", "/v1/keys", body, $"Authorization: Bearer {await separateService.CreateKeySecret()}");
        Assert.Equal(HttpStatusCode.Created, response.StatusCode);
    }

    [Theory]
    [InlineData("gzip")]
    [InlineData("br")]
    [InlineData("identity, gzip")]
    public async Task Compressed_body_is_rejected(string encoding)
    {
        var body = CreateContent(ValidBody);
        body.Headers.TryAddWithoutValidation("Content-Encoding", encoding);
        using var response = await Post(body);
        Assert.Equal("unsupported_encoding", (string?)(await ApiFixture.ReadProblem(415, response))["code"]);
        Assert.Equal("identity", response.GetHeader("Accept-Encoding"));
        await AssertNoKeyWasCreated();
    }

    [Fact]
    public async Task Decomposed_name_is_stored_in_NFC()
    {
        await using var separateService = await AuthenticatedService.Start();
        var created = await separateService.SendForJson(HttpStatusCode.Created, "POST", "/v1/keys", await separateService.CreateKeySecret(),
            new System.Text.Json.Nodes.JsonObject { ["name"] = "Sở Nội vụ".Normalize(NormalizationForm.FormD), ["role"] = "Reader" });
        Assert.Equal("Sở Nội vụ".Normalize(), (string?)created["key"]!["name"]);
    }

    [Fact]
    public async Task Too_large_body_is_rejected()
    {
        using var response = await service.Send("POST", "/v1/keys", CreateContent(new byte[1_000_001]),
            $"Authorization: Bearer {await service.CreateKeySecret()}", "Expect: 100-continue");
        Assert.Equal("payload_too_large", (string?)(await ApiFixture.ReadProblem(413, response))["code"]);
        var admin = await service.CreateKeySecret();
        // Rejected by its Content-Length, before the client sends the body.
        var announced = await RawHttp.Send(service.Address,
            $"POST /v1/keys HTTP/1.1\r\nHost: a\r\nAuthorization: Bearer {admin}\r\nContent-Type: application/json\r\nContent-Length: "
            + $"100000000\r\nExpect: 100-continue\r\nConnection: close\r\n\r\n");
        Assert.Equal(413, announced.Status);
    }

    private static byte[] ValidBody => Encoding.UTF8.GetBytes("""{"name":"Sở Nội vụ","role":"Reader"}""");

    private static ByteArrayContent CreateContent(byte[] bytes) =>
        new(bytes) { Headers = { ContentType = MediaTypeHeaderValue.Parse("application/json") } };

    private async Task<HttpResponseMessage> Post(HttpContent body) =>
        await service.Send("POST", "/v1/keys", body, $"Authorization: Bearer {await service.CreateKeySecret()}");

    private async Task AssertNoKeyWasCreated()
    {
        var keys = (await service.SendForJson(HttpStatusCode.OK, "GET", "/v1/keys", await service.CreateKeySecret())).GetItems();
        Assert.All(keys.Select(key => (string)key["createdBy"]!), creator => Assert.Equal("a test", creator));
    }
}
