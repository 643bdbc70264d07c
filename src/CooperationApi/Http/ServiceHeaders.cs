using Microsoft.Extensions.Primitives;

namespace CooperationApi.Http;

/// <summary>The headers of every answer.</summary>
internal static class ServiceHeaders
{
    /// <summary>The version of the API: semantic, and independent of the program's.</summary>
    public const string ApiVersion = "1.0.0";

    private static readonly StringValues Version = ApiVersion;
    private static readonly StringValues NoSniff = "nosniff";
    private static readonly StringValues AnyOrigin = "*";

    public static void Set(HttpResponse response)
    {
        response.Headers["API-Version"] = Version;
        response.Headers.XContentTypeOptions = NoSniff;
        // Reading is open and needs no credentials, so any page may read.
        response.Headers.AccessControlAllowOrigin = AnyOrigin;
    }
}
