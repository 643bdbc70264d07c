using System.Data.Common;
using System.Text.Json;
using CooperationApi.Contracts;
using CooperationApi.Http;
using CooperationApi.Http.Problems;
using CooperationApi.Resources;
using CooperationApi.Resources.Filters;

namespace CooperationApi.Features.Statistics;

/// <summary>All that is particular to one kind of figures: `/v1/statistics/{name}`. Adding figures is adding one of these.</summary>
internal abstract class StatisticsReport(string name, string summary, string description)
{
    /// <summary>How many rows are sent at most; what would be more is refused, never cut.</summary>
    public const int MaxRows = 50_000;

    /// <summary>The path segment.</summary>
    public string Name => name;

    /// <summary>What the rows can be told apart by; null where there is no choice.</summary>
    public virtual GroupByParameter? GroupBy => null;

    /// <summary>What narrows the figures.</summary>
    public virtual IReadOnlyList<ListFilter> Filters => [];

    /// <summary>Whether the figures are other ones tomorrow, whatever the store's state.</summary>
    public virtual bool DependsOnToday => false;

    /// <summary>All parameters, in the document's order.</summary>
    public IReadOnlyList<QueryParameter> Parameters => [.. GroupBy is { } groupBy ? [groupBy] : Array.Empty<QueryParameter>(), .. Filters];

    /// <summary>A real example: of the founding record.</summary>
    protected abstract object Example { get; }

    /// <summary>The figures as they are sent.</summary>
    public abstract Task<object> Compute(DbConnection connection, StatisticsQuery query, long revision);

    /// <summary>What the document says.</summary>
    public OperationDescription Operation => new($"get{Example.GetType().Name}", "statistics", summary, description)
    {
        ComponentPrefix = name,
        ResponseType = Example.GetType(),
        Example = (Example.GetType().Name, () => JsonSerializer.SerializeToNode(Example, ApiJson.Options)),
        Parameters = Parameters,
    };

    /// <summary>The filters of a resource's list that have these names: figures are narrowed as the list is.</summary>
    protected static IReadOnlyList<ListFilter> SelectFilters(Resource resource, params IReadOnlyList<string> names) =>
        [.. resource.Filters.Where(filter => names.Contains(filter.Name))];

    /// <summary>The rows, if they are not too many.</summary>
    protected static IReadOnlyList<T> EnsureNotTooMany<T>(IReadOnlyList<T> rows) => rows.Count <= MaxRows ? rows
        : throw ProblemException.InvalidRequest([new("too_many_groups", rows.Count, MaxRows) { Parameter = "by" }]);
}
