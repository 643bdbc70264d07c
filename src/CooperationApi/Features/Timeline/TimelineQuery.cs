using CooperationApi.Formats;
using CooperationApi.Http;
using CooperationApi.Http.Problems;
using CooperationApi.Queries;
using CooperationApi.Resources;
using CooperationApi.Resources.Filters;

namespace CooperationApi.Features.Timeline;

/// <summary>The parsed and validated query of a timeline request.</summary>
internal sealed record TimelineQuery
{
    // TimelineSource builds the SQL of these filters.
    private static readonly SqlCondition NoCondition = new("", "");

    private static readonly IdFilter ProvinceFilter = new("provinceId",
        "Only meetings, agreements and results that refer to this province, and changes of the province itself. Default: all provinces.",
        "thai-binh", NoCondition, ResourceTypes.Provinces);

    private static readonly EnumFilter TypesFilter = new("types", "Only events of records of these types.", "meetings", NoCondition, TimelineSource.Types);

    private static readonly DateFilter FromFilter = new("from",
        "Only events that happened or began on or after this date: a year, a month or a day. A date that is known only to the month or year counts as the first day of the month or year.", "2015", NoCondition, IsEnd: false);

    private static readonly DateFilter ToFilter = new("to",
        "Only events that happened or began on or before this date: a year, a month or a day.", "2026-12-31", NoCondition, IsEnd: true);

    /// <summary>All parameters in the order of the OpenAPI document.</summary>
    public static readonly IReadOnlyList<QueryParameter> Parameters =
        [ProvinceFilter, new UnitParameter(), TypesFilter, FromFilter, ToFilter, new TimelineSortParameter(), new LimitParameter(), new CursorParameter(), new TotalParameter(),
            new FormatParameter(), new ProfileParameter()];

    /// <summary>The province filter; null for all provinces.</summary>
    public AppliedFilter? Province { get; init; }

    /// <summary>The lineage of the province for `unit=current`; null otherwise.</summary>
    public ProvinceLineage? Units { get; init; }

    /// <summary>The types of the records.</summary>
    public required IReadOnlyList<string> Types { get; init; }

    /// <summary>The first date text, in ordinal order, that is within the requested range.</summary>
    public required string From { get; init; }

    /// <summary>The last date text, in ordinal order, that is within the requested range.</summary>
    public required string To { get; init; }

    public required bool IsDescending { get; init; }

    public required int Limit { get; init; }

    public required bool IncludeTotal { get; init; }

    public required FileFormat Format { get; init; }

    /// <summary>The position of the last row before the page; null for the first page.</summary>
    public TimelinePosition? After { get; init; }

    /// <summary>The scope to which cursors of this query are bound.</summary>
    public required string CursorScope { get; init; }

    /// <summary>Parses the query. Throws 400 with all request errors.</summary>
    public static TimelineQuery Parse(HttpRequest request)
    {
        var errors = new List<RequestError>();
        var parameters = QueryStringParser.Parse(request, [.. Parameters.Select(parameter => parameter.Name)], errors);
        var (province, types, from, to) = (ApplyFilter(ProvinceFilter), ApplyFilter(TypesFilter), ApplyFilter(FromFilter), ApplyFilter(ToFilter));
        ListQuery.AddRangeErrors(new[] { from, to }.OfType<AppliedFilter>(), errors);
        var isCurrent = UnitParameter.IsCurrentUnitRequested(parameters, errors);
        var isDescending = TimelineSortParameter.IsDescending(parameters, errors);
        var cursorScope = string.Join('\n', ["timeline", isDescending ? "-on" : "on", .. isCurrent ? ["current"] : Array.Empty<string>(),
            .. new[] { province, types, from, to }.OfType<AppliedFilter>().SelectMany(filter => filter.Values.Select(value => $"{value.Key}={value.Value}"))]);
        var query = new TimelineQuery
        {
            Province = province,
            Units = isCurrent && province is not null ? new(province) : null,
            Types = types is null ? TimelineSource.Types : [.. types.Values.Values.Cast<string>()],
            From = from is null ? TimelinePosition.EarliestYearText : TimelinePosition.EarliestText((string)from.Values["from"]),
            To = to is null ? "9999-12-31" : (string)to.Values["to"],
            IsDescending = isDescending,
            Limit = LimitParameter.Parse(parameters, errors),
            IncludeTotal = TotalParameter.Parse(parameters, errors),
            Format = FormatParameter.Parse(request, parameters, errors),
            After = parameters.TryGetValue("cursor", out var cursor) ? ParseCursor(cursor, cursorScope, errors) : null,
            CursorScope = cursorScope,
        };
        return errors.Count == 0 ? query : throw ProblemException.InvalidRequest(errors);

        AppliedFilter? ApplyFilter(ListFilter filter) => parameters.TryGetValue(filter.Name, out var text) ? filter.Parse(text, errors) : null;
    }

    private static TimelinePosition? ParseCursor(string text, string cursorScope, List<RequestError> errors)
    {
        var after = PageCursor.Decode(text, cursorScope, valueCount: 4, errors);
        if (after is [string date, string type, string id, string @event])
            return new(date, type, id, @event);
        if (after is not null)
            errors.Add(new("cursor_invalid") { Parameter = "cursor" });
        return null;
    }
}
