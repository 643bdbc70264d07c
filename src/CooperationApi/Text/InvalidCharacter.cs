using System.Globalization;
using System.Text;

namespace CooperationApi.Text;

/// <summary>
/// A character that text for people must not have: it is invisible, a blank other than the space, or an accent without a letter. The
/// position counts code points from 1.
/// </summary>
internal sealed record InvalidCharacter(Rune Rune, int Position)
{
    /// <summary>Returns the first invalid character of a text; null if it has none.</summary>
    public static InvalidCharacter? Find(string text)
    {
        var position = 1;
        var followsBlank = true;
        foreach (var rune in text.EnumerateRunes())
        {
            // Printable ASCII and the line feed need no lookup.
            var isBlank = rune.Value is ' ' or '\n';
            if (!isBlank && rune.Value is < '!' or > '~' && (IsInvisible(rune) || followsBlank && IsAccent(rune)))
                return new(rune, position);
            followsBlank = isBlank;
            position++;
        }
        return null;
    }

    /// <summary>
    /// Returns the first control character other than tab, line feed and carriage return; null if the text has none. A workbook cannot
    /// contain these characters.
    /// </summary>
    public static InvalidCharacter? FindControl(string text)
    {
        foreach (var (index, rune) in text.EnumerateRunes().ToArray().Index())
        {
            if (Rune.IsControl(rune) && rune.Value is not ('\t' or '\n' or '\r') || rune.Value is 0xFFFE or 0xFFFF)
                return new(rune, index + 1);
        }
        return null;
    }

    private static bool IsAccent(Rune rune) => Rune.GetUnicodeCategory(rune)
        is UnicodeCategory.NonSpacingMark or UnicodeCategory.SpacingCombiningMark or UnicodeCategory.EnclosingMark;

    // Controls, separators, format characters such as the soft hyphen and direction overrides, private-use and unassigned characters. The
    // listed letters, marks and symbols have no glyph: fillers of Hangul and Khmer, grapheme joiner, variation selectors, empty Braille.
    private static bool IsInvisible(Rune rune) => Rune.GetUnicodeCategory(rune)
            is UnicodeCategory.Control or UnicodeCategory.Format or UnicodeCategory.PrivateUse or UnicodeCategory.OtherNotAssigned
                or UnicodeCategory.Surrogate or UnicodeCategory.SpaceSeparator or UnicodeCategory.LineSeparator
                or UnicodeCategory.ParagraphSeparator
        || rune.Value is 0x034F or 0x115F or 0x1160 or 0x17B4 or 0x17B5 or (>= 0x180B and <= 0x180F) or 0x2800 or 0x3164
            or (>= 0xFE00 and <= 0xFE0F) or 0xFFA0 or (>= 0xE0100 and <= 0xE01EF);
}
