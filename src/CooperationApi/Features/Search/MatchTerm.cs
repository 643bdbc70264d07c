namespace CooperationApi.Features.Search;

/// <summary>One of the expressions that a record must fulfil, and how many words the index has to follow for it.</summary>
internal sealed record MatchTerm(string Expression, int TokenCount)
{
    /// <summary>What the expression is made of: each of these is in all records that fulfil it.</summary>
    public IReadOnlyList<string> RequiredTokens { get; init; } = [Expression];
}
