using CooperationApi.Contracts;
using CooperationApi.Http.Problems;

namespace CooperationApi.Access;

/// <summary>
/// Knows who asks. Every request passes <see cref="Authenticate"/>, then the limits, which count by who asks, then <see cref="Authorize"/>, which refuses what
/// wasn't good; an address that takes a role calls <see cref="RequireRole"/>.
/// </summary>
internal sealed class CallerAuthenticator(AccessOptions options, ApiKeyCache keys, SecurityLog log, TimeProvider time, BearerTokenValidator? tokenValidator = null)
{
    // A person who mistypes is told so; a program that guesses is not answered for ever, nor written down for ever.
    private const int MaxFailures = 30;
    private const string BearerPrefix = "Bearer ";

    private readonly FixedWindowCounter failureCounter = new(time, windowSeconds: 60), hourlyCounter = new(time, windowSeconds: 3600);

    /// <summary>The caller of a request; null for one who sent nothing, or nothing good.</summary>
    public static Caller? FindCaller(HttpContext context) => context.Features.Get<AuthenticationFeature>()?.Caller;

    /// <summary>Finds out who asks, without refusing anybody yet but a key in an address: 400 `key_in_url`.</summary>
    public Task Authenticate(HttpContext context, RequestDelegate next)
    {
        if (UrlSecretDetector.FindKeyId(context.Request) is { } id)
        {
            log.LogRejection("key_in_url", id, context);
            throw new ProblemException(400, "key_in_url");
        }
        return context.Request.Headers.Authorization.Count == 0 || IsHealthCheck(context.Request) ? next(context) : AuthenticateAndContinue(context, next);
    }

    /// <summary>Refuses who sent something that wasn't good, and where reading is closed who sent nothing.</summary>
    public Task Authorize(HttpContext context, RequestDelegate next)
    {
        var authentication = context.Features.Get<AuthenticationFeature>();
        if (authentication?.ErrorCode is { } errorCode)
            throw RejectCredential(errorCode, authentication.ClaimedKeyId, context);
        if (!options.AllowAnonymousRead && !IsAlwaysOpen(context.Request))
        {
            if (authentication is null)
                throw RejectMissingKey(context);
            MarkPrivate(context.Response);
        }
        return next(context);
    }

    /// <summary>The caller, who must have this role or a higher one. Throws 401 for nobody, 403 for a lower one.</summary>
    public Caller RequireRole(HttpContext context, Role role)
    {
        var caller = FindCaller(context) ?? throw RejectMissingKey(context);
        if (caller.Role >= role)
            return caller;
        log.LogRejection("role_insufficient", caller.Id, context);
        throw AccessProblems.InsufficientRole(role);
    }

    private async Task AuthenticateAndContinue(HttpContext context, RequestDelegate next)
    {
        var credential = context.Request.Headers.Authorization is [{ } header] && header.StartsWith(BearerPrefix, StringComparison.OrdinalIgnoreCase)
            ? header[BearerPrefix.Length..] : "";
        var isToken = tokenValidator is not null && credential.Count(character => character == '.') == 2;
        var (caller, errorCode) = isToken ? await tokenValidator!.Authenticate(credential) : await keys.Authenticate(credential, context.RequestAborted);
        context.Features.Set(new AuthenticationFeature(caller, errorCode, isToken ? null : ApiKeySecret.ParseId(credential)));
        if (caller is not null && hourlyCounter.Increment(caller.Id).Used == 1)
            log.LogUse(caller, context);
        await next(context);
    }

    private ProblemException RejectMissingKey(HttpContext context)
    {
        log.LogRejection("key_missing", null, context);
        return AccessProblems.MissingKey;
    }

    private ProblemException RejectCredential(string errorCode, string? claimedKeyId, HttpContext context)
    {
        var (failureCount, secondsUntilReset) = failureCounter.Increment(ClientNetwork.GetRateLimitKey(context.Connection.RemoteIpAddress));
        if (failureCount > MaxFailures)
            return AccessProblems.TooManyRequests("too_many_failed_attempts", secondsUntilReset);
        log.LogRejection(errorCode, claimedKeyId, context);
        return errorCode == "role_missing" ? AccessProblems.InsufficientRole(Role.Reader) : AccessProblems.InvalidCredential(errorCode);
    }

    /// <summary>What shows nothing of the record: the document and its page, whether the service is well, and what is allowed.</summary>
    private static bool IsAlwaysOpen(HttpRequest request) =>
        IsHealthCheck(request)
        || HttpMethods.IsOptions(request.Method)
        || request.Path.StartsWithSegments("/swagger", StringComparison.Ordinal)
        || request.Path.Value is "/" or "/v1/openapi.json" or "/v1/openapi-3.1.json";

    private static bool IsHealthCheck(HttpRequest request) => request.Path.StartsWithSegments("/health", StringComparison.Ordinal);

    /// <summary>No cache that others use may keep what takes a key.</summary>
    private static void MarkPrivate(HttpResponse response) => response.OnStarting(() =>
    {
        var headers = response.Headers;
        if (headers.CacheControl == "no-cache")
            headers.CacheControl = "private, no-cache";
        headers.Vary = headers.Vary.Count == 0 ? "Authorization" : $"{headers.Vary}, Authorization";
        return Task.CompletedTask;
    });

    /// <summary>Who was found to ask, or why what they sent wasn't good; and which key they said to have.</summary>
    private sealed record AuthenticationFeature(Caller? Caller, string? ErrorCode, string? ClaimedKeyId);
}
