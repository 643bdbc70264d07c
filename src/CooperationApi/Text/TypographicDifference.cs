using System.Text;

namespace CooperationApi.Text;

/// <summary>
/// The first character in which a quote differs from a text that has the same words, but other blanks, quotation marks or dashes. Word
/// processors replace these characters, and the two texts look alike.
/// </summary>
/// <param name="QuotePosition">The position of the character in the quote, from 1.</param>
/// <param name="QuoteCharacter">The character of the quote.</param>
/// <param name="TextCharacter">The character of the text.</param>
/// <param name="TextOffset">The offset of the character in the text, in code points.</param>
internal sealed record TypographicDifference(int QuotePosition, Rune QuoteCharacter, Rune TextCharacter, int TextOffset)
{
    /// <summary>Finds the difference; null if the text does not contain the quote in any typography.</summary>
    public static TypographicDifference? Find(string text, string quote)
    {
        var start = Unify(text).IndexOf(Unify(quote), StringComparison.Ordinal);
        if (start < 0)
            return null;
        var i = quote.AsSpan().CommonPrefixLength(text.AsSpan(start));
        return i == quote.Length
            ? null
            : new(CountCodePoints(quote.AsSpan(0, i)) + 1, new(quote[i]), new(text[start + i]),
                CountCodePoints(text.AsSpan(0, start + i)));
    }

    private static string Unify(string text) => string.Create(text.Length, text, static (result, source) =>
    {
        for (var i = 0; i < result.Length; i++)
            result[i] = UnifyCharacter(source[i]);
    });

    private static char UnifyCharacter(char character) => character switch
    {
        '\u201C' or '\u201D' or '\u201E' or '\u201F' or '\u00AB' or '\u00BB' or '\u2033' => '"',
        '\u2018' or '\u2019' or '\u201A' or '\u201B' or '\u2032' => '\'',
        >= '\u2010' and <= '\u2015' or '\u2212' => '-',
        _ => char.IsWhiteSpace(character) ? ' ' : character,
    };

    private static int CountCodePoints(ReadOnlySpan<char> text)
    {
        var count = 0;
        foreach (var _ in text.EnumerateRunes())
            count++;
        return count;
    }
}
