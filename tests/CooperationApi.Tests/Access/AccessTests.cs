using CooperationApi.Access;
using CooperationApi.Contracts;

namespace CooperationApi.Tests.Access;

/// <summary>Who is let in, and what those are told who aren't.</summary>
public sealed class AccessTests(SharedService shared) : IClassFixture<SharedService>
{
    private readonly Guarded shared = shared.Service;

    private const string Challenge = "Bearer realm=\"CooperationApi\"";

    [Theory]
    [InlineData("Bearer coop_aaaaaaaa_aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa")]
    [InlineData("Bearer {key}x")]
    [InlineData("Bearer {key}, Bearer {key}")]
    [InlineData("Bearer {id}")]
    [InlineData("Bearer")]
    [InlineData("Bearer a.b.c")]
    [InlineData("Basic {key}")]
    [InlineData("{key}")]
    [InlineData("x")]
    public async Task What_is_no_key_is_refused_even_where_none_is_needed(string credentials)
    {
        var service = shared;
        service.Clock.Pass(TimeSpan.FromMinutes(1));
        var made = await service.Make(Role.Admin);
        var sent = credentials.Replace("{key}", made.Secret, StringComparison.Ordinal).Replace("{id}", made.Secret[..14], StringComparison.Ordinal);
        foreach (var address in new[] { "/v1/provinces/ha-noi", "/v1/keys", "/v1/nowhere", "/v1/openapi.json" })
        {
            using var answer = await service.Get(address, $"Authorization: {sent}");
            Assert.Equal("key_unknown", (string?)(await Api.ProblemOf(401, answer))["code"]);
            Assert.Equal($"{Challenge}, error=\"invalid_token\"", answer.Header("WWW-Authenticate"));
            Assert.DoesNotContain(made.Secret, await answer.Text(), StringComparison.Ordinal);
        }
        Assert.Equal(200, await service.Status("/v1/provinces/ha-noi", made.Secret));
        Assert.Equal(200, await service.Status("/v1/provinces/ha-noi", null, $"Authorization: bearer {made.Secret}"));
    }

    [Fact]
    public async Task Two_credentials_are_none()
    {
        var service = shared;
        service.Clock.Pass(TimeSpan.FromMinutes(1));
        var key = await service.Key();
        var answer = await RawHttp.Get(service.Address, "/v1/keys", $"Authorization: Bearer {key}", $"Authorization: Bearer {key}");
        Assert.Equal((401, "key_unknown"), (answer.Status, (string?)answer.Problem["code"]));
    }

    [Theory]
    [InlineData("/v1/provinces?key=x")]
    [InlineData("/v1/provinces?API_KEY=x")]
    [InlineData("/v1/provinces?access_token=")]
    [InlineData("/v1/provinces?limit=1&token=x")]
    [InlineData("/v1/provinces?%6Bey=x")]
    [InlineData("/v1/provinces?limit={key}")]
    [InlineData("/v1/provinces?limit=%63oop{rest}")]
    [InlineData("/v1/provinces?{key}=1")]
    [InlineData("/v1/provinces?{key}")]
    [InlineData("/v1/search?q=my+key+is+{key}+help")]
    [InlineData("/v1/provinces/{key}")]
    [InlineData("/v1/provinces?q={half}")]
    [InlineData("/v1/provinces?q=eyJhbGciOiJub25lIn0.eyJzdWIiOiJ4In0.")]
    [InlineData("/swagger/index.html?key=x")]
    [InlineData("/health/live?token=x")]
    public async Task A_key_in_an_address_is_refused_and_neither_said_back_nor_logged(string address)
    {
        var service = shared;
        service.Clock.Pass(TimeSpan.FromMinutes(1));
        var made = await service.Make(Role.Admin);
        var sent = address.Replace("{key}", made.Secret, StringComparison.Ordinal).Replace("{rest}", made.Secret[4..], StringComparison.Ordinal)
            .Replace("{half}", made.Secret[..30], StringComparison.Ordinal);
        var answer = await RawHttp.Get(service.Address, sent, $"Authorization: Bearer {made.Secret}");
        Assert.Equal((400, "key_in_url"), (answer.Status, (string?)answer.Problem["code"]));
        Assert.DoesNotContain(made.Secret[14..30], answer.Body, StringComparison.Ordinal);
        Assert.DoesNotContain(service.Log, line => line.Contains(made.Secret[14..30], StringComparison.Ordinal) && !address.StartsWith("/v1/provinces/", StringComparison.Ordinal));
        Assert.Contains(service.Log, line => line.StartsWith("CooperationApi.Access: Refused key_in_url", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_key_in_an_address_is_logged_by_its_id_so_that_it_can_be_revoked()
    {
        var service = shared;
        service.Clock.Pass(TimeSpan.FromMinutes(1));
        var made = await service.Make(Role.Reader);
        await service.Status($"/v1/provinces?limit={made.Secret}");
        Assert.Contains(service.Log, line => line.StartsWith($"CooperationApi.Access: Refused key_in_url {made.Key.Id} ", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_user_in_an_address_is_refused()
    {
        var service = shared;
        service.Clock.Pass(TimeSpan.FromMinutes(1));
        var answer = await RawHttp.Send(service.Address, $"GET http://me:secret@{service.Address.Authority}/v1/provinces HTTP/1.1\r\nHost: {service.Address.Authority}\r\nConnection: close\r\n\r\n");
        Assert.Equal(400, answer.Status);
        Assert.DoesNotContain("secret", answer.Body, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(null, 401, "key_missing")]
    [InlineData(Role.Reader, 403, "role_insufficient")]
    public async Task Who_may_not_write_can_carry_out_nothing_that_is_documented_to_take_a_key(Role? role, int status, string code)
    {
        var key = role is { } its ? await shared.Key(its) : null;
        var before = await (await shared.Get("/v1/status")).Text();
        foreach (var call in (await shared.Document()).Operations.Where(operation => operation.TakesKey))
            Assert.Equal(code, await shared.Refused(status, call.Method, call.ExampleAddress, key, call.ExampleBody));
        Assert.Equal(before, await (await shared.Get("/v1/status")).Text());
    }

    [Fact]
    public async Task Whatever_writes_is_documented_to_take_a_key()
    {
        Assert.All((await shared.Document()).Operations.Where(operation => operation.Method != "GET"), operation => Assert.True(operation.TakesKey, operation.Id));
    }

    [Fact]
    public async Task Reading_can_be_closed_to_all_who_have_no_key()
    {
        await using var service = await Guarded.Start(("Access:Reading", "Keys"));
        var addresses = (await service.Document()).Operations.Select(operation => operation.ExampleAddress);
        foreach (var address in addresses.Concat(["/v1/meetings?format=csv", "/v1/nowhere", "/nowhere", "/V1/openapi.json", "/v1//openapi.json", "/v1/openapi.json/", "/healthy", "/Health/live"]))
        {
            using var answer = await service.Get(address);
            Assert.Equal("key_missing", (string?)(await Api.ProblemOf(401, answer))["code"]);
            Assert.Equal(Challenge, answer.Header("WWW-Authenticate"));
        }
        foreach (var address in new[] { "/v1/openapi.json", "/v1/openapi-3.1.json", "/swagger/index.html", "/health/live", "/health/ready" })
            Assert.Equal(200, await service.Status(address));
        Assert.Equal(302, await service.Status("/"));
        using var preflight = await service.Send("OPTIONS", "/v1/provinces", key: null);
        Assert.Equal(204, (int)preflight.StatusCode);
    }

    [Theory]
    [InlineData("/v1/provinces/ha-noi", "private, no-cache", "Accept, Accept-Encoding, Authorization")]
    [InlineData("/v1/meetings", "private, no-cache", "Accept, Accept-Encoding, Authorization")]
    [InlineData("/v1/meetings?format=csv", "private, no-cache", "Accept, Accept-Encoding, Authorization")]
    [InlineData("/v1/nowhere", "no-store", "Accept-Language, Authorization")]
    public async Task Where_reading_takes_a_key_no_shared_cache_keeps_what_was_read(string address, string cacheControl, string vary)
    {
        await using var service = await Guarded.Start(("Access:Reading", "Keys"));
        using var answer = await service.Send("GET", address, await service.Key(Role.Reader));
        Assert.Equal((cacheControl, vary), (string.Join(", ", answer.Header("Cache-Control")!.Split(", ").OrderDescending()), answer.Header("Vary")));
    }

    [Fact]
    public async Task Who_guesses_keys_is_soon_told_to_wait_and_who_has_one_is_not()
    {
        await using var service = await Guarded.Start();
        var key = await service.Key();
        service.Clock.PassToNextMinute();
        for (var i = 0; i < 30; i++)
            Assert.Equal(401, await service.Status("/v1/provinces/ha-noi", $"guess{i}"));
        using var answer = await service.Send("GET", "/v1/provinces/ha-noi", "guess");
        Assert.Equal("too_many_failures", (string?)(await Api.ProblemOf(429, answer))["code"]);
        Assert.Equal(30, service.Log.Count(line => line.StartsWith("CooperationApi.Access: Refused key_unknown", StringComparison.Ordinal)));
        Assert.Equal(200, await service.Status("/v1/provinces/ha-noi", key));
        Assert.Equal(200, await service.Status("/v1/provinces/ha-noi"));
        service.Clock.Pass(TimeSpan.FromSeconds(int.Parse(answer.Header("Retry-After")!, null)));
        Assert.Equal(401, await service.Status("/v1/provinces/ha-noi", "guess"));
    }

    [Fact]
    public async Task The_security_log_says_who_came_once_an_hour_and_never_with_what()
    {
        await using var service = await Guarded.Start();
        var made = await service.Make(Role.Admin);
        for (var i = 0; i < 3; i++)
            Assert.Equal(200, await service.Status("/v1/provinces?q=ha", made.Secret));
        Assert.Equal(
            [$"CooperationApi.Access: Made {made.Key.Id} for 'Một Admin' as Admin by a test", $"CooperationApi.Access: Used {made.Key.Id} (Admin) by 127.0.0.1 for GET /v1/provinces, the first time this hour"],
            service.Log.Where(line => line.StartsWith("CooperationApi.Access: ", StringComparison.Ordinal)));
        service.Clock.Pass(TimeSpan.FromHours(1));
        await service.Status("/v1/provinces", made.Secret);
        Assert.Equal(2, service.Log.Count(line => line.StartsWith($"CooperationApi.Access: Used {made.Key.Id}", StringComparison.Ordinal)));
        Assert.DoesNotContain(service.Log, line => line.Contains(made.Secret[14..], StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_refusal_is_explained_in_the_language_of_the_caller()
    {
        var service = shared;
        service.Clock.Pass(TimeSpan.FromMinutes(1));
        using var answer = await service.Get("/v1/keys", "Accept-Language: vi");
        Assert.Equal("Cần có khoá.", (string?)(await Api.ProblemOf(401, answer))["title"]);
    }

    [Theory]
    [InlineData(Role.Admin, new string[0], "ha-noi", true)]
    [InlineData(Role.Editor, new string[0], "", true)]
    [InlineData(Role.Editor, new[] { "ha-noi" }, "thai-binh ha-noi", true)]
    [InlineData(Role.Editor, new[] { "ha-noi" }, "thai-binh", false)]
    [InlineData(Role.Editor, new[] { "ha-noi" }, "", false)]
    public void An_editor_of_a_province_may_write_what_names_it(Role role, string[] provinces, string named, bool may)
    {
        var caller = new KeptKey { Id = "k3j9x2ab", Name = "Sở", Role = role.ToString(), Provinces = string.Join(' ', provinces), Hash = "", MadeAt = "", MadeBy = "" }.ToCaller();
        var ids = named.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal(("Sở (k3j9x2ab)", may), (caller.Name, caller.May(ids)));
        var refused = Xunit.Record.Exception(() => caller.Demand(ids)) as CooperationApi.Faults.ProblemException;
        Assert.Equal(may ? null : "province_foreign", refused?.Code);
    }

    [Theory]
    [InlineData("Reading", "Everybody")]
    [InlineData("Origins", "portal.example")]
    [InlineData("Origins", "https://portal.example/")]
    [InlineData("Proxies", "10.0.0.0/33")]
    [InlineData("Proxies", "proxy.example")]
    [InlineData("Authority", "https://issuer.example")]
    [InlineData("Authority", "http://issuer.example")]
    [InlineData("Key", "x")]
    public void An_impossible_setting_is_refused(string name, string value)
    {
        var configuration = new Microsoft.Extensions.Configuration.ConfigurationManager { [$"Access:{name}"] = value };
        if (value.StartsWith("http:", StringComparison.Ordinal))
            configuration["Access:Audience"] = "cooperation";
        var refused = Assert.Throws<SettingsRefusedException>(() => configuration.Read<AccessOptions>("Access"));
        Assert.Contains(name == "Key" ? "'Key'" : name, refused.Message, StringComparison.Ordinal);
    }
}
