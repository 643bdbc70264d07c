using CooperationApi.Resources;

namespace CooperationApi.Search;

/// <summary>A word or phrase that is searched for, between blanks as <see cref="Folding"/> writes them: folded, and with its diacritics.</summary>
internal sealed record Term(string Folded, string Exact, bool IsPrefix)
{
    // A word that is still being typed ends anywhere, and has no tone yet.
    private readonly string foldedPart = IsPrefix ? Folded.TrimEnd() : Folded;
    private readonly string exactPart = IsPrefix ? Exact.TrimEnd().TrimEnd(Folding.Tones.ToCharArray()) : Exact;

    /// <summary>The folded words.</summary>
    public IReadOnlyList<string> Words { get; } = Folded.Split(' ', StringSplitOptions.RemoveEmptyEntries);

    /// <summary>Whether a folded word is one of it.</summary>
    public bool Has(string word) => Words.Contains(word) || (IsPrefix && word.StartsWith(Words[^1], StringComparison.Ordinal));

    /// <summary>How often it stands in folded text.</summary>
    public int CountIn(string folded) => Count(folded, foldedPart);

    /// <summary>Whether it stands in folded text.</summary>
    public bool IsIn(string folded) => folded.Contains(foldedPart, StringComparison.Ordinal);

    /// <summary>Whether it stands, as typed, in text with its diacritics.</summary>
    public bool StandsIn(string exact) => exact.Contains(exactPart, StringComparison.Ordinal);

    // A word's blank behind is the next one's before.
    private static int Count(string text, string part)
    {
        var count = 0;
        for (var at = text.IndexOf(part, StringComparison.Ordinal); at >= 0; at = text.IndexOf(part, at + part.Length - 1, StringComparison.Ordinal))
            count++;
        return count;
    }
}

/// <summary>What a user typed, as terms. All of them must be found; what stands in quotes, as a phrase; the last word may be the beginning of one.</summary>
internal sealed class SearchTerms
{
    private const string Quotes = "\"“”„";

    private SearchTerms(IReadOnlyList<Term> all, string key) => (All, Key) = (all, key);

    /// <summary>The terms.</summary>
    public IReadOnlyList<Term> All { get; }

    /// <summary>All words in their order, folded: a title that equals it is what was meant.</summary>
    public string Key { get; }

    /// <summary>Whether diacritics were typed: then they count.</summary>
    public bool AreExact => All.Any(term => term.Folded != term.Exact);

    /// <summary>Reads what was typed, whatever it is. Marks other than quotes stand between words.</summary>
    public static SearchTerms Read(string text)
    {
        var terms = new List<Term>();
        foreach (var (i, part) in text.Split(Quotes.ToCharArray()).Index())
        {
            // Between the first quote and the second, the third and the fourth, and so on; an open one reaches to the end.
            if (i % 2 == 1)
                terms.Add(new(Folding.Fold(part), Folding.Exact(part), IsPrefix: false));
            else
                terms.AddRange(Words(Folding.Fold(part)).Zip(Words(Folding.Exact(part)), (folded, exact) => new Term(folded, exact, IsPrefix: false)));
        }
        terms.RemoveAll(term => term.Words.Count == 0);
        if (terms is [.., { Words: [{ Length: > 1 }] } last] && char.IsLetterOrDigit(text[^1]))
            terms[^1] = new(last.Folded, last.Exact, IsPrefix: true);
        return new([.. terms.DistinctBy(term => (term.Exact, term.IsPrefix))], Folding.Fold(text));
    }

    private static IEnumerable<string> Words(string folded) => folded.Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(word => $" {word} ");
}
