using CooperationApi.Formats;
using CooperationApi.Http;
using CooperationApi.Queries;
using CooperationApi.Resources;
using CooperationApi.Resources.Filters;

namespace CooperationApi.Features.Timeline;

/// <summary>The parsed and validated query of a timeline request.</summary>
/// <param name="Province">The province filter; null for all provinces.</param>
/// <param name="Units">The lineage of the province for `unit=current`; null otherwise.</param>
/// <param name="Types">The types of the records.</param>
/// <param name="From">The first date text, in ordinal order, that is within the requested range.</param>
/// <param name="To">The last date text, in ordinal order, that is within the requested range.</param>
/// <param name="IsDescending">True for the latest event first.</param>
/// <param name="Limit">The maximum number of events on a page.</param>
/// <param name="IncludeTotal">True if the total number of events is requested.</param>
/// <param name="Format">The format of the response.</param>
/// <param name="After">The position of the last row before the page; null for the first page.</param>
/// <param name="CursorScope">The scope to which cursors of this query are bound.</param>
internal sealed record TimelineQuery(AppliedFilter? Province, ProvinceLineage? Units, IReadOnlyList<string> Types, string From, string To,
    bool IsDescending, int Limit, bool IncludeTotal, FileFormat Format, TimelinePosition? After, string CursorScope)
{
    // TimelineSource builds the SQL of these filters.
    private static readonly SqlCondition NoCondition = new("", "");

    private static readonly IdFilter ProvinceFilter = new("provinceId",
        "Only meetings, agreements and results that refer to this province, and changes of the province itself. Default: all provinces.",
        "thai-binh", NoCondition, ResourceTypes.Provinces);

    private static readonly EnumFilter TypesFilter =
        new("types", "Only events of records of these types.", "meetings", NoCondition, TimelineSource.Types);

    private static readonly DateFilter FromFilter = new("from",
        "Only events that happened or began on or after this date: a year, a month or a day. A date that is known only to the month or "
        + "year counts as the first day of the month or year.", "2015", NoCondition, IsEnd: false);

    private static readonly DateFilter ToFilter = new("to",
        "Only events that happened or began on or before this date: a year, a month or a day.", "2026-12-31", NoCondition, IsEnd: true);

    private static readonly EnumParameter Sort = new("sort",
        "Sort order by date; `-` sorts in descending order. Events with the same date are sorted by `type`, `id` and `event`.",
        "-on", ["on", "-on"], "on")
    { IsScopedToOwner = true };

    /// <summary>All parameters in the order of the OpenAPI document.</summary>
    public static readonly IReadOnlyList<QueryParameter> Parameters =
    [
        ProvinceFilter, ProvinceLineage.Unit, TypesFilter, FromFilter, ToFilter, Sort, PageParameters.Limit, PageParameters.Cursor,
        PageParameters.Total, FormatParameters.Format, FormatParameters.Profile,
    ];

    /// <summary>Parses the query. Throws 400 with all request errors.</summary>
    public static TimelineQuery Parse(HttpRequest request)
    {
        var values = QueryValues.Parse(request, Parameters);
        var (province, types) = (ProvinceFilter.Read(values), TypesFilter.Read(values));
        var (from, to) = (FromFilter.Read(values), ToFilter.Read(values));
        ListQuery.AddRangeErrors(values.Errors, from, to);
        var isCurrent = ProvinceLineage.IsRequested(values);
        var sort = Sort.Read(values)!;
        var cursorScope = string.Join('\n', ["timeline", sort, .. isCurrent ? ["current"] : Array.Empty<string>(),
            .. new[] { province, types, from, to }.OfType<AppliedFilter>()
                .SelectMany(filter => filter.Values.Select(value => $"{value.Key}={value.Value}"))]);
        var query = new TimelineQuery(
            Province: province,
            Units: isCurrent && province is not null ? new(province) : null,
            Types: types?.Texts ?? TimelineSource.Types,
            From: from is null ? TimelinePosition.EarliestYearText : TimelinePosition.EarliestText(from.Texts[0]),
            To: to?.Texts[0] ?? "9999-12-31",
            IsDescending: sort == "-on",
            Limit: PageParameters.Limit.Read(values),
            IncludeTotal: PageParameters.Total.Read(values),
            Format: FormatParameters.Read(values),
            After: PageParameters.Cursor.Read<(string Date, string Type, string Id, string Event)>(values, cursorScope, position =>
                new TimelinePosition(position.Date, position.Type, position.Id, position.Event).IsValid) is var (date, type, id, @event)
                ? new(date, type, id, @event)
                : null,
            CursorScope: cursorScope);
        values.ThrowIfInvalid();
        return query;
    }
}
