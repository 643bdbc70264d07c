using CooperationApi.Text;

namespace CooperationApi.Features.Search;

/// <summary>Ranks matches. A rank depends only on the record and the terms, so that it does not change with other records.</summary>
internal static class SearchRanking
{
    // The usual constants of BM25; AverageLength is in characters. Inverse document frequency is left out: every match has all terms.
    private const double TermSaturation = 1.2, LengthWeight = 0.75, AverageLength = 400;
    private const int ScoreSteps = 1_000_000;

    // Equal title, equal other name, exact diacritics and terms in names are one bit each.
    private const int MaxCriteria = 15;

    /// <summary>The highest rank of a ranked match.</summary>
    public const long MaxRank = MaxCriteria * (ScoreSteps + 1L) + ScoreSteps;

    /// <summary>The rank of all unranked matches, which follow the ranked ones.</summary>
    public const long UnrankedRank = MaxRank + 1;

    /// <summary>
    /// Returns the rank; the best match has the lowest. The order is: equal title, another equal name, exact diacritics, terms in names,
    /// BM25. In suggestions, a title or name that begins with the search text counts as equal, and the shortest title comes first: “Hà Nội”
    /// precedes the titles that begin with it.
    /// </summary>
    public static long ComputeRank(SearchCandidate candidate, SearchTerms terms, bool isSuggestion)
    {
        var (names, texts) = (TextFolding.Fold(candidate.Names), TextFolding.Fold(candidate.Texts));
        var text = isSuggestion ? terms.FoldedText.TrimEnd() : terms.FoldedText;
        var isTitleMatch = isSuggestion ? candidate.TitleKey.StartsWith(text, StringComparison.Ordinal) : candidate.TitleKey == text;
        var isNameMatch = isTitleMatch || IsOneName(names, text, isSuggestion);
        var isDiacriticsMatch = !terms.HasDiacritics || MatchesDiacritics(candidate, terms);
        var isInNames = terms.Items.All(term => term.Matches(names));
        var score = isSuggestion ? (double)text.Length / candidate.TitleKey.Length : ComputeBm25(terms, names, texts);
        return ((isTitleMatch ? 0 : 8) + (isNameMatch ? 0 : 4) + (isDiacriticsMatch ? 0 : 2) + (isInNames ? 0 : 1)) * (ScoreSteps + 1L)
            + (long)((1 - Math.Clamp(score, 0, 1)) * ScoreSteps);
    }

    private static double ComputeBm25(SearchTerms terms, string names, string texts)
    {
        var length = 1 - LengthWeight + LengthWeight * (names.Length + texts.Length) / AverageLength;
        return terms.Items.Sum(
            term => term.CountMatches(names) + term.CountMatches(texts) is var count
                ? count * (TermSaturation + 1) / (count + TermSaturation * length)
                : 0)
            / (terms.Items.Count * (TermSaturation + 1));
    }

    /// <summary>
    /// Returns true if one of the folded names equals the folded text, or begins with it. Both have the form ` ho chi minh `; between names
    /// is a colon.
    /// </summary>
    private static bool IsOneName(string names, string text, bool isPrefix) =>
        $" :{names}: ".Contains(isPrefix ? $" :{text}" : $" :{text}: ", StringComparison.Ordinal);

    private static bool MatchesDiacritics(SearchCandidate candidate, SearchTerms terms)
    {
        var names = TextFolding.FoldKeepDiacritics(candidate.Names);
        var termsNotInNames = terms.Items.Where(term => !term.MatchesExact(names)).ToList();
        return termsNotInNames.Count == 0
            || TextFolding.FoldKeepDiacritics(candidate.Texts) is var texts && termsNotInNames.All(term => term.MatchesExact(texts));
    }
}
