using System.Globalization;
using System.Text;
using CooperationApi.Http.Problems;

namespace CooperationApi.Http;

/// <summary>Reads a query string strictly: what isn't understood is a fault, never ignored.</summary>
internal static class QueryStringParser
{
    private static readonly UTF8Encoding StrictUtf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <summary>Refuses all parameters, where there are none. Throws <see cref="ProblemException"/>.</summary>
    public static void RejectAll(HttpRequest request)
    {
        var errors = new List<RequestError>();
        Parse(request, [], errors);
        if (errors.Count > 0)
            throw ProblemException.InvalidRequest(errors);
    }

    /// <summary>The values of the known parameters by name. Unknown, repeated, empty and undecodable ones are added to the faults.</summary>
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

    /// <summary>The address of the same list from another cursor on.</summary>
    public static string WithCursor(HttpRequest request, string cursor) =>
        $"{request.Path}?{string.Join('&', SplitPairs(request).Where(pair => Decode(pair.Split('=')[0]) != "cursor").Append("cursor=" + cursor))}";

    private static string[] SplitPairs(HttpRequest request) =>
        request.QueryString.HasValue ? request.QueryString.Value![1..].Split('&', StringSplitOptions.RemoveEmptyEntries) : [];

    /// <summary>Percent-encoded UTF-8 in NFC, or null: bytes that aren't UTF-8, half an escape and control characters are refused, not replaced.</summary>
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
