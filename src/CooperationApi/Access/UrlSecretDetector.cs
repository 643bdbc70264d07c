using System.Text;
using CooperationApi.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.WebUtilities;

namespace CooperationApi.Access;

/// <summary>Finds API keys and tokens in URLs, which proxies, browsers and logs store.</summary>
internal static class UrlSecretDetector
{
    private const string Removed = "…";

    private static readonly string[] ForbiddenParameters = ["key", "api_key", "apikey", "api-key", "access_token", "token"];

    /// <summary>
    /// Returns the id of the key in the URL, or an empty string if the id is unknown. Returns null if the URL has no key, no token, no
    /// parameter for keys and no user information.
    /// </summary>
    public static string? FindKeyId(HttpRequest request) =>
        SecretScrubber.FindKeyId(request.Path.Value)
            ?? (request.QueryString.HasValue ? FindKeyId(request.QueryString.Value!) : null) ?? (HasUserInfo(request) ? "" : null);

    /// <summary>
    /// Returns the query as sent if it has no secret. Otherwise replaces the values of parameters with a secret, or with a name for keys,
    /// and names with a secret, with `…`.
    /// </summary>
    public static string RemoveSecrets(string query)
    {
        if (query.Length == 0 || FindKeyId(query) is null)
            return query;
        var result = new StringBuilder();
        foreach (var parameter in new QueryStringEnumerable(query))
        {
            var name = parameter.DecodeName().Span;
            result.Append(result.Length == 0 ? '?' : '&')
                .Append(SecretScrubber.FindKeyId(name) is null ? parameter.EncodedName.Span : Removed).Append('=')
                .Append(SecretScrubber.FindKeyId(parameter.DecodeValue().Span) is null && !IsForbiddenParameter(name)
                    ? parameter.EncodedValue.Span : Removed);
        }
        return result.ToString();
    }

    private static string? FindKeyId(string query)
    {
        foreach (var parameter in new QueryStringEnumerable(query))
        {
            var name = parameter.DecodeName();
            if ((SecretScrubber.FindKeyId(parameter.DecodeValue().Span)
                ?? SecretScrubber.FindKeyId(name.Span) ?? (IsForbiddenParameter(name.Span) ? "" : null)) is { } id)
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

    /// <summary>True for `http://key@host/…`. Only a request target in absolute form can have user information.</summary>
    private static bool HasUserInfo(HttpRequest request)
    {
        var target = request.HttpContext.Features.GetRequiredFeature<IHttpRequestFeature>().RawTarget;
        return !target.StartsWith('/') && target.Split('/', 4) is [_, _, var authority, ..]
            && authority.Contains('@', StringComparison.Ordinal);
    }
}
