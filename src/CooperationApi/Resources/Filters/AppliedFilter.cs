namespace CooperationApi.Resources.Filters;

/// <summary>A condition of a WHERE clause, the values that it names, and the records that it takes for granted.</summary>
internal sealed record AppliedFilter(SqlCondition SqlCondition, IReadOnlyDictionary<string, object> Values)
{
    /// <summary>What it is when a date is asked for, if that is something else.</summary>
    public SqlCondition? AsOf { get; init; }

    /// <summary>The records that must exist: a list filtered by a record that isn't there is a fault, not an empty list.</summary>
    public RequiredRecords? RequiredRecords { get; init; }
}

/// <summary>The records that a condition names, and the filter that does.</summary>
internal sealed record RequiredRecords(IdFilter Filter, string Type, IReadOnlyList<string> Ids);
