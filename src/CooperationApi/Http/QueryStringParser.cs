using System.Globalization;
using System.Text;
using CooperationApi.Http.Problems;

namespace CooperationApi.Http;

/// <summary>Parses query strings strictly: an unknown parameter is an error and never ignored.</summary>
internal static class QueryStringParser
{
    private static readonly UTF8Encoding StrictUtf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <summary>Throws a <see cref="ProblemException"/> if the request has any query parameter.</summary>
    public static void RejectAll(HttpRequest request)
    {
        var errors = new List<RequestError>();
        Parse(request, [], errors);
        if (errors.Count > 0)
            throw ProblemException.InvalidRequest(errors);
    }

    /// <summary>
    /// Returns the values of the allowed parameters by name. Adds an error for each unknown, duplicate, empty or undecodable parameter.
    /// </summary>
    public static Dictionary<string, string> Parse(HttpRequest request, IReadOnlyList<string> allowedNames, ICollection<RequestError> errors)
    {
        var values = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var pair in SplitPairs(request))
        {
            var separator = pair.IndexOf('=', StringComparison.Ordinal);
            if (Decode(separator < 0 ? pair : pair[..separator]) is not { } name)
                errors.Add(new("invalid_encoding"));
            else if (!allowedNames.Contains(name, StringComparer.Ordinal))
                errors.Add(RequestError.NotOneOf("unknown_parameter", name, allowedNames) with { Parameter = name });
            else if (Decode(separator < 0 ? "" : pair[(separator + 1)..]) is not { } value)
                errors.Add(new("invalid_encoding") { Parameter = name });
            else if (!values.TryAdd(name, value))
                errors.Add(new("duplicate_parameter") { Parameter = name });
            else if (value.Length == 0)
                errors.Add(new("empty_value") { Parameter = name });
        }
        foreach (var emptyValue in values.Where(value => value.Value.Length == 0).ToList())
            values.Remove(emptyValue.Key);
        return values;
    }

    /// <summary>Returns the path and query of the same list with another cursor.</summary>
    public static string WithCursor(HttpRequest request, string cursor) =>
        $"{request.Path}?{string.Join('&', SplitPairs(request).Where(pair => Decode(pair.Split('=')[0]) != "cursor").Append("cursor=" + cursor))}";

    private static string[] SplitPairs(HttpRequest request) =>
        request.QueryString.HasValue ? request.QueryString.Value![1..].Split('&', StringSplitOptions.RemoveEmptyEntries) : [];

    /// <summary>
    /// Decodes percent-encoded UTF-8 to NFC. Returns null for invalid UTF-8, an incomplete escape or a control character.
    /// </summary>
    private static string? Decode(string text)
    {
        var bytes = new List<byte>(text.Length);
        for (var i = 0; i < text.Length; i++)
        {
            if (text[i] == '%')
            {
                if (i + 2 >= text.Length || !byte.TryParse(text.AsSpan(i + 1, 2), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var octet))
                    return null;
                bytes.Add(octet);
                i += 2;
            }
            else if (text[i] > 127)
            {
                return null;
            }
            else
            {
                bytes.Add(text[i] == '+' ? (byte)' ' : (byte)text[i]);
            }
        }
        try
        {
            var decoded = StrictUtf8.GetString([.. bytes]);
            return decoded.Any(char.IsControl) ? null : decoded.Normalize();
        }
        catch (ArgumentException)
        {
            return null;
        }
    }
}
