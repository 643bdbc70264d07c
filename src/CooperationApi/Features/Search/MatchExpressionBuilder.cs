using CooperationApi.Resources;
using CooperationApi.Text;

namespace CooperationApi.Features.Search;

/// <summary>
/// Builds the full-text expressions of a search. They contain only folded words and slugs, in quotes, so input is never FTS5 syntax.
/// <paramref name="completions"/> are the words that begin with the last word; empty if there are too many to list.
/// </summary>
internal sealed class MatchExpressionBuilder(SearchQuery query, IReadOnlyList<string> completions, IReadOnlyList<string>? groupIds)
{
    // Alternatives per OR group: FTS5 parses them recursively and limits the depth.
    private const int MaxAlternatives = 100;

    // This many alternatives cost as much as one token: each of them is in few records.
    private const int AlternativesPerToken = 16;

    private const string NamesTable = "search_name", TextsTable = "search_index";

    /// <summary>Matches records whose names have all terms with their diacritics.</summary>
    public MatchExpression ExactNamesMatch => Build(NamesTable,
        query.Terms.Items.Select(term => ExemptProvinces(term, BuildPhrase(SearchDocumentBuilder.PrefixExact(term.ExactText)))),
        query.Types);

    /// <summary>Matches records whose names have all terms.</summary>
    public MatchExpression NamesMatch => Build(NamesTable, MatchTerms, query.Types);

    /// <summary>Matches provinces whose names have all terms.</summary>
    public MatchExpression ProvinceNamesMatch => Build(NamesTable, MatchTerms, [ResourceTypes.Provinces]);

    /// <summary>Matches records that have all terms.</summary>
    public MatchExpression FullTextMatch => Build(TextsTable, MatchTerms, query.Types);

    /// <summary>Matches records of some types that have all terms; of all types if none is given.</summary>
    public MatchExpression BuildForTypes(params IReadOnlyList<string> types) => Build(TextsTable, MatchTerms, types);

    /// <summary>Returns true if a record with these facets passes all filters.</summary>
    public bool Accepts(IReadOnlySet<string> facets) =>
        EnumerateFacetGroups(query.Types).All(facetGroup => facetGroup.Any(facets.Contains));

    /// <summary>
    /// Matches records that have at least one of the words. Without words it matches `none:`, a token that no record has.
    /// </summary>
    public static MatchTerm AnyOf(IEnumerable<string> words)
    {
        var alternatives = words.DefaultIfEmpty("none:").ToList();
        var chunks = alternatives.Chunk(MaxAlternatives).Select(chunk => $"({string.Join(" OR ", chunk.Select(word => $"\"{word}\""))})");
        return new($"({string.Join(" OR ", chunks)})", 1 + alternatives.Count / AlternativesPerToken);
    }

    private MatchExpression Build(string table, IEnumerable<MatchTerm> terms, IReadOnlyList<string> types) =>
        new(table, [.. terms, .. EnumerateFacetGroups(types).Select(AnyOf)]);

    private IEnumerable<MatchTerm> MatchTerms => query.Terms.Items.Select(term => ExemptProvinces(term,
        !term.IsPrefix ? BuildPhrase(term.FoldedText)
        : completions.Count > 0
            ? AnyOf(completions)
            : new MatchTerm($"- facet : {BuildPhrase(term.FoldedText).Expression} *", AlternativesPerToken)));

    /// <summary>Lets a province match without a unit word.</summary>
    private static MatchTerm ExemptProvinces(SearchTerm term, MatchTerm match) => !term.IsUnitWord
        ? match
        : new($"({match.Expression} OR \"type:{ResourceTypes.Provinces}\")", match.TokenCount + 1);

    // A record must have at least one facet of each group.
    private IEnumerable<IEnumerable<string>> EnumerateFacetGroups(IReadOnlyList<string> types)
    {
        if (types.Count > 0)
            yield return types.Select(type => $"type:{type}");
        if (query.Provinces is { } provinces)
            yield return provinces.RequiredRecords!.Ids.Select(id => $"province:{id}");
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
