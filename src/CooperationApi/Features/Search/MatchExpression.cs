using CooperationApi.Storage.Writing;

namespace CooperationApi.Features.Search;

/// <summary>A query on a full-text index: the table, and the terms that a record must all match.</summary>
internal sealed record MatchExpression(string Table, IReadOnlyList<MatchTerm> Terms)
{
    public string Expression { get; } = string.Join(" AND ", Terms.Select(term => term.Expression));

    /// <summary>
    /// Returns the expression restricted to the blocks that contain <paramref name="firstRowId"/> to <paramref name="lastRowId"/>.
    /// </summary>
    public string BuildExpressionForRange(long firstRowId, long lastRowId) =>
        $"{MatchExpressionBuilder.AnyOf(SearchIndexWriter.GetBlockTokens(firstRowId, lastRowId)).Expression} AND {Expression}";

    /// <summary>The number of tokens that the index reads.</summary>
    public int TokenCount => Terms.Sum(term => term.TokenCount);
}
