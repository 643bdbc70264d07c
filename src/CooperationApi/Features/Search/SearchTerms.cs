using CooperationApi.Resources;
using CooperationApi.Text;

namespace CooperationApi.Features.Search;

/// <summary>The terms of a search text. A record must match all terms; text in quotes is a phrase; the last word can be a prefix.</summary>
/// <param name="Items">The terms.</param>
/// <param name="FoldedText">The folded words in order, for comparison with titles.</param>
internal sealed record SearchTerms(IReadOnlyList<SearchTerm> Items, string FoldedText)
{
    private const string QuoteCharacters = "\"“”„";

    // The terms without unit words.
    private readonly SearchTerms? namesOnly;

    private SearchTerms(IReadOnlyList<SearchTerm> terms)
        : this([.. terms.DistinctBy(term => (term.ExactText, term.IsPrefix, term.IsUnitWord))],
            FoldedText: $" {string.Join(' ', terms.SelectMany(term => term.Words))} ")
    {
        if (terms.Any(term => term.IsUnitWord))
            namesOnly = new([.. terms.Where(term => !term.IsUnitWord)]);
    }

    /// <summary>True if a term has diacritics; they then affect the rank.</summary>
    public bool HasDiacritics => Items.Any(term => term.FoldedText != term.ExactText);

    /// <summary>Returns the terms that a record of a type must match: for a province, without words such as `tỉnh`.</summary>
    public SearchTerms ForType(string type) => type == ResourceTypes.Provinces && namesOnly is not null ? namesOnly : this;

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
                terms.AddRange(ParseWords(segment));
        }
        terms.RemoveAll(term => term.Words.Count == 0);
        if (terms is [.., { Words: [{ Length: > 1 }] } lastTerm] && char.IsLetterOrDigit(text[^1]))
            terms[^1] = new(lastTerm.FoldedText, lastTerm.ExactText, IsPrefix: true) { IsUnitWord = lastTerm.IsUnitWord };
        // Without another word, the user searches for the unit words themselves.
        if (terms.All(term => term.IsUnitWord))
            terms = terms.ConvertAll(term => term with { IsUnitWord = false });
        return new(terms);
    }

    private static IEnumerable<SearchTerm> ParseWords(string segment)
    {
        var (words, exactWords) = (SplitWords(TextFolding.Fold(segment)), SplitWords(TextFolding.FoldKeepDiacritics(segment)));
        var isUnitWord = ProvinceUnitWords.Find(exactWords);
        return words.Select((word, i) => new SearchTerm($" {word} ", $" {exactWords[i]} ", IsPrefix: false) { IsUnitWord = isUnitWord[i] });
    }

    private static string[] SplitWords(string folded) => folded.Split(' ', StringSplitOptions.RemoveEmptyEntries);
}
