using CooperationApi.Http;
using CooperationApi.Http.Problems;
using CooperationApi.Queries;
using CooperationApi.Resources.Filters;
using Dapper;

namespace CooperationApi.Features.Statistics;

/// <summary>What figures are asked for, read and checked.</summary>
internal sealed record StatisticsQuery(IReadOnlyList<string> GroupBy, IReadOnlyList<AppliedFilter> Filters, DateOnly Today)
{
    /// <summary>The conditions as a WHERE clause; none where there are no conditions.</summary>
    public string WhereClause => Filters.Count == 0 ? "" : "WHERE " + string.Join("\nAND ", Filters.Select(filter => filter.SqlCondition.Sql));

    /// <summary>The conditions as more of a WHERE clause.</summary>
    public string AndClause => string.Concat(Filters.Select(filter => $"\nAND {filter.SqlCondition.Sql}"));

    /// <summary>The values that the conditions name.</summary>
    public DynamicParameters SqlParameters => new(Filters.SelectMany(filter => filter.Values));

    /// <summary>Reads the query, or throws all of its faults at once.</summary>
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
