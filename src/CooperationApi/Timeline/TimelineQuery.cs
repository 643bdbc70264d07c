using System.Text.Json.Nodes;
using CooperationApi.Contracts;
using CooperationApi.Faults;
using CooperationApi.Formats;
using CooperationApi.Http;
using CooperationApi.Resources;
using Microsoft.OpenApi;

namespace CooperationApi.Timeline;

/// <summary>What a timeline is asked for, read and checked.</summary>
internal sealed record TimelineQuery
{
    // What these say is put into the lines' own SQL.
    private static readonly Predicate None = new("", "");

    private static readonly IdFilter OfProvince = new("provinceId",
        "What records name this province in: its meetings, agreements and results, and its own changes. Without it, the whole country's.", "thai-binh", None, Units.Type);

    private static readonly ChoiceFilter OfTypes = new("types", "What records of these types tell of.", "meetings", None, Line.Types);

    private static readonly DayFilter First = new("from",
        "What happened or began on this date or later: a year, a month or a day. A date known to the month or the year stands where that begins.", "2015", None, IsEnd: false);

    private static readonly DayFilter Last = new("to",
        "What happened or began on this date or earlier: a year, a month or a day.", "2026-12-31", None, IsEnd: true);

    /// <summary>All parameters, in the document's order.</summary>
    public static readonly IReadOnlyList<Parameter> Parameters =
        [OfProvince, new UnitParameter(), OfTypes, First, Last, new OrderParameter(), new LimitParameter(), new CursorParameter(), new TotalParameter(),
            new FormatParameter(), new ProfileParameter()];

    /// <summary>The condition that names provinces; null for the whole country.</summary>
    public Condition? Province { get; init; }

    /// <summary>The units of today that it is widened to.</summary>
    public Units? Units { get; init; }

    /// <summary>The types that the timeline is of.</summary>
    public required IReadOnlyList<string> Types { get; init; }

    /// <summary>The least date, as text, that stands on the first day asked for or later.</summary>
    public required string From { get; init; }

    /// <summary>The greatest that stands on the last day or earlier.</summary>
    public required string To { get; init; }

    public required bool Descending { get; init; }

    public required int Limit { get; init; }

    public required bool Total { get; init; }

    public required Format Format { get; init; }

    /// <summary>The place of the row before the page.</summary>
    public Place? After { get; init; }

    /// <summary>What a cursor of this timeline is bound to.</summary>
    public required string Binding { get; init; }

    /// <summary>Reads the query, or throws all of its faults at once.</summary>
    public static TimelineQuery Read(HttpRequest request)
    {
        var faults = new List<Fault>();
        var values = StrictQuery.Read(request, [.. Parameters.Select(parameter => parameter.Name)], faults);
        var (province, types, from, to) = (ConditionOf(OfProvince), ConditionOf(OfTypes), ConditionOf(First), ConditionOf(Last));
        ListQuery.CheckRange(new[] { from, to }.OfType<Condition>(), faults);
        var isCurrent = UnitParameter.IsCurrent(values, faults);
        var descending = OrderParameter.IsDescending(values, faults);
        var binding = string.Join('\n', ["timeline", descending ? "-on" : "on", .. isCurrent ? ["current"] : Array.Empty<string>(),
            .. new[] { province, types, from, to }.OfType<Condition>().SelectMany(condition => condition.Values.Select(value => $"{value.Key}={value.Value}"))]);
        var query = new TimelineQuery
        {
            Province = province,
            Units = isCurrent && province is not null ? new(province) : null,
            Types = types is null ? Line.Types : [.. types.Values.Values.Cast<string>()],
            From = from is null ? Place.FirstYear : Place.Least((string)from.Values["from"]),
            To = to is null ? "9999-12-31" : (string)to.Values["to"],
            Descending = descending,
            Limit = LimitParameter.Read(values, faults),
            Total = TotalParameter.Read(values, faults),
            Format = FormatParameter.Read(request, values, faults),
            After = values.TryGetValue("cursor", out var cursor) ? ReadCursor(cursor, binding, faults) : null,
            Binding = binding,
        };
        return faults.Count == 0 ? query : throw ProblemException.Invalid(faults);

        Condition? ConditionOf(Filter filter) => values.TryGetValue(filter.Name, out var text) ? filter.Read(text, faults) : null;
    }

    private static Place? ReadCursor(string text, string binding, List<Fault> faults)
    {
        var after = Cursor.Read(text, binding, values: 4, faults);
        if (after is [string on, string type, string id, string @event])
            return new(on, type, id, @event);
        if (after is not null)
            faults.Add(new("cursor_invalid") { Parameter = "cursor" });
        return null;
    }
}

/// <summary>The order of a timeline.</summary>
internal sealed record OrderParameter() : Parameter("sort",
    "The order in time; `-` turns it round. What stands on the same date is ordered by `type`, `id` and `event`.", "-on")
{
    private static readonly string[] Words = ["on", "-on"];

    public override bool IsOwn => true;

    public override OpenApiSchema Schema => new()
    {
        Type = JsonSchemaType.String,
        Enum = [.. Words.Select(word => JsonValue.Create(word))],
        Default = JsonValue.Create(Words[0]),
    };

    /// <summary>Whether the last comes first.</summary>
    public static bool IsDescending(Dictionary<string, string> values, ICollection<Fault> faults)
    {
        if (values.TryGetValue("sort", out var word) && !Words.Contains(word))
            faults.Add(Fault.NotAmong("not_allowed", word, Words) with { Parameter = "sort" });
        return word == Words[1];
    }
}

/// <summary>A row's place in time, and what tells it from others on the same date.</summary>
internal sealed record Place(string On, string Type, string Id, string Event) : IComparable<Place>
{
    /// <summary>Less than any date whose year is known, and greater than any other.</summary>
    public const string FirstYear = "1";

    /// <summary>
    /// The least text of a date that stands on a day: `2019` for the first of January, `2019-10` for the first of October. As text, a year comes before its
    /// months and a month before its days.
    /// </summary>
    public static string Least(string day) => day.EndsWith("-01-01", StringComparison.Ordinal) ? day[..4] : day.EndsWith("-01", StringComparison.Ordinal) ? day[..7] : day;

    /// <summary>The date.</summary>
    public PartialDate Date => PartialDate.Parse(On);

    public int CompareTo(Place? other) => other is null ? 1 : string.CompareOrdinal(Text, other.Text);

    // None of its parts has a character that comes before a line feed.
    private string Text => $"{On}\n{Type}\n{Id}\n{Event}";
}
