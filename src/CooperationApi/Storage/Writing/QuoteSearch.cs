using CooperationApi.Text;

namespace CooperationApi.Storage.Writing;

/// <summary>Searches a source text for a quote, and describes a quote that the text does not have at its offsets.</summary>
internal static class QuoteSearch
{
    // Offsets that a message lists.
    private const int MaxOccurrences = 10;

    /// <summary>Returns the offsets of the first occurrences of a quote in a text, in code points.</summary>
    public static List<int> FindOccurrences(string text, string quote)
    {
        var occurrences = new List<int>();
        var (codePoints, counted) = (0, 0);
        for (var i = text.IndexOf(quote, StringComparison.Ordinal); i >= 0 && occurrences.Count < MaxOccurrences;
            i = text.IndexOf(quote, i + 1, StringComparison.Ordinal))
        {
            // A code point above U+FFFF has two UTF-16 code units, of which the second is a low surrogate.
            for (; counted < i; counted++)
                codePoints += char.IsLowSurrogate(text[counted]) ? 0 : 1;
            occurrences.Add(codePoints);
        }
        return occurrences;
    }

    /// <summary>
    /// Returns the error of a quote at wrong offsets, of which <paramref name="passage"/> is the text: its occurrences elsewhere, the
    /// first character that differs, or the passage.
    /// </summary>
    public static (string Code, object[] Arguments) DescribeMismatch(string text, string sourceId, string quote, int start, int end,
        string passage) => FindOccurrences(text, quote) is { Count: > 0 } otherStarts
            ? ("quote_elsewhere", [start, end, string.Join(", ", otherStarts)])
            : DescribeDifference(text, sourceId, quote) ?? ("quote_mismatch", [start, end, passage]);

    /// <summary>Returns the error of a quote whose blanks, quotation marks or dashes differ from the text; null for other quotes.</summary>
    public static (string Code, object[] Arguments)? DescribeDifference(string text, string sourceId, string quote) =>
        TypographicDifference.Find(text, quote) is { } difference
            ? ("quote_differs", [sourceId, difference.QuotePosition, difference.QuoteCharacter, difference.TextCharacter,
                difference.TextOffset])
            : null;
}
