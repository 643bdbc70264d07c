using System.Data.Common;
using System.Globalization;
using CooperationApi.Contracts;
using CooperationApi.Resources;
using Dapper;

namespace CooperationApi.Statistics;

/// <summary>`/v1/statistics/meetings`: who met, how often.</summary>
internal sealed class MeetingFigures(Resource meetings) : Figures("meetings", "Counts meetings.",
    "How many meetings there were by year and pair of provinces, as units of that day. A meeting of several provinces counts for each of its pairs: one of four "
    + "for six, and `inSeveralRows` says how many meetings do. Those whose year is not known, or of fewer than two provinces, are rows without a year or a pair.")
{
    private const string Year = "year", Pair = "pair";

    /// <summary>What rows can be told apart by.</summary>
    public static readonly IReadOnlyList<string> Words = [Year, Pair];

    public override ByParameter By { get; } = new(Words, Year, Pair);

    public override IReadOnlyList<Filter> Filters { get; } = FiltersOf(meetings, "provinceId", "from", "to");

    protected override MeetingStatistics Example => new()
    {
        By = By.Usual,
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

    public override async Task<object> Read(DbConnection connection, FiguresQuery query, long revision)
    {
        var keys = string.Join(", ", query.By.Select(word => word == Year ? "year" : "province_id, other_province_id"));
        var met = $"WITH met AS (SELECT meeting.number, {YearOf} AS year FROM meeting {query.Where})";
        var rows = (await connection.QueryAsync<Row>(
            query.By.Contains(Pair) ? $"{met}, {Pairs} SELECT {keys}, count(*) AS count FROM paired GROUP BY {keys} ORDER BY {keys}"
            : $"{met} SELECT {keys}, count(*) AS count FROM met GROUP BY {keys} ORDER BY {keys}", query.Values)).AsList();
        return new MeetingStatistics
        {
            By = query.By,
            Items = Checked([.. rows.Select(row => row.Counted)]),
            Meetings = await connection.QuerySingleAsync<long>($"{met} SELECT count(*) FROM met", query.Values),
            InSeveralRows = query.By.Contains(Pair)
                ? await connection.QuerySingleAsync<long>($"{met} SELECT count(*) FROM met WHERE {Parties} > 2", query.Values)
                : 0,
            Revision = revision,
        };
    }

    private const string YearOf = "CASE WHEN meeting.held_on >= '1' THEN substr(meeting.held_on, 1, 4) ELSE '' END";

    private static readonly string Parties = $"(SELECT count(*) FROM link WHERE {IsParty("link")})";

    // CROSS keeps SQLite to the order: meetings are few where a province or a time is asked for.
    private static readonly string Pairs =
        $"""
        paired AS
        (
            SELECT met.year, province.id AS province_id, other_province.id AS other_province_id
            FROM met CROSS JOIN link one CROSS JOIN link other CROSS JOIN province CROSS JOIN province other_province
            WHERE {IsParty("one")} AND {IsParty("other")}
            AND province.number = one.to_number AND other_province.number = other.to_number AND other_province.id > province.id
            UNION ALL
            SELECT met.year, '', '' FROM met WHERE {Parties} < 2
        )
        """;

    private static string IsParty(string link) =>
        $"{link}.number = met.number AND {link}.member = (SELECT member.number FROM member WHERE member.type = 'meetings' AND member.name = 'provinceIds[]')";

    private sealed record Row
    {
        public string Year { get; init; } = "";

        public string ProvinceId { get; init; } = "";

        public string OtherProvinceId { get; init; } = "";

        public required long Count { get; init; }

        public MeetingRow Counted => new()
        {
            Year = Year == "" ? null : int.Parse(Year, CultureInfo.InvariantCulture),
            ProvinceId = ProvinceId == "" ? null : ProvinceId,
            OtherProvinceId = OtherProvinceId == "" ? null : OtherProvinceId,
            Count = Count,
        };
    }
}
