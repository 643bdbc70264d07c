using System.Buffers;
using System.Text;

namespace CooperationApi.Resources;

/// <summary>
/// Vietnamese text as search compares it. Folded, `Đà Nẵng` is `da nang`: no case, tones, diacritics or `đ`. Exact, it keeps its diacritics, with the
/// tone behind the word, so that `hòa` and `hoà`, `uỷ` and `ủy` are one word. Either way words stand between blanks, and fields between lone colons.
/// </summary>
internal static class Folding
{
    /// <summary>The marks of the five tones that are written.</summary>
    public const string Tones = "\u0300\u0309\u0303\u0301\u0323";
    private const char FieldBreak = ':';
    private const int Tabled = 0x1F00;

    // By character: the bare letter or digit (or none), the letter with its mark but no tone, and the tone.
    private static readonly (char Bare, char Letter, char Tone)[] Table = [.. Enumerable.Range(0, Tabled).Select(code => Taken((char)code))];

    /// <summary>The folded words: ` thai binh `.</summary>
    public static string Fold(string text) => Words(text, exact: false);

    /// <summary>The words with their diacritics, in lower case.</summary>
    public static string Exact(string text) => Words(text, exact: true);

    /// <summary>Each word of a text: where it stands, and folded.</summary>
    public static IEnumerable<(int Start, int Length, string Folded)> Located(string text)
    {
        var word = new StringBuilder();
        var start = 0;
        for (var i = 0; i <= text.Length; i++)
        {
            var (bare, _, tone) = i < text.Length ? Of(text[i]) : default;
            if (bare == default && tone == default && word.Length > 0)
            {
                yield return (start, i - start, word.ToString());
                word.Clear();
            }
            if (bare == default)
                continue;
            if (word.Length == 0)
                start = i;
            word.Append(bare);
        }
    }

    private static string Words(string text, bool exact)
    {
        // A character becomes one and a blank at most, a line's end two; a tone is one that was there already or part of a letter.
        var room = ArrayPool<char>.Shared.Rent((3 * text.Length) + 2);
        var (length, wordStart, toneOfWord) = (1, 1, default(char));
        room[0] = ' ';
        foreach (var character in text)
        {
            var (bare, letter, tone) = Of(character);
            if (bare != default)
                room[length++] = exact ? letter : bare;
            if (tone != default)
                toneOfWord = tone;
            else if (bare == default)
                EndWord();
            if (character == '\n')
            {
                room[length++] = FieldBreak;
                room[length++] = ' ';
                wordStart = length;
            }
        }
        EndWord();
        var words = new string(room, 0, length);
        ArrayPool<char>.Shared.Return(room);
        return words;

        void EndWord()
        {
            if (length == wordStart)
                return;
            if (exact && toneOfWord != default)
                room[length++] = toneOfWord;
            room[length++] = ' ';
            (wordStart, toneOfWord) = (length, default);
        }
    }

    private static (char Bare, char Letter, char Tone) Of(char character) => character < Tabled ? Table[character] : Taken(character);

    private static (char Bare, char Letter, char Tone) Taken(char character)
    {
        if (Tones.Contains(character, StringComparison.Ordinal))
            return (default, default, character);
        if (!char.IsLetterOrDigit(character))
            return default;
        var parts = char.ToLowerInvariant(character).ToString().Normalize(NormalizationForm.FormD);
        var tone = parts.FirstOrDefault(part => Tones.Contains(part, StringComparison.Ordinal));
        var letter = string.Concat(parts.Where(part => part != tone || tone == default)).Normalize(NormalizationForm.FormC);
        return (parts[0] == 'đ' ? 'd' : parts[0], letter[0], tone);
    }
}
