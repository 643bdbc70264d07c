using System.Data.Common;
using System.Globalization;
using CooperationApi.Contracts;
using CooperationApi.Resources;
using Dapper;

namespace CooperationApi.Statistics;

/// <summary>`/v1/statistics/commitments`: how far what was promised has got, and how old that knowledge is.</summary>
internal sealed class CommitmentFigures(Resource commitments) : Figures("commitments", "Counts commitments.",
    "How many commitments there are by status, pillar or group of cooperation, and how many days ago their status was so: the latest, the earliest, and how many "
    + "have no such date. By `group` or `pillar`, a commitment in several groups counts in each row that it belongs to, and `inSeveralRows` says how many do.")
{
    private const string Status = "status", Pillar = "pillar", Group = "group";

    /// <summary>What rows can be told apart by.</summary>
    public static readonly IReadOnlyList<string> Words = [Status, Pillar, Group];

    public override ByParameter By { get; } = new(Words, Status);

    public override IReadOnlyList<Filter> Filters { get; } = FiltersOf(commitments, "provinceId");

    public override bool FollowTheDay => true;

    protected override CommitmentStatistics Example => new()
    {
        By = By.Usual,
        Items =
        [
            new() { Status = CommitmentStatus.Agreed, Count = 4, ShortestDays = 2584, LongestDays = 2584, WithoutDate = 0 },
            new() { Status = CommitmentStatus.InProgress, Count = 1, ShortestDays = 2579, LongestDays = 2609, WithoutDate = 0 },
        ],
        Commitments = 5,
        InSeveralRows = 0,
        Today = new(2026, 11, 22),
        Revision = 203,
    };

    public override async Task<object> Read(DbConnection connection, FiguresQuery query, long revision)
    {
        var keys = string.Join(", ", query.By.Select(Column));
        var ofGroups = query.By.Contains(Group) || query.By.Contains(Pillar);
        var placed = ofGroups
            ? $"{Grouped(query)}, placed AS (SELECT grouped.id, {keys}, grouped.status_from, grouped.status_to FROM grouped UNION ALL {Ungrouped(query)})"
            : $"WITH placed AS (SELECT commitment.status, commitment.status_from, commitment.status_to FROM commitment {query.Where})";
        var rows = (await connection.QueryAsync<Row>(
            $"""
            {placed}
            SELECT {keys}, count(*) AS count, coalesce(max(placed.status_to), '') AS latest, coalesce(min(placed.status_from), '') AS earliest,
            sum(CASE WHEN placed.status_from IS NULL THEN 1 ELSE 0 END) AS without_date
            FROM placed GROUP BY {keys} ORDER BY {keys}
            """, query.Values)).AsList();
        return new CommitmentStatistics
        {
            By = query.By,
            Items = Checked([.. rows.Select(row => row.On(query.Today))]),
            Commitments = await connection.QuerySingleAsync<long>($"SELECT count(*) FROM commitment {query.Where}", query.Values),
            InSeveralRows = !ofGroups ? 0 : await connection.QuerySingleAsync<long>(
                $"{Grouped(query)} SELECT count(*) FROM (SELECT grouped.id FROM grouped GROUP BY grouped.id HAVING count(*) > 1) several", query.Values),
            Today = query.Today,
            Revision = revision,
        };
    }

    /// <summary>Commitments with the groups that they are in, or the pillars: one that is in two groups of a pillar is in the pillar once.</summary>
    private static string Grouped(FiguresQuery query) =>
        $"""
        WITH grouped AS
        (
            SELECT DISTINCT commitment.id, {Keys(query, "cooperation_group.id", "coalesce(cooperation_group.pillar, '')")}, commitment.status_from, commitment.status_to
            FROM cooperation_group
            JOIN link ON link.to_number = cooperation_group.number
            JOIN commitment ON commitment.number = link.number
            WHERE link.member IN (SELECT member.number FROM member WHERE member.type = 'commitments')
            {query.And}
        )
        """;

    /// <summary>Commitments that are in no group, likewise.</summary>
    private static string Ungrouped(FiguresQuery query) =>
        $"""
        SELECT commitment.id, {Keys(query, "''", "''")}, commitment.status_from, commitment.status_to
        FROM commitment
        WHERE NOT EXISTS
        (
            SELECT 1 FROM link WHERE link.number = commitment.number
            AND link.member = (SELECT member.number FROM member WHERE member.type = 'commitments' AND member.name = 'groupIds[]')
        )
        {query.And}
        """;

    private static string Keys(FiguresQuery query, string group, string pillar) => string.Join(", ", query.By.Select(word => word switch
    {
        Group => $"{group} AS group_id",
        Pillar => $"{pillar} AS pillar",
        _ => "commitment.status",
    }));

    private static string Column(string word) => word == Group ? "group_id" : word;

    private sealed record Row
    {
        public string Status { get; init; } = "";

        public string Pillar { get; init; } = "";

        public string GroupId { get; init; } = "";

        public required long Count { get; init; }

        public required string Latest { get; init; }

        public required string Earliest { get; init; }

        public required long WithoutDate { get; init; }

        public CommitmentRow On(DateOnly today) => new()
        {
            Status = Status == "" ? null : Enum.Parse<CommitmentStatus>(Status),
            Pillar = Pillar == "" ? null : Enum.Parse<Pillar>(Pillar),
            GroupId = GroupId == "" ? null : GroupId,
            Count = Count,
            ShortestDays = Days(Latest, today),
            LongestDays = Days(Earliest, today),
            WithoutDate = WithoutDate,
        };

        // A month or a year that lasts still, or a date to come, is no time ago.
        private static int? Days(string day, DateOnly today) =>
            day == "" ? null : Math.Max(0, today.DayNumber - DateOnly.ParseExact(day, "yyyy-MM-dd", CultureInfo.InvariantCulture).DayNumber);
    }
}
