using CooperationApi.Formats;
using CooperationApi.Http;
using CooperationApi.Http.Problems;
using CooperationApi.Queries;
using CooperationApi.Resources.Filters;

namespace CooperationApi.Features.Timeline;

/// <summary>What a timeline is asked for, read and checked.</summary>
internal sealed record TimelineQuery
{
    // What these say is put into the lines' own SQL.
    private static readonly SqlCondition NoCondition = new("", "");

    private static readonly IdFilter ProvinceFilter = new("provinceId",
        "What records name this province in: its meetings, agreements and results, and its own changes. Without it, the whole country's.", "thai-binh", NoCondition, ProvinceLineage.ResourceType);

    private static readonly EnumFilter TypesFilter = new("types", "What records of these types tell of.", "meetings", NoCondition, TimelineSource.Types);

    private static readonly DateFilter FromFilter = new("from",
        "What happened or began on this date or later: a year, a month or a day. A date known to the month or the year stands where that begins.", "2015", NoCondition, IsEnd: false);

    private static readonly DateFilter ToFilter = new("to",
        "What happened or began on this date or earlier: a year, a month or a day.", "2026-12-31", NoCondition, IsEnd: true);

    /// <summary>All parameters, in the document's order.</summary>
    public static readonly IReadOnlyList<QueryParameter> Parameters =
        [ProvinceFilter, new UnitParameter(), TypesFilter, FromFilter, ToFilter, new TimelineSortParameter(), new LimitParameter(), new CursorParameter(), new TotalParameter(),
            new FormatParameter(), new ProfileParameter()];

    /// <summary>The condition that names provinces; null for the whole country.</summary>
    public AppliedFilter? Province { get; init; }

    /// <summary>The units of today that it is widened to.</summary>
    public ProvinceLineage? Units { get; init; }

    /// <summary>The types that the timeline is of.</summary>
    public required IReadOnlyList<string> Types { get; init; }

    /// <summary>The least date, as text, that stands on the first day asked for or later.</summary>
    public required string From { get; init; }

    /// <summary>The greatest that stands on the last day or earlier.</summary>
    public required string To { get; init; }

    public required bool IsDescending { get; init; }

    public required int Limit { get; init; }

    public required bool IncludeTotal { get; init; }

    public required FileFormat Format { get; init; }

    /// <summary>The place of the row before the page.</summary>
    public TimelinePosition? After { get; init; }

    /// <summary>What a cursor of this timeline is bound to.</summary>
    public required string CursorScope { get; init; }

    /// <summary>Reads the query, or throws all of its faults at once.</summary>
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
