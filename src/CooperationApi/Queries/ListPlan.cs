using System.Data.Common;
using CooperationApi.Contracts;
using CooperationApi.Resources;
using CooperationApi.Resources.Filters;
using Dapper;

namespace CooperationApi.Queries;

/// <summary>
/// How the rows of a list are found: where they come from, the conditions on them, and the values that both name. Rows that fit are either few, and are
/// then looked for and put in order, or many, and are then soon met when all rows are gone through in order; in between, their numbers are known first. A
/// database can't tell which without having counted, so they are counted, as far as that goes.
/// </summary>
internal sealed record ListPlan(string FromSql, IReadOnlyList<string> Conditions, DynamicParameters Parameters)
{
    /// <summary>The most that are looked for: about as many as a page's rows take steps through a million.</summary>
    private const int IndexLookupMaxRows = 4000;

    /// <summary>The most whose numbers are put in a set, against which rows are held as they are gone through.</summary>
    private const int RowIdSetMaxRows = 25_000;

    /// <summary>The conditions as a WHERE clause; none where there are no conditions.</summary>
    public string WhereSql => Conditions.Count == 0 ? "" : "WHERE " + string.Join("\nAND ", Conditions);

    /// <summary>The plan with one more condition.</summary>
    public ListPlan WithCondition(string condition) => this with { Conditions = [.. Conditions, condition] };

    /// <summary>The plan for all rows: the database looks for them as it likes.</summary>
    public static ListPlan ForAll(Resource resource, ListQuery query)
    {
        var parameters = new DynamicParameters(query.Filters.SelectMany(filter => filter.Values));
        if (query.AsOf is not { } asOf)
            return new(resource.Table, [.. query.Filters.Select(filter => filter.SqlCondition.Sql)], parameters);
        parameters.AddDynamicParams(new { at_from = asOf.ToIso(), at_to = asOf.ToIso() });
        return new($"({resource.AsOfSql}) {resource.Table}", [.. query.Filters.Select(filter => (filter.AsOf ?? filter.SqlCondition).Sql)], parameters);
    }

    /// <summary>The plan for a page.</summary>
    public static async Task<ListPlan> ForPage(DbConnection connection, Resource resource, ListQuery query)
    {
        var basePlan = ForAll(resource, query);
        if (query.AsOf is not null || query.Filters.Count == 0)
            return basePlan;
        var ownTableFilters = query.Filters.Where(filter => filter.SqlCondition.JoinTable is null).ToList();
        var otherTableFilters = query.Filters.Except(ownTableFilters).ToList();
        // What is asked of the table's own columns narrows it down together: the two ends of a range, say.
        var candidates = otherTableFilters.Select(filter => (Numbers: filter.SqlCondition.RowIdsSql, Of: (IReadOnlyList<AppliedFilter>)[filter]));
        if (ownTableFilters.Count > 0)
            candidates = candidates.Append(($"SELECT {resource.Table}.number FROM {resource.Table} WHERE {string.Join(" AND ", ownTableFilters.Select(filter => filter.SqlCondition.Sql))}", ownTableFilters));
        var (fewestRows, bestCandidate) = (RowIdSetMaxRows, default((string Numbers, IReadOnlyList<AppliedFilter> Of)?));
        foreach (var candidate in candidates)
        {
            var count = await connection.QuerySingleAsync<int>($"SELECT count(*) FROM ({candidate.Numbers} LIMIT {fewestRows}) counted", basePlan.Parameters);
            if (count < fewestRows)
                (fewestRows, bestCandidate) = (count, candidate);
        }
        if (bestCandidate is { } selected && fewestRows < IndexLookupMaxRows)
        {
            // The limit, which they don't reach, keeps them apart from the rest: CROSS then begins with them.
            return basePlan with
            {
                FromSql = $"(SELECT DISTINCT counted.number FROM ({selected.Numbers} LIMIT {IndexLookupMaxRows}) counted) few CROSS JOIN {resource.Table}",
                Conditions = [$"{resource.Table}.number = few.number", .. query.Filters.Except(selected.Of).Select(filter => filter.SqlCondition.RowTestSql)],
            };
        }
        // What other tables say of a row takes a look for each; the numbers of some rows are sooner known all at once.
        var rowIdSetFilters = bestCandidate is { } rowIdSet && rowIdSet.Of.Any(filter => filter.SqlCondition.JoinTable is not null) ? rowIdSet.Of : [];
        return basePlan with
        {
            Conditions =
            [
                .. query.Filters.Select(filter => filter.SqlCondition.SortBound).Where(sortBound => sortBound?.Column == query.SortOrder.Column)
                    // The row that a page begins behind is further on than the end that the order begins with. With both, a database goes by either.
                    .Where(sortBound => query.StartAfter is null || sortBound!.Value.IsUpper != query.SortOrder.IsDescending)
                    .Select(sortBound => sortBound!.Value.Where),
                .. query.Filters.Except(rowIdSetFilters).Select(filter => filter.SqlCondition.RowTestSql),
                // The plus keeps a database from looking for rows by them, which would then have to be put in order.
                .. rowIdSetFilters.Count == 0 ? [] : new[] { $"+{resource.Table}.number IN ({bestCandidate!.Value.Numbers})" },
            ],
        };
    }
}
