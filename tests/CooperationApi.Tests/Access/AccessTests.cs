using CooperationApi.Access;
using CooperationApi.Contracts;
using CooperationApi.Http;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace CooperationApi.Tests.Access;

/// <summary>Tests of authentication, authorization and access settings.</summary>
public sealed class AccessTests(SharedServiceFixture shared) : IClassFixture<SharedServiceFixture>
{
    private readonly AuthenticatedService shared = shared.Service;

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
    public async Task Invalid_credentials_are_rejected_even_where_no_key_is_required(string credentials)
    {
        var service = shared;
        service.Clock.Advance(TimeSpan.FromMinutes(1));
        var created = await service.CreateKey(Role.Admin);
        var sent = credentials.Replace("{key}", created.Secret, StringComparison.Ordinal)
            .Replace("{id}", created.Secret[..14], StringComparison.Ordinal);
        foreach (var address in new[] { "/v1/provinces/ha-noi", "/v1/keys", "/v1/nowhere", "/v1/openapi.json" })
        {
            using var response = await service.Get(address, $"Authorization: {sent}");
            Assert.Equal("key_invalid", (string?)(await ApiFixture.ReadProblem(401, response))["code"]);
            Assert.Equal($"{Challenge}, error=\"invalid_token\"", response.GetHeader("WWW-Authenticate"));
            Assert.DoesNotContain(created.Secret, await response.ReadText(), StringComparison.Ordinal);
        }
        Assert.Equal(200, await service.GetStatusCode("/v1/provinces/ha-noi", created.Secret));
        Assert.Equal(200, await service.GetStatusCode("/v1/provinces/ha-noi", null, $"Authorization: bearer {created.Secret}"));
    }

    [Fact]
    public async Task Repeated_Authorization_header_is_rejected()
    {
        var service = shared;
        service.Clock.Advance(TimeSpan.FromMinutes(1));
        var key = await service.CreateKeySecret();
        var response = await RawHttp.Get(service.Address, "/v1/keys", $"Authorization: Bearer {key}", $"Authorization: Bearer {key}");
        Assert.Equal((401, "key_invalid"), (response.Status, (string?)response.Problem["code"]));
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
    public async Task API_key_in_a_URL_is_rejected_and_neither_echoed_nor_logged(string address)
    {
        var service = shared;
        service.Clock.Advance(TimeSpan.FromMinutes(1));
        var created = await service.CreateKey(Role.Admin);
        var sent = address.Replace("{key}", created.Secret, StringComparison.Ordinal)
            .Replace("{rest}", created.Secret[4..], StringComparison.Ordinal)
            .Replace("{half}", created.Secret[..30], StringComparison.Ordinal);
        var response = await RawHttp.Get(service.Address, sent, $"Authorization: Bearer {created.Secret}");
        Assert.Equal((400, "key_in_url"), (response.Status, (string?)response.Problem["code"]));
        Assert.DoesNotContain(created.Secret[14..30], response.Body, StringComparison.Ordinal);
        Assert.DoesNotContain(service.Log,
            line => line.Contains(created.Secret[14..30], StringComparison.Ordinal)
                && !address.StartsWith("/v1/provinces/", StringComparison.Ordinal));
        Assert.Contains(service.Log,
            line => line.StartsWith("CooperationApi.Access: Request rejected: key_in_url", StringComparison.Ordinal));
    }

    [Fact]
    public async Task API_key_in_a_URL_is_logged_by_its_id()
    {
        var service = shared;
        service.Clock.Advance(TimeSpan.FromMinutes(1));
        var created = await service.CreateKey(Role.Reader);
        await service.GetStatusCode($"/v1/provinces?limit={created.Secret}");
        Assert.Contains(service.Log,
            line => line.StartsWith($"CooperationApi.Access: Request rejected: key_in_url, key {created.Key.Id}, ",
                StringComparison.Ordinal));
    }

    [Fact]
    public async Task User_info_in_a_URL_is_rejected()
    {
        var service = shared;
        service.Clock.Advance(TimeSpan.FromMinutes(1));
        var response = await RawHttp.Send(service.Address,
            $"GET http://me:secret@{service.Address.Authority}/v1/provinces HTTP/1.1\r\nHost: {service.Address.Authority}\r\nConnection: "
            + $"close\r\n\r\n");
        Assert.Equal(400, response.Status);
        Assert.DoesNotContain("secret", response.Body, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Anonymous_reads_can_be_disabled()
    {
        await using var service = await AuthenticatedService.Start(("Access:AllowAnonymousRead", "false"));
        var addresses = (await service.GetOpenApi()).Operations.Where(operation => operation.RequiresKey)
            .Select(operation => operation.ExampleAddress);
        foreach (var address in addresses.Concat(
            ["/v1/meetings?format=csv", "/v1/nowhere", "/nowhere", "/V1/openapi.json", "/v1//openapi.json", "/v1/openapi.json/", "/healthy",
                "/Health/live"]))
        {
            using var response = await service.Get(address);
            Assert.Equal("key_missing", (string?)(await ApiFixture.ReadProblem(401, response))["code"]);
            Assert.Contains("Authorization", response.GetHeader("Vary"), StringComparison.Ordinal);
            Assert.Equal(Challenge, response.GetHeader("WWW-Authenticate"));
        }
        foreach (var address in new[] { "/v1/openapi.json", "/v1/openapi-3.1.json", "/swagger/index.html",
            "/swagger/openapi.json", "/health/live", "/health/ready" })
            Assert.Equal(200, await service.GetStatusCode(address));
        Assert.Equal(302, await service.GetStatusCode("/"));
        using var preflight = await service.Send("OPTIONS", "/v1/provinces", key: null);
        Assert.Equal(204, (int)preflight.StatusCode);
    }

    [Theory]
    [InlineData("/v1/provinces/ha-noi", "private, no-cache", "Accept, Accept-Encoding, Authorization")]
    [InlineData("/v1/meetings", "private, no-cache", "Accept, Accept-Encoding, Authorization")]
    [InlineData("/v1/meetings?format=csv", "private, no-cache", "Accept, Accept-Encoding, Authorization")]
    [InlineData("/v1/nowhere", "no-store", "Accept-Language, Authorization")]
    public async Task Shared_caches_may_not_store_responses_when_reads_require_a_key(string address, string cacheControl, string vary)
    {
        await using var service = await AuthenticatedService.Start(("Access:AllowAnonymousRead", "false"));
        using var response = await service.Send("GET", address, await service.CreateKeySecret(Role.Reader));
        Assert.Equal((cacheControl, vary),
            (string.Join(", ", response.GetHeader("Cache-Control")!.Split(", ").OrderDescending()), response.GetHeader("Vary")));
    }

    [Fact]
    public async Task Repeated_invalid_keys_are_rate_limited_but_valid_requests_are_not()
    {
        await using var service = await AuthenticatedService.Start();
        var key = await service.CreateKeySecret();
        service.Clock.AdvanceToNextMinute();
        for (var i = 0; i < 30; i++)
            Assert.Equal(401, await service.GetStatusCode("/v1/provinces/ha-noi", $"guess{i}"));
        using var response = await service.Send("GET", "/v1/provinces/ha-noi", "guess");
        Assert.Equal("too_many_failed_attempts", (string?)(await ApiFixture.ReadProblem(429, response))["code"]);
        Assert.Equal(30,
            service.Log.Count(line => line.StartsWith("CooperationApi.Access: Request rejected: key_invalid", StringComparison.Ordinal)));
        Assert.Equal(200, await service.GetStatusCode("/v1/provinces/ha-noi", key));
        Assert.Equal(200, await service.GetStatusCode("/v1/provinces/ha-noi"));
        service.Clock.Advance(TimeSpan.FromSeconds(int.Parse(response.GetHeader("Retry-After")!, null)));
        Assert.Equal(401, await service.GetStatusCode("/v1/provinces/ha-noi", "guess"));
    }

    [Fact]
    public async Task Security_log_records_each_key_once_an_hour_and_never_its_secret()
    {
        await using var service = await AuthenticatedService.Start();
        var created = await service.CreateKey(Role.Admin);
        for (var i = 0; i < 3; i++)
            Assert.Equal(200, await service.GetStatusCode("/v1/provinces?q=ha", created.Secret));
        Assert.Equal(
            [$"CooperationApi.Access: Key created: {created.Key.Id} 'Một Admin', role Admin, by a test",
                $"CooperationApi.Access: First use this hour: {created.Key.Id} (Admin) from 127.0.0.1, GET /v1/provinces"],
            service.Log.Where(line => line.StartsWith("CooperationApi.Access: ", StringComparison.Ordinal)));
        service.Clock.Advance(TimeSpan.FromHours(1));
        await service.GetStatusCode("/v1/provinces", created.Secret);
        Assert.Equal(2,
            service.Log.Count(
                line => line.StartsWith($"CooperationApi.Access: First use this hour: {created.Key.Id}", StringComparison.Ordinal)));
        Assert.DoesNotContain(service.Log, line => line.Contains(created.Secret[14..], StringComparison.Ordinal));
    }

    [Fact]
    public async Task Access_error_is_in_the_language_of_the_caller()
    {
        var service = shared;
        service.Clock.Advance(TimeSpan.FromMinutes(1));
        using var response = await service.Get("/v1/keys", "Accept-Language: vi");
        Assert.Equal("Cần có khóa API.", (string?)(await ApiFixture.ReadProblem(401, response))["title"]);
    }

    [Theory]
    [InlineData(Role.Admin, new string[0], "ha-noi", true)]
    [InlineData(Role.Editor, new[] { "*" }, "", true)]
    [InlineData(Role.Editor, new string[0], "ha-noi", false)]
    [InlineData(Role.Editor, new[] { "ha-noi" }, "thai-binh ha-noi", true)]
    [InlineData(Role.Editor, new[] { "ha-noi" }, "thai-binh", false)]
    [InlineData(Role.Editor, new[] { "ha-noi" }, "", false)]
    public void Editor_bound_to_a_province_may_write_only_records_that_refer_to_it(Role role, string[] provinces, string recordProvinces,
        bool isAllowed)
    {
        var caller = new ApiKeyRow("k3j9x2ab", "Sở", role.ToString(), string.Join(' ', provinces), Hash: "", CreatedAt: "", CreatedBy: "",
            ExpiresAt: null).ToCaller();
        var ids = recordProvinces.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal(("Sở (k3j9x2ab)", isAllowed), (caller.Name, caller.CanWrite(ids)));
        var exception = Xunit.Record.Exception(() => caller.EnsureCanWrite(ids)) as CooperationApi.Http.Problems.ProblemException;
        Assert.Equal(isAllowed ? null : "province_forbidden", exception?.Code);
    }

    [Theory]
    [InlineData("AllowAnonymousRead", "Everybody")]
    [InlineData("AllowedOrigins", "portal.example")]
    [InlineData("AllowedOrigins", "*, https://portal.example")]
    [InlineData("AllowedOrigins", "https://portal.example/")]
    [InlineData("TrustedProxies", "10.0.0.0/33")]
    [InlineData("TrustedProxies", "proxy.example")]
    [InlineData("Authority", "https://issuer.example")]
    [InlineData("Authority", "http://issuer.example")]
    [InlineData("Key", "x")]
    public void Invalid_setting_is_rejected(string name, string value)
    {
        var configuration = new ConfigurationManager { [$"Access:{name}"] = value };
        if (value.StartsWith("http:", StringComparison.Ordinal))
            configuration["Access:Audience"] = "cooperation";
        var services = new ServiceCollection().AddSingleton<IConfiguration>(configuration);
        services.AddValidatedOptions<AccessOptions>("Access");
        var exception = Assert.ThrowsAny<Exception>(() => services.BuildServiceProvider().GetRequiredService<AccessOptions>());
        Assert.True(OptionsRegistration.IsInvalidSetting(exception));
        Assert.Contains(name == "Key" ? "'Key'" : name, exception.Message, StringComparison.Ordinal);
    }
}
