using Microsoft.AspNetCore.Http.Metadata;

namespace CooperationApi.Http;

/// <summary>How addresses that are written to are mapped.</summary>
internal static class Writing
{
    /// <summary>
    /// Maps an address for a method that writes. What it answers is for the handler to say, within the time that a request has; a body may be longer
    /// than elsewhere (`Limits:BodyBytes`) where <paramref name="mostBytes"/> says so, or as long as it likes with 0. What changes any number of records takes
    /// the time that it takes: it is not <paramref name="isTimed"/>.
    /// </summary>
    public static void MapWrite(this IEndpointRouteBuilder routes, HttpMethod method, string pattern, RequestDelegate handler, Func<Operation>? operation = null,
        long? mostBytes = null, bool isTimed = true)
    {
        var patience = routes.ServiceProvider.GetRequiredService<Patience>();
        var endpoint = routes.MapMethods(pattern, [method.Method], isTimed ? context => patience.Within(context, handler) : handler);
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
