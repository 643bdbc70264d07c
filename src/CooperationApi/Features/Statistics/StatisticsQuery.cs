using CooperationApi.Http;
using CooperationApi.Queries;
using CooperationApi.Resources.Filters;
using Dapper;

namespace CooperationApi.Features.Statistics;

/// <summary>The parsed and validated query of a statistics request.</summary>
internal sealed record StatisticsQuery(IReadOnlyList<string> GroupBy, IReadOnlyList<AppliedFilter> Filters, DateOnly Today)
{
    /// <summary>The filters as a WHERE clause; empty without filters.</summary>
    public string WhereClause =>
        Filters.Count == 0 ? "" : "WHERE " + string.Join("\nAND ", Filters.Select(filter => filter.SqlCondition.Sql));

    /// <summary>The filters as additional conditions of a WHERE clause.</summary>
    public string AndClause => string.Concat(Filters.Select(filter => $"\nAND {filter.SqlCondition.Sql}"));

    /// <summary>The SQL parameters of the filters.</summary>
    public DynamicParameters SqlParameters => new(Filters.SelectMany(filter => filter.Values));

    /// <summary>Parses the query. Throws 400 with all request errors.</summary>
    public static StatisticsQuery Parse(HttpRequest request, StatisticsReport report, DateOnly today)
    {
        var values = QueryValues.Parse(request, report.Parameters);
        var groupBy = report.GroupBy?.Read(values) ?? [];
        var appliedFilters = report.Filters.Select(filter => filter.Read(values)).OfType<AppliedFilter>().ToList();
        ListQuery.AddRangeErrors(values.Errors, appliedFilters);
        values.ThrowIfInvalid();
        return new(groupBy, appliedFilters, today);
    }
}
