using CooperationApi.Http.Problems;
using Microsoft.Net.Http.Headers;

namespace CooperationApi.Http;

/// <summary>Selects the media type, the encoding and the language of a response from the request headers.</summary>
internal static class ContentNegotiation
{
    /// <summary>
    /// Returns the offered media type that the request prefers, or null if it accepts none. The first one wins ties and is the default
    /// without `Accept`.
    /// </summary>
    public static string? SelectMediaType(HttpRequest request, IReadOnlyList<string> offered)
    {
        var accept = request.Headers.Accept;
        if (accept.Count == 0 || accept.Count == 1 && (accept[0] is "*/*" or "" || accept[0] == offered[0]))
            return offered[0];
        if (!MediaTypeHeaderValue.TryParseList(accept, out var ranges))
            return null;
        // At equal quality, a type that the header lists exactly wins over one that only a wildcard matches.
        return offered.Select(type => (Type: type, Range: FindMostSpecific(ranges, type)))
            .Where(candidate => candidate.Range is { Quality: not 0 })
            .OrderByDescending(candidate => candidate.Range!.Quality ?? 1).ThenByDescending(candidate => GetSpecificity(candidate.Range!))
            .FirstOrDefault().Type;
    }

    /// <summary>Returns true if the request accepts gzip.</summary>
    public static bool AcceptsGzip(HttpRequest request) => Accepts(request, "gzip");

    /// <summary>Returns true if `Accept-Encoding` accepts a content coding.</summary>
    public static bool Accepts(HttpRequest request, string contentCoding)
    {
        var accept = request.Headers.AcceptEncoding;
        // The usual header has no quality values and needs no parsing.
        if (accept.Count == 1 && accept[0] is { } header && !header.Contains(';'))
        {
            foreach (var range in header.AsSpan().Split(','))
            {
                if (header.AsSpan(range).Trim().Equals(contentCoding, StringComparison.OrdinalIgnoreCase))
                    return true;
            }
        }
        return accept.Count > 0
            && StringWithQualityHeaderValue.TryParseList(accept, out var encodings)
            // An entry for the coding takes precedence over `*` (RFC 9110, 12.5.3).
            && (encodings.FirstOrDefault(encoding => encoding.Value.Equals(contentCoding, StringComparison.OrdinalIgnoreCase))
                ?? encodings.FirstOrDefault(encoding => encoding.Value == "*")) is { Quality: not 0 };
    }

    /// <summary>Returns the language that the request prefers. English is the default.</summary>
    public static Language SelectLanguage(HttpRequest request)
    {
        var ranges = request.GetTypedHeaders().AcceptLanguage;
        double GetQuality(string language) => ranges
            .Where(range => range.Value.Equals(language, StringComparison.OrdinalIgnoreCase)
                || range.Value.StartsWith(language + "-", StringComparison.OrdinalIgnoreCase))
            .Select(range => range.Quality ?? 1).DefaultIfEmpty(0).Max();
        return GetQuality("vi") > GetQuality("en") ? Language.Vietnamese : Language.English;
    }

    /// <summary>Returns the language tag for headers.</summary>
    public static string ToLanguageTag(Language language) => language == Language.Vietnamese ? "vi" : "en";

    /// <summary>
    /// Returns the most specific range that matches the type (RFC 9110, 12.5.1): `application/json;q=0, */*` excludes JSON.
    /// </summary>
    private static MediaTypeHeaderValue? FindMostSpecific(IEnumerable<MediaTypeHeaderValue> ranges, string type) => ranges
        .Where(range => range.MatchesAllTypes
            || range.MatchesAllSubTypes && type.StartsWith(range.Type + "/", StringComparison.OrdinalIgnoreCase)
            || range.MediaType.Equals(type, StringComparison.OrdinalIgnoreCase))
        .MaxBy(GetSpecificity);

    private static int GetSpecificity(MediaTypeHeaderValue range) => range.MatchesAllTypes ? 0 : range.MatchesAllSubTypes ? 1 : 2;
}
