using CooperationApi.Resources;
using CooperationApi.Storage;

namespace CooperationApi.Search;

/// <summary>One of the expressions that a record must fulfil, and how many words the index has to follow for it.</summary>
internal sealed record Part(string Expression, int Words)
{
    /// <summary>What the expression is made of: each of these is in all records that fulfil it.</summary>
    public IReadOnlyList<string> Needs { get; init; } = [Expression];
}

/// <summary>What is searched for in a full-text index: which one, and the expressions that must all be fulfilled.</summary>
internal sealed record Match(string Table, IReadOnlyList<Part> Parts)
{
    public string Expression { get; } = string.Join(" AND ", Parts.Select(part => part.Expression));

    /// <summary>The same, among the records with numbers from one to another, or some more.</summary>
    public string Within(long first, long last) => $"{SearchMatch.One(SearchIndex.Blocks(first, last)).Expression} AND {Expression}";

    /// <summary>How many words the index has to follow.</summary>
    public int Words => Parts.Sum(part => part.Words);
}

/// <summary>
/// The full-text expressions of a search. Only folded words and slugs get into them, in quotes: nothing that was typed is syntax.
/// <paramref name="lastWords"/> is what the last word may become; none, if it may become too much to be listed.
/// </summary>
internal sealed class SearchMatch(SearchQuery query, IReadOnlyList<string> lastWords, IReadOnlyList<string>? groups)
{
    // The index takes long alternatives apart one in another, and not deeper than so many.
    private const int Alternatives = 100;

    // So many alternatives cost what one word more does: few of them are in any record.
    private const int CheapAlternatives = 16;

    private const string Names = "search_name", Texts = "search_index";

    /// <summary>Records whose names have all of the terms, with their diacritics.</summary>
    public Match InNamesExactly => Of(Names, query.Terms.All.Select(term => Phrase(SearchText.Marked(term.Exact))), query.Types);

    /// <summary>Records whose names have all of the terms.</summary>
    public Match InNames => Of(Names, Terms, query.Types);

    /// <summary>Records that have all of the terms.</summary>
    public Match Anywhere => Of(Texts, Terms, query.Types);

    /// <summary>The same, of some types only, or of all if none is named.</summary>
    public Match OfTypes(params IReadOnlyList<string> types) => Of(Texts, Terms, types);

    /// <summary>Whether a record with such facets may be found.</summary>
    public bool Admits(IReadOnlySet<string> facets) => Narrowing(query.Types).All(words => words.Any(facets.Contains));

    /// <summary>Records that have one of some words. Of no words at all none is there: a word that no record has says so.</summary>
    public static Part One(IEnumerable<string> words)
    {
        var all = words.DefaultIfEmpty("none:").ToList();
        var chunks = all.Chunk(Alternatives).Select(some => $"({string.Join(" OR ", some.Select(word => $"\"{word}\""))})");
        return new($"({string.Join(" OR ", chunks)})", 1 + all.Count / CheapAlternatives);
    }

    private Match Of(string table, IEnumerable<Part> terms, IReadOnlyList<string> types) => new(table, [.. terms, .. Narrowing(types).Select(One)]);

    private IEnumerable<Part> Terms => query.Terms.All.Select(term => !term.IsPrefix ? Phrase(term.Folded)
        : lastWords.Count > 0 ? One(lastWords) : new Part($"- facet : {Phrase(term.Folded).Expression} *", CheapAlternatives));

    // Of each of these lists, a record must have one of the words.
    private IEnumerable<IEnumerable<string>> Narrowing(IReadOnlyList<string> types)
    {
        if (types.Count > 0)
            yield return types.Select(type => $"type:{type}");
        if (query.ProvinceIds.Count > 0)
            yield return query.ProvinceIds.Select(id => $"province:{id}");
        if (groups is not null)
            yield return groups.Select(id => $"group:{id}");
        if (query.From is not null || query.To is not null)
            yield return DayTokens.Meeting(query.From, query.To);
    }

    private static Part Phrase(string text)
    {
        var words = text.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        return new($"\"{text.Trim()}\"", words.Length) { Needs = [.. words.Select(word => $"\"{word}\"")] };
    }
}
