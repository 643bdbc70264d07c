using System.Data.Common;
using System.Globalization;
using CooperationApi.Contracts;
using CooperationApi.Resources;
using CooperationApi.Resources.Filters;
using Dapper;

namespace CooperationApi.Features.Statistics;

/// <summary>`/v1/statistics/meetings`: who met, how often.</summary>
internal sealed class MeetingReport(Resource meetings) : StatisticsReport("meetings", "Counts meetings.",
    "How many meetings there were by year and pair of provinces, as units of that day. A meeting of several provinces counts for each of its pairs: one of four "
    + "for six, and `inSeveralRows` says how many meetings do. Those whose year is not known, or of fewer than two provinces, are rows without a year or a pair.")
{
    private const string Year = "year", Pair = "pair";

    /// <summary>What rows can be told apart by.</summary>
    public static readonly IReadOnlyList<string> GroupByValues = [Year, Pair];

    public override GroupByParameter GroupBy { get; } = new(GroupByValues, Year, Pair);

    public override IReadOnlyList<ListFilter> Filters { get; } = SelectFilters(meetings, "provinceId", "from", "to");

    protected override MeetingStatistics Example => new()
    {
        By = GroupBy.DefaultValues,
        Items =
        [
            new() { Year = 2015, ProvinceId = "ha-noi", OtherProvinceId = "thai-binh", Count = 1 },
            new() { Year = 2018, ProvinceId = "ha-noi", OtherProvinceId = "thai-binh", Count = 1 },
            new() { Year = 2019, ProvinceId = "ha-noi", OtherProvinceId = "thai-binh", Count = 5 },
        ],
        Meetings = 7,
        InSeveralRows = 0,
        Revision = 203,
    };

    public override async Task<object> Compute(DbConnection connection, StatisticsQuery query, long revision)
    {
        var keyColumns = string.Join(", ", query.GroupBy.Select(column => column == Year ? "year" : "province_id, other_province_id"));
        var meetingsSql = $"WITH met AS (SELECT meeting.number, {YearSql} AS year FROM meeting {query.WhereClause})";
        var rows = (await connection.QueryAsync<CountRow>(
            query.GroupBy.Contains(Pair) ? $"{meetingsSql}, {PairsSql} SELECT {keyColumns}, count(*) AS count FROM paired GROUP BY {keyColumns} ORDER BY {keyColumns}"
            : $"{meetingsSql} SELECT {keyColumns}, count(*) AS count FROM met GROUP BY {keyColumns} ORDER BY {keyColumns}", query.SqlParameters)).AsList();
        return new MeetingStatistics
        {
            By = query.GroupBy,
            Items = EnsureNotTooMany([.. rows.Select(row => row.AsMeetingRow)]),
            Meetings = await connection.QuerySingleAsync<long>($"{meetingsSql} SELECT count(*) FROM met", query.SqlParameters),
            InSeveralRows = query.GroupBy.Contains(Pair)
                ? await connection.QuerySingleAsync<long>($"{meetingsSql} SELECT count(*) FROM met WHERE {PartyCountSql} > 2", query.SqlParameters)
                : 0,
            Revision = revision,
        };
    }

    private const string YearSql = "CASE WHEN meeting.held_on >= '1' THEN substr(meeting.held_on, 1, 4) ELSE '' END";

    private static readonly string PartyCountSql = $"(SELECT count(*) FROM link WHERE {PartyConditionSql("link")})";

    // CROSS keeps SQLite to the order: meetings are few where a province or a time is asked for.
    private static readonly string PairsSql =
        $"""
        paired AS
        (
            SELECT met.year, province.id AS province_id, other_province.id AS other_province_id
            FROM met CROSS JOIN link one CROSS JOIN link other CROSS JOIN province CROSS JOIN province other_province
            WHERE {PartyConditionSql("one")} AND {PartyConditionSql("other")}
            AND province.number = one.to_number AND other_province.number = other.to_number AND other_province.id > province.id
            UNION ALL
            SELECT met.year, '', '' FROM met WHERE {PartyCountSql} < 2
        )
        """;

    private static string PartyConditionSql(string link) =>
        $"{link}.number = met.number AND {link}.member = (SELECT member.number FROM member WHERE member.type = 'meetings' AND member.name = 'provinceIds[]')";

    private sealed record CountRow
    {
        public string Year { get; init; } = "";

        public string ProvinceId { get; init; } = "";

        public string OtherProvinceId { get; init; } = "";

        public required long Count { get; init; }

        public MeetingRow AsMeetingRow => new()
        {
            Year = Year == "" ? null : int.Parse(Year, CultureInfo.InvariantCulture),
            ProvinceId = ProvinceId == "" ? null : ProvinceId,
            OtherProvinceId = OtherProvinceId == "" ? null : OtherProvinceId,
            Count = Count,
        };
    }
}
