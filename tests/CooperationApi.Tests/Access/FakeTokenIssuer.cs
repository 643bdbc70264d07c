using System.Security.Cryptography;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;

namespace CooperationApi.Tests.Access;

/// <summary>An OpenID Connect provider on localhost with a discovery document, a published signing key and configurable tokens.</summary>
internal sealed class FakeTokenIssuer : IAsyncDisposable
{
    public const string Audience = "cooperation";

    private readonly WebApplication app;
    private readonly RSA rsa = RSA.Create(2048);
    private SigningCredentials signingCredentials;

    private FakeTokenIssuer(WebApplication app) => (this.app, signingCredentials) = (app, CreateCredentials(rsa, "first"));

    public string Address => app.Urls.Single();

    /// <summary>True if the provider answers every request with status 500.</summary>
    public bool IsDown { get; set; }

    /// <summary>The number of requests to the provider.</summary>
    public int RequestCount { get; private set; }

    public static async Task<FakeTokenIssuer> Start()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Logging.ClearProviders();
        var issuer = new FakeTokenIssuer(builder.Build());
        issuer.app.MapGet("/.well-known/openid-configuration",
            () => issuer.Respond(new { issuer = issuer.Address, jwks_uri = issuer.Address + "/keys" }));
        issuer.app.MapGet("/keys", () =>
        {
            var key = JsonWebKeyConverter.ConvertFromRSASecurityKey(
                new RsaSecurityKey(issuer.rsa.ExportParameters(false)) { KeyId = issuer.signingCredentials.Key.KeyId });
            return issuer.Respond(new { keys = new[] { new { kty = key.Kty, use = "sig", kid = key.KeyId, n = key.N, e = key.E } } });
        });
        await issuer.app.StartAsync(TestContext.Current.CancellationToken);
        return issuer;
    }

    /// <summary>Creates a valid token; the test can change its descriptor.</summary>
    public string CreateToken(DateTimeOffset now, Action<SecurityTokenDescriptor>? configure = null)
    {
        var descriptor = new SecurityTokenDescriptor
        {
            Issuer = Address,
            Audience = Audience,
            NotBefore = now.UtcDateTime.AddMinutes(-1),
            IssuedAt = now.UtcDateTime.AddMinutes(-1),
            Expires = now.UtcDateTime.AddMinutes(10),
            SigningCredentials = signingCredentials,
            Claims = new Dictionary<string, object> { ["sub"] = "nguyen-van-a", ["role"] = "Admin" },
        };
        configure?.Invoke(descriptor);
        return new JsonWebTokenHandler { SetDefaultTimesOnTokenCreation = false }.CreateToken(descriptor);
    }

    /// <summary>Creates signing credentials with an unpublished key and the given key id.</summary>
    public static SigningCredentials CreateForeignCredentials(string keyId) => CreateCredentials(RSA.Create(2048), keyId);

    /// <summary>Creates HMAC credentials whose secret is the published public key (algorithm confusion attack).</summary>
    public SigningCredentials CreateHmacCredentialsFromPublicKey() =>
        new(new SymmetricSecurityKey(rsa.ExportSubjectPublicKeyInfo()) { KeyId = signingCredentials.Key.KeyId },
            SecurityAlgorithms.HmacSha256);

    /// <summary>Changes the key id of the signing key, as after a key rotation.</summary>
    public void ChangeKeyId(string keyId) => signingCredentials = CreateCredentials(rsa, keyId);

    public async ValueTask DisposeAsync()
    {
        await app.DisposeAsync();
        rsa.Dispose();
    }

    private IResult Respond(object document)
    {
        RequestCount++;
        return IsDown ? TypedResults.StatusCode(500) : TypedResults.Json(document);
    }

    private static SigningCredentials CreateCredentials(RSA rsa, string keyId) =>
        new(new RsaSecurityKey(rsa) { KeyId = keyId }, SecurityAlgorithms.RsaSha256);
}
