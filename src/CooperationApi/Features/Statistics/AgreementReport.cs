using System.Data.Common;
using System.Globalization;
using CooperationApi.Contracts;
using CooperationApi.Resources;
using CooperationApi.Resources.Filters;
using Dapper;

namespace CooperationApi.Features.Statistics;

/// <summary>The report `/v1/statistics/agreements`: agreements by year, pair of provinces or pillar.</summary>
internal sealed class AgreementReport(Resource agreements) : StatisticsReport("agreements", "Get agreement statistics.",
    "Returns the number of agreements by year of adoption, by pair of provinces or by pillar of their cooperation groups. An agreement of "
    + "more than two provinces counts for each pair, and one with groups in both pillars for each pillar; `inSeveralRows` is the number of "
    + "these agreements. A row without a year, pair or pillar has the agreements without one.")
{
    private const string Year = "year", Pair = "pair", PillarKey = "pillar";

    /// <summary>The allowed grouping keys.</summary>
    public static readonly IReadOnlyList<string> GroupByValues = [Year, Pair, PillarKey];

    public override GroupByParameter GroupBy { get; } = new(GroupByValues, Year);

    public override IReadOnlyList<ListFilter> Filters { get; } = SelectFilters(agreements, "provinceId", "inForceOn", "from", "to");

    protected override AgreementStatistics Example => new()
    {
        By = GroupBy.DefaultValues,
        Items = [new() { Year = 2019, Count = 2 }, new() { Year = 2022, Count = 2 }],
        Agreements = 4,
        InSeveralRows = 0,
        Revision = 638,
    };

    private const string YearSql = "CASE WHEN agreement.adopted_on >= '1' THEN substr(agreement.adopted_on, 1, 4) ELSE '' END";

    public override async Task<object> Compute(DbConnection connection, StatisticsQuery query, long revision)
    {
        var columns = query.GroupBy.SelectMany(GetColumns).ToList();
        var keys = string.Join(", ", columns.Select(column => column.Name));
        var classifiedSql =
            $"""
            WITH classified AS
            (
                SELECT DISTINCT agreement.id AS agreement_id,
                    {string.Join(", ", columns.Select(column => $"{column.Sql} AS {column.Name}"))}
                FROM agreement
                {(query.GroupBy.Contains(Pair) ? PairSql : "")}
                {(query.GroupBy.Contains(PillarKey) ? PillarSql : "")}
                {query.WhereClause}
            )
            """;
        var rows = (await connection.QueryAsync<CountRow>(
            $"{classifiedSql} SELECT {keys}, count(*) AS count FROM classified GROUP BY {keys} ORDER BY {keys}",
            query.SqlParameters)).AsList();
        return new AgreementStatistics
        {
            By = query.GroupBy,
            Items = EnsureNotTooMany([.. rows.Select(row => row.ToAgreementRow())]),
            Agreements =
                await connection.QuerySingleAsync<long>($"SELECT count(*) FROM agreement {query.WhereClause}", query.SqlParameters),
            InSeveralRows = await connection.QuerySingleAsync<long>(
                $"{classifiedSql} SELECT count(*) FROM (SELECT agreement_id FROM classified GROUP BY agreement_id HAVING count(*) > 1) "
                    + "multiple",
                query.SqlParameters),
            Revision = revision,
        };
    }

    private static IEnumerable<(string Name, string Sql)> GetColumns(string value) => value switch
    {
        Year => [("year", YearSql)],
        Pair => [("province_id", PartySql("<")), ("other_province_id", PartySql(">"))],
        _ => [("pillar", "coalesce(cooperation_group.pillar, '')")],
    };

    private static string PartySql(string comparison) =>
        $"CASE WHEN other_province.id IS NULL THEN '' WHEN province.id {comparison} other_province.id THEN province.id "
        + "ELSE other_province.id END";

    // Each pair occurs twice, once from either side; DISTINCT keeps one row. An agreement of one province has a row without a pair.
    private static readonly string PairSql =
        $"""
        LEFT JOIN reference party ON party.row_id = agreement.row_id AND party.member_id = ({MemberIdSql("agreements", "provinceIds[]")})
        LEFT JOIN province ON province.row_id = party.target_row_id
        LEFT JOIN reference other_party ON other_party.row_id = party.row_id AND other_party.member_id = party.member_id
        AND other_party.target_row_id <> party.target_row_id
        LEFT JOIN province other_province ON other_province.row_id = other_party.target_row_id
        """;

    private static readonly string PillarSql =
        $"""
        LEFT JOIN reference owner ON owner.target_row_id = agreement.row_id
        AND owner.member_id = ({MemberIdSql("cooperation-groups", "agreementId")})
        LEFT JOIN cooperation_group ON cooperation_group.row_id = owner.row_id
        """;

    private static string MemberIdSql(string type, string name) =>
        $"SELECT member.member_id FROM member WHERE member.type = '{type}' AND member.name = '{name}'";

    // A column by which the rows are not grouped is null; a missing value is an empty string.
    private sealed record CountRow
    {
        public string? Year { get; init; }

        public string? ProvinceId { get; init; }

        public string? OtherProvinceId { get; init; }

        public string? Pillar { get; init; }

        public required long Count { get; init; }

        public AgreementRow ToAgreementRow() => new()
        {
            Year = int.TryParse(Year, CultureInfo.InvariantCulture, out var year) ? year : null,
            ProvinceId = ProvinceId is "" ? null : ProvinceId,
            OtherProvinceId = OtherProvinceId is "" ? null : OtherProvinceId,
            Pillar = Enum.TryParse<Pillar>(Pillar, out var pillar) ? pillar : null,
            Count = Count,
        };
    }
}
