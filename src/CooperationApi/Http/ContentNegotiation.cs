using CooperationApi.Http.Problems;
using Microsoft.Net.Http.Headers;

namespace CooperationApi.Http;

/// <summary>What a request says that it accepts: media types, encodings, languages.</summary>
internal static class ContentNegotiation
{
    /// <summary>
    /// That of the media types served which the request prefers; the first of equals, and of a request that doesn't say. Null if it accepts none.
    /// </summary>
    public static string? SelectMediaType(HttpRequest request, IReadOnlyList<string> offered)
    {
        var accept = request.Headers.Accept;
        if (accept.Count == 0 || accept.Count == 1 && (accept[0] is "*/*" or "" || accept[0] == offered[0]))
            return offered[0];
        if (!MediaTypeHeaderValue.TryParseList(accept, out var ranges))
            return null;
        // Who names a type means it rather than one that only fits what else they take.
        return offered.Select(type => (Type: type, Range: FindMostSpecific(ranges, type))).Where(candidate => candidate.Range is { Quality: not 0 })
            .OrderByDescending(candidate => candidate.Range!.Quality ?? 1).ThenByDescending(candidate => GetSpecificity(candidate.Range!)).FirstOrDefault().Type;
    }

    /// <summary>Whether an answer may come compressed with gzip.</summary>
    public static bool AcceptsGzip(HttpRequest request)
    {
        var accept = request.Headers.AcceptEncoding;
        return accept.Count > 0
            && StringWithQualityHeaderValue.TryParseList(accept, out var encodings)
            // What is said of gzip itself counts before what is said of any encoding (RFC 9110, 12.5.3).
            && (encodings.FirstOrDefault(encoding => encoding.Value.Equals("gzip", StringComparison.OrdinalIgnoreCase))
                ?? encodings.FirstOrDefault(encoding => encoding.Value == "*")) is { Quality: not 0 };
    }

    /// <summary>The language that the request prefers of the two: English, unless it says otherwise.</summary>
    public static Language SelectLanguage(HttpRequest request)
    {
        var ranges = request.GetTypedHeaders().AcceptLanguage;
        double GetQuality(string language) => ranges
            .Where(range => range.Value.Equals(language, StringComparison.OrdinalIgnoreCase) || range.Value.StartsWith(language + "-", StringComparison.OrdinalIgnoreCase))
            .Select(range => range.Quality ?? 1).DefaultIfEmpty(0).Max();
        return GetQuality("vi") > GetQuality("en") ? CooperationApi.Http.Problems.Language.Vietnamese : CooperationApi.Http.Problems.Language.English;
    }

    /// <summary>The language as headers name it.</summary>
    public static string ToLanguageTag(Language language) => language == CooperationApi.Http.Problems.Language.Vietnamese ? "vi" : "en";

    /// <summary>The most specific range that fits decides (RFC 9110, 12.5.1): "application/json;q=0, */*" refuses JSON.</summary>
    private static MediaTypeHeaderValue? FindMostSpecific(IEnumerable<MediaTypeHeaderValue> ranges, string type) => ranges
        .Where(range => range.MatchesAllTypes || range.MatchesAllSubTypes && type.StartsWith(range.Type + "/", StringComparison.OrdinalIgnoreCase)
            || range.MediaType.Equals(type, StringComparison.OrdinalIgnoreCase))
        .MaxBy(GetSpecificity);

    private static int GetSpecificity(MediaTypeHeaderValue range) => range.MatchesAllTypes ? 0 : range.MatchesAllSubTypes ? 1 : 2;
}
