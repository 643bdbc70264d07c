using System.Security.Cryptography;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;

namespace CooperationApi.Tests.Access;

/// <summary>An identity provider on this machine: it says what it is and publishes its key, and signs what a test wants signed.</summary>
internal sealed class Issuer : IAsyncDisposable
{
    public const string Audience = "cooperation";

    private readonly WebApplication app;
    private readonly RSA pair = RSA.Create(2048);
    private SigningCredentials own;

    private Issuer(WebApplication app) => (this.app, own) = (app, Credentials(pair, "first"));

    public string Address => app.Urls.Single();

    /// <summary>Whether it says nothing but that it failed.</summary>
    public bool IsDown { get; set; }

    /// <summary>How often it was asked.</summary>
    public int Asked { get; private set; }

    public static async Task<Issuer> Start()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Logging.ClearProviders();
        var issuer = new Issuer(builder.Build());
        issuer.app.MapGet("/.well-known/openid-configuration", () => issuer.Say(new { issuer = issuer.Address, jwks_uri = issuer.Address + "/keys" }));
        issuer.app.MapGet("/keys", () =>
        {
            var key = JsonWebKeyConverter.ConvertFromRSASecurityKey(new RsaSecurityKey(issuer.pair.ExportParameters(false)) { KeyId = issuer.own.Key.KeyId });
            return issuer.Say(new { keys = new[] { new { kty = key.Kty, use = "sig", kid = key.KeyId, n = key.N, e = key.E } } });
        });
        await issuer.app.StartAsync(TestContext.Current.CancellationToken);
        return issuer;
    }

    /// <summary>A token that is good, but for what a test makes of it.</summary>
    public string Token(DateTimeOffset now, Action<SecurityTokenDescriptor>? change = null)
    {
        var token = new SecurityTokenDescriptor
        {
            Issuer = Address,
            Audience = Audience,
            NotBefore = now.UtcDateTime.AddMinutes(-1),
            IssuedAt = now.UtcDateTime.AddMinutes(-1),
            Expires = now.UtcDateTime.AddMinutes(10),
            SigningCredentials = own,
            Claims = new Dictionary<string, object> { ["sub"] = "nguyen-van-a", ["role"] = "Admin" },
        };
        change?.Invoke(token);
        return new JsonWebTokenHandler { SetDefaultTimesOnTokenCreation = false }.CreateToken(token);
    }

    /// <summary>A key that it never published, under the name of one or another.</summary>
    public static SigningCredentials Foreign(string name) => Credentials(RSA.Create(2048), name);

    /// <summary>Its public key, which everybody knows, as if it were a shared secret.</summary>
    public SigningCredentials PublicAsSecret() => new(new SymmetricSecurityKey(pair.ExportSubjectPublicKeyInfo()) { KeyId = own.Key.KeyId }, SecurityAlgorithms.HmacSha256);

    /// <summary>Signs with the same key under another name from now on, as after it was exchanged.</summary>
    public void Rename(string name) => own = Credentials(pair, name);

    public async ValueTask DisposeAsync()
    {
        await app.DisposeAsync();
        pair.Dispose();
    }

    private IResult Say(object document)
    {
        Asked++;
        return IsDown ? TypedResults.StatusCode(500) : TypedResults.Json(document);
    }

    private static SigningCredentials Credentials(RSA pair, string name) => new(new RsaSecurityKey(pair) { KeyId = name }, SecurityAlgorithms.RsaSha256);
}
