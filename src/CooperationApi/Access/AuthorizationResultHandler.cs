using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Authorization.Policy;

namespace CooperationApi.Access;

/// <summary>Rejects requests that do not meet the policy of their endpoint, with 401 or 403 problem documents.</summary>
internal sealed class AuthorizationResultHandler(AccessOptions options, SecurityLog log) : IAuthorizationMiddlewareResultHandler
{
    public Task HandleAsync(RequestDelegate next, HttpContext context, AuthorizationPolicy policy,
        PolicyAuthorizationResult authorizeResult)
    {
        if (authorizeResult.Challenged)
        {
            log.LogRejection("key_missing", null, context);
            throw AccessProblems.MissingKey;
        }
        if (authorizeResult.Forbidden)
        {
            log.LogRejection("role_insufficient", Caller.Find(context)?.Id, context);
            throw AccessProblems.InsufficientRole(Policies.GetRequiredRole(policy));
        }
        if (!options.AllowAnonymousRead)
            MarkPrivate(context.Response);
        return next(context);
    }

    /// <summary>Prevents shared caches from storing responses that require a key.</summary>
    private static void MarkPrivate(HttpResponse response) => response.OnStarting(() =>
    {
        var headers = response.Headers;
        if (headers.CacheControl == "no-cache")
            headers.CacheControl = "private, no-cache";
        headers.Vary = headers.Vary.Count == 0 ? "Authorization" : $"{headers.Vary}, Authorization";
        return Task.CompletedTask;
    });
}
