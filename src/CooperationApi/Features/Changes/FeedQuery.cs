using CooperationApi.Http;
using CooperationApi.Http.Problems;
using CooperationApi.Queries;
using CooperationApi.Resources;
using CooperationApi.Resources.Filters;
using Microsoft.OpenApi;

namespace CooperationApi.Features.Changes;

/// <summary>What somebody asks of the feed, read and checked.</summary>
internal sealed record FeedQuery(FeedFilter Filter, FeedCursor? Cursor, int Limit, TimeSpan WaitTime, AppliedFilter? AppliedProvince)
{
    /// <summary>The most changes on a page.</summary>
    public const int MaxChanges = 1000;

    private static readonly SqlCondition NoCondition = new("", "");
    private static readonly FeedLimitParameter FeedLimit = new();
    private static readonly WaitParameter FeedWait = new();

    private static readonly IdFilter ProvinceIdFilter = new("provinceId",
        "Only records that name this province, and the province itself. A record that no longer does comes as `remove`, with the reason `filter`.", "thai-binh", NoCondition, ProvinceLineage.ResourceType);

    /// <summary>What is followed.</summary>
    public static IReadOnlyList<QueryParameter> GetFilterParameters(ResourceCatalog catalog) => [CreateTypesFilter(catalog), ProvinceIdFilter];

    /// <summary>All parameters, in the document's order.</summary>
    public static IReadOnlyList<QueryParameter> GetParameters(ResourceCatalog catalog) => [.. GetFilterParameters(catalog), FeedLimit, new FeedCursorParameter(), FeedWait];

    /// <summary>Reads the query, or throws all of its faults at once. Of the parameters, only the <paramref name="allowedParameters"/> may be there.</summary>
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

/// <summary>How many changes a page has at most.</summary>
internal sealed record FeedLimitParameter() : IntegerParameter("limit",
    $"How many changes a page has at most: 1 to {FeedQuery.MaxChanges}. It has fewer where a transaction would else be cut, where records are long, and where few of them fit the filter.",
    1, FeedQuery.MaxChanges, 500)
{
    public override bool IsScopedToOwner => true;
}

/// <summary>How long a change is waited for.</summary>
internal sealed record WaitParameter() : IntegerParameter("wait", "How many seconds to wait for a change, if there is none behind the cursor yet: 0 to 30.", 0, 30, 0);

/// <summary>Where in the feed to go on.</summary>
internal sealed record FeedCursorParameter() : QueryParameter("cursor",
    "`next` of the page before, the `cursor` of the head or of an export, as it was given, with the same filter. Without it the feed is told from the oldest change that is kept. The example is of another store.",
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
