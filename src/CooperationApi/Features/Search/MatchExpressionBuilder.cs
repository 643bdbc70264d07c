using CooperationApi.Resources;
using CooperationApi.Text;

namespace CooperationApi.Features.Search;

/// <summary>
/// The full-text expressions of a search. Only folded words and slugs get into them, in quotes: nothing that was typed is syntax.
/// <paramref name="completions"/> is what the last word may become; none, if it may become too much to be listed.
/// </summary>
internal sealed class MatchExpressionBuilder(SearchQuery query, IReadOnlyList<string> completions, IReadOnlyList<string>? groupIds)
{
    // The index takes long alternatives apart one in another, and not deeper than so many.
    private const int MaxAlternatives = 100;

    // So many alternatives cost what one word more does: few of them are in any record.
    private const int AlternativesPerToken = 16;

    private const string NamesTable = "search_name", TextsTable = "search_index";

    /// <summary>Records whose names have all of the terms, with their diacritics.</summary>
    public MatchExpression ExactNamesMatch => Build(NamesTable, query.Terms.Items.Select(term => BuildPhrase(SearchDocumentBuilder.PrefixExact(term.ExactText))), query.Types);

    /// <summary>Records whose names have all of the terms.</summary>
    public MatchExpression NamesMatch => Build(NamesTable, MatchTerms, query.Types);

    /// <summary>Records that have all of the terms.</summary>
    public MatchExpression FullTextMatch => Build(TextsTable, MatchTerms, query.Types);

    /// <summary>The same, of some types only, or of all if none is named.</summary>
    public MatchExpression BuildForTypes(params IReadOnlyList<string> types) => Build(TextsTable, MatchTerms, types);

    /// <summary>Whether a record with such facets may be found.</summary>
    public bool Accepts(IReadOnlySet<string> facets) => EnumerateFacetGroups(query.Types).All(facetGroup => facetGroup.Any(facets.Contains));

    /// <summary>Records that have one of some words. Of no words at all none is there: a word that no record has says so.</summary>
    public static MatchTerm AnyOf(IEnumerable<string> words)
    {
        var alternatives = words.DefaultIfEmpty("none:").ToList();
        var chunks = alternatives.Chunk(MaxAlternatives).Select(chunk => $"({string.Join(" OR ", chunk.Select(word => $"\"{word}\""))})");
        return new($"({string.Join(" OR ", chunks)})", 1 + alternatives.Count / AlternativesPerToken);
    }

    private MatchExpression Build(string table, IEnumerable<MatchTerm> terms, IReadOnlyList<string> types) => new(table, [.. terms, .. EnumerateFacetGroups(types).Select(AnyOf)]);

    private IEnumerable<MatchTerm> MatchTerms => query.Terms.Items.Select(term => !term.IsPrefix ? BuildPhrase(term.FoldedText)
        : completions.Count > 0 ? AnyOf(completions) : new MatchTerm($"- facet : {BuildPhrase(term.FoldedText).Expression} *", AlternativesPerToken));

    // Of each of these lists, a record must have one of the words.
    private IEnumerable<IEnumerable<string>> EnumerateFacetGroups(IReadOnlyList<string> types)
    {
        if (types.Count > 0)
            yield return types.Select(type => $"type:{type}");
        if (query.ProvinceIds.Count > 0)
            yield return query.ProvinceIds.Select(id => $"province:{id}");
        if (groupIds is not null)
            yield return groupIds.Select(id => $"group:{id}");
        if (query.From is not null || query.To is not null)
            yield return DateRangeTokens.Overlapping(query.From, query.To);
    }

    private static MatchTerm BuildPhrase(string text)
    {
        var words = text.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        return new($"\"{text.Trim()}\"", words.Length) { RequiredTokens = [.. words.Select(word => $"\"{word}\"")] };
    }
}
