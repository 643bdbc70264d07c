namespace CooperationApi.Features.Timeline;

/// <summary>The happenings that one type of records tells of: the table in which they stand in time, its columns, and the same for those of one province.</summary>
internal sealed record TimelineSource(string Type, string Table, string DateColumn)
{
    /// <summary>Changes of provinces: several may stand on one day, and each is told by the province itself.</summary>
    private static readonly TimelineSource ProvinceEvents = new("provinces", "province_event", "happened_on");

    /// <summary>All of them, by type.</summary>
    public static readonly IReadOnlyList<TimelineSource> Sources =
        [new("agreements", "agreement", "adopted_on"), new("meetings", "meeting", "held_on"), ProvinceEvents, new("results", "result", "happened_on")];

    /// <summary>Their types.</summary>
    public static readonly IReadOnlyList<string> Types = [.. Sources.Select(source => source.Type)];

    /// <summary>
    /// So many rows from a place on, as `happened_on`, `id` and `event`: the whole country's, or those of `@unit`.
    /// Knows `@from`, `@to`, `@after_on`, `@after_id`, `@after_event` and `@rows`.
    /// </summary>
    public string BuildPageSql(bool isUnitScoped, bool isDescending, TimelinePosition? after)
    {
        var dateColumn = GetDateColumn(isUnitScoped);
        string[] keyColumns = this == ProvinceEvents ? [dateColumn, "id", "event"] : [dateColumn, "id"];
        return
            $"""
            SELECT {dateColumn}, id, {(this == ProvinceEvents ? "event" : "''")} AS event
            FROM {GetTable(isUnitScoped)}
            WHERE {string.Join(" AND ", [.. UnitConditions(isUnitScoped ? "@unit" : null), .. RangeConditions(dateColumn), .. AfterConditions(keyColumns, isDescending, after)])}
            ORDER BY {string.Join(", ", keyColumns.Select(column => $"{column} {(isDescending ? "DESC" : "ASC")}"))}
            LIMIT @rows
            """;
    }

    /// <summary>
    /// How many there are in time, or that have no year: the whole country's, or those of the units that are in `unit (unit_id)`. CROSS keeps SQLite to
    /// the order: from the units to what names them, and not through all that is of the type.
    /// </summary>
    public string BuildCountSql(bool isUnitScoped, bool isUndated)
    {
        var dateColumn = GetDateColumn(isUnitScoped);
        return
            $"""
            SELECT count({(isUnitScoped && this != ProvinceEvents ? "DISTINCT id" : "*")})
            FROM {(isUnitScoped ? "unit CROSS JOIN " : "")}{GetTable(isUnitScoped)}
            WHERE {string.Join(" AND ", [.. UnitConditions(isUnitScoped ? "unit.unit_id" : null), .. isUndated ? [$"{dateColumn} < '{TimelinePosition.EarliestYearText}'"] : RangeConditions(dateColumn)])}
            """;
    }

    private string GetDateColumn(bool isUnitScoped) => isUnitScoped ? "happened_on" : DateColumn;

    private string GetTable(bool isUnitScoped) => isUnitScoped && this != ProvinceEvents ? "happening" : Table;

    private string[] UnitConditions(string? unit) => unit is null ? []
        : this == ProvinceEvents ? [$"number = {RowIdSql(unit)}"]
        : [$"province = {RowIdSql(unit)}", $"type = '{Type}'"];

    private static string RowIdSql(string unit) => $"(SELECT record.number FROM record WHERE record.type = 'provinces' AND record.id = {unit})";

    private static string[] RangeConditions(string dateColumn) => [$"{dateColumn} >= @from", $"{dateColumn} <= @to"];

    /// <summary>What comes after a place that may be another type's: on its date, types have an order too.</summary>
    private string[] AfterConditions(string[] keyColumns, bool isDescending, TimelinePosition? after)
    {
        if (after is null)
            return [];
        var (operatorSql, typeOrder) = (isDescending ? "<" : ">", string.CompareOrdinal(Type, after.Type));
        if (typeOrder != 0)
            return [$"{keyColumns[0]} {operatorSql}{(typeOrder > 0 == isDescending ? "" : "=")} @after_on"];
        return [$"({string.Join(", ", keyColumns)}) {operatorSql} (@after_on, @after_id{(this == ProvinceEvents ? ", @after_event" : "")})"];
    }
}
