using System.Data.Common;
using CooperationApi.Contracts;
using CooperationApi.Resources;
using CooperationApi.Resources.Filters;
using Dapper;

namespace CooperationApi.Features.Statistics;

/// <summary>The report `/v1/statistics/commitments`: commitments by status, with the age of the reported status.</summary>
internal sealed class CommitmentReport(Resource commitments) : StatisticsReport("commitments", "Get commitment statistics.",
    "Returns the number of commitments by status, pillar or cooperation group. Each row also has the minimum and maximum age of the "
    + "reported statuses in days, and the number of commitments whose status has no date. With `by=group` or `by=pillar`, a commitment in "
    + "several groups counts in each of their rows; `inSeveralRows` is the number of these commitments.")
{
    private const string Status = "status", Pillar = "pillar", Group = "group";

    /// <summary>The allowed grouping keys.</summary>
    public static readonly IReadOnlyList<string> GroupByValues = [Status, Pillar, Group];

    public override GroupByParameter GroupBy { get; } = new(GroupByValues, Status);

    public override IReadOnlyList<ListFilter> Filters { get; } = SelectFilters(commitments, "provinceId");

    public override bool DependsOnToday => true;

    protected override CommitmentStatistics Example => new()
    {
        By = GroupBy.DefaultValues,
        Items =
        [
            new() { Status = CommitmentStatus.Agreed, Count = 4, MinDays = 2584, MaxDays = 2584, WithoutDate = 0 },
            new() { Status = CommitmentStatus.InProgress, Count = 1, MinDays = 2579, MaxDays = 2609, WithoutDate = 0 },
        ],
        Commitments = 5,
        InSeveralRows = 0,
        Today = new(2026, 11, 22),
        Revision = 203,
    };

    public override async Task<object> Compute(DbConnection connection, StatisticsQuery query, long revision)
    {
        var keyColumns = string.Join(", ", query.GroupBy.Select(GetColumn));
        var hasGroups = query.GroupBy.Contains(Group) || query.GroupBy.Contains(Pillar);
        var classifiedSql = hasGroups
            ? $"{GroupedSql(query)}, classified AS (SELECT grouped.id, {keyColumns}, grouped.status_from, grouped.status_to FROM grouped "
                + $"UNION ALL {UngroupedSql(query)})"
            : $"WITH classified AS (SELECT commitment.status, commitment.status_from, commitment.status_to FROM commitment "
                + $"{query.WhereClause})";
        var rows = (await connection.QueryAsync<CountRow>(
            $"""
            {classifiedSql}
            SELECT {keyColumns}, count(*) AS count, coalesce(max(classified.status_to), '') AS latest, coalesce(min(classified.status_from),
                '') AS earliest,
            sum(CASE WHEN classified.status_from IS NULL THEN 1 ELSE 0 END) AS without_date
            FROM classified GROUP BY {keyColumns} ORDER BY {keyColumns}
            """, query.SqlParameters)).AsList();
        return new CommitmentStatistics
        {
            By = query.GroupBy,
            Items = EnsureNotTooMany([.. rows.Select(row => row.ToCommitmentRow(query.Today))]),
            Commitments =
                await connection.QuerySingleAsync<long>($"SELECT count(*) FROM commitment {query.WhereClause}", query.SqlParameters),
            InSeveralRows = !hasGroups ? 0 : await connection.QuerySingleAsync<long>(
                $"{GroupedSql(query)} SELECT count(*) FROM (SELECT grouped.id FROM grouped GROUP BY grouped.id HAVING count(*) > 1) "
                + $"multiple", query.SqlParameters),
            Today = query.Today,
            Revision = revision,
        };
    }

    /// <summary>
    /// Returns the SQL for commitments with their groups or pillars. A commitment in two groups of one pillar has one row.
    /// </summary>
    private static string GroupedSql(StatisticsQuery query) =>
        $"""
        WITH grouped AS
        (
            SELECT DISTINCT commitment.id, {KeyColumnsSql(query, "cooperation_group.id", "coalesce(cooperation_group.pillar, '')")},
                commitment.status_from, commitment.status_to
            FROM cooperation_group
            JOIN reference ON reference.target_row_id = cooperation_group.row_id
            JOIN commitment ON commitment.row_id = reference.row_id
            WHERE reference.member_id IN (SELECT member.member_id FROM member WHERE member.type = 'commitments')
            {query.AndClause}
        )
        """;

    /// <summary>Returns the SQL for commitments without a group, with the same columns.</summary>
    private static string UngroupedSql(StatisticsQuery query) =>
        $"""
        SELECT commitment.id, {KeyColumnsSql(query, "''", "''")}, commitment.status_from, commitment.status_to
        FROM commitment
        WHERE NOT EXISTS
        (
            SELECT 1 FROM reference WHERE reference.row_id = commitment.row_id
            AND reference.member_id = (SELECT member.member_id FROM member WHERE member.type = 'commitments' AND member.name = 'groupIds[]')
        )
        {query.AndClause}
        """;

    private static string KeyColumnsSql(StatisticsQuery query, string group, string pillar) =>
        string.Join(", ", query.GroupBy.Select(column => column switch
        {
            Group => $"{group} AS group_id",
            Pillar => $"{pillar} AS pillar",
            _ => "commitment.status",
        }));

    private static string GetColumn(string value) => value == Group ? "group_id" : value;

    // A column by which the rows are not grouped is null; a missing value is an empty string.
    [method: ExplicitConstructor]
    private sealed record CountRow(string? Status, string? Pillar, string? GroupId, long Count, string Latest, string Earliest,
        long WithoutDate)
    {
        public CommitmentRow ToCommitmentRow(DateOnly today) => new()
        {
            Status = Enum.TryParse<CommitmentStatus>(Status, out var status) ? status : null,
            Pillar = Enum.TryParse<Pillar>(Pillar, out var pillar) ? pillar : null,
            GroupId = GroupId is "" ? null : GroupId,
            Count = Count,
            MinDays = DaysSince(Latest, today),
            MaxDays = DaysSince(Earliest, today),
            WithoutDate = WithoutDate,
        };

        // The current month or year, or a future date, is 0 days ago.
        private static int? DaysSince(string date, DateOnly today) =>
            PartialDate.TryParse(date, out var day) ? Math.Max(0, today.DayNumber - day.FirstDay!.Value.DayNumber) : null;
    }
}
