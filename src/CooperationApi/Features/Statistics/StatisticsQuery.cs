using CooperationApi.Http;
using CooperationApi.Http.Problems;
using CooperationApi.Queries;
using CooperationApi.Resources.Filters;
using Dapper;

namespace CooperationApi.Features.Statistics;

/// <summary>The parsed and validated query of a statistics request.</summary>
internal sealed record StatisticsQuery(IReadOnlyList<string> GroupBy, IReadOnlyList<AppliedFilter> Filters, DateOnly Today)
{
    /// <summary>The filters as a WHERE clause; empty without filters.</summary>
    public string WhereClause => Filters.Count == 0 ? "" : "WHERE " + string.Join("\nAND ", Filters.Select(filter => filter.SqlCondition.Sql));

    /// <summary>The filters as additional conditions of a WHERE clause.</summary>
    public string AndClause => string.Concat(Filters.Select(filter => $"\nAND {filter.SqlCondition.Sql}"));

    /// <summary>The SQL parameters of the filters.</summary>
    public DynamicParameters SqlParameters => new(Filters.SelectMany(filter => filter.Values));

    /// <summary>Parses the query. Throws 400 with all request errors.</summary>
    public static StatisticsQuery Parse(HttpRequest request, StatisticsReport report, DateOnly today)
    {
        var errors = new List<RequestError>();
        var parameters = QueryStringParser.Parse(request, [.. report.Parameters.Select(parameter => parameter.Name)], errors);
        var groupBy = report.GroupBy?.Parse(parameters, errors) ?? [];
        var appliedFilters = report.Filters
            .Select(filter => parameters.TryGetValue(filter.Name, out var text) ? filter.Parse(text, errors) : null).OfType<AppliedFilter>().ToList();
        ListQuery.AddRangeErrors(appliedFilters, errors);
        return errors.Count == 0 ? new(groupBy, appliedFilters, today) : throw ProblemException.InvalidRequest(errors);
    }
}
