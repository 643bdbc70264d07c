using CooperationApi.Storage;

namespace CooperationApi.Resources.Filters;

/// <summary>A filter with its values: the SQL condition, the parameters, and the records that must exist.</summary>
internal sealed record AppliedFilter(SqlCondition SqlCondition, IReadOnlyDictionary<string, object> Values)
{
    /// <summary>Creates a filter with one value, for the SQL parameter with this name.</summary>
    public AppliedFilter(SqlCondition sqlCondition, string name, object value)
        : this(sqlCondition, new Dictionary<string, object> { [name] = value })
    {
    }

    /// <summary>The values of a filter by texts.</summary>
    public IReadOnlyList<string> Texts => [.. Values.Values.Cast<string>()];

    /// <summary>The condition of as-of queries; null if it is the same.</summary>
    public SqlCondition? AsOf { get; init; }

    /// <summary>The full-text query of a filter by names; null for other filters.</summary>
    public MatchExpression? Match { get; init; }

    /// <summary>Returns the filter with the condition and the parameters of its full-text query, if it has one.</summary>
    public AppliedFilter ResolveMatch(IFullTextIndex fullText) =>
        Match is not null && fullText.CreateCondition(Match, Values.Keys.Single()) is var condition
            ? this with { SqlCondition = SqlCondition with { Expression = condition.Sql }, Values = condition.Parameters }
            : this;

    /// <summary>The records that must exist. A filter by an unknown record is a request error, not an empty list.</summary>
    public RequiredRecords? RequiredRecords { get; init; }
}

/// <summary>
/// The records to which a filter refers. With several types (`officials|provinces`), each id is the id of a record of one of them.
/// </summary>
internal sealed record RequiredRecords(ListFilter Filter, string Type, IReadOnlyList<string> Ids);
