using System.Buffers;
using System.Text;

namespace CooperationApi.Text;

/// <summary>
/// Normalizes Vietnamese text for search. Folded text has no case, tones, diacritics or `đ`: `Đà Nẵng` becomes `da nang`. Exact text keeps
/// its diacritics, with the tone mark moved to the end of the word, so that `hòa` equals `hoà` and `uỷ` equals `ủy`. In both forms, blanks
/// enclose words, and single colons separate fields. <see cref="LetterForms"/> unifies the letters before.
/// </summary>
internal static class TextFolding
{
    /// <summary>The combining marks of the five written tones, in dictionary order: huyền, hỏi, ngã, sắc, nặng.</summary>
    public const string ToneMarks = "\u0300\u0309\u0303\u0301\u0323";
    private const char FieldSeparator = ':';
    private const int TableSize = 0x1F00;

    // For each character: the base letter or digit (or none), the letter with its diacritic but without its tone, and the tone.
    private static readonly (char Bare, char Letter,
        char Tone)[] Table = [.. Enumerable.Range(0, TableSize).Select(code => Classify((char)code))];

    /// <summary>Returns the folded words: ` thai binh `.</summary>
    public static string Fold(string text) => FoldWords(text, keepDiacritics: false);

    /// <summary>Returns the words with their diacritics, in lower case.</summary>
    public static string FoldKeepDiacritics(string text) => FoldWords(text, keepDiacritics: true);

    /// <summary>Returns the position and the folded form of each word of a text.</summary>
    public static IEnumerable<(int Start, int Length, string Folded)> FindWords(string text)
    {
        var word = new StringBuilder();
        var (start, offset) = (0, 0);
        foreach (var rune in text.EnumerateRunes())
        {
            foreach (var (bare, _, tone) in LetterForms.Unify(rune).Select(LookUp))
            {
                if (bare == default && tone == default && word.Length > 0)
                {
                    yield return (start, offset - start, word.ToString());
                    word.Clear();
                }
                if (bare == default)
                    continue;
                if (word.Length == 0)
                    start = offset;
                word.Append(bare);
            }
            offset += rune.Utf16SequenceLength;
        }
        if (word.Length > 0)
            yield return (start, offset - start, word.ToString());
    }

    /// <summary>Returns the folded form of a letter or digit; the default for other characters.</summary>
    public static char GetBaseLetter(char character) => LookUp(character).Bare;

    private static string FoldWords(string text, bool keepDiacritics)
    {
        text = LetterForms.Unify(text);
        // Upper bound: each word adds a tone and a blank to its letters, a line feed adds two characters, and the text starts with a blank.
        var buffer = ArrayPool<char>.Shared.Rent((3 * text.Length) + 2);
        var (length, wordStart, wordTone) = (1, 1, default(char));
        buffer[0] = ' ';
        foreach (var character in text)
        {
            var (bare, letter, tone) = LookUp(character);
            if (bare != default)
                buffer[length++] = keepDiacritics ? letter : bare;
            if (tone != default)
                wordTone = tone;
            else if (bare == default)
                EndWord();
            if (character == '\n')
            {
                buffer[length++] = FieldSeparator;
                buffer[length++] = ' ';
                wordStart = length;
            }
        }
        EndWord();
        var words = new string(buffer, 0, length);
        ArrayPool<char>.Shared.Return(buffer);
        return words;

        void EndWord()
        {
            if (length == wordStart)
                return;
            if (keepDiacritics && wordTone != default)
                buffer[length++] = wordTone;
            buffer[length++] = ' ';
            (wordStart, wordTone) = (length, default);
        }
    }

    private static (char Bare, char Letter, char Tone) LookUp(char character) =>
        character < TableSize ? Table[character] : Classify(character);

    private static (char Bare, char Letter, char Tone) Classify(char character)
    {
        if (ToneMarks.Contains(character, StringComparison.Ordinal))
            return (default, default, character);
        if (!char.IsLetterOrDigit(character))
            return default;
        var parts = char.ToLowerInvariant(character).ToString().Normalize(NormalizationForm.FormD);
        var tone = parts.FirstOrDefault(part => ToneMarks.Contains(part, StringComparison.Ordinal));
        var letter = string.Concat(parts.Where(part => part != tone || tone == default)).Normalize(NormalizationForm.FormC);
        return (parts[0] == 'đ' ? 'd' : parts[0], letter[0], tone);
    }
}
