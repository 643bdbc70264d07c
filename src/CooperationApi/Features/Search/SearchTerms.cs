using CooperationApi.Text;

namespace CooperationApi.Features.Search;

/// <summary>The terms of a search text. A record must match all terms; text in quotes is a phrase; the last word can be a prefix.</summary>
/// <param name="Items">The terms.</param>
/// <param name="FoldedText">The folded words in order, for comparison with titles.</param>
internal sealed record SearchTerms(IReadOnlyList<SearchTerm> Items, string FoldedText)
{
    private const string QuoteCharacters = "\"“”„";

    /// <summary>True if a term has diacritics; they then affect the rank.</summary>
    public bool HasDiacritics => Items.Any(term => term.FoldedText != term.ExactText);

    /// <summary>Parses any text. Punctuation other than quotes separates words.</summary>
    public static SearchTerms Parse(string text)
    {
        var terms = new List<SearchTerm>();
        foreach (var (i, segment) in text.Split(QuoteCharacters.ToCharArray()).Index())
        {
            // Segments with an odd index are in quotes. An unclosed quote extends to the end.
            if (i % 2 == 1)
                terms.Add(new(TextFolding.Fold(segment), TextFolding.FoldKeepDiacritics(segment), IsPrefix: false));
            else
                terms.AddRange(
                    SplitWords(TextFolding.Fold(segment))
                        .Zip(SplitWords(TextFolding.FoldKeepDiacritics(segment)),
                            (folded, exact) => new SearchTerm(folded, exact, IsPrefix: false)));
        }
        terms.RemoveAll(term => term.Words.Count == 0);
        if (terms is [.., { Words: [{ Length: > 1 }] } lastTerm] && char.IsLetterOrDigit(text[^1]))
            terms[^1] = new(lastTerm.FoldedText, lastTerm.ExactText, IsPrefix: true);
        return new([.. terms.DistinctBy(term => (term.ExactText, term.IsPrefix))], TextFolding.Fold(text));
    }

    private static IEnumerable<string> SplitWords(string folded) =>
        folded.Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(word => $" {word} ");
}
