using CooperationApi.Resources;

namespace CooperationApi.Features.Timeline;

/// <summary>
/// The source of the timeline events of one type: the table and date column, and the SQL for all provinces or for one unit.
/// </summary>
internal sealed record TimelineSource(string Type, string Table, string DateColumn)
{
    /// <summary>The changes of provinces. A province can have several changes on one day, so the event is part of the key.</summary>
    private static readonly TimelineSource ProvinceEvents = new(ResourceTypes.Provinces, "province_event", "event_date");

    /// <summary>All sources, sorted by type.</summary>
    public static readonly IReadOnlyList<TimelineSource> Sources =
        [new("agreements", "agreement", "adopted_on"), new("meetings", "meeting", "held_on"), ProvinceEvents,
            new("results", "result", "event_date")];

    /// <summary>The types of all sources.</summary>
    public static readonly IReadOnlyList<string> Types = [.. Sources.Select(source => source.Type)];

    /// <summary>
    /// Returns the SQL for the first `@rows` rows after a position, with date, id and event: of all provinces, or of `@unit`.
    /// Other SQL parameters are `@from`, `@to`, `@after_on`, `@after_id` and `@after_event`.
    /// </summary>
    public string BuildPageSql(bool isUnitScoped, bool isDescending, TimelinePosition? after)
    {
        var dateColumn = GetDateColumn(isUnitScoped);
        string[] keyColumns = this == ProvinceEvents ? [dateColumn, "id", "event"] : [dateColumn, "id"];
        return
            $"""
            SELECT {dateColumn}, id, {(this == ProvinceEvents ? "event" : "''")} AS event
            FROM {GetTable(isUnitScoped)}
            WHERE {string.Join(" AND ", [.. UnitConditions(isUnitScoped ? "@unit" : null), .. RangeConditions(dateColumn),
                .. AfterConditions(keyColumns, isDescending, after)])}
            ORDER BY {string.Join(", ", keyColumns.Select(column => $"{column} {(isDescending ? "DESC" : "ASC")}"))}
            LIMIT @rows
            """;
    }

    /// <summary>
    /// Returns the SQL for the number of events in the date range, or of undated records: of all provinces, or of the units in the CTE
    /// `unit (unit_id)`. CROSS JOIN fixes the join order: from the units to their events, not through all records of the type.
    /// </summary>
    public string BuildCountSql(bool isUnitScoped, bool isUndated)
    {
        var dateColumn = GetDateColumn(isUnitScoped);
        return
            $"""
            SELECT count({(isUnitScoped && this != ProvinceEvents ? "DISTINCT id" : "*")})
            FROM {(isUnitScoped ? "unit CROSS JOIN " : "")}{GetTable(isUnitScoped)}
            WHERE {string.Join(" AND ", [.. UnitConditions(isUnitScoped ? "unit.unit_id" : null),
                .. isUndated ? [$"{dateColumn} < '{TimelinePosition.EarliestYearText}'"] : RangeConditions(dateColumn)])}
            """;
    }

    private string GetDateColumn(bool isUnitScoped) => isUnitScoped ? "event_date" : DateColumn;

    private string GetTable(bool isUnitScoped) => isUnitScoped && this != ProvinceEvents ? "province_record" : Table;

    private string[] UnitConditions(string? unit) => unit is null ? []
        : this == ProvinceEvents ? [$"row_id = {RowIdSql(unit)}"]
        : [$"province_row_id = {RowIdSql(unit)}", $"type = '{Type}'"];

    private static string RowIdSql(string unit) =>
        $"(SELECT record.row_id FROM record WHERE record.type = 'provinces' AND record.id = {unit})";

    private static string[] RangeConditions(string dateColumn) => [$"{dateColumn} >= @from", $"{dateColumn} <= @to"];

    /// <summary>
    /// Returns the conditions for rows after a position, which can be of another type: on the same date, rows are sorted by type.
    /// </summary>
    private string[] AfterConditions(string[] keyColumns, bool isDescending, TimelinePosition? after)
    {
        if (after is null)
            return [];
        var (operatorSql, typeOrder) = (isDescending ? "<" : ">", string.CompareOrdinal(Type, after.Type));
        if (typeOrder != 0)
            return [$"{keyColumns[0]} {operatorSql}{(typeOrder > 0 == isDescending ? "" : "=")} @after_on"];
        var eventSql = this == ProvinceEvents ? ", @after_event" : "";
        return [$"({string.Join(", ", keyColumns)}) {operatorSql} (@after_on, @after_id{eventSql})"];
    }
}
