using CooperationApi.Contracts;
using CooperationApi.Faults;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Protocols;
using Microsoft.IdentityModel.Protocols.OpenIdConnect;
using Microsoft.IdentityModel.Tokens;

namespace CooperationApi.Access;

/// <summary>
/// Takes the tokens of an identity provider (JWT, signed with a key that it publishes), which is asked once for its keys and again when it signs
/// with a new one.
/// </summary>
internal sealed partial class IdentityProvider : IDisposable
{
    // Clocks of two machines differ by so much at most.
    private static readonly TimeSpan Skew = TimeSpan.FromMinutes(1);

    // Who doesn't answer is left alone for a while, rather than asked by every request.
    private static readonly TimeSpan AskAgain = TimeSpan.FromSeconds(5);

    // Signatures that only the provider can make: with a shared secret its public key would do for one.
    private static readonly string[] Algorithms = ["RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512"];

    private readonly AccessOptions options;
    private readonly TimeProvider time;
    private readonly ILogger<IdentityProvider> logger;
    private readonly HttpClient client = new() { Timeout = TimeSpan.FromSeconds(5) };
    private readonly ConfigurationManager<OpenIdConnectConfiguration> discovery;
    private readonly JsonWebTokenHandler reader = new() { MapInboundClaims = false };
    private readonly TokenValidationParameters demands;
    private long silentSince;

    public IdentityProvider(AccessOptions options, TimeProvider time, ILogger<IdentityProvider> logger)
    {
        (this.options, this.time, this.logger) = (options, time, logger);
        var authority = options.Authority!.TrimEnd('/');
        discovery = new($"{authority}/.well-known/openid-configuration", new OpenIdConnectConfigurationRetriever(),
            new HttpDocumentRetriever(client) { RequireHttps = authority.StartsWith(Uri.UriSchemeHttps + ":", StringComparison.OrdinalIgnoreCase) });
        demands = new()
        {
            ConfigurationManager = discovery,
            ValidAudience = options.Audience,
            ValidAlgorithms = Algorithms,
            // Looked at below, by our own clock.
            ValidateLifetime = false,
        };
    }

    /// <summary>Who comes with this token, or why they aren't let in. Throws 503 if the provider can't be asked.</summary>
    public async Task<(Caller? Caller, string? Refused)> Recognise(string token)
    {
        await Discover();
        var result = await reader.ValidateTokenAsync(token, demands);
        if (!result.IsValid || result.SecurityToken is not JsonWebToken { Subject.Length: > 0 } known || known.ValidTo == default)
            return (null, "token_invalid");
        var now = time.GetUtcNow().UtcDateTime;
        if (known.ValidTo < now - Skew)
            return (null, "token_expired");
        if (known.ValidFrom > now + Skew)
            return (null, "token_invalid");
        var roles = Values(known, options.RoleClaim).Where(Enum.GetNames<Role>().Contains).Select(Enum.Parse<Role>).ToList();
        return roles.Count == 0 ? (null, "role_missing") : (new(known.Subject, known.Subject, roles.Max(), Provinces(known)), null);
    }

    public void Dispose() => client.Dispose();

    private HashSet<string>? Provinces(JsonWebToken token)
    {
        if (options.ProvinceClaim is not { } claim)
            return null;
        var named = Values(token, claim).ToHashSet();
        return named.Contains("*") ? null : named;
    }

    private static IEnumerable<string> Values(JsonWebToken token, string claim) => token.Claims.Where(its => its.Type == claim).Select(its => its.Value);

    private async Task Discover()
    {
        var silent = Volatile.Read(ref silentSince);
        if (silent != 0 && time.GetElapsedTime(silent) < AskAgain)
            throw new ProblemException(503, "issuer_unavailable");
        try
        {
            await discovery.GetConfigurationAsync(CancellationToken.None);
            Volatile.Write(ref silentSince, 0);
        }
        catch (Exception exception) when (exception is not OutOfMemoryException)
        {
            Volatile.Write(ref silentSince, time.GetTimestamp());
            LogSilent(exception, options.Authority!);
            throw new ProblemException(503, "issuer_unavailable");
        }
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "The identity provider {Authority} can't be asked for its keys")]
    private partial void LogSilent(Exception exception, string authority);
}
