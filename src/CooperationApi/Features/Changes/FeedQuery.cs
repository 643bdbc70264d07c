using CooperationApi.Contracts;
using CooperationApi.Http;
using CooperationApi.Queries;
using CooperationApi.Resources;
using CooperationApi.Resources.Filters;

namespace CooperationApi.Features.Changes;

/// <summary>The parsed and validated query of a feed request.</summary>
internal sealed record FeedQuery(
    FeedFilter Filter, FeedCursor? Cursor, bool StartsAtOldest, int Limit, TimeSpan WaitTime, AppliedFilter? AppliedProvince)
{
    private static readonly SqlCondition NoCondition = new("", "");

    private static readonly IntegerParameter LimitParameter = new("limit",
        $"Maximum number of changes per page: 1 to {Limits.MaxPageChanges}. A page has fewer changes if the next transaction does not "
        + $"fit, if "
        + "records are long, or if few records match the filter.",
        1, Limits.MaxPageChanges, 500)
    { IsScopedToOwner = true };

    private static readonly IntegerParameter WaitParameter =
        new("wait", "Seconds to wait for a change if the cursor is at the head: 0 to 30.", 0, 30, 0);

    /// <summary>The parameter for the position in the feed.</summary>
    public static readonly CursorParameter CursorParameter = new(
        "`next` of the previous page, or the `cursor` of the head or of an export, unchanged and with the same filter. `*`: the oldest "
        + "retained change.")
    { IsScopedToOwner = true };

    private static readonly IdFilter ProvinceIdFilter = new("provinceId",
        "Only records that refer to this province, and the province itself. A record that no longer refers to it arrives as `remove` with "
        + "the reason `filter`.", "thai-binh", NoCondition, ResourceTypes.Provinces);

    /// <summary>Returns the parameters that filter the feed.</summary>
    public static IReadOnlyList<QueryParameter> GetFilterParameters(ResourceCatalog catalog) =>
        [CreateTypesFilter(catalog), ProvinceIdFilter];

    /// <summary>Returns all parameters in the order of the OpenAPI document.</summary>
    public static IReadOnlyList<QueryParameter> GetParameters(ResourceCatalog catalog) =>
        [.. GetFilterParameters(catalog), LimitParameter, CursorParameter, WaitParameter];

    /// <summary>
    /// Parses the query. Throws 400 with all request errors. Rejects parameters other than <paramref name="allowedParameters"/>.
    /// </summary>
    public static FeedQuery Parse(HttpRequest request, ResourceCatalog catalog, IReadOnlyList<QueryParameter> allowedParameters,
        string? fallbackCursor = null)
    {
        var values = QueryValues.Parse(request, allowedParameters);
        var (types, appliedProvince) = (CreateTypesFilter(catalog).Read(values), ProvinceIdFilter.Read(values));
        if (appliedProvince?.Values.Count > 1)
            values.Errors.Add(new("too_many_values", appliedProvince.Values.Count, 1) { Parameter = ProvinceIdFilter.Name });
        var filter = new FeedFilter(catalog, types?.Texts ?? [], appliedProvince?.Texts[0]);
        var cursorText = values["cursor"] ?? fallbackCursor;
        var cursor = cursorText is { } text and not CursorParameter.Start ? FeedCursor.Decode(text, filter, values.Errors) : null;
        var (limit, waitTime) = (LimitParameter.Read(values), TimeSpan.FromSeconds(WaitParameter.Read(values)));
        values.ThrowIfInvalid();
        return new(filter, cursor, StartsAtOldest: cursorText == CursorParameter.Start, limit, waitTime, appliedProvince);
    }

    private static EnumFilter CreateTypesFilter(ResourceCatalog catalog) =>
        new("types", "Only records of these types.", "meetings", NoCondition, catalog.Types);
}
