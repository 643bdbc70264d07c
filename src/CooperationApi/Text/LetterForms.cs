using System.Buffers;
using System.Text;

namespace CooperationApi.Text;

/// <summary>
/// Unifies letters and digits that differ in form only. Full-width letters, ligatures and the like become usual letters (NFKC). The letters
/// eth (U+00D0, U+00F0) and D with tail (U+0189, U+0256) become đ: their capitals look like Đ, and people copy them from other programs.
/// </summary>
internal static class LetterForms
{
    // The first character after the letters of Vietnamese and of other Latin text.
    private const int LatinEnd = 0x1F00;

    // Characters that stay the same: all before `LatinEnd` but the few that are unified, and the punctuation marks U+2010 to U+205F.
    private static readonly SearchValues<char> UnchangedCharacters = SearchValues.Create([
        .. Enumerable.Range(0, LatinEnd).Select(code => (char)code).Where(character => Unify(new Rune(character)) == character.ToString()),
        .. Enumerable.Range(0x2010, 0x50).Select(code => (char)code)]);

    /// <summary>Returns the text with unified letters and digits, in NFC.</summary>
    public static string Unify(string text) => text.AsSpan().ContainsAnyExcept(UnchangedCharacters)
        ? string.Concat(text.EnumerateRunes().Select(Unify)).Normalize()
        : text;

    /// <summary>
    /// Returns the unified letters of a character. A character stays the same if its usual form has other characters than letters and
    /// digits.
    /// </summary>
    public static string Unify(Rune rune)
    {
        var text = rune.ToString();
        return rune.Value switch
        {
            // .NET does not normalize this code point, which is no character.
            0xFFFE => "\uFFFD",
            0xD0 or 0x189 => "Đ",
            0xF0 or 0x256 => "đ",
            _ when text.Normalize(NormalizationForm.FormKC) is var usualForm && usualForm.All(char.IsLetterOrDigit) => usualForm,
            _ => text,
        };
    }
}
