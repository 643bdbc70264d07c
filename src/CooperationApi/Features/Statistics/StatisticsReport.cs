using System.Data.Common;
using System.Text.Json;
using CooperationApi.Contracts;
using CooperationApi.Http;
using CooperationApi.Http.Problems;
using CooperationApi.Resources;
using CooperationApi.Resources.Filters;

namespace CooperationApi.Features.Statistics;

/// <summary>The base class of the reports `/v1/statistics/{name}`: parameters, computation and documentation of one report.</summary>
internal abstract class StatisticsReport(string name, string summary, string description)
{
    /// <summary>The path segment.</summary>
    public string Name => name;

    /// <summary>The parameter for the grouping keys; null if the report has no such parameter.</summary>
    public virtual GroupByParameter? GroupBy => null;

    /// <summary>The filters of the report.</summary>
    public virtual IReadOnlyList<ListFilter> Filters => [];

    /// <summary>True if the report depends on the current date as well as on the data.</summary>
    public virtual bool DependsOnToday => false;

    /// <summary>All parameters in the order of the OpenAPI document.</summary>
    public IReadOnlyList<QueryParameter> Parameters => [.. GroupBy is { } groupBy ? [groupBy] : Array.Empty<QueryParameter>(), .. Filters];

    /// <summary>An example from the seed data.</summary>
    protected abstract object Example { get; }

    /// <summary>Computes the response.</summary>
    public abstract Task<object> Compute(DbConnection connection, StatisticsQuery query, long revision);

    /// <summary>The description for the OpenAPI document.</summary>
    public OperationDescription Operation => new($"get{Example.GetType().Name}", "statistics", summary, description)
    {
        ComponentPrefix = name,
        ResponseType = Example.GetType(),
        Example = (Example.GetType().Name, () => JsonSerializer.SerializeToNode(Example, ApiJson.Options)),
        GetParameters = () => Parameters,
    };

    /// <summary>Returns the filters of a resource's list with these names, so that reports filter as the list does.</summary>
    protected static IReadOnlyList<ListFilter> SelectFilters(Resource resource, params IReadOnlyList<string> names) =>
        [.. resource.Filters.Where(filter => names.Contains(filter.Name))];

    /// <summary>Returns the rows. Throws 400 if there are too many: a report is never truncated.</summary>
    protected static IReadOnlyList<T> EnsureNotTooMany<T>(IReadOnlyList<T> rows) => rows.Count <= Limits.MaxStatisticsRows ? rows
        : throw ProblemException.InvalidRequest([new("too_many_groups", rows.Count, Limits.MaxStatisticsRows) { Parameter = "by" }]);
}
