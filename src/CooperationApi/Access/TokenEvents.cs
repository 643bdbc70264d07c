using CooperationApi.Contracts;
using CooperationApi.Http.Problems;
using Microsoft.AspNetCore.Authentication.JwtBearer;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Protocols;
using Microsoft.IdentityModel.Protocols.OpenIdConnect;
using Microsoft.IdentityModel.Tokens;

namespace CooperationApi.Access;

/// <summary>
/// Extends the JWT bearer authentication: a response 503 if the provider is unreachable, the lifetime by the service's clock, and the
/// caller from the configured claims.
/// </summary>
internal sealed partial class TokenEvents(AccessOptions options, TimeProvider time, ILogger<TokenEvents> logger) : JwtBearerEvents
{
    /// <summary>The tolerated difference between the clocks of the provider and of this machine.</summary>
    public static readonly TimeSpan ClockSkew = TimeSpan.FromMinutes(1);

    // After a failure, requests are rejected for this time without a new attempt. `ConfigurationManager` retries for each request.
    private static readonly TimeSpan RetryDelay = TimeSpan.FromSeconds(5);

    private const int MaxSubjectLength = 200;

    private long unavailableSince;

    /// <summary>Validates the lifetime of a token, which must have an expiry.</summary>
    public bool ValidateLifetime(DateTime? notBefore, DateTime? expires)
    {
        var now = time.GetUtcNow().UtcDateTime;
        return expires < now - ClockSkew
            ? throw new SecurityTokenExpiredException()
            : expires is not null && !(notBefore > now + ClockSkew);
    }

    public override async Task MessageReceived(MessageReceivedContext context)
    {
        var lastFailure = Volatile.Read(ref unavailableSince);
        if (lastFailure != 0 && time.GetElapsedTime(lastFailure) < RetryDelay)
            throw new ProblemException(503, "issuer_unavailable");
        try
        {
            await ((IConfigurationManager<OpenIdConnectConfiguration>)context.Options.ConfigurationManager!).GetConfigurationAsync(
                CancellationToken.None);
            Volatile.Write(ref unavailableSince, 0);
        }
        catch (Exception exception) when (exception is not OutOfMemoryException)
        {
            Volatile.Write(ref unavailableSince, time.GetTimestamp());
            LogUnavailable(exception, options.Authority!);
            throw new ProblemException(503, "issuer_unavailable");
        }
    }

    public override Task AuthenticationFailed(AuthenticationFailedContext context)
    {
        if (context.Exception is not ProblemException)
            context.Fail(
                new InvalidCredentialException(context.Exception is SecurityTokenExpiredException ? "token_expired" : "token_invalid"));
        return Task.CompletedTask;
    }

    public override Task TokenValidated(TokenValidatedContext context)
    {
        var token = (JsonWebToken)context.SecurityToken;
        var roles = ReadClaimValues(token, options.RoleClaim).Where(Enum.GetNames<Role>().Contains).Select(Enum.Parse<Role>).ToList();
        // `crit` lists extensions that a recipient must understand (RFC 7515, 4.1.11); this service understands none.
        if (!IsValidSubject(token.Subject) || token.TryGetHeaderValue<object>("crit", out _))
            context.Fail(new InvalidCredentialException("token_invalid"));
        else if (roles.Count == 0)
            context.Fail(new InvalidCredentialException("role_missing"));
        else
            context.Principal = CreateCaller(token.Subject, roles.Max(), ReadProvinceIds(token));
        return Task.CompletedTask;
    }

    /// <summary>Creates the caller of a token. A caller with provinces is at most an Editor: administration has no provinces.</summary>
    private static Caller CreateCaller(string subject, Role role, IReadOnlySet<string>? provinces) =>
        new(subject, subject, provinces is not null && role == Role.Admin ? Role.Editor : role, provinces);

    // The subject is the actor in the history and in logs.
    private static bool IsValidSubject(string subject) =>
        subject is { Length: > 0 and <= MaxSubjectLength } && !subject.Any(char.IsControl);

    private HashSet<string>? ReadProvinceIds(JsonWebToken token)
    {
        if (options.ProvinceClaim is not { } claimType)
            return null;
        var provinceIds = ReadClaimValues(token, claimType).ToHashSet();
        return provinceIds.Contains(Caller.AllProvinces) ? null : provinceIds;
    }

    private static IEnumerable<string> ReadClaimValues(JsonWebToken token, string claimType) =>
        token.Claims.Where(claim => claim.Type == claimType).Select(claim => claim.Value);

    [LoggerMessage(Level = LogLevel.Error, Message = "Cannot load the configuration of identity provider {Authority}")]
    private partial void LogUnavailable(Exception exception, string authority);
}
