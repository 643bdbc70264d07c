using CooperationApi.Faults;
using Microsoft.Net.Http.Headers;

namespace CooperationApi.Http;

/// <summary>What a request says that it accepts: media types, encodings, languages.</summary>
internal static class Accepted
{
    /// <summary>
    /// That of the media types served which the request prefers; the first of equals, and of a request that doesn't say. Null if it accepts none.
    /// </summary>
    public static string? MediaType(HttpRequest request, IReadOnlyList<string> served)
    {
        var accept = request.Headers.Accept;
        if (accept.Count == 0 || accept.Count == 1 && (accept[0] is "*/*" or "" || accept[0] == served[0]))
            return served[0];
        if (!MediaTypeHeaderValue.TryParseList(accept, out var ranges))
            return null;
        // Who names a type means it rather than one that only fits what else they take.
        return served.Select(type => (Type: type, Range: Decisive(ranges, type))).Where(offer => offer.Range is { Quality: not 0 })
            .OrderByDescending(offer => offer.Range!.Quality ?? 1).ThenByDescending(offer => Precision(offer.Range!)).FirstOrDefault().Type;
    }

    /// <summary>Whether an answer may come compressed with gzip.</summary>
    public static bool Gzip(HttpRequest request)
    {
        var accept = request.Headers.AcceptEncoding;
        return accept.Count > 0
            && StringWithQualityHeaderValue.TryParseList(accept, out var encodings)
            // What is said of gzip itself counts before what is said of any encoding (RFC 9110, 12.5.3).
            && (encodings.FirstOrDefault(encoding => encoding.Value.Equals("gzip", StringComparison.OrdinalIgnoreCase))
                ?? encodings.FirstOrDefault(encoding => encoding.Value == "*")) is { Quality: not 0 };
    }

    /// <summary>The language that the request prefers of the two: English, unless it says otherwise.</summary>
    public static Language Language(HttpRequest request)
    {
        var accepted = request.GetTypedHeaders().AcceptLanguage;
        double Quality(string language) => accepted
            .Where(range => range.Value.Equals(language, StringComparison.OrdinalIgnoreCase) || range.Value.StartsWith(language + "-", StringComparison.OrdinalIgnoreCase))
            .Select(range => range.Quality ?? 1).DefaultIfEmpty(0).Max();
        return Quality("vi") > Quality("en") ? Faults.Language.Vietnamese : Faults.Language.English;
    }

    /// <summary>The language as headers name it.</summary>
    public static string TagOf(Language language) => language == Faults.Language.Vietnamese ? "vi" : "en";

    /// <summary>The most specific range that fits decides (RFC 9110, 12.5.1): "application/json;q=0, */*" refuses JSON.</summary>
    private static MediaTypeHeaderValue? Decisive(IEnumerable<MediaTypeHeaderValue> ranges, string type) => ranges
        .Where(range => range.MatchesAllTypes || range.MatchesAllSubTypes && type.StartsWith(range.Type + "/", StringComparison.OrdinalIgnoreCase)
            || range.MediaType.Equals(type, StringComparison.OrdinalIgnoreCase))
        .MaxBy(Precision);

    private static int Precision(MediaTypeHeaderValue range) => range.MatchesAllTypes ? 0 : range.MatchesAllSubTypes ? 1 : 2;
}
