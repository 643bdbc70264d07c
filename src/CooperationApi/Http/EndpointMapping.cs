namespace CooperationApi.Http;

/// <summary>Handles a request that writes: returns the result, which the caller executes.</summary>
internal delegate Task<IResult> WriteHandler(HttpContext context);

/// <summary>Maps routes: for GET and HEAD, or for a method that writes.</summary>
internal static class EndpointMapping
{
    private static readonly string[] GetAndHead = ["GET", "HEAD"];

    /// <summary>Maps a route for GET and HEAD. A route with an operation is in the OpenAPI document.</summary>
    public static void MapGetAndHead(this IEndpointRouteBuilder routes, string pattern, RequestDelegate handler,
        OperationDescription? operation = null)
    {
        var endpoint = routes.MapMethods(pattern, GetAndHead, handler);
        if (operation is not null)
            endpoint.WithMetadata(operation);
    }

    /// <summary>
    /// Maps a route for a method that writes. The request timeout applies unless <paramref name="hasTimeout"/> is false: a write of any
    /// number of records has no timeout. The response is JSON and is not stored by caches.
    /// </summary>
    public static IEndpointConventionBuilder MapWrite(
        this IEndpointRouteBuilder routes, HttpMethod method, string pattern, WriteHandler handler, OperationDescription operation,
        bool hasTimeout = true)
    {
        var requestTimeout = routes.ServiceProvider.GetRequiredService<RequestTimeout>();
        return routes.MapMethods(pattern, [method.Method], Respond).WithMetadata(operation);

        async Task Respond(HttpContext context)
        {
            if (!operation.IgnoresAccept)
                ResponseCache.EnsureAcceptsJson(context.Request);
            context.Response.Headers.CacheControl = "no-store";
            // The timeout does not apply to the response: a saved change is reported as saved.
            var result = hasTimeout ? await requestTimeout.RunWithTimeout(context, () => handler(context)) : await handler(context);
            await result.ExecuteAsync(context);
        }
    }

    /// <summary>Returns a parameter of the path.</summary>
    public static string GetPathParameter(this HttpContext context, string name) => (string)context.Request.RouteValues[name]!;
}
