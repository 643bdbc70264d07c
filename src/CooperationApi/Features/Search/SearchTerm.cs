using CooperationApi.Text;

namespace CooperationApi.Features.Search;

/// <summary>
/// A word or phrase to search for, folded and with diacritics. Both forms have the outer blanks that <see cref="TextFolding"/> writes.
/// </summary>
internal sealed record SearchTerm(string FoldedText, string ExactText, bool IsPrefix)
{
    /// <summary>True for a word such as `tỉnh`, which need not be in the record of a province.</summary>
    public bool IsUnitWord { get; init; }

    // A prefix can end inside a word, where its tone is not known yet.
    private readonly string foldedPattern = IsPrefix ? FoldedText.TrimEnd() : FoldedText;
    private readonly string exactPattern = IsPrefix ? ExactText.TrimEnd().TrimEnd(TextFolding.ToneMarks.ToCharArray()) : ExactText;

    /// <summary>The folded words of the term.</summary>
    public IReadOnlyList<string> Words { get; } = FoldedText.Split(' ', StringSplitOptions.RemoveEmptyEntries);

    /// <summary>Returns true if the folded word matches a word of the term.</summary>
    public bool MatchesWord(string word) => Words.Contains(word) || (IsPrefix && word.StartsWith(Words[^1], StringComparison.Ordinal));

    /// <summary>Counts the occurrences of the term in folded text.</summary>
    public int CountMatches(string folded) => CountOccurrences(folded, foldedPattern);

    /// <summary>Returns true if folded text contains the term.</summary>
    public bool Matches(string folded) => folded.Contains(foldedPattern, StringComparison.Ordinal);

    /// <summary>Returns true if text with diacritics contains the term with its diacritics.</summary>
    public bool MatchesExact(string exact) => exact.Contains(exactPattern, StringComparison.Ordinal);

    // Adjacent occurrences share one blank, so the next search starts at the last character of the match.
    private static int CountOccurrences(string text, string pattern)
    {
        var count = 0;
        for (var index = text.IndexOf(pattern, StringComparison.Ordinal); index >= 0; index =
            text.IndexOf(pattern, index + pattern.Length - 1, StringComparison.Ordinal))
            count++;
        return count;
    }
}
