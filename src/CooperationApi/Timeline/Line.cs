namespace CooperationApi.Timeline;

/// <summary>The happenings that one type of records tells of: the table in which they stand in time, its columns, and the same for those of one province.</summary>
internal sealed record Line(string Type, string Table, string Day)
{
    /// <summary>Changes of provinces: several may stand on one day, and each is told by the province itself.</summary>
    private static readonly Line Changes = new("provinces", "province_event", "happened_on");

    /// <summary>All of them, by type.</summary>
    public static readonly IReadOnlyList<Line> All =
        [new("agreements", "agreement", "adopted_on"), new("meetings", "meeting", "held_on"), Changes, new("results", "result", "happened_on")];

    /// <summary>Their types.</summary>
    public static readonly IReadOnlyList<string> Types = [.. All.Select(line => line.Type)];

    /// <summary>
    /// So many rows from a place on, as `happened_on`, `id` and `event`: the whole country's, or those of `@unit`.
    /// Knows `@from`, `@to`, `@after_on`, `@after_id`, `@after_event` and `@rows`.
    /// </summary>
    public string Page(bool ofUnit, bool descending, Place? after)
    {
        var day = DayIn(ofUnit);
        string[] key = this == Changes ? [day, "id", "event"] : [day, "id"];
        return
            $"""
            SELECT {day}, id, {(this == Changes ? "event" : "''")} AS event
            FROM {TableIn(ofUnit)}
            WHERE {string.Join(" AND ", [.. Of(ofUnit ? "@unit" : null), .. InTime(day), .. Beyond(key, descending, after)])}
            ORDER BY {string.Join(", ", key.Select(column => $"{column} {(descending ? "DESC" : "ASC")}"))}
            LIMIT @rows
            """;
    }

    /// <summary>
    /// How many there are in time, or that have no year: the whole country's, or those of the units that are in `unit (unit_id)`. CROSS keeps SQLite to
    /// the order: from the units to what names them, and not through all that is of the type.
    /// </summary>
    public string Count(bool ofUnits, bool undated)
    {
        var day = DayIn(ofUnits);
        return
            $"""
            SELECT count({(ofUnits && this != Changes ? "DISTINCT id" : "*")})
            FROM {(ofUnits ? "unit CROSS JOIN " : "")}{TableIn(ofUnits)}
            WHERE {string.Join(" AND ", [.. Of(ofUnits ? "unit.unit_id" : null), .. undated ? [$"{day} < '{Place.FirstYear}'"] : InTime(day)])}
            """;
    }

    private string DayIn(bool ofUnits) => ofUnits ? "happened_on" : Day;

    private string TableIn(bool ofUnits) => ofUnits && this != Changes ? "happening" : Table;

    private string[] Of(string? unit) => unit is null ? []
        : this == Changes ? [$"number = {NumberOf(unit)}"]
        : [$"province = {NumberOf(unit)}", $"type = '{Type}'"];

    private static string NumberOf(string unit) => $"(SELECT record.number FROM record WHERE record.type = 'provinces' AND record.id = {unit})";

    private static string[] InTime(string day) => [$"{day} >= @from", $"{day} <= @to"];

    /// <summary>What comes after a place that may be another type's: on its date, types have an order too.</summary>
    private string[] Beyond(string[] key, bool descending, Place? after)
    {
        if (after is null)
            return [];
        var (beyond, comparison) = (descending ? "<" : ">", string.CompareOrdinal(Type, after.Type));
        if (comparison != 0)
            return [$"{key[0]} {beyond}{(comparison > 0 == descending ? "" : "=")} @after_on"];
        return [$"({string.Join(", ", key)}) {beyond} (@after_on, @after_id{(this == Changes ? ", @after_event" : "")})"];
    }
}
