using CooperationApi.Contracts;
using CooperationApi.Http.Problems;

namespace CooperationApi.Access;

/// <summary>
/// Authenticates and authorizes callers. Every request passes <see cref="Authenticate"/>, then the rate limits, which count by caller, then
/// <see cref="Authorize"/>, which rejects invalid credentials. An endpoint that requires a role calls <see cref="RequireRole"/>.
/// </summary>
internal sealed class CallerAuthenticator(AccessOptions options, ApiKeyCache keys, SecurityLog log, TimeProvider time, BearerTokenValidator? tokenValidator = null)
{
    // Invalid credentials per address and minute. Above the limit, the response is 429 and nothing is logged, so that a program that
    // guesses keys cannot fill the log.
    private const int MaxFailures = 30;
    private const string BearerPrefix = "Bearer ";

    private readonly FixedWindowCounter failureCounter = new(time, windowSeconds: 60), hourlyCounter = new(time, windowSeconds: 3600);

    /// <summary>Returns the caller of a request; null without valid credentials.</summary>
    public static Caller? FindCaller(HttpContext context) => context.Features.Get<AuthenticationFeature>()?.Caller;

    /// <summary>
    /// Identifies the caller. Rejects only a secret in the URL (400 `key_in_url`); invalid credentials are rejected later.
    /// </summary>
    public Task Authenticate(HttpContext context, RequestDelegate next)
    {
        if (UrlSecretDetector.FindKeyId(context.Request) is { } id)
        {
            log.LogRejection("key_in_url", id, context);
            throw new ProblemException(400, "key_in_url");
        }
        return context.Request.Headers.Authorization.Count == 0 || IsHealthCheck(context.Request) ? next(context) : AuthenticateAndContinue(context, next);
    }

    /// <summary>Rejects invalid credentials, and requests without credentials if anonymous reading is disabled.</summary>
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

    /// <summary>Returns the caller with this role or a higher one. Throws 401 without a caller, 403 for a lower role.</summary>
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
        if (caller is not null && hourlyCounter.Increment(caller.Id).Count == 1)
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

    /// <summary>True for requests that return no data: OpenAPI documents, Swagger page, health checks and OPTIONS.</summary>
    private static bool IsAlwaysOpen(HttpRequest request) =>
        IsHealthCheck(request)
        || HttpMethods.IsOptions(request.Method)
        || request.Path.StartsWithSegments("/swagger", StringComparison.Ordinal)
        || request.Path.Value is "/" or "/v1/openapi.json" or "/v1/openapi-3.1.json";

    private static bool IsHealthCheck(HttpRequest request) => request.Path.StartsWithSegments("/health", StringComparison.Ordinal);

    /// <summary>Prevents shared caches from storing responses that require a key.</summary>
    private static void MarkPrivate(HttpResponse response) => response.OnStarting(() =>
    {
        var headers = response.Headers;
        if (headers.CacheControl == "no-cache")
            headers.CacheControl = "private, no-cache";
        headers.Vary = headers.Vary.Count == 0 ? "Authorization" : $"{headers.Vary}, Authorization";
        return Task.CompletedTask;
    });

    /// <summary>The result of authentication: the caller or an error code, and the id in the key that was sent.</summary>
    private sealed record AuthenticationFeature(Caller? Caller, string? ErrorCode, string? ClaimedKeyId);
}
