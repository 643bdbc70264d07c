using CooperationApi.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.WebUtilities;

namespace CooperationApi.Access;

/// <summary>Finds keys and tokens in addresses, where proxies, browsers and logs would keep them.</summary>
internal static class UrlSecretDetector
{
    private static readonly string[] ForbiddenParameters = ["key", "api_key", "apikey", "api-key", "access_token", "token"];

    /// <summary>
    /// The id of the key in the address, empty if that isn't known; null if the address has neither a key nor a parameter by which one would be sent.
    /// </summary>
    public static string? FindKeyId(HttpRequest request) =>
        SecretScrubber.FindKeyId(request.Path.Value) ?? (request.QueryString.HasValue ? FindKeyId(request.QueryString.Value!) : null) ?? (HasUserInfo(request) ? "" : null);

    private static string? FindKeyId(string query)
    {
        foreach (var parameter in new QueryStringEnumerable(query))
        {
            var name = parameter.DecodeName();
            if ((SecretScrubber.FindKeyId(parameter.DecodeValue().Span) ?? SecretScrubber.FindKeyId(name.Span) ?? (IsForbiddenParameter(name.Span) ? "" : null)) is { } id)
                return id;
        }
        return null;
    }

    private static bool IsForbiddenParameter(ReadOnlySpan<char> name)
    {
        foreach (var forbidden in ForbiddenParameters)
        {
            if (name.Equals(forbidden, StringComparison.OrdinalIgnoreCase))
                return true;
        }
        return false;
    }

    /// <summary>`http://key@host/…`, which only the absolute form of a target can have.</summary>
    private static bool HasUserInfo(HttpRequest request)
    {
        var target = request.HttpContext.Features.GetRequiredFeature<IHttpRequestFeature>().RawTarget;
        return !target.StartsWith('/') && target.Split('/', 4) is [_, _, var authority, ..] && authority.Contains('@', StringComparison.Ordinal);
    }
}
