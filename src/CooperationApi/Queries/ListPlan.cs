using System.Data.Common;
using CooperationApi.Contracts;
using CooperationApi.Resources;
using CooperationApi.Resources.Filters;
using CooperationApi.Storage;
using Dapper;

namespace CooperationApi.Queries;

/// <summary>
/// The SQL of a list: the FROM clause, the conditions and the parameters. Few matching rows are looked up by index and sorted. Of many
/// matching rows, a scan in sort order soon finds a page. In between, the row ids are collected in a set first. The database cannot
/// estimate the number of matching rows, so they are counted, up to a limit.
/// </summary>
internal sealed record ListPlan(string FromSql, IReadOnlyList<string> Conditions, DynamicParameters Parameters)
{
    /// <summary>
    /// The maximum number of rows for an index lookup. With as many matches in a million rows, a page takes about as many steps of a scan.
    /// </summary>
    private const int IndexLookupMaxRows = 4000;

    /// <summary>The maximum number of row ids in a set with which the rows of a scan are compared.</summary>
    private const int RowIdSetMaxRows = 25_000;

    /// <summary>The conditions as a WHERE clause; empty without conditions.</summary>
    public string WhereSql => Conditions.Count == 0 ? "" : "WHERE " + string.Join("\nAND ", Conditions);

    /// <summary>Returns the plan with one more condition.</summary>
    public ListPlan WithCondition(string condition) => this with { Conditions = [.. Conditions, condition] };

    /// <summary>Returns the plan for all rows. The database chooses the indexes.</summary>
    public static ListPlan ForAll(Resource resource, ListQuery query)
    {
        var parameters = new DynamicParameters(query.Filters.SelectMany(filter => filter.Values));
        if (query.AsOf is not { } asOf)
            return new(resource.Table, [.. query.Filters.Select(filter => filter.SqlCondition.Sql)], parameters);
        parameters.AddDynamicParams(new { at_from = asOf.ToIso(), at_to = asOf.ToIso() });
        return new($"({resource.AsOfSql}) {resource.Table}", [.. query.Filters.Select(filter => (filter.AsOf ?? filter.SqlCondition).Sql)],
            parameters);
    }

    /// <summary>Returns the plan for a page.</summary>
    public static async Task<ListPlan> ForPage(IListHints hints, DbConnection connection, Resource resource, ListQuery query)
    {
        var basePlan = ForAll(resource, query);
        if (query.AsOf is not null || query.Filters.Count == 0)
            return basePlan;
        var countedFilters = query.Filters.Where(filter => !filter.SqlCondition.MatchesMost).ToList();
        var ownTableFilters = countedFilters.Where(filter => filter.SqlCondition.JoinTable is null).ToList();
        var otherTableFilters = countedFilters.Except(ownTableFilters).ToList();
        // The conditions on the table's own columns are one candidate, since they are more selective together (both ends of a range, for
        // example).
        var candidates =
            otherTableFilters.Select(filter => (filter.SqlCondition.RowIdsSql, Filters: (IReadOnlyList<AppliedFilter>)[filter]));
        if (ownTableFilters.Count > 0)
            candidates = candidates.Append(
                ($"SELECT {resource.Table}.row_id FROM {resource.Table} WHERE "
                    + $"{string.Join(" AND ", ownTableFilters.Select(filter => filter.SqlCondition.Sql))}", ownTableFilters));
        var (fewestRows, bestCandidate) = (RowIdSetMaxRows, default((string RowIdsSql, IReadOnlyList<AppliedFilter> Filters)?));
        foreach (var candidate in candidates)
        {
            // A set of row ids is of use only for conditions on other tables.
            var maxUseful = candidate.Filters[0].SqlCondition.JoinTable is null ? IndexLookupMaxRows : RowIdSetMaxRows;
            var maxCounted = Math.Min(Math.Min(fewestRows, maxUseful),
                candidate.Filters.Min(filter => filter.SqlCondition.MaxCounted) ?? fewestRows);
            var count = await connection.QuerySingleAsync<int>($"SELECT count(*) FROM ({candidate.RowIdsSql} LIMIT {maxCounted}) counted",
                basePlan.Parameters);
            if (count < maxCounted)
                (fewestRows, bestCandidate) = (count, candidate);
        }
        if (bestCandidate is { } selected && fewestRows < IndexLookupMaxRows)
        {
            // The LIMIT is never reached. It keeps SQLite from flattening the subquery, so that the CROSS JOIN starts with it.
            return basePlan with
            {
                FromSql = $"(SELECT DISTINCT counted.row_id FROM ({selected.RowIdsSql} LIMIT {IndexLookupMaxRows}) counted) matched CROSS "
                    + $"JOIN {resource.Table}",
                Conditions = [$"{resource.Table}.row_id = matched.row_id",
                    .. query.Filters.Except(selected.Filters).Select(filter => filter.SqlCondition.GetRowTestSql(hints))],
            };
        }
        // For 4,000 to 25,000 matches in another table, one set of row ids is cheaper than a correlated EXISTS per row.
        var rowIdSetFilters = bestCandidate?.Filters ?? [];
        return basePlan with
        {
            Conditions =
            [
                .. query.Filters.Select(filter => filter.SqlCondition.SortBound)
                    .Where(sortBound => sortBound?.Column == query.SortOrder.Column)
                    // After page 1 the cursor is a tighter bound than the start of the range. Given both, SQLite can choose the looser one.
                    .Where(sortBound => query.StartAfter is null || sortBound!.Value.IsUpperBound != query.SortOrder.IsDescending)
                    .Select(sortBound => sortBound!.Value.Expression),
                .. query.Filters.Except(rowIdSetFilters).Select(filter => filter.SqlCondition.GetRowTestSql(hints)),
                .. rowIdSetFilters.Count == 0
                    ? []
                    : new[] { hints.TestRowId($"{resource.Table}.row_id", bestCandidate!.Value.RowIdsSql) },
            ],
        };
    }
}
