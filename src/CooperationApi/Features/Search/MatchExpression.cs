using CooperationApi.Storage.Writing;

namespace CooperationApi.Features.Search;

/// <summary>What is searched for in a full-text index: which one, and the expressions that must all be fulfilled.</summary>
internal sealed record MatchExpression(string Table, IReadOnlyList<MatchTerm> Terms)
{
    public string Expression { get; } = string.Join(" AND ", Terms.Select(part => part.Expression));

    /// <summary>The same, among the records with numbers from one to another, or some more.</summary>
    public string BuildExpressionForRange(long firstRowId, long lastRowId) => $"{MatchExpressionBuilder.AnyOf(SearchIndexWriter.GetBlockTokens(firstRowId, lastRowId)).Expression} AND {Expression}";

    /// <summary>How many words the index has to follow.</summary>
    public int TokenCount => Terms.Sum(term => term.TokenCount);
}
