namespace CooperationApi.Search;

/// <summary>The full-text expression of a search. Only folded words and slugs get into it, in quotes: nothing that was typed is syntax.</summary>
internal sealed class SearchMatch(SearchTerms terms, IReadOnlyList<string> lastWords, IReadOnlyList<string> types, IReadOnlyList<string> provinceIds)
{
    /// <summary>Records whose names have all of the terms, with their diacritics.</summary>
    public string InNamesExactly => $"exact : ({string.Join(" AND ", terms.All.Select(term => Phrase(term.Exact)))}){Narrowed(types)}";

    /// <summary>Records whose names have all of the terms.</summary>
    public string InNames => $"name : ({All}){Narrowed(types)}";

    /// <summary>Records that have all of the terms.</summary>
    public string Anywhere => $"{{name text}} : ({All}){Narrowed(types)}";

    /// <summary>The same, of one type only.</summary>
    public string Of(string type) => $"{{name text}} : ({All}){Narrowed([type])}";

    private string All => string.Join(" AND ", terms.All.Select(term => term.IsPrefix ? $"({string.Join(" OR ", lastWords.Select(Phrase))})" : Phrase(term.Folded)));

    private string Narrowed(IReadOnlyList<string> types) => Facet("type", types) + Facet("province", provinceIds);

    private static string Facet(string name, IReadOnlyList<string> values) =>
        values.Count == 0 ? "" : $" AND facet : ({string.Join(" OR ", values.Select(value => $"\"{name}:{value}\""))})";

    private static string Phrase(string words) => $"\"{words.Trim()}\"";
}
