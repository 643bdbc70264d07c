using System.Net;
using System.Text.Json.Nodes;

namespace CooperationApi.Tests.Access;

/// <summary>Tokens of an identity provider open what keys open, and nothing that looks like one does.</summary>
public sealed class TokenTests
{
    /// <summary>What may be wrong with a token, and what its bearer is told.</summary>
    private static readonly Dictionary<string, (string Code, Func<Issuer, DateTimeOffset, string> Token)> Wrong = new()
    {
        ["another audience"] = ("token_invalid", (issuer, now) => issuer.Token(now, token => token.Audience = "another")),
        ["no audience"] = ("token_invalid", (issuer, now) => issuer.Token(now, token => token.Audience = null)),
        ["another issuer"] = ("token_invalid", (issuer, now) => issuer.Token(now, token => token.Issuer = "https://issuer.example")),
        ["expired"] = ("token_expired", (issuer, now) => issuer.Token(now, token => token.Expires = now.UtcDateTime.AddMinutes(-2))),
        ["without an end"] = ("token_invalid", (issuer, now) => issuer.Token(now, token => token.Expires = null)),
        ["not yet"] = ("token_invalid", (issuer, now) => issuer.Token(now, token => (token.NotBefore, token.Expires) = (now.UtcDateTime.AddMinutes(5), now.UtcDateTime.AddMinutes(10)))),
        ["not signed"] = ("token_invalid", (issuer, now) => issuer.Token(now, token => token.SigningCredentials = null)),
        ["signature cut off"] = ("token_invalid", (issuer, now) => issuer.Token(now)[..(issuer.Token(now).LastIndexOf('.') + 1)]),
        ["signed with the public key as a secret"] = ("token_invalid", (issuer, now) => issuer.Token(now, token => token.SigningCredentials = issuer.PublicAsSecret())),
        ["a foreign key under a known name"] = ("token_invalid", (issuer, now) => issuer.Token(now, token => token.SigningCredentials = Issuer.Foreign("first"))),
        ["a foreign key under an unknown name"] = ("token_invalid", (issuer, now) => issuer.Token(now, token => token.SigningCredentials = Issuer.Foreign("other"))),
        ["no subject"] = ("token_invalid", (issuer, now) => issuer.Token(now, token => token.Claims.Remove("sub"))),
        ["other content"] = ("token_invalid", (issuer, now) => Swapped(issuer.Token(now), issuer.Token(now, token => token.Claims["sub"] = "another"))),
        ["no token"] = ("token_invalid", (_, _) => "a.b.c"),
    };

    public static TheoryData<string> Faults => [.. Wrong.Keys];

    [Fact]
    public async Task A_good_token_opens_what_its_role_opens_beside_keys()
    {
        await using var issuer = await Issuer.Start();
        await using var service = await Start(issuer);
        Assert.Equal(200, await service.Status("/v1/keys", issuer.Token(service.Clock.GetUtcNow())));
        Assert.Equal(200, await service.Status("/v1/keys", await service.Key()));
        var made = await service.Json(HttpStatusCode.Created, "POST", "/v1/keys", issuer.Token(service.Clock.GetUtcNow()), new JsonObject { ["name"] = "Sở", ["role"] = "Reader" });
        Assert.Equal("nguyen-van-a", (string?)made["key"]!["madeBy"]);
        Assert.Equal(2, issuer.Asked);
        Assert.Contains("CooperationApi.Access: Used nguyen-van-a (Admin) by 127.0.0.1 for GET /v1/keys, the first time this hour", service.Log);
    }

    [Theory, MemberData(nameof(Faults))]
    public async Task A_token_that_is_not_good_is_refused_even_where_none_is_needed(string fault)
    {
        await using var issuer = await Issuer.Start();
        await using var service = await Start(issuer);
        var (code, make) = Wrong[fault];
        var token = make(issuer, service.Clock.GetUtcNow());
        foreach (var address in new[] { "/v1/keys", "/v1/provinces/ha-noi" })
        {
            using var answer = await service.Send("GET", address, token);
            Assert.Equal(code, (string?)(await Api.ProblemOf(401, answer))["code"]);
            Assert.EndsWith("error=\"invalid_token\"", answer.Header("WWW-Authenticate"), StringComparison.Ordinal);
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
    public async Task The_role_is_what_the_claim_says(string roles, int status)
    {
        await using var issuer = await Issuer.Start();
        await using var service = await Start(issuer, ("Access:RoleClaim", "cooperation_roles"));
        var token = issuer.Token(service.Clock.GetUtcNow(), token =>
        {
            token.Claims["role"] = "Admin";
            token.Claims["cooperation_roles"] = roles.Split(' ');
        });
        Assert.Equal(status, await service.Status("/v1/keys", token));
        // Who has none of the roles is nobody here, whatever else the provider knows them for.
        Assert.Equal(roles is "" or "admin" or "2" ? 403 : 200, await service.Status("/v1/provinces/ha-noi", token));
    }

    [Fact]
    public async Task A_token_ends_by_the_clock()
    {
        await using var issuer = await Issuer.Start();
        await using var service = await Start(issuer);
        var token = issuer.Token(service.Clock.GetUtcNow());
        Assert.Equal(200, await service.Status("/v1/keys", token));
        service.Clock.Pass(TimeSpan.FromMinutes(12));
        Assert.Equal("token_expired", await service.Refused(401, "GET", "/v1/keys", token));
    }

    [Fact]
    public async Task While_the_provider_is_silent_its_tokens_are_neither_good_nor_bad_and_it_is_not_asked_by_each_request()
    {
        await using var issuer = await Issuer.Start();
        await using var service = await Start(issuer);
        issuer.IsDown = true;
        var token = issuer.Token(service.Clock.GetUtcNow());
        foreach (var address in new[] { "/v1/keys", "/v1/provinces/ha-noi", "/v1/keys" })
        {
            using var answer = await service.Send("GET", address, token);
            Assert.Equal("issuer_unavailable", (string?)(await Api.ProblemOf(503, answer))["code"]);
            Assert.NotNull(answer.Header("Retry-After"));
        }
        Assert.InRange(issuer.Asked, 1, 4);
        Assert.Equal(200, await service.Status("/v1/keys", await service.Key()));
        Assert.Equal(200, await service.Status("/v1/provinces/ha-noi"));
        issuer.IsDown = false;
        service.Clock.Pass(TimeSpan.FromSeconds(10));
        Assert.Equal(200, await service.Status("/v1/keys", token));
        // Who was asked once need not be there any more.
        issuer.IsDown = true;
        Assert.Equal(200, await service.Status("/v1/keys", token));
    }

    [Fact]
    public async Task A_key_that_the_provider_signs_with_from_now_on_is_asked_for()
    {
        await using var issuer = await Issuer.Start();
        await using var service = await Start(issuer);
        Assert.Equal(200, await service.Status("/v1/keys", issuer.Token(service.Clock.GetUtcNow())));
        issuer.Rename("second");
        Assert.Equal(200, await service.Status("/v1/keys", issuer.Token(service.Clock.GetUtcNow())));
    }

    [Fact]
    public async Task Without_a_provider_no_token_is_good()
    {
        await using var issuer = await Issuer.Start();
        await using var service = await Guarded.Start();
        Assert.Equal("key_unknown", await service.Refused(401, "GET", "/v1/keys", issuer.Token(service.Clock.GetUtcNow())));
        Assert.Equal(0, issuer.Asked);
    }

    private static Task<Guarded> Start(Issuer issuer, params (string Name, string Value)[] settings) =>
        Guarded.Start([("Access:Authority", issuer.Address), ("Access:Audience", Issuer.Audience), .. settings]);

    /// <summary>The one's signature under the other's content.</summary>
    private static string Swapped(string one, string other) => $"{other[..other.LastIndexOf('.')]}{one[one.LastIndexOf('.')..]}";
}
