using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Text;
using CooperationApi.Http.Problems;

namespace CooperationApi.Http;

/// <summary>
/// The values of a request's query parameters, and the errors in them. Parsing is strict: an unknown parameter is an error and never
/// ignored. Each parameter that is read adds its errors, and <see cref="ThrowIfInvalid"/> reports all of them.
/// </summary>
internal sealed class QueryValues
{
    private static readonly UTF8Encoding StrictUtf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    private readonly Dictionary<string, string> values = new(StringComparer.Ordinal);

    private QueryValues(HttpRequest request) => Request = request;

    public HttpRequest Request { get; }

    public List<RequestError> Errors { get; } = [];

    /// <summary>The values by name, without the empty ones.</summary>
    public IReadOnlyDictionary<string, string> All => values;

    /// <summary>The value of a parameter; null if it is absent or empty.</summary>
    public string? this[string name] => values.GetValueOrDefault(name);

    /// <summary>Parses the query string. Adds an error for each unknown, duplicate, empty or undecodable parameter.</summary>
    public static QueryValues Parse(HttpRequest request, IReadOnlyList<QueryParameter> parameters)
    {
        var result = new QueryValues(request);
        var (values, errors) = (result.values, result.Errors);
        string[] names = [.. parameters.Select(parameter => parameter.Name)];
        foreach (var pair in SplitPairs(request))
        {
            var separator = pair.IndexOf('=', StringComparison.Ordinal);
            if (Decode(separator < 0 ? pair : pair[..separator]) is not { } name)
                errors.Add(new("invalid_encoding"));
            else if (!names.Contains(name))
                errors.Add(RequestError.NotOneOf("unknown_parameter", name, names) with { Parameter = name.Length == 0 ? null : name });
            else if (Decode(separator < 0 ? "" : pair[(separator + 1)..]) is not { } value)
                errors.Add(new("invalid_encoding") { Parameter = name });
            else if (!values.TryAdd(name, value))
                errors.Add(new("duplicate_parameter") { Parameter = name });
            else if (value.Length == 0)
                errors.Add(new("empty_value") { Parameter = name });
        }
        foreach (var emptyValue in values.Where(value => value.Value.Length == 0).ToList())
            values.Remove(emptyValue.Key);
        return result;
    }

    /// <summary>Throws a <see cref="ProblemException"/> if the request has any query parameter.</summary>
    public static void RejectAll(HttpRequest request) => Parse(request, []).ThrowIfInvalid();

    /// <summary>Throws a <see cref="ProblemException"/> with all errors, if there are any.</summary>
    public void ThrowIfInvalid()
    {
        if (Errors.Count > 0)
            throw ProblemException.InvalidRequest(Errors);
    }

    /// <summary>Returns the path and query of the same list with another cursor; null without a cursor.</summary>
    [return: NotNullIfNotNull(nameof(cursor))]
    public static string? WithCursor(HttpRequest request, string? cursor)
    {
        var otherPairs = SplitPairs(request).Where(pair => Decode(pair.Split('=')[0]) != "cursor");
        return cursor is null ? null : $"{request.Path}?{string.Join('&', otherPairs.Append("cursor=" + cursor))}";
    }

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
                var digits = text.AsSpan(i + 1);
                if (digits.Length < 2
                    || !byte.TryParse(digits[..2], NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var octet))
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
