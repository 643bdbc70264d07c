namespace CooperationApi.Http;

/// <summary>How addresses that are read are mapped.</summary>
internal static class Reading
{
    private static readonly string[] Methods = ["GET", "HEAD"];

    /// <summary>Maps an address for GET and HEAD. What has an operation is in the document, and described when that is asked for.</summary>
    public static void MapRead(this IEndpointRouteBuilder routes, string pattern, RequestDelegate handler, Func<Operation>? operation = null)
    {
        var endpoint = routes.MapMethods(pattern, Methods, handler);
        if (operation is not null)
            endpoint.WithMetadata(operation);
    }
}
