namespace CooperationApi.Features.Search;

/// <summary>An expression that a record must match, and the number of tokens that the index reads for it.</summary>
internal sealed record MatchTerm(string Expression, int TokenCount)
{
    /// <summary>The tokens that every matching record contains.</summary>
    public IReadOnlyList<string> RequiredTokens { get; init; } = [Expression];
}
