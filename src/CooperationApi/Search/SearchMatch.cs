using CooperationApi.Resources;

namespace CooperationApi.Search;

/// <summary>What is searched for in a full-text index: which one, and the expressions that must all be fulfilled.</summary>
internal sealed record Match(string Table, IReadOnlyList<string> Parts)
{
    /// <summary>Of each part that was asked for, in which index, whether it is in few records.</summary>
    public required Dictionary<(string Table, string Part), bool> AreFew { get; init; }

    public string Expression => string.Join(" AND ", Parts);
}

/// <summary>The full-text expressions of a search. Only folded words and slugs get into them, in quotes: nothing that was typed is syntax.</summary>
internal sealed class SearchMatch(SearchQuery query, IReadOnlyList<string> lastWords, IReadOnlyList<string>? groups)
{
    // The index takes long alternatives apart one in another, and not deeper than so many.
    private const int Alternatives = 100;

    private const string Names = "search_name", Texts = "search_index";

    private readonly Dictionary<(string, string), bool> areFew = [];

    /// <summary>Records whose names have all of the terms, with their diacritics.</summary>
    public Match InNamesExactly => Of(Names, query.Terms.All.Select(term => Phrase(SearchText.Marked(term.Exact))), query.Types);

    /// <summary>Records whose names have all of the terms.</summary>
    public Match InNames => Of(Names, Terms, query.Types);

    /// <summary>Records that have all of the terms.</summary>
    public Match Anywhere => Of(Texts, Terms, query.Types);

    /// <summary>The same, of one type only.</summary>
    public Match Of(string type) => Of(Texts, Terms, [type]);

    private Match Of(string table, IEnumerable<string> terms, IReadOnlyList<string> types) => new(table, [.. terms, .. Narrowing(types)]) { AreFew = areFew };

    private IEnumerable<string> Terms => query.Terms.All.Select(term => term.IsPrefix ? $"({string.Join(" OR ", lastWords.Select(Phrase))})" : Phrase(term.Folded));

    private IEnumerable<string> Narrowing(IReadOnlyList<string> types)
    {
        if (types.Count > 0)
            yield return One(types.Select(type => $"type:{type}"));
        if (query.ProvinceIds.Count > 0)
            yield return One(query.ProvinceIds.Select(id => $"province:{id}"));
        if (groups is not null)
            yield return One(groups.Select(id => $"group:{id}"));
        if (query.From is not null || query.To is not null)
            yield return One(DayTokens.Meeting(query.From, query.To));
    }

    // Of no words at all none is there: a word that no record has says so.
    private static string One(IEnumerable<string> words) =>
        $"({string.Join(" OR ", words.DefaultIfEmpty("none:").Chunk(Alternatives).Select(some => $"({string.Join(" OR ", some.Select(word => $"\"{word}\""))})"))})";

    private static string Phrase(string words) => $"\"{words.Trim()}\"";
}
