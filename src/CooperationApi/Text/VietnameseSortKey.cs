using System.Buffers;
using System.Globalization;
using System.Text;

namespace CooperationApi.Text;

/// <summary>
/// Creates sort keys that give Vietnamese dictionary order in a binary comparison, in any database: a ă â b c d đ e ê …; then by tone:
/// none, huyền, hỏi, ngã, sắc, nặng. Case is ignored, and <see cref="LetterForms"/> unifies the letters.
/// </summary>
internal static class VietnameseSortKey
{
    // Breve, circumflex and horn: the letters ă â ê ô ơ ư decompose into a base letter and one of these marks.
    private const string LetterMarks = "\u0306\u0302\u031B";

    // The longest title has 500 code points, so only a title in another script than Latin, such as Hangul with up to three letters per
    // syllable, is cut. Titles that are equal up to here sort by id. `Limits.MaxCursorLength` depends on this value.
    private const int MaxLetters = 1000;

    /// <summary>
    /// Returns the sort key of a name: two characters per letter, then a blank and the tones. The end of a word sorts before all letters.
    /// </summary>
    public static string Create(string name)
    {
        var parts = LetterForms.Unify(name).ToLowerInvariant().Normalize(NormalizationForm.FormD);
        var buffer = ArrayPool<char>.Shared.Rent(3 * parts.Length);
        var letters = buffer.AsSpan(0, 2 * parts.Length);
        var tones = buffer.AsSpan(2 * parts.Length, parts.Length);
        var count = 0;
        foreach (var character in parts)
        {
            if (TextFolding.ToneMarks.IndexOf(character, StringComparison.Ordinal) is >= 0 and var tone)
            {
                if (count > 0)
                    tones[count - 1] = (char)('1' + tone);
            }
            else if (LetterMarks.Contains(character, StringComparison.Ordinal))
            {
                // ă then â follow a; ô then ơ follow o; ê follows e and ư follows u.
                if (count > 0)
                    letters[(2 * count) - 1] = character == '\u0306' ? '1' : character == '\u0302' ? '2' : '3';
            }
            else if (CharUnicodeInfo.GetUnicodeCategory(character) != UnicodeCategory.NonSpacingMark)
            {
                if (count == MaxLetters)
                    break;
                (letters[2 * count], letters[(2 * count) + 1]) = character switch
                {
                    'đ' => ('d', '1'),
                    >= 'a' and <= 'z' => (character, '0'),
                    >= '0' and <= '9' => ('+', character),
                    _ when char.IsLetter(character) => ('~', character),
                    _ => ('-', '-'),
                };
                tones[count++] = '0';
            }
        }
        var key = string.Concat(letters[..(2 * count)], " ", tones[..count]);
        ArrayPool<char>.Shared.Return(buffer);
        return key;
    }
}
