using CooperationApi.Resources;

namespace CooperationApi.Search;

/// <summary>What is searched for in a full-text index: which one, and the expression.</summary>
internal sealed record Match(string Table, string Expression);

/// <summary>The full-text expressions of a search. Only folded words and slugs get into them, in quotes: nothing that was typed is syntax.</summary>
internal sealed class SearchMatch(SearchTerms terms, IReadOnlyList<string> lastWords, IReadOnlyList<string> types, IReadOnlyList<string> provinceIds)
{
    private const string Names = "search_name", Texts = "search_index";

    /// <summary>Records whose names have all of the terms, with their diacritics.</summary>
    public Match InNamesExactly => new(Names, $"{string.Join(" AND ", terms.All.Select(term => Phrase(SearchText.Marked(term.Exact))))}{Narrowed(types)}");

    /// <summary>Records whose names have all of the terms.</summary>
    public Match InNames => new(Names, All + Narrowed(types));

    /// <summary>Records that have all of the terms.</summary>
    public Match Anywhere => new(Texts, All + Narrowed(types));

    /// <summary>The same, of one type only.</summary>
    public Match Of(string type) => new(Texts, All + Narrowed([type]));

    private string All => string.Join(" AND ", terms.All.Select(term => term.IsPrefix ? $"({string.Join(" OR ", lastWords.Select(Phrase))})" : Phrase(term.Folded)));

    private string Narrowed(IReadOnlyList<string> types) => Facet("type", types) + Facet("province", provinceIds);

    private static string Facet(string name, IReadOnlyList<string> values) =>
        values.Count == 0 ? "" : $" AND ({string.Join(" OR ", values.Select(value => $"\"{name}:{value}\""))})";

    private static string Phrase(string words) => $"\"{words.Trim()}\"";
}
