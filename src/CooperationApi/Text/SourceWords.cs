using System.Buffers;
using System.Globalization;

namespace CooperationApi.Text;

/// <summary>
/// The words of a source text in order, to find the words beside a quote that distinguish it from the other places with the same words.
/// Browsers compare the letters of a text directive without case and diacritics; words are compared here in the same way, and also without
/// punctuation. Words that differ here differ in a browser.
/// </summary>
internal sealed class SourceWords
{
    // A passage whose percent-encoded words are longer is written as its first and last words: the whole link then fits into about
    // 500 characters. A passage that is written in full proves more: a browser does not open it if any of its words was changed.
    private const int MaxEncodedLength = 300;

    // The first and the last words of a passage that is not written in full. More words are added up to the maximum if these occur twice.
    private const int RangeWordCount = 5, MaxRangeWordCount = 20;

    // Limits of a prefix or suffix. They keep links short, and links from publishing the text of the source.
    private const int MaxContextWordCount = 20, MaxContextLength = 100;

    // In UTF-16 code units. Text without blanks, such as Chinese or a base64 string, has no better boundary.
    private const int MaxExtension = 100;

    // Words before and after these characters can be in different blocks of a page, such as paragraphs and table cells. A browser finds
    // each part of a directive in one block only.
    private static readonly SearchValues<char> BlockSeparators = SearchValues.Create("\n\r\t\v\f\u0085\u2028\u2029");

    private readonly string text;
    // For each word, the index of its first UTF-16 code unit, and the hash of its folded letters. Two words with one hash count as equal:
    // this can only add a word to a prefix or suffix.
    private readonly int[] starts, hashes;
    private readonly CodePointOffsets offsets;

    public SourceWords(string text)
    {
        this.text = text;
        // The first pass counts, so that the arrays have no spare room.
        var wordCount = ScanWords([], []);
        (starts, hashes, offsets) = (new int[wordCount], new int[wordCount], new(text));
        ScanWords(starts, hashes);
    }

    /// <summary>
    /// Creates the directive of a quote at an offset, in code points. The passage is extended to whole words, because browsers find only
    /// these.
    /// </summary>
    public TextDirective CreateDirective(int offset, int length)
    {
        var (start, end) = (offsets.GetIndex(offset), offsets.GetIndex((int)Math.Min((long)offset + length, int.MaxValue)));
        while (start < end && char.IsWhiteSpace(text[start]))
            start++;
        while (start < end && char.IsWhiteSpace(text[end - 1]))
            end--;
        var passage = new Passage(ExtendLeft(start), ExtendRight(end));
        var words = FindWords(passage);
        if (words.Count == 0)
            return new(GetText(passage));
        return words.Count > 1 && IsLong(passage) && CreateRangeDirective(passage, words) is { } directive
            ? directive
            : CreateExactDirective(passage, words);
    }

    private bool IsLong(Passage passage) => text.AsSpan(passage.Start, passage.Length).ContainsAny(BlockSeparators)
        || TextDirective.Encode(GetText(passage)).Length > MaxEncodedLength;

    private TextDirective CreateExactDirective(Passage passage, WordRange words)
    {
        var (left, right) = (MeasureLeft(passage, words), MeasureRight(passage, words));
        var (before, after) = FindContext(words, left.WordCount, right.WordCount, out _);
        return new(GetText(new(before > 0 ? left.PassageEdge : passage.Start, after > 0 ? right.PassageEdge : passage.End)))
        {
            Prefix = GetPrefix(left, words, before),
            Suffix = after == 0 ? null : GetText(new(right.ContextEdge, ExtendRight(GetWordEnd(words.End + after - 1)))),
        };
    }

    /// <summary>Creates a directive with the first and last words of a passage; null if these overlap.</summary>
    private TextDirective? CreateRangeDirective(Passage passage, WordRange words)
    {
        // Punctuation in another block than the first word is left out.
        if (HasSeparator(passage.Start, starts[words.First]))
            passage = passage with { Start = starts[words.First] };
        var left = MeasureLeft(passage, words);
        var (startCount, before) = FindStartWords(words, left.WordCount);
        var endCount = FindEndWords(words, startCount);
        var start = before > 0 ? left.PassageEdge : passage.Start;
        var lastWordEnd = GetWordEnd(words.End - 1);
        var textStart = new Passage(start, ExtendRight(GetWordEnd(words.First + startCount - 1)));
        var textEnd = new Passage(ExtendLeft(starts[words.End - endCount]),
            HasSeparator(lastWordEnd, passage.End) ? ExtendRight(lastWordEnd) : passage.End);
        return textStart.End > textEnd.Start
            ? null
            : new(GetText(textStart)) { TextEnd = GetText(textEnd), Prefix = GetPrefix(left, words, before) };
    }

    /// <summary>
    /// Returns the number of first words that occur only once in the text, or that do so after a prefix with the returned number of words.
    /// </summary>
    private (int Count, int Before) FindStartWords(WordRange words, int maxBefore)
    {
        var max = 1;
        while (max < Math.Min(words.Count - 1, MaxRangeWordCount) && !HasSeparator(starts[words.First], starts[words.First + max]))
            max++;
        var min = Math.Min(RangeWordCount, max);
        foreach (var maxPrefix in (int[])[0, maxBefore])
        {
            for (var count = min; count <= max; count++)
            {
                var before = FindContext(new(words.First, count), maxPrefix, 0, out var isUnique).Before;
                if (isUnique)
                    return (count, before);
            }
        }
        return (max, maxBefore);
    }

    /// <summary>Returns the number of last words that occur only once after the first words, because a browser opens the first.</summary>
    private int FindEndWords(WordRange words, int startCount)
    {
        var max = 1;
        while (max < Math.Min(words.Count - startCount, MaxRangeWordCount)
            && !HasSeparator(starts[words.End - max - 1], starts[words.End - 1]))
            max++;
        var rest = hashes.AsSpan(words.First + startCount, words.Count - startCount);
        for (var count = Math.Min(RangeWordCount, max); count < max; count++)
        {
            if (rest.IndexOf(rest[^count..]) == rest.Length - count)
                return count;
        }
        return max;
    }

    /// <summary>
    /// Returns the smallest numbers of words before and after, up to the maximums, with which the words occur only once in the text.
    /// Returns the maximums if the words occur twice even then.
    /// </summary>
    private (int Before, int After) FindContext(WordRange words, int maxBefore, int maxAfter, out bool isUnique)
    {
        var others = FindOtherOccurrences(words, maxBefore, maxAfter);
        (int Before, int After)? best = null;
        for (var before = 0; before <= maxBefore; before++)
        {
            var after = 0;
            foreach (var other in others)
            {
                if (other.Before >= before)
                    after = Math.Max(after, other.After + 1);
            }
            // If two sums are equal, the longer prefix is preferred.
            if (after <= maxAfter && (best is null || before + after <= best.Value.Before + best.Value.After))
                best = (before, after);
        }
        isUnique = best is not null;
        return best ?? (maxBefore, maxAfter);
    }

    /// <summary>Returns, for each other place with the same words, the numbers of words before and after that are the same too.</summary>
    private List<(int Before, int After)> FindOtherOccurrences(WordRange words, int maxBefore, int maxAfter)
    {
        var occurrences = new List<(int, int)>();
        var pattern = hashes.AsSpan(words.First, words.Count);
        for (var from = 0; hashes.AsSpan(from).IndexOf(pattern) is >= 0 and var distance; from += distance + 1)
        {
            var (first, before, after) = (from + distance, 0, 0);
            if (first == words.First)
                continue;
            while (before < maxBefore && before < first && hashes[first - before - 1] == hashes[words.First - before - 1])
                before++;
            while (after < maxAfter && first + words.Count + after < hashes.Length
                && hashes[first + words.Count + after] == hashes[words.End + after])
                after++;
            occurrences.Add((before, after));
        }
        return occurrences;
    }

    /// <summary>
    /// Measures the words that a prefix can have: those before the passage in its block, or else at the end of the block before.
    /// Punctuation between the start of the block and the passage then belongs to the passage.
    /// </summary>
    private Context MeasureLeft(Passage passage, WordRange words)
    {
        if (words.First == 0)
            return default;
        var (edge, passageEdge) = (passage.Start, passage.Start);
        var gapStart = GetWordEnd(words.First - 1);
        if (gapStart > passage.Start)
            return default;
        var gap = text.AsSpan(gapStart, passage.Start - gapStart);
        if (gap.IndexOfAny(BlockSeparators) is >= 0 and var separator)
        {
            var punctuation = gap[separator..].TrimStart();
            if (punctuation.Length > MaxContextLength || punctuation.ContainsAny(BlockSeparators))
                return default;
            (edge, passageEdge) = (gapStart + separator, passage.Start - punctuation.Length);
        }
        var count = 0;
        while (count < MaxContextWordCount && count < words.First && edge - starts[words.First - count - 1] <= MaxContextLength
            && !HasSeparator(starts[words.First - count - 1], edge))
            count++;
        return new(count, edge, passageEdge);
    }

    /// <summary>Measures the words that a suffix can have, like <see cref="MeasureLeft"/>.</summary>
    private Context MeasureRight(Passage passage, WordRange words)
    {
        if (words.End == starts.Length)
            return default;
        var (edge, passageEdge) = (passage.End, passage.End);
        var gap = text.AsSpan(passage.End, starts[words.End] - passage.End);
        if (gap.LastIndexOfAny(BlockSeparators) is >= 0 and var separator)
        {
            var punctuation = gap[..separator].TrimEnd();
            if (punctuation.Length > MaxContextLength || punctuation.ContainsAny(BlockSeparators))
                return default;
            (edge, passageEdge) = (passage.End + separator + 1, passage.End + punctuation.Length);
        }
        var count = 0;
        while (count < MaxContextWordCount && words.End + count < starts.Length
            && GetWordEnd(words.End + count) - edge is >= 0 and <= MaxContextLength
            && !HasSeparator(edge, GetWordEnd(words.End + count)))
            count++;
        return new(count, edge, passageEdge);
    }

    private string? GetPrefix(Context left, WordRange words, int count) =>
        count == 0 ? null : GetText(new(ExtendLeft(starts[words.First - count]), left.ContextEdge));

    private string GetText(Passage passage) => text.Substring(passage.Start, passage.Length);

    private bool HasSeparator(int start, int end) => end > start && text.AsSpan(start, end - start).ContainsAny(BlockSeparators);

    private WordRange FindWords(Passage passage)
    {
        var first = FindFirstWord(passage.Start);
        return new(first, FindFirstWord(passage.End) - first);
    }

    /// <summary>Returns the number of words that start before an index.</summary>
    private int FindFirstWord(int index) => Array.BinarySearch(starts, index) is var found && found < 0 ? ~found : found;

    private int GetWordEnd(int word)
    {
        var end = starts[word] + 1;
        while (end < text.Length && IsLetterOrMark(text[end]))
            end++;
        return end;
    }

    private int ExtendLeft(int index)
    {
        for (var i = index; index - i <= MaxExtension; i--)
        {
            if (IsWordBoundary(i))
                return i;
        }
        return index;
    }

    private int ExtendRight(int index)
    {
        for (var i = index; i - index <= MaxExtension; i++)
        {
            if (IsWordBoundary(i))
                return i;
        }
        return index;
    }

    /// <summary>
    /// Returns true if every browser has a word boundary at an index. The rules of Unicode (UAX #29) have more boundaries: `a,b` has one
    /// and `1,000` has none.
    /// </summary>
    private bool IsWordBoundary(int index)
    {
        if (index <= 0 || index >= text.Length)
            return true;
        var (left, right) = (text[index - 1], text[index]);
        if (char.IsLowSurrogate(right) || !char.IsWhiteSpace(left) && IsExtension(right))
            return false;
        return !(IsWordCharacter(left) && IsWordCharacter(right)
            || IsWordCharacter(left) && IsMiddle(right) && index + 1 < text.Length && IsWordCharacter(text[index + 1])
            || IsMiddle(left) && IsWordCharacter(right) && index > 1 && IsWordCharacter(text[index - 2]));
    }

    // Characters that do not separate two letters or two digits, such as the periods of `TP.HCM` and `3.000`.
    private static bool IsMiddle(char character) => character is '.' or ',' or ':' or ';' or '\'' or '\u2018' or '\u2019' or '\u2024'
        or '\u2027' or '\u00B7' or '\u0387' or '\u055F' or '\u05F4' or '\uFE13' or '\uFE52' or '\uFE55' or '\uFF07' or '\uFF0E' or '\uFF1A';

    private static bool IsWordCharacter(char character) => character == '_' || IsLetterOrMark(character) || IsExtension(character);

    private static bool IsLetterOrMark(char character) => TextFolding.GetBaseLetter(character) != default || IsMark(character);

    private static bool IsExtension(char character) =>
        IsMark(character) || character > '\u007F' && char.GetUnicodeCategory(character) == UnicodeCategory.Format;

    private static bool IsMark(char character) => character >= '\u0300' && char.GetUnicodeCategory(character)
        is UnicodeCategory.NonSpacingMark or UnicodeCategory.SpacingCombiningMark or UnicodeCategory.EnclosingMark;

    /// <summary>Writes the start and the FNV-1a hash of each word to spans that have room for all or none. Returns their number.</summary>
    private int ScanWords(Span<int> wordStarts, Span<int> wordHashes)
    {
        const uint offsetBasis = 2166136261, prime = 16777619;
        var (wordCount, hash) = (0, 0u);
        for (var i = 0; i <= text.Length; i++)
        {
            var character = i < text.Length ? text[i] : ' ';
            if (TextFolding.GetBaseLetter(character) is var letter && letter != default)
            {
                if (hash == 0)
                {
                    hash = offsetBasis;
                    if (wordCount < wordStarts.Length)
                        wordStarts[wordCount] = i;
                }
                hash = (hash ^ letter) * prime;
            }
            else if (hash != 0 && !IsMark(character))
            {
                if (wordCount < wordHashes.Length)
                    wordHashes[wordCount] = (int)hash;
                (wordCount, hash) = (wordCount + 1, 0);
            }
        }
        return wordCount;
    }

    /// <summary>A part of the text, in UTF-16 code units.</summary>
    private readonly record struct Passage(int Start, int End)
    {
        public int Length => End - Start;
    }

    /// <summary>Consecutive words, by their number in the text.</summary>
    private readonly record struct WordRange(int First, int Count)
    {
        public int End => First + Count;
    }

    /// <summary>
    /// The words beside a passage: their number, the index at which their side of the passage ends, and the index at which the passage then
    /// begins or ends.
    /// </summary>
    private readonly record struct Context(int WordCount, int ContextEdge, int PassageEdge);
}
