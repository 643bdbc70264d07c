using System.Data.Common;
using CooperationApi.Queries;
using Dapper;

namespace CooperationApi.Features.Statistics;

/// <summary>Counts the records of all province units and of their pairs, by the rules of <see cref="ProvinceRelationsReader"/>.</summary>
internal static class ProvinceContactReader
{
    /// <summary>Counts the records of each unit, or with <paramref name="isCurrent"/> of each current unit and its predecessors.</summary>
    public static async Task<ProvinceContacts> Read(DbConnection connection, bool isCurrent)
    {
        var withClause = $"WITH RECURSIVE {(isCurrent ? ProvinceLineage.CurrentUnitSql : ProvinceRelationsReader.OwnUnitSql)}, {PartySql}";
        var units = await connection.QueryAsync<(string UnitId, long Records)>(
            $"{withClause} SELECT party.unit_id, count(*) FROM party GROUP BY party.unit_id");
        var pairs = await connection.QueryAsync<PairRow>(
            $"""
            {withClause}
            SELECT party.unit_id, other.unit_id AS other_id, {CountSql("meetings")}, {CountSql("agreements")}, {CountSql("commitments")},
                {CountSql("results")}
            FROM party JOIN party other ON other.row_id = party.row_id AND other.unit_id > party.unit_id
            GROUP BY party.unit_id, other.unit_id
            """);
        return new(units.ToDictionary(), [.. pairs.Select(row => row.ToPair()).OrderByDescending(pair => pair.Records)
            .ThenBy(pair => pair.ProvinceId, StringComparer.Ordinal).ThenBy(pair => pair.OtherId, StringComparer.Ordinal)]);
    }

    /// <summary>The CTE `party`: each record that counts, with each unit to which it refers.</summary>
    private const string PartySql =
        $"""
        party(type, row_id, unit_id) AS MATERIALIZED
        (
            SELECT DISTINCT member.type, reference.row_id, current_unit.unit_id
            FROM current_unit CROSS JOIN reference CROSS JOIN member
            WHERE reference.target_row_id = current_unit.row_id AND member.member_id = reference.member_id
            AND member.type IN ({ProvinceRelationsReader.TypesSql}) AND member.name IN ({ProvinceRelationsReader.MembersSql})
            AND NOT EXISTS (SELECT 1 FROM meeting WHERE meeting.row_id = reference.row_id AND meeting.is_part = 1)
        )
        """;

    private static string CountSql(string type) => $"count(CASE WHEN party.type = '{type}' THEN 1 END) AS {type}";

    [method: ExplicitConstructor]
    private sealed record PairRow(string UnitId, string OtherId, long Meetings, long Agreements, long Commitments, long Results)
    {
        public ProvincePair ToPair() => new(UnitId, OtherId, Meetings, Agreements, Commitments, Results);
    }
}
