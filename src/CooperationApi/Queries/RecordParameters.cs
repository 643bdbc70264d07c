using System.Collections.Concurrent;
using CooperationApi.Formats;
using CooperationApi.Http;
using CooperationApi.Resources;

namespace CooperationApi.Queries;

/// <summary>The query parameters of a resource's routes, in the order of the OpenAPI document.</summary>
internal static class RecordParameters
{
    // Each request that the response cache cannot answer needs one of these lists, and creating a list derives all expansion steps.
    private static readonly ConcurrentDictionary<Resource, IReadOnlyList<QueryParameter>> Lists = new(), Items = new();

    /// <summary>Returns the parameters of a resource's list.</summary>
    public static IReadOnlyList<QueryParameter> GetListParameters(Resource resource) => Lists.GetOrAdd(resource, static resource =>
    [
        .. resource.Filters,
        .. CreateAsOfParameters(resource),
        new SortParameter(resource),
        new LimitParameter(),
        new CursorParameter(),
        new TotalParameter(),
        .. CreateProjectionParameters(resource),
        new FormatParameter(),
        new ProfileParameter(),
    ]);

    /// <summary>
    /// Returns the parameters of a list. A nested list lacks the filter that its path implies; a list nested under a province has `unit`.
    /// </summary>
    public static IReadOnlyList<QueryParameter> GetListParameters(Resource resource, NestedList? nestedList) => nestedList is null ? GetListParameters(resource) :
    [
        .. nestedList.ParentType == ResourceTypes.Provinces ? [new UnitParameter()] : Array.Empty<QueryParameter>(),
        .. GetListParameters(resource).Where(parameter => parameter.Name != nestedList.FilterName),
    ];

    /// <summary>Returns the parameters of a single record.</summary>
    public static IReadOnlyList<QueryParameter> GetItemParameters(Resource resource) => Items.GetOrAdd(resource, static resource =>
        [.. CreateAsOfParameters(resource), new RevisionParameter(), .. CreateProjectionParameters(resource)]);

    private static IEnumerable<QueryParameter> CreateAsOfParameters(Resource resource) => resource.AsOfSql is null ? [] : [new AsOfParameter()];

    // `fields` and `expand`.
    private static IEnumerable<QueryParameter> CreateProjectionParameters(Resource resource) =>
        [new FieldsParameter(resource), .. ExpansionStep.FromResource(resource).Count == 0 ? Array.Empty<QueryParameter>() : [new ExpandParameter(resource)]];
}
