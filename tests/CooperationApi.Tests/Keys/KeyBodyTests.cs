using System.Net;
using System.Net.Http.Headers;
using System.Text;
using CooperationApi.Tests.Access;

namespace CooperationApi.Tests.Keys;

/// <summary>Bodies are read strictly: each one that can't be followed names what is wrong with it, and nothing is made.</summary>
public sealed class KeyBodyTests(SharedService shared) : IClassFixture<SharedService>
{
    private readonly Guarded service = shared.Service;

    [Theory]
    [InlineData("""{"rle":1,"role":"editor","provinceIds":["ha-noi",null,3]}""", "/rle: unknown_member", "/role: not_allowed", "/provinceIds/1: null_value", "/provinceIds/2: wrong_type", ": members_missing")]
    [InlineData("""{"name":" a\u0001 ","role":"Admin","provinceIds":["ha-noi","ha-noi","nowhere","Ha Noi"],"expiresAt":"2020-01-01T00:00:00Z"}""",
        "/name: invalid_characters", "/provinceIds: repeated_id", "/provinceIds: provinces_of_editors_only", "/provinceIds/3: pattern", "/expiresAt: not_in_future", "/provinceIds/2: unknown_reference")]
    [InlineData("""{"name":"","role":"Reader","expiresAt":"2099-13-01T00:00:00Z"}""", "/name: too_short", "/expiresAt: invalid_moment")]
    [InlineData("""{"name":"a\nb","role":"Reader","expiresAt":"2099-01-01"}""", "/name: invalid_characters", "/expiresAt: pattern")]
    [InlineData("""{"name":"\u202eab","role":"Reader"}""", "/name: invalid_characters")]
    [InlineData("""{"name":"\ud800","role":"Reader"}""", "/name: invalid_text")]
    [InlineData("""{"name":"a","role":"Reader","\ud800":1}""", ": invalid_json")]
    [InlineData("""{"name":"a","role":"Reader","a/b~c":1}""", "/a~1b~0c: unknown_member")]
    [InlineData("""{"Name":"a","ROLE":"Reader"}""", "/Name: unknown_member", "/ROLE: unknown_member", ": members_missing")]
    [InlineData("""{"name":"a","name":"b","role":"Reader"}""", ": invalid_json")]
    [InlineData("""{"name":1,"role":0}""", "/name: wrong_type", "/role: wrong_type")]
    [InlineData("""{"name":"a","role":"Reader","provinceIds":"ha-noi"}""", "/provinceIds: wrong_type")]
    [InlineData("""{"name":"a","role":"Reader","expiresAt":null}""", "/expiresAt: null_value")]
    [InlineData("""{"name":"a","role":"Reader","id":"mine","isAdmin":true}""", "/id: unknown_member", "/isAdmin: unknown_member")]
    [InlineData("[]", ": wrong_type")]
    [InlineData("null", ": null_value")]
    [InlineData("\"a\"", ": wrong_type")]
    [InlineData("", ": invalid_json")]
    [InlineData("{", ": invalid_json")]
    [InlineData("{},", ": invalid_json")]
    [InlineData("""{"name":"a","role":"Reader",}""", ": invalid_json")]
    [InlineData("""{"name":"a"/**/,"role":"Reader"}""", ": invalid_json")]
    [InlineData("""{"name":NaN}""", ": invalid_json")]
    [InlineData("\uFEFF{\"name\":\"a\",\"role\":\"Reader\"}", ": invalid_json")]
    public async Task A_body_that_can_not_be_followed_names_all_of_its_faults(string body, params string[] faults)
    {
        using var answer = await Post(new StringContent(body, Encoding.UTF8, "application/json"));
        var problem = await Api.ProblemOf(400, answer);
        Assert.Equal(faults.Order(), problem.Faults().Order());
        var pointers = problem["errors"]!.AsArray().Select(error => (string?)error!["pointer"]);
        Assert.All(pointers, pointer => Assert.Matches("^(/[^/]*)*$", pointer!));
        await NothingWasMade();
    }

    [Fact]
    public async Task Bytes_that_are_no_text_are_refused()
    {
        using var answer = await Post(Bytes([.. "{\"role\":\"Reader\",\"name\":\""u8, 0xFF, 0xFE, .. "\"}"u8]));
        Assert.Equal(["/name: invalid_text"], (await Api.ProblemOf(400, answer)).Faults());
        using var utf16 = await Post(Bytes(Encoding.Unicode.GetBytes("""{"name":"a","role":"Reader"}""")));
        Assert.Equal([": invalid_json"], (await Api.ProblemOf(400, utf16)).Faults());
        await NothingWasMade();
    }

    [Theory]
    [InlineData(17)]
    [InlineData(1000)]
    [InlineData(25_000)]
    public async Task What_is_too_deep_is_refused(int levels)
    {
        using var answer = await Post(Bytes(Encoding.UTF8.GetBytes(new string('[', levels) + new string(']', levels))));
        Assert.Equal([": invalid_json"], (await Api.ProblemOf(400, answer)).Faults());
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
    public async Task A_body_of_another_type_is_refused(string? type)
    {
        var body = new ByteArrayContent(Valid);
        if (type is not null)
            body.Headers.TryAddWithoutValidation("Content-Type", type);
        using var answer = await Post(body);
        Assert.Equal("unsupported_media_type", (string?)(await Api.ProblemOf(415, answer))["code"]);
        Assert.Equal("application/json", answer.Header("Accept"));
        await NothingWasMade();
    }

    [Theory]
    [InlineData("application/json;charset=UTF-8")]
    [InlineData("APPLICATION/JSON; charset=\"utf-8\"")]
    public async Task A_type_may_be_spelled_as_HTTP_allows(string type)
    {
        var body = new ByteArrayContent(Valid);
        body.Headers.TryAddWithoutValidation("Content-Type", type);
        await using var own = await Guarded.Start();
        using var answer = await own.Send("POST", "/v1/keys", body, $"Authorization: Bearer {await own.Key()}");
        Assert.Equal(HttpStatusCode.Created, answer.StatusCode);
    }

    [Theory]
    [InlineData("gzip")]
    [InlineData("br")]
    [InlineData("identity, gzip")]
    public async Task A_compressed_body_is_refused(string encoding)
    {
        var body = Bytes(Valid);
        body.Headers.TryAddWithoutValidation("Content-Encoding", encoding);
        using var answer = await Post(body);
        Assert.Equal("unsupported_encoding", (string?)(await Api.ProblemOf(415, answer))["code"]);
        Assert.Equal("identity", answer.Header("Accept-Encoding"));
        await NothingWasMade();
    }

    [Fact]
    public async Task A_name_whose_marks_were_typed_apart_is_kept_with_the_marks_on_the_letters()
    {
        await using var own = await Guarded.Start();
        var made = await own.Json(HttpStatusCode.Created, "POST", "/v1/keys", await own.Key(), new System.Text.Json.Nodes.JsonObject { ["name"] = "Sở Nội vụ".Normalize(NormalizationForm.FormD), ["role"] = "Reader" });
        Assert.Equal("Sở Nội vụ".Normalize(), (string?)made["key"]!["name"]);
    }

    [Fact]
    public async Task A_body_that_is_too_long_is_refused()
    {
        using var answer = await Post(Bytes(new byte[1_000_001]));
        Assert.Equal("payload_too_large", (string?)(await Api.ProblemOf(413, answer))["code"]);
        var admin = await service.Key();
        // Refused by its length, before any of it is sent.
        var announced = await RawHttp.Send(service.Address,
            $"POST /v1/keys HTTP/1.1\r\nHost: a\r\nAuthorization: Bearer {admin}\r\nContent-Type: application/json\r\nContent-Length: 100000000\r\nExpect: 100-continue\r\nConnection: close\r\n\r\n");
        Assert.Equal(413, announced.Status);
    }

    private static byte[] Valid => Encoding.UTF8.GetBytes("""{"name":"Sở Nội vụ","role":"Reader"}""");

    private static ByteArrayContent Bytes(byte[] bytes) => new(bytes) { Headers = { ContentType = MediaTypeHeaderValue.Parse("application/json") } };

    private async Task<HttpResponseMessage> Post(HttpContent body) => await service.Send("POST", "/v1/keys", body, $"Authorization: Bearer {await service.Key()}");

    private async Task NothingWasMade()
    {
        var keys = (await service.Json(HttpStatusCode.OK, "GET", "/v1/keys", await service.Key())).Items();
        Assert.All(keys.Select(key => (string)key["madeBy"]!), by => Assert.Equal("a test", by));
    }
}
