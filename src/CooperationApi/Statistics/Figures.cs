using System.Data.Common;
using System.Text.Json;
using CooperationApi.Contracts;
using CooperationApi.Faults;
using CooperationApi.Http;
using CooperationApi.Resources;
using Dapper;

namespace CooperationApi.Statistics;

/// <summary>All that is particular to one kind of figures: `/v1/statistics/{name}`. Adding figures is adding one of these.</summary>
internal abstract class Figures(string name, string summary, string description)
{
    /// <summary>How many rows are sent at most; what would be more is refused, never cut.</summary>
    public const int MostRows = 50_000;

    /// <summary>The path segment.</summary>
    public string Name => name;

    /// <summary>What the rows can be told apart by; null where there is no choice.</summary>
    public virtual ByParameter? By => null;

    /// <summary>What narrows the figures.</summary>
    public virtual IReadOnlyList<Filter> Filters => [];

    /// <summary>Whether the figures are other ones tomorrow, whatever the store's state.</summary>
    public virtual bool FollowTheDay => false;

    /// <summary>All parameters, in the document's order.</summary>
    public IReadOnlyList<Parameter> Parameters => [.. By is { } by ? [by] : Array.Empty<Parameter>(), .. Filters];

    /// <summary>A real example: of the founding record.</summary>
    protected abstract object Example { get; }

    /// <summary>The figures as they are sent.</summary>
    public abstract Task<object> Read(DbConnection connection, FiguresQuery query, long revision);

    /// <summary>What the document says.</summary>
    public Operation Operation => new($"read{Http.Operation.Pascal(name)}Statistics", "statistics", summary, description)
    {
        Owner = name,
        Answer = Example.GetType(),
        Example = (Example.GetType().Name, () => JsonSerializer.SerializeToNode(Example, Wire.Json)),
        Parameters = Parameters,
    };

    /// <summary>The filters of a resource's list that have these names: figures are narrowed as the list is.</summary>
    protected static IReadOnlyList<Filter> FiltersOf(Resource resource, params IReadOnlyList<string> names) =>
        [.. resource.Filters.Where(filter => names.Contains(filter.Name))];

    /// <summary>The rows, if they are not too many.</summary>
    protected static IReadOnlyList<T> Checked<T>(IReadOnlyList<T> rows) => rows.Count <= MostRows ? rows
        : throw ProblemException.Invalid([new("too_many_figures", rows.Count, MostRows) { Parameter = "by" }]);
}

/// <summary>What figures are asked for, read and checked.</summary>
internal sealed record FiguresQuery(IReadOnlyList<string> By, IReadOnlyList<Condition> Conditions, DateOnly Today)
{
    /// <summary>The conditions as a WHERE clause; none where there are no conditions.</summary>
    public string Where => Conditions.Count == 0 ? "" : "WHERE " + string.Join("\nAND ", Conditions.Select(condition => condition.Predicate.Sql));

    /// <summary>The conditions as more of a WHERE clause.</summary>
    public string And => string.Concat(Conditions.Select(condition => $"\nAND {condition.Predicate.Sql}"));

    /// <summary>The values that the conditions name.</summary>
    public DynamicParameters Values => new(Conditions.SelectMany(condition => condition.Values));

    /// <summary>Reads the query, or throws all of its faults at once.</summary>
    public static FiguresQuery Read(HttpRequest request, Figures figures, DateOnly today)
    {
        var faults = new List<Fault>();
        var values = StrictQuery.Read(request, [.. figures.Parameters.Select(parameter => parameter.Name)], faults);
        var by = figures.By?.Read(values, faults) ?? [];
        var conditions = figures.Filters
            .Select(filter => values.TryGetValue(filter.Name, out var text) ? filter.Read(text, faults) : null).OfType<Condition>().ToList();
        ListQuery.CheckRange(conditions, faults);
        return faults.Count == 0 ? new(by, conditions, today) : throw ProblemException.Invalid(faults);
    }
}
