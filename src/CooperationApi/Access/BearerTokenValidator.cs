using CooperationApi.Contracts;
using CooperationApi.Http.Problems;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Protocols;
using Microsoft.IdentityModel.Protocols.OpenIdConnect;
using Microsoft.IdentityModel.Tokens;

namespace CooperationApi.Access;

/// <summary>
/// Validates the JWTs of an OpenID Connect provider. The provider's signing keys are cached, and reloaded when a token has an unknown key.
/// </summary>
internal sealed partial class BearerTokenValidator : IDisposable
{
    // Tolerated difference between the clocks of the provider and of this machine.
    private static readonly TimeSpan ClockSkew = TimeSpan.FromMinutes(1);

    // After a failure, requests are rejected for this time without a new attempt.
    private static readonly TimeSpan RetryDelay = TimeSpan.FromSeconds(5);

    // Asymmetric algorithms only: with HMAC, an attacker could sign tokens with the provider's public key.
    private static readonly string[] AllowedAlgorithms = ["RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512"];

    private readonly AccessOptions options;
    private readonly TimeProvider time;
    private readonly ILogger<BearerTokenValidator> logger;
    private readonly HttpClient client = new() { Timeout = TimeSpan.FromSeconds(5) };
    private readonly ConfigurationManager<OpenIdConnectConfiguration> configurationManager;
    private readonly JsonWebTokenHandler tokenHandler = new() { MapInboundClaims = false };
    private readonly TokenValidationParameters validationParameters;
    private long unavailableSince;

    public BearerTokenValidator(AccessOptions options, TimeProvider time, ILogger<BearerTokenValidator> logger)
    {
        (this.options, this.time, this.logger) = (options, time, logger);
        var authority = options.Authority!.TrimEnd('/');
        configurationManager = new($"{authority}/.well-known/openid-configuration", new OpenIdConnectConfigurationRetriever(),
            new HttpDocumentRetriever(client) { RequireHttps = authority.StartsWith(Uri.UriSchemeHttps + ":", StringComparison.OrdinalIgnoreCase) });
        validationParameters = new()
        {
            ConfigurationManager = configurationManager,
            ValidAudience = options.Audience,
            ValidAlgorithms = AllowedAlgorithms,
            // `Authenticate` checks the lifetime with the `TimeProvider`.
            ValidateLifetime = false,
        };
    }

    /// <summary>Returns the caller of a token, or the error code. Throws 503 if the provider is unreachable.</summary>
    public async Task<(Caller? Caller, string? ErrorCode)> Authenticate(string token)
    {
        await EnsureConfigurationLoaded();
        var result = await tokenHandler.ValidateTokenAsync(token, validationParameters);
        if (!result.IsValid || result.SecurityToken is not JsonWebToken { Subject.Length: > 0 } jwt || jwt.ValidTo == default)
            return (null, "token_invalid");
        var now = time.GetUtcNow().UtcDateTime;
        if (jwt.ValidTo < now - ClockSkew)
            return (null, "token_expired");
        if (jwt.ValidFrom > now + ClockSkew)
            return (null, "token_invalid");
        var roles = ReadClaimValues(jwt, options.RoleClaim).Where(Enum.GetNames<Role>().Contains).Select(Enum.Parse<Role>).ToList();
        return roles.Count == 0 ? (null, "role_missing") : (new(jwt.Subject, jwt.Subject, roles.Max(), ReadProvinceIds(jwt)), null);
    }

    public void Dispose() => client.Dispose();

    private HashSet<string>? ReadProvinceIds(JsonWebToken token)
    {
        if (options.ProvinceClaim is not { } claimType)
            return null;
        var provinceIds = ReadClaimValues(token, claimType).ToHashSet();
        return provinceIds.Contains("*") ? null : provinceIds;
    }

    private static IEnumerable<string> ReadClaimValues(JsonWebToken token, string claimType) => token.Claims.Where(claim => claim.Type == claimType).Select(claim => claim.Value);

    private async Task EnsureConfigurationLoaded()
    {
        var lastFailure = Volatile.Read(ref unavailableSince);
        if (lastFailure != 0 && time.GetElapsedTime(lastFailure) < RetryDelay)
            throw new ProblemException(503, "issuer_unavailable");
        try
        {
            await configurationManager.GetConfigurationAsync(CancellationToken.None);
            Volatile.Write(ref unavailableSince, 0);
        }
        catch (Exception exception) when (exception is not OutOfMemoryException)
        {
            Volatile.Write(ref unavailableSince, time.GetTimestamp());
            LogUnavailable(exception, options.Authority!);
            throw new ProblemException(503, "issuer_unavailable");
        }
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "Cannot load the configuration of identity provider {Authority}")]
    private partial void LogUnavailable(Exception exception, string authority);
}
