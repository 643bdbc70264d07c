using CooperationApi.Http.Problems;

namespace CooperationApi.Access;

/// <summary>Rejects requests with an API key or a token in the URL (400 `key_in_url`).</summary>
internal sealed class UrlSecretMiddleware(RequestDelegate next, SecurityLog log)
{
    public Task InvokeAsync(HttpContext context)
    {
        if (UrlSecretDetector.FindKeyId(context.Request) is not { } id)
            return next(context);
        log.LogRejection("key_in_url", id, context);
        throw new ProblemException(400, "key_in_url");
    }
}
