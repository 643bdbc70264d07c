using CooperationApi.Text;

namespace CooperationApi.Features.Search;

/// <summary>A word or phrase that is searched for, between blanks as <see cref="TextFolding"/> writes them: folded, and with its diacritics.</summary>
internal sealed record SearchTerm(string FoldedText, string ExactText, bool IsPrefix)
{
    // A word that is still being typed ends anywhere, and has no tone yet.
    private readonly string foldedPattern = IsPrefix ? FoldedText.TrimEnd() : FoldedText;
    private readonly string exactPattern = IsPrefix ? ExactText.TrimEnd().TrimEnd(TextFolding.ToneMarks.ToCharArray()) : ExactText;

    /// <summary>The folded words.</summary>
    public IReadOnlyList<string> Words { get; } = FoldedText.Split(' ', StringSplitOptions.RemoveEmptyEntries);

    /// <summary>Whether a folded word is one of it.</summary>
    public bool MatchesWord(string word) => Words.Contains(word) || (IsPrefix && word.StartsWith(Words[^1], StringComparison.Ordinal));

    /// <summary>How often it stands in folded text.</summary>
    public int CountMatches(string folded) => CountOccurrences(folded, foldedPattern);

    /// <summary>Whether it stands in folded text.</summary>
    public bool Matches(string folded) => folded.Contains(foldedPattern, StringComparison.Ordinal);

    /// <summary>Whether it stands, as typed, in text with its diacritics.</summary>
    public bool MatchesExact(string exact) => exact.Contains(exactPattern, StringComparison.Ordinal);

    // A word's blank behind is the next one's before.
    private static int CountOccurrences(string text, string pattern)
    {
        var count = 0;
        for (var index = text.IndexOf(pattern, StringComparison.Ordinal); index >= 0; index = text.IndexOf(pattern, index + pattern.Length - 1, StringComparison.Ordinal))
            count++;
        return count;
    }
}
