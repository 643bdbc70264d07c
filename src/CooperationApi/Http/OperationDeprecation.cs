using System.Globalization;
using Microsoft.Extensions.Primitives;

namespace CooperationApi.Http;

/// <summary>
/// The metadata of the endpoint of a deprecated operation. The OpenAPI document has `deprecated: true`, and each response of the endpoint
/// has the headers `Deprecation` (RFC 9745), `Sunset` (RFC 8594) if there is such a date, and `Link` to the documentation.
/// </summary>
internal sealed class OperationDeprecation
{
    private readonly string deprecation;
    private readonly string? sunset;
    private readonly string documentationPath;

    /// <param name="since">The time of the deprecation.</param>
    /// <param name="sunset">The time from which the operation may be absent; null if there is none yet.</param>
    /// <param name="documentationPath">The path of the documentation that names the replacement.</param>
    public OperationDeprecation(DateTimeOffset since, DateTimeOffset? sunset = null, string documentationPath = "/v1/changelog")
    {
        // RFC 9745, section 4.
        if (sunset < since)
            throw new ArgumentException("The operation cannot be removed before it is deprecated.", nameof(sunset));
        deprecation = string.Create(CultureInfo.InvariantCulture, $"@{since.ToUnixTimeSeconds()}");
        this.sunset = sunset?.ToString("R", CultureInfo.InvariantCulture);
        this.documentationPath = documentationPath;
    }

    /// <summary>Sets the headers of responses of deprecated operations, also of problems, and continues with the request.</summary>
    public static Task SetHeaders(HttpContext context, RequestDelegate next)
    {
        // Not earlier: the response sets its own `Link`.
        if (context.GetEndpoint()?.Metadata.GetMetadata<OperationDeprecation>() is { } metadata)
            context.Response.OnStarting(() => metadata.SetHeaders(context));
        return next(context);
    }

    private Task SetHeaders(HttpContext context)
    {
        var headers = context.Response.Headers;
        headers["Deprecation"] = deprecation;
        if (sunset is not null)
            headers["Sunset"] = sunset;
        headers.Link = StringValues.Concat(headers.Link, $"<{context.Request.PathBase}{documentationPath}>; rel=\"deprecation\"");
        return Task.CompletedTask;
    }
}
