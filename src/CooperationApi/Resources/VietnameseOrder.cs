using System.Globalization;
using System.Text;

namespace CooperationApi.Resources;

/// <summary>
/// Keys by which names sort as in a Vietnamese dictionary when compared as plain text, in any database: a ă â b c d đ e ê …;
/// then by tone: none, huyền, hỏi, ngã, sắc, nặng. Case makes no difference.
/// </summary>
internal static class VietnameseOrder
{
    // Letters with their own place in the alphabet are a base letter and one of these marks.
    private const string LetterMarks = "\u0306\u0302\u031B";
    private const string Tones = "\u0300\u0309\u0303\u0301\u0323";

    /// <summary>The key of a name: two characters a letter, then a blank and the tones. A word's end sorts before any letter.</summary>
    public static string Key(string name)
    {
        var letters = new StringBuilder();
        var tones = new StringBuilder();
        foreach (var character in name.ToLowerInvariant().Normalize(NormalizationForm.FormD))
        {
            if (Tones.IndexOf(character, StringComparison.Ordinal) is >= 0 and var tone)
            {
                if (tones.Length > 0)
                    tones[^1] = (char)('1' + tone);
            }
            else if (LetterMarks.Contains(character, StringComparison.Ordinal))
            {
                // ă then â follow a; ô then ơ follow o; ê follows e and ư follows u.
                if (letters.Length > 0)
                    letters[^1] = character == '\u0306' ? '1' : character == '\u0302' ? '2' : '3';
            }
            else if (CharUnicodeInfo.GetUnicodeCategory(character) != UnicodeCategory.NonSpacingMark)
            {
                letters.Append(character switch
                {
                    'đ' => "d1",
                    >= 'a' and <= 'z' => character + "0",
                    >= '0' and <= '9' => "+" + character,
                    _ when char.IsLetter(character) => "~" + character,
                    _ => "--",
                });
                tones.Append('0');
            }
        }
        return letters.Append(' ').Append(tones).ToString();
    }
}
