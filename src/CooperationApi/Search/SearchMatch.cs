using CooperationApi.Resources;

namespace CooperationApi.Search;

/// <summary>What is searched for in a full-text index: which one, and the expression.</summary>
internal sealed record Match(string Table, string Expression);

/// <summary>The full-text expressions of a search. Only folded words and slugs get into them, in quotes: nothing that was typed is syntax.</summary>
internal sealed class SearchMatch(SearchQuery query, IReadOnlyList<string> lastWords, IReadOnlyList<string>? groups)
{
    // The index takes long alternatives apart one in another, and not deeper than so many.
    private const int Alternatives = 100;

    private const string Names = "search_name", Texts = "search_index";

    /// <summary>Records whose names have all of the terms, with their diacritics.</summary>
    public Match InNamesExactly => new(Names, $"{string.Join(" AND ", query.Terms.All.Select(term => Phrase(SearchText.Marked(term.Exact))))}{Narrowed(query.Types)}");

    /// <summary>Records whose names have all of the terms.</summary>
    public Match InNames => new(Names, All + Narrowed(query.Types));

    /// <summary>Records that have all of the terms.</summary>
    public Match Anywhere => new(Texts, All + Narrowed(query.Types));

    /// <summary>The same, of one type only.</summary>
    public Match Of(string type) => new(Texts, All + Narrowed([type]));

    private string All => string.Join(" AND ", query.Terms.All.Select(term => term.IsPrefix ? $"({string.Join(" OR ", lastWords.Select(Phrase))})" : Phrase(term.Folded)));

    private string Narrowed(IReadOnlyList<string> types) => string.Concat(
        types.Count == 0 ? "" : One(types.Select(type => $"type:{type}")),
        query.ProvinceIds.Count == 0 ? "" : One(query.ProvinceIds.Select(id => $"province:{id}")),
        groups is null ? "" : One(groups.Select(id => $"group:{id}")),
        query.From is null && query.To is null ? "" : One(DayTokens.Meeting(query.From, query.To)));

    // Of no words at all none is there: a word that no record has says so.
    private static string One(IEnumerable<string> words) =>
        $" AND ({string.Join(" OR ", words.DefaultIfEmpty("none:").Chunk(Alternatives).Select(some => $"({string.Join(" OR ", some.Select(word => $"\"{word}\""))})"))})";

    private static string Phrase(string words) => $"\"{words.Trim()}\"";
}
