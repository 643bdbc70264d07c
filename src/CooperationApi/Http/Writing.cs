using Microsoft.AspNetCore.Http.Metadata;

namespace CooperationApi.Http;

/// <summary>How addresses that are written to are mapped.</summary>
internal static class Writing
{
    /// <summary>
    /// Maps an address for a method that writes. What it answers is for the handler to say, within the time that a request has; a body may be longer
    /// than elsewhere (`Limits:BodyBytes`) where <paramref name="mostBytes"/> says so; with 0 it is as long as it likes, and takes the time that it takes.
    /// </summary>
    public static void MapWrite(this IEndpointRouteBuilder routes, HttpMethod method, string pattern, RequestDelegate handler, Func<Operation>? operation = null, long? mostBytes = null)
    {
        var patience = routes.ServiceProvider.GetRequiredService<Patience>();
        var endpoint = routes.MapMethods(pattern, [method.Method], mostBytes == 0 ? handler : context => patience.Within(context, handler));
        if (operation is not null)
            endpoint.WithMetadata(operation);
        if (mostBytes is { } most)
            endpoint.WithMetadata(new BodySize(most));
    }

    /// <summary>Routing sets the server's limit by it.</summary>
    private sealed record BodySize(long Most) : IRequestSizeLimitMetadata
    {
        public long? MaxRequestBodySize => Most == 0 ? null : Most;
    }
}
