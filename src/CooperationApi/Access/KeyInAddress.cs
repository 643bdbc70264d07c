using CooperationApi.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.WebUtilities;

namespace CooperationApi.Access;

/// <summary>Finds keys and tokens in addresses, where proxies, browsers and logs would keep them.</summary>
internal static class KeyInAddress
{
    private static readonly string[] Names = ["key", "api_key", "apikey", "api-key", "access_token", "token"];

    /// <summary>
    /// The id of the key in the address, empty if that isn't known; null if the address has neither a key nor a parameter by which one would be sent.
    /// </summary>
    public static string? Find(HttpRequest request) =>
        KeyText.IdIn(request.Path.Value) ?? (request.QueryString.HasValue ? Find(request.QueryString.Value!) : null) ?? (HasUser(request) ? "" : null);

    private static string? Find(string query)
    {
        foreach (var pair in new QueryStringEnumerable(query))
        {
            var name = pair.DecodeName();
            if ((KeyText.IdIn(pair.DecodeValue().Span) ?? KeyText.IdIn(name.Span) ?? (IsForbidden(name.Span) ? "" : null)) is { } id)
                return id;
        }
        return null;
    }

    private static bool IsForbidden(ReadOnlySpan<char> name)
    {
        foreach (var forbidden in Names)
        {
            if (name.Equals(forbidden, StringComparison.OrdinalIgnoreCase))
                return true;
        }
        return false;
    }

    /// <summary>`http://key@host/…`, which only the absolute form of a target can have.</summary>
    private static bool HasUser(HttpRequest request)
    {
        var target = request.HttpContext.Features.GetRequiredFeature<IHttpRequestFeature>().RawTarget;
        return !target.StartsWith('/') && target.Split('/', 4) is [_, _, var authority, ..] && authority.Contains('@', StringComparison.Ordinal);
    }
}
