using System.Collections.Concurrent;
using CooperationApi.Formats;
using CooperationApi.Http;
using CooperationApi.Resources;

namespace CooperationApi.Queries;

/// <summary>The query parameters of a resource's routes, in the order of the OpenAPI document.</summary>
internal sealed class RecordParameters
{
    public static readonly AsOfParameter AsOf = new();
    public static readonly RevisionParameter Revision = new();

    // Each request that the response cache cannot answer needs these parameters, and creating them derives all expansion steps.
    private static readonly ConcurrentDictionary<Resource, RecordParameters> Instances = new();

    private readonly IReadOnlyList<SortOrder> sortOrders;
    private readonly EnumParameter sort;

    private RecordParameters(Resource resource)
    {
        sortOrders =
        [
            .. resource.SortOrders.Append(new("id", "id"))
                .SelectMany(order => new[] { order with { IsDescending = false }, order with { IsDescending = true } }),
        ];
        var defaultOrder = resource.SortOrders[0].QueryValue;
        sort = new("sort",
            "Sort order. A leading `-` reverses the order. Records with equal values are sorted by `id`. Names sort in Vietnamese order, "
            + $"and a missing value counts as the lowest value. Default: `{defaultOrder}`.",
            defaultOrder, [.. sortOrders.Select(order => order.QueryValue)], defaultOrder)
        { IsScopedToOwner = true };
        Fields = new(resource);
        QueryParameter[] asOf = resource.AsOfSql is null ? [] : [AsOf];
        QueryParameter[] projection = ExpansionStep.FromResource(resource).Count == 0 ? [Fields] : [Fields, new ExpandParameter(resource)];
        List =
        [
            .. resource.Filters, .. asOf, sort, PageParameters.Limit, PageParameters.Cursor, PageParameters.Total, .. projection,
            FormatParameters.Format, FormatParameters.Profile,
        ];
        Item = [.. asOf, Revision, .. projection];
    }

    /// <summary>Returns the parameters of a resource.</summary>
    public static RecordParameters Get(Resource resource) => Instances.GetOrAdd(resource, static resource => new(resource));

    public FieldsParameter Fields { get; }

    /// <summary>The parameters of the list.</summary>
    public IReadOnlyList<QueryParameter> List { get; }

    /// <summary>The parameters of a single record.</summary>
    public IReadOnlyList<QueryParameter> Item { get; }

    /// <summary>
    /// Returns the parameters of a nested list. It lacks the filter that its path implies; a list nested under a province has `unit`.
    /// </summary>
    public IReadOnlyList<QueryParameter> GetNestedList(NestedList nestedList) =>
    [
        .. nestedList.ParentType == ResourceTypes.Provinces ? [ProvinceLineage.Unit] : Array.Empty<QueryParameter>(),
        .. List.Where(parameter => parameter.Name != nestedList.FilterName),
    ];

    /// <summary>Returns the requested sort order of the list.</summary>
    public SortOrder ReadSortOrder(QueryValues values)
    {
        var queryValue = sort.Read(values);
        return sortOrders.First(order => order.QueryValue == queryValue);
    }
}
