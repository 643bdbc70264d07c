using System.Data.Common;
using System.Globalization;
using CooperationApi.Contracts;
using CooperationApi.Resources;
using CooperationApi.Resources.Filters;
using Dapper;

namespace CooperationApi.Features.Statistics;

/// <summary>The report `/v1/statistics/meetings`: meetings by year and pair of provinces.</summary>
internal sealed class MeetingReport(Resource meetings) : StatisticsReport("meetings", "Get meeting statistics.",
    "Returns the number of meetings by year and by pair of provinces. Parts of a meeting (`parentId`) do not count. A pair has the units "
    + "that existed at the time of the meeting. A meeting of more than two provinces counts for each pair (four provinces make six "
    + "pairs); `inSeveralRows` is the number of these meetings. Meetings without a known year are in a row without a year. Meetings of "
    + "fewer than two provinces are in a row without a pair.")
{
    private const string Year = "year", Pair = "pair";

    /// <summary>The allowed grouping keys.</summary>
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
            new() { Year = 2019, ProvinceId = "ha-noi", OtherProvinceId = "thai-binh", Count = 1 },
        ],
        Meetings = 3,
        InSeveralRows = 0,
        Revision = 203,
    };

    public override async Task<object> Compute(DbConnection connection, StatisticsQuery query, long revision)
    {
        var keyColumns = string.Join(", ", query.GroupBy.Select(column => column == Year ? "year" : "province_id, other_province_id"));
        var meetingsSql = $"WITH dated_meeting AS (SELECT meeting.row_id, {YearSql} AS year FROM meeting WHERE meeting.is_part = 0 "
            + $"{query.AndClause})";
        var rows = (await connection.QueryAsync<CountRow>(
            query.GroupBy.Contains(Pair)
                ? $"{meetingsSql}, {PairsSql} SELECT {keyColumns}, count(*) AS count FROM meeting_pair GROUP BY {keyColumns} ORDER BY "
                    + $"{keyColumns}"
            : $"{meetingsSql} SELECT {keyColumns}, count(*) AS count FROM dated_meeting GROUP BY {keyColumns} ORDER BY {keyColumns}",
            query.SqlParameters)).AsList();
        return new MeetingStatistics
        {
            By = query.GroupBy,
            Items = EnsureNotTooMany([.. rows.Select(row => row.ToMeetingRow())]),
            Meetings = await connection.QuerySingleAsync<long>($"{meetingsSql} SELECT count(*) FROM dated_meeting", query.SqlParameters),
            InSeveralRows = query.GroupBy.Contains(Pair)
                ? await connection.QuerySingleAsync<long>($"{meetingsSql} SELECT count(*) FROM dated_meeting WHERE {PartyCountSql} > 2",
                    query.SqlParameters)
                : 0,
            Revision = revision,
        };
    }

    private const string YearSql = "CASE WHEN meeting.held_on >= '1' THEN substr(meeting.held_on, 1, 4) ELSE '' END";

    private static readonly string PartyCountSql = $"(SELECT count(*) FROM reference WHERE {PartyConditionSql("reference")})";

    // CROSS JOIN fixes the join order: a filter by province or date leaves few meetings, so these come first.
    private static readonly string PairsSql =
        $"""
        meeting_pair AS
        (
            SELECT dated_meeting.year, province.id AS province_id, other_province.id AS other_province_id
            FROM dated_meeting CROSS JOIN reference party CROSS JOIN reference other_party CROSS JOIN province CROSS
            JOIN province other_province
            WHERE {PartyConditionSql("party")} AND {PartyConditionSql("other_party")}
            AND province.row_id = party.target_row_id AND other_province.row_id = other_party.target_row_id
            AND other_province.id > province.id
            UNION ALL
            SELECT dated_meeting.year, '', '' FROM dated_meeting WHERE {PartyCountSql} < 2
        )
        """;

    private static string PartyConditionSql(string link) =>
        $"{link}.row_id = dated_meeting.row_id AND {link}.member_id = (SELECT member.member_id FROM member WHERE member.type = 'meetings' "
        + $"AND member.name = 'provinceIds[]')";

    // A column by which the rows are not grouped is null; a missing value is an empty string.
    [method: ExplicitConstructor]
    private sealed record CountRow(string? Year, string? ProvinceId, string? OtherProvinceId, long Count)
    {
        public MeetingRow ToMeetingRow() => new()
        {
            Year = int.TryParse(Year, CultureInfo.InvariantCulture, out var year) ? year : null,
            ProvinceId = ProvinceId is "" ? null : ProvinceId,
            OtherProvinceId = OtherProvinceId is "" ? null : OtherProvinceId,
            Count = Count,
        };
    }
}
