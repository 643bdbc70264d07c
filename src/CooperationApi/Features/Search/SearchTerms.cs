using CooperationApi.Text;

namespace CooperationApi.Features.Search;

/// <summary>What a user typed, as terms. All of them must be found; what stands in quotes, as a phrase; the last word may be the beginning of one.</summary>
internal sealed class SearchTerms
{
    private const string QuoteCharacters = "\"“”„";

    private SearchTerms(IReadOnlyList<SearchTerm> items, string foldedText) => (Items, FoldedText) = (items, foldedText);

    /// <summary>The terms.</summary>
    public IReadOnlyList<SearchTerm> Items { get; }

    /// <summary>All words in their order, folded: a title that equals it is what was meant.</summary>
    public string FoldedText { get; }

    /// <summary>Whether diacritics were typed: then they count.</summary>
    public bool HasDiacritics => Items.Any(term => term.FoldedText != term.ExactText);

    /// <summary>Reads what was typed, whatever it is. Marks other than quotes stand between words.</summary>
    public static SearchTerms Parse(string text)
    {
        var terms = new List<SearchTerm>();
        foreach (var (i, segment) in text.Split(QuoteCharacters.ToCharArray()).Index())
        {
            // Between the first quote and the second, the third and the fourth, and so on; an open one reaches to the end.
            if (i % 2 == 1)
                terms.Add(new(TextFolding.Fold(segment), TextFolding.FoldKeepDiacritics(segment), IsPrefix: false));
            else
                terms.AddRange(SplitWords(TextFolding.Fold(segment)).Zip(SplitWords(TextFolding.FoldKeepDiacritics(segment)), (folded, exact) => new SearchTerm(folded, exact, IsPrefix: false)));
        }
        terms.RemoveAll(term => term.Words.Count == 0);
        if (terms is [.., { Words: [{ Length: > 1 }] } lastTerm] && char.IsLetterOrDigit(text[^1]))
            terms[^1] = new(lastTerm.FoldedText, lastTerm.ExactText, IsPrefix: true);
        return new([.. terms.DistinctBy(term => (term.ExactText, term.IsPrefix))], TextFolding.Fold(text));
    }

    private static IEnumerable<string> SplitWords(string folded) => folded.Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(word => $" {word} ");
}
