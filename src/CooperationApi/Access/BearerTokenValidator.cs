using CooperationApi.Contracts;
using CooperationApi.Http.Problems;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Protocols;
using Microsoft.IdentityModel.Protocols.OpenIdConnect;
using Microsoft.IdentityModel.Tokens;

namespace CooperationApi.Access;

/// <summary>
/// Takes the tokens of an identity provider (JWT, signed with a key that it publishes), which is asked once for its keys and again when it signs
/// with a new one.
/// </summary>
internal sealed partial class BearerTokenValidator : IDisposable
{
    // Clocks of two machines differ by so much at most.
    private static readonly TimeSpan ClockSkew = TimeSpan.FromMinutes(1);

    // Who doesn't answer is left alone for a while, rather than asked by every request.
    private static readonly TimeSpan RetryDelay = TimeSpan.FromSeconds(5);

    // Signatures that only the provider can make: with a shared secret its public key would do for one.
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
            // Looked at below, by our own clock.
            ValidateLifetime = false,
        };
    }

    /// <summary>Who comes with this token, or why they aren't let in. Throws 503 if the provider can't be asked.</summary>
    public async Task<(Caller? Caller, string? Refused)> Authenticate(string token)
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

    [LoggerMessage(Level = LogLevel.Error, Message = "The identity provider {Authority} can't be asked for its keys")]
    private partial void LogUnavailable(Exception exception, string authority);
}
