using System.Net;
using System.Text.Json.Nodes;

namespace CooperationApi.Tests.Access;

/// <summary>Tests of authentication with tokens of an identity provider.</summary>
public sealed class TokenTests
{
    /// <summary>Invalid tokens by case, each with the expected problem code.</summary>
    private static readonly Dictionary<string, (string Code, Func<FakeTokenIssuer, DateTimeOffset, string> Token)> InvalidTokens = new()
    {
        ["another audience"] = ("token_invalid", (issuer, now) => issuer.CreateToken(now, token => token.Audience = "another")),
        ["no audience"] = ("token_invalid", (issuer, now) => issuer.CreateToken(now, token => token.Audience = null)),
        ["another issuer"] = ("token_invalid", (issuer, now) => issuer.CreateToken(now, token => token.Issuer = "https://issuer.example")),
        ["expired"] = ("token_expired", (issuer, now) => issuer.CreateToken(now, token => token.Expires = now.UtcDateTime.AddMinutes(-2))),
        ["no expiry"] = ("token_invalid", (issuer, now) => issuer.CreateToken(now, token => token.Expires = null)),
        ["not yet valid"] = ("token_invalid",
            (issuer,
                now) => issuer.CreateToken(now,
                    token => (token.NotBefore, token.Expires) = (now.UtcDateTime.AddMinutes(5), now.UtcDateTime.AddMinutes(10)))),
        ["not signed"] = ("token_invalid", (issuer, now) => issuer.CreateToken(now, token => token.SigningCredentials = null)),
        ["signature removed"] =
            ("token_invalid", (issuer, now) => issuer.CreateToken(now)[..(issuer.CreateToken(now).LastIndexOf('.') + 1)]),
        ["signed with the public key as HMAC secret"] = ("token_invalid",
            (issuer, now) => issuer.CreateToken(now, token => token.SigningCredentials = issuer.CreateHmacCredentialsFromPublicKey())),
        ["foreign key with a known key id"] = ("token_invalid",
            (issuer, now) =>
                issuer.CreateToken(now, token => token.SigningCredentials = FakeTokenIssuer.CreateForeignCredentials("first"))),
        ["foreign key with an unknown key id"] = ("token_invalid",
            (issuer, now) =>
                issuer.CreateToken(now, token => token.SigningCredentials = FakeTokenIssuer.CreateForeignCredentials("other"))),
        ["no subject"] = ("token_invalid", (issuer, now) => issuer.CreateToken(now, token => token.Claims.Remove("sub"))),
        ["signature of another token"] = ("token_invalid",
            (issuer, now) => SwapSignature(issuer.CreateToken(now), issuer.CreateToken(now, token => token.Claims["sub"] = "another"))),
        ["subject with a line break"] =
            ("token_invalid", (issuer, now) => issuer.CreateToken(now, token => token.Claims["sub"] = "a\r\nb")),
        ["subject that is too long"] =
            ("token_invalid", (issuer, now) => issuer.CreateToken(now, token => token.Claims["sub"] = new string('a', 201))),
        ["critical extension"] = ("token_invalid", (issuer, now) => issuer.CreateToken(now,
            token => token.AdditionalHeaderClaims = new Dictionary<string, object> { ["crit"] = new[] { "exp" } })),
        ["no token"] = ("token_invalid", (_, _) => "a.b.c"),
    };

    public static TheoryData<string> InvalidTokenCases => [.. InvalidTokens.Keys];

    [Fact]
    public async Task Valid_token_grants_its_role_alongside_API_keys()
    {
        await using var issuer = await FakeTokenIssuer.Start();
        await using var service = await StartService(issuer);
        Assert.Equal(200, await service.GetStatusCode("/v1/keys", issuer.CreateToken(service.Clock.GetUtcNow())));
        Assert.Equal(200, await service.GetStatusCode("/v1/keys", await service.CreateKeySecret()));
        var created = await service.SendForJson(HttpStatusCode.Created, "POST", "/v1/keys", issuer.CreateToken(service.Clock.GetUtcNow()),
            new JsonObject { ["name"] = "Sở", ["role"] = "Reader" });
        Assert.Equal("nguyen-van-a", (string?)created["key"]!["createdBy"]);
        Assert.Equal(2, issuer.RequestCount);
        Assert.Contains("CooperationApi.Access: First use this hour: nguyen-van-a (Admin) from 127.0.0.1, GET /v1/keys", service.Log);
    }

    [Theory, MemberData(nameof(InvalidTokenCases))]
    public async Task Invalid_token_is_rejected_even_where_none_is_required(string testCase)
    {
        await using var issuer = await FakeTokenIssuer.Start();
        await using var service = await StartService(issuer);
        var (code, createToken) = InvalidTokens[testCase];
        var token = createToken(issuer, service.Clock.GetUtcNow());
        foreach (var address in new[] { "/v1/keys", "/v1/provinces/ha-noi" })
        {
            using var response = await service.Send("GET", address, token);
            Assert.Equal(code, (string?)(await ApiFixture.ReadProblem(401, response))["code"]);
            Assert.EndsWith("error=\"invalid_token\"", response.GetHeader("WWW-Authenticate"), StringComparison.Ordinal);
        }
        Assert.DoesNotContain(service.Log, line => token.Length > 10 && line.Contains(token, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("Reader", 403)]
    [InlineData("Editor", 403)]
    [InlineData("Admin", 200)]
    [InlineData("Reader Admin viewer", 200)]
    [InlineData("admin", 403)]
    [InlineData("2", 403)]
    [InlineData("", 403)]
    public async Task Role_is_read_from_the_configured_claim(string roles, int status)
    {
        await using var issuer = await FakeTokenIssuer.Start();
        await using var service = await StartService(issuer, ("Access:RoleClaim", "cooperation_roles"));
        var token = issuer.CreateToken(service.Clock.GetUtcNow(), token =>
        {
            token.Claims["role"] = "Admin";
            token.Claims["cooperation_roles"] = roles.Split(' ');
        });
        Assert.Equal(status, await service.GetStatusCode("/v1/keys", token));
        // A token without any of the service's roles is rejected even for public reads.
        Assert.Equal(roles is "" or "admin" or "2" ? 403 : 200, await service.GetStatusCode("/v1/provinces/ha-noi", token));
    }

    [Fact]
    public async Task Token_expires()
    {
        await using var issuer = await FakeTokenIssuer.Start();
        await using var service = await StartService(issuer);
        var token = issuer.CreateToken(service.Clock.GetUtcNow());
        Assert.Equal(200, await service.GetStatusCode("/v1/keys", token));
        service.Clock.Advance(TimeSpan.FromMinutes(12));
        Assert.Equal("token_expired", await service.SendForProblemCode(401, "GET", "/v1/keys", token));
    }

    [Fact]
    public async Task Unreachable_issuer_gives_503_for_tokens_and_is_not_queried_on_every_request()
    {
        await using var issuer = await FakeTokenIssuer.Start();
        await using var service = await StartService(issuer);
        issuer.IsDown = true;
        var token = issuer.CreateToken(service.Clock.GetUtcNow());
        foreach (var address in new[] { "/v1/keys", "/v1/provinces/ha-noi", "/v1/keys" })
        {
            using var response = await service.Send("GET", address, token);
            Assert.Equal("issuer_unavailable", (string?)(await ApiFixture.ReadProblem(503, response))["code"]);
            Assert.NotNull(response.GetHeader("Retry-After"));
        }
        Assert.InRange(issuer.RequestCount, 1, 4);
        Assert.Equal(200, await service.GetStatusCode("/v1/keys", await service.CreateKeySecret()));
        Assert.Equal(200, await service.GetStatusCode("/v1/provinces/ha-noi"));
        issuer.IsDown = false;
        service.Clock.Advance(TimeSpan.FromSeconds(10));
        Assert.Equal(200, await service.GetStatusCode("/v1/keys", token));
        // The signing keys are cached, so the provider may become unavailable again.
        issuer.IsDown = true;
        Assert.Equal(200, await service.GetStatusCode("/v1/keys", token));
    }

    [Fact]
    public async Task New_signing_key_of_the_issuer_is_fetched()
    {
        await using var issuer = await FakeTokenIssuer.Start();
        await using var service = await StartService(issuer);
        Assert.Equal(200, await service.GetStatusCode("/v1/keys", issuer.CreateToken(service.Clock.GetUtcNow())));
        issuer.ChangeKeyId("second");
        Assert.Equal(200, await service.GetStatusCode("/v1/keys", issuer.CreateToken(service.Clock.GetUtcNow())));
    }

    [Fact]
    public async Task Tokens_are_rejected_when_no_issuer_is_configured()
    {
        await using var issuer = await FakeTokenIssuer.Start();
        await using var service = await AuthenticatedService.Start();
        Assert.Equal("key_invalid",
            await service.SendForProblemCode(401, "GET", "/v1/keys", issuer.CreateToken(service.Clock.GetUtcNow())));
        Assert.Equal(0, issuer.RequestCount);
    }

    private static Task<AuthenticatedService> StartService(FakeTokenIssuer issuer, params (string Name, string Value)[] settings) =>
        AuthenticatedService.Start([("Access:Authority", issuer.Address), ("Access:Audience", FakeTokenIssuer.Audience), .. settings]);

    /// <summary>Returns a token with the content of one token and the signature of another.</summary>
    private static string SwapSignature(string signed, string unsigned) =>
        $"{unsigned[..unsigned.LastIndexOf('.')]}{signed[signed.LastIndexOf('.')..]}";
}
