using CooperationApi.Http;
using CooperationApi.Http.Problems;
using CooperationApi.Queries;
using CooperationApi.Resources;
using CooperationApi.Resources.Filters;
using Microsoft.OpenApi;

namespace CooperationApi.Features.Changes;

/// <summary>The parsed and validated query of a feed request.</summary>
internal sealed record FeedQuery(FeedFilter Filter, FeedCursor? Cursor, int Limit, TimeSpan WaitTime, AppliedFilter? AppliedProvince)
{
    /// <summary>The maximum number of changes per page.</summary>
    public const int MaxChanges = 1000;

    private static readonly SqlCondition NoCondition = new("", "");
    private static readonly FeedLimitParameter FeedLimit = new();
    private static readonly WaitParameter FeedWait = new();

    private static readonly IdFilter ProvinceIdFilter = new("provinceId",
        "Only records that refer to this province, and the province itself. A record that no longer refers to it arrives as `remove` with "
        + "the reason `filter`.", "thai-binh", NoCondition, ResourceTypes.Provinces);

    /// <summary>Returns the parameters that filter the feed.</summary>
    public static IReadOnlyList<QueryParameter> GetFilterParameters(ResourceCatalog catalog) => [CreateTypesFilter(catalog), ProvinceIdFilter];

    /// <summary>Returns all parameters in the order of the OpenAPI document.</summary>
    public static IReadOnlyList<QueryParameter> GetParameters(ResourceCatalog catalog) => [.. GetFilterParameters(catalog), FeedLimit, new FeedCursorParameter(), FeedWait];

    /// <summary>
    /// Parses the query. Throws 400 with all request errors. Rejects parameters other than <paramref name="allowedParameters"/>.
    /// </summary>
    public static FeedQuery Parse(HttpRequest request, ResourceCatalog catalog, IReadOnlyList<QueryParameter> allowedParameters, string? fallbackCursor = null)
    {
        var errors = new List<RequestError>();
        var values = QueryStringParser.Parse(request, [.. allowedParameters.Select(parameter => parameter.Name)], errors);
        var types = values.TryGetValue("types", out var typesText) ? CreateTypesFilter(catalog).Parse(typesText, errors) : null;
        var appliedProvince = values.TryGetValue(ProvinceIdFilter.Name, out var provinceText) ? ProvinceIdFilter.Parse(provinceText, errors) : null;
        if (appliedProvince?.Values.Count > 1)
            errors.Add(new("too_many_values", appliedProvince.Values.Count, 1) { Parameter = ProvinceIdFilter.Name });
        var filter = new FeedFilter(catalog, types is null ? [] : [.. types.Values.Values.Cast<string>()], appliedProvince?.Values.Values.Cast<string>().First());
        var cursorText = values.GetValueOrDefault("cursor") ?? fallbackCursor;
        var query = new FeedQuery(filter, cursorText is null ? null : FeedCursor.Decode(cursorText, filter, errors), FeedLimit.ParseInteger(values, errors),
            TimeSpan.FromSeconds(FeedWait.ParseInteger(values, errors)), appliedProvince);
        return errors.Count == 0 ? query : throw ProblemException.InvalidRequest(errors);
    }

    private static EnumFilter CreateTypesFilter(ResourceCatalog catalog) => new("types", "Only records of these types.", "meetings", NoCondition, catalog.Types);
}

/// <summary>The query parameter for the maximum number of changes per page.</summary>
internal sealed record FeedLimitParameter() : IntegerParameter("limit",
    $"Maximum number of changes per page: 1 to {FeedQuery.MaxChanges}. A page has fewer changes if the next transaction does not fit, if records are long, or if few records match the filter.",
    1, FeedQuery.MaxChanges, 500)
{
    public override bool IsScopedToOwner => true;
}

/// <summary>The query parameter for the time to wait for a change.</summary>
internal sealed record WaitParameter() : IntegerParameter("wait", "Seconds to wait for a change if the cursor is at the head: 0 to 30.", 0, 30, 0);

/// <summary>The query parameter for the position in the feed.</summary>
internal sealed record FeedCursorParameter() : QueryParameter("cursor",
    "`next` of the previous page, or the `cursor` of the head or of an export, unchanged and with the same filter. Default: the feed starts at the oldest retained change. The example is a cursor of another store; replace it with a cursor of this service.",
    ExampleCursor)
{
    private static readonly string ExampleCursor = PageCursor.Encode("changes\n\n", "5f0c2b9a41d7", 499L, 0L, 0L);

    public override bool IsScopedToOwner => true;

    public override OpenApiSchema Schema => new()
    {
        Type = JsonSchemaType.String,
        Pattern = CooperationApi.Queries.PageCursor.Pattern,
        MinLength = 1,
        MaxLength = CooperationApi.Queries.PageCursor.MaxLength,
    };
}
