using Microsoft.Net.Http.Headers;

namespace CooperationApi.Http;

/// <summary>
/// Compares entity tags by the state that they identify. A tag contains the epoch and the revision, so its forms identify the same state:
/// the weak form, which proxies create when they compress a response (nginx, HAProxy), and the form with the suffix of a content coding,
/// which this service and Apache create.
/// </summary>
internal static class EntityTags
{
    /// <summary>The suffix of the entity tag of a compressed response.</summary>
    public const string GzipSuffix = "-gzip";

    // `mod_brotli` of Apache appends the second one.
    private static readonly string[] Suffixes = [GzipSuffix, "-br"];

    /// <summary>Formats a tag as the value of the header `ETag`.</summary>
    public static string Format(string tag, bool isWeak) => isWeak ? $"W/\"{tag}\"" : $"\"{tag}\"";

    /// <summary>
    /// Returns the tag in `If-None-Match` of a response with this tag, in an encoding that the request accepts; null if there is none.
    /// Without `Accept-Encoding` every encoding is accepted (RFC 9110, 12.5.3). `*` is no tag: it matches only after the response is known.
    /// </summary>
    public static string? FindMatch(HttpRequest request, string tag)
    {
        if (request.Headers.IfNoneMatch.Count == 0 || !EntityTagHeaderValue.TryParseList(request.Headers.IfNoneMatch, out var headers))
            return null;
        foreach (var header in headers)
        {
            var value = header.Tag.ToString().Trim('"');
            var coding = value[(value.LastIndexOf('-') + 1)..];
            if (value == tag || IdentifiesState(header, tag)
                && (request.Headers.AcceptEncoding.Count == 0 || ContentNegotiation.Accepts(request, coding)))
                return value;
        }
        return null;
    }

    /// <summary>Returns true if a tag of a request, in any form, identifies the state with this tag.</summary>
    public static bool IdentifiesState(EntityTagHeaderValue header, string tag)
    {
        var value = header.Tag.AsSpan().Trim('"');
        return value.StartsWith(tag, StringComparison.Ordinal) && value[tag.Length..] is var suffix
            && (suffix.IsEmpty || Suffixes.AsSpan().Contains(suffix.ToString()));
    }
}
