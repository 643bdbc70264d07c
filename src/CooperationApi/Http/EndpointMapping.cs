using Microsoft.AspNetCore.Http.Metadata;

namespace CooperationApi.Http;

/// <summary>Maps routes: for GET and HEAD, or for a method that writes.</summary>
internal static class EndpointMapping
{
    private static readonly string[] GetAndHead = ["GET", "HEAD"];

    /// <summary>
    /// Maps a route for GET and HEAD. A route with an operation is in the OpenAPI document; the operation is created when the document is
    /// generated.
    /// </summary>
    public static void MapGetAndHead(this IEndpointRouteBuilder routes, string pattern, RequestDelegate handler, Func<OperationDescription>? operation = null)
    {
        var endpoint = routes.MapMethods(pattern, GetAndHead, handler);
        if (operation is not null)
            endpoint.WithMetadata(operation);
    }

    /// <summary>
    /// Maps a route for a method that writes. <paramref name="maxBodyBytes"/> replaces the server's limit for the request body
    /// (`Limits:MaxRequestBodyBytes`); 0 removes it. The request timeout applies unless <paramref name="hasTimeout"/> is false: a write of
    /// any number of records has no timeout.
    /// </summary>
    public static void MapWrite(this IEndpointRouteBuilder routes, HttpMethod method, string pattern, RequestDelegate handler, Func<OperationDescription>? operation = null,
        long? maxBodyBytes = null, bool hasTimeout = true)
    {
        var requestTimeout = routes.ServiceProvider.GetRequiredService<RequestTimeout>();
        var endpoint = routes.MapMethods(pattern, [method.Method], hasTimeout ? context => requestTimeout.RunWithTimeout(context, handler) : handler);
        if (operation is not null)
            endpoint.WithMetadata(operation);
        if (maxBodyBytes is { } maxBytes)
            endpoint.WithMetadata(new BodySizeLimit(maxBytes));
    }

    /// <summary>Returns the route value `{id}`.</summary>
    public static string GetRouteId(this HttpContext context) => (string)context.Request.RouteValues["id"]!;

    /// <summary>Endpoint metadata from which routing sets the server's body limit; 0 means no limit.</summary>
    private sealed record BodySizeLimit(long MaxBytes) : IRequestSizeLimitMetadata
    {
        public long? MaxRequestBodySize => MaxBytes == 0 ? null : MaxBytes;
    }
}
