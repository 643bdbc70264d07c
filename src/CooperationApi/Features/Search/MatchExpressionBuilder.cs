using CooperationApi.Resources;
using CooperationApi.Storage;
using CooperationApi.Text;

namespace CooperationApi.Features.Search;

/// <summary>
/// Builds the full-text expressions of a search. They contain only folded words and slugs, so input is never query syntax.
/// <paramref name="completions"/> are the words that begin with the last word; empty if there are too many to list.
/// </summary>
internal sealed class MatchExpressionBuilder(SearchQuery query, IReadOnlyList<string> completions, IReadOnlyList<string>? groupIds)
{
    /// <summary>Matches records whose names have all terms with their diacritics.</summary>
    public MatchExpression ExactNamesMatch => Build(MatchExpression.NamesTable,
        query.Terms.Items.Select(term => ExemptProvinces(term, BuildPhrase(SearchDocumentBuilder.PrefixExact(term.ExactText)))),
        query.Types);

    /// <summary>Matches records whose names have all terms.</summary>
    public MatchExpression NamesMatch => Build(MatchExpression.NamesTable, MatchTerms, query.Types);

    /// <summary>Matches provinces whose names have all terms.</summary>
    public MatchExpression ProvinceNamesMatch => Build(MatchExpression.NamesTable, MatchTerms, [ResourceTypes.Provinces]);

    /// <summary>Matches records that have all terms.</summary>
    public MatchExpression FullTextMatch => Build(MatchExpression.TextsTable, MatchTerms, query.Types);

    /// <summary>Matches records of some types that have all terms; of all types if none is given.</summary>
    public MatchExpression BuildForTypes(params IReadOnlyList<string> types) => Build(MatchExpression.TextsTable, MatchTerms, types);

    /// <summary>Returns true if a record with these facets passes all filters.</summary>
    public bool Accepts(IReadOnlySet<string> facets) =>
        EnumerateFacetGroups(query.Types).All(facetGroup => facetGroup.Any(facets.Contains));

    private MatchExpression Build(string table, IEnumerable<MatchTerm> terms, IReadOnlyList<string> types) =>
        new(table, [.. terms, .. EnumerateFacetGroups(types).Select(MatchTerm.AnyOf)]);

    private IEnumerable<MatchTerm> MatchTerms => query.Terms.Items.Select(term => ExemptProvinces(term,
        !term.IsPrefix ? BuildPhrase(term.FoldedText)
        : completions.Count > 0
            ? MatchTerm.AnyOf(completions)
            : MatchTerm.Prefix(term.Words[0])));

    /// <summary>Lets a province match without a unit word.</summary>
    private static MatchTerm ExemptProvinces(SearchTerm term, MatchTerm match) =>
        term.IsUnitWord ? match.Or($"type:{ResourceTypes.Provinces}") : match;

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

    private static MatchTerm BuildPhrase(string text) => MatchTerm.Phrase(text.Split(' ', StringSplitOptions.RemoveEmptyEntries));
}
