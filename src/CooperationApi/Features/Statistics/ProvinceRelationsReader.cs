using System.Data.Common;
using CooperationApi.Contracts;
using CooperationApi.Queries;
using CooperationApi.Resources;
using CooperationApi.Storage;
using Dapper;

namespace CooperationApi.Features.Statistics;

/// <summary>Reads the partners of a province, with counts of records, dates and contributions.</summary>
internal sealed class ProvinceRelationsReader(ResourceCatalog catalog)
{
    /// <summary>The types of records that count.</summary>
    public const string TypesSql = "'meetings', 'agreements', 'commitments', 'results'";

    /// <summary>The members that refer to the parties of a record.</summary>
    public const string MembersSql = "'provinceIds[]', 'giverId', 'receiverId'";

    /// <summary>Reads the relations of a unit, or with <paramref name="isCurrent"/> of the current units that it is or became.</summary>
    public async Task<ProvinceRelations> Read(DbConnection connection, string id, bool isCurrent, CancellationToken cancel)
    {
        var withClause = $"WITH RECURSIVE {(isCurrent ? ProvinceLineage.CurrentUnitSql : OwnUnitSql)}, {SharedRecordsSql}";
        var units = (await connection.QueryAsync<(string Id, string UnitId)>($"{withClause} SELECT id, unit_id FROM current_unit",
            new { id })).AsList();
        var unitIds = units.Where(unit => unit.Id == id).Select(unit => unit.UnitId).ToList();
        var counts = (await connection.QueryAsync<CountRow>(withClause + CountsSql, new { id })).ToLookup(count => count.ProvinceId);
        var names = await ReadNames(connection, counts.Select(provinceCounts => provinceCounts.Key).ToHashSet());
        var contributions = (await connection.QueryAsync<BilateralContribution>(
            $"{withClause}, {SideSql}, {ContributionRecord.ClustersSql} {ContributionsSql}", new { id })).AsList();
        var contributionsByUnit = contributions.WithCancellation(cancel).ToLookup(contribution => contribution.OtherUnitId);
        return new()
        {
            Units = GetUnitIds(unitIds),
            Items = [
                .. counts.Select(ToRelation).OrderByDescending(relation => relation.Records)
                    .ThenBy(relation => relation.ProvinceId, StringComparer.Ordinal)],
            Excluded = [
                .. contributions.Where(contribution => contribution.CountedId != contribution.Id)
                    .DistinctBy(contribution => contribution.Id).Select(contribution => contribution.AsExcluded)],
            Revision = (await Database.ReadVersion(connection)).Revision,
        };

        // The current unit first, then its predecessors.
        IReadOnlyList<string> GetUnitIds(IEnumerable<string> selectedUnitIds) =>
            [.. units.Where(unit => selectedUnitIds.Contains(unit.UnitId)).OrderBy(unit => unit.Id != unit.UnitId)
                .ThenBy(unit => unit.Id, StringComparer.Ordinal).Select(unit => unit.Id).Distinct()];

        Relation ToRelation(IGrouping<string, CountRow> provinceCounts)
        {
            var records = provinceCounts.ToDictionary(count => count.Type, count => count.Records);
            return new()
            {
                ProvinceId = provinceCounts.Key,
                Name = names[provinceCounts.Key],
                Units = GetUnitIds([provinceCounts.Key]),
                Meetings = records.GetValueOrDefault("meetings"),
                Agreements = records.GetValueOrDefault("agreements"),
                Commitments = records.GetValueOrDefault("commitments"),
                Results = records.GetValueOrDefault("results"),
                Records = records.Values.Sum(),
                Since = SortDates(count => count.Since) is [var since, ..] ? PartialDate.Parse(since) : null,
                Last = SortDates(count => count.Last) is [.., var last] ? PartialDate.Parse(last) : null,
                FirstMeeting = FindMeeting(count => count.FirstMeeting),
                LastMeeting = FindMeeting(count => count.LastMeeting),
                Contributions =
                    SumByDirection(contributionsByUnit[provinceCounts.Key].WithCancellation(cancel), unitIds),
            };

            RelationMeeting? FindMeeting(Func<CountRow, string> selector) =>
                provinceCounts.Where(count => count.Type == "meetings").Select(selector).FirstOrDefault()?.Split(' ') is [var date, var id]
                    ? new() { Id = id, HeldOn = PartialDate.Parse(date) }
                    : null;

            // Ordinal order of the text: a year sorts before its months and days.
            string[] SortDates(Func<CountRow, string> selector) =>
                [.. provinceCounts.Select(selector).Where(date => date != "").Order(StringComparer.Ordinal)];
        }
    }

    /// <summary>Reads the names of provinces, one record at a time: a province can have 1 MB of JSON.</summary>
    private async Task<Dictionary<string, string>> ReadNames(DbConnection connection, HashSet<string> provinceIds)
    {
        var names = new Dictionary<string, string>();
        await foreach (var row in connection.StreamAsync<RecordRow>(
            $"SELECT {RecordRow.Columns} FROM record WHERE type = '{ResourceTypes.Provinces}'"))
        {
            if (provinceIds.Contains(row.Id))
                names[row.Id] = ((Province)catalog[ResourceTypes.Provinces].Deserialize(row.Verify().Body)).Name;
        }
        return names;
    }

    /// <summary>Sums the counted contributions between the province and another one, per direction.</summary>
    private static IReadOnlyList<RelationSum> SumByDirection(IEnumerable<BilateralContribution> contributions,
        IReadOnlyList<string> unitIds) =>
    [
        .. from contribution in contributions
           where contribution.CountedId == contribution.Id
           let direction = contribution.GetDirection(unitIds)
           where direction is not null
           from sumUnit in contribution.GetSumUnits()
           group contribution by (Direction: direction.Value, SumUnit: sumUnit) into contributionGroup
           orderby contributionGroup.Key.Direction, contributionGroup.Key.SumUnit.Currency, contributionGroup.Key.SumUnit.Unit
           select SumContributions(contributionGroup.Key.Direction, contributionGroup.Key.SumUnit, contributionGroup),
    ];

    private static RelationSum SumContributions(Direction direction, SumUnit sumUnit, IEnumerable<ContributionRecord> contributions)
    {
        var total = new ContributionTotal(sumUnit);
        foreach (var contribution in contributions.DistinctBy(contribution => contribution.Id))
            total.Add(contribution);
        return total.ApplyTo(new RelationSum { Direction = direction, Count = 0, Ids = [] });
    }

    /// <summary>The CTE that maps each unit to itself, with the columns of <see cref="ProvinceLineage.CurrentUnitSql"/>.</summary>
    public const string OwnUnitSql =
        "current_unit(row_id, id, unit_id) AS MATERIALIZED (SELECT province.row_id, province.id, province.id FROM province)";

    // CROSS JOIN fixes the join order: from the province to its records to the other provinces, not through all references to provinces.

    /// <summary>The CTEs `requested`, the requested units, and `shared_record`, the records of these units.</summary>
    private const string SharedRecordsSql =
        $"""
        requested(unit_id) AS MATERIALIZED (SELECT current_unit.unit_id FROM current_unit WHERE current_unit.id = @id),
        shared_record(type, row_id, event_date) AS
        (
            SELECT DISTINCT member.type, reference.row_id, reference.event_date
            FROM current_unit CROSS JOIN reference CROSS JOIN member
            WHERE current_unit.unit_id IN (SELECT requested.unit_id FROM requested) AND reference.target_row_id = current_unit.row_id
            AND member.member_id = reference.member_id AND member.type IN ({TypesSql}) AND member.name IN ({MembersSql})
            AND NOT EXISTS (SELECT 1 FROM meeting WHERE meeting.row_id = reference.row_id AND meeting.is_part = 1)
        )
        """;

    /// <summary>The FROM clause for these records, joined with the other units to which they refer.</summary>
    private const string OtherPartiesSql =
        $"""
        FROM shared_record CROSS JOIN reference party CROSS JOIN member CROSS JOIN current_unit other
        WHERE party.row_id = shared_record.row_id AND member.member_id = party.member_id AND member.name IN ({MembersSql})
        AND other.row_id = party.target_row_id AND other.unit_id NOT IN (SELECT requested.unit_id FROM requested)
        """;

    // The date and the id of a meeting, such as `2019-10-26 hoi-nghi`: the minimum of these texts has the first date.
    private const string DatedMeetingSql =
        "CASE WHEN shared_record.type = 'meetings' AND shared_record.event_date >= '1' THEN shared_record.event_date || ' ' || "
        + "(SELECT meeting.id FROM meeting WHERE meeting.row_id = shared_record.row_id) END";

    private const string CountsSql =
        $"""

        SELECT other.unit_id AS province_id, shared_record.type, count(DISTINCT shared_record.row_id) AS records,
        coalesce(min(CASE WHEN shared_record.event_date >= '1' THEN shared_record.event_date END), '') AS since,
        coalesce(max(CASE WHEN shared_record.event_date >= '1' THEN shared_record.event_date END), '') AS last,
        coalesce(min({DatedMeetingSql}), '') AS first_meeting, coalesce(max({DatedMeetingSql}), '') AS last_meeting
        {OtherPartiesSql}
        GROUP BY other.unit_id, shared_record.type
        """;

    /// <summary>
    /// The CTE `side`, which maps provinces and their organizations to the unit to which they belong as giver or receiver.
    /// </summary>
    private const string SideSql =
        """
        side(id, unit_id) AS
        (
            SELECT current_unit.id, current_unit.unit_id FROM current_unit
            UNION
            SELECT named_reference.id, current_unit.unit_id
            FROM current_unit CROSS JOIN named_reference
            WHERE named_reference.to_type = 'provinces' AND named_reference.to_id = current_unit.id
            AND named_reference.type = 'organizations' AND named_reference.member = 'provinceId'
        )
        """;

    private const string ContributionsSql =
        $"""
        , shared_result(row_id, other_id) AS (SELECT DISTINCT shared_record.row_id, other.unit_id {OtherPartiesSql}
        AND shared_record.type = 'results')
        SELECT shared_result.other_id AS other_unit_id, coalesce(giving.unit_id, '') AS giver_unit_id, coalesce(receiving.unit_id,
            '') AS receiver_unit_id, {ContributionRecord.ColumnsSql}
        FROM shared_result
        CROSS JOIN {ContributionRecord.FromSql}
        LEFT JOIN side giving ON giving.id = contribution.giver_id
        LEFT JOIN side receiving ON receiving.id = contribution.receiver_id
        WHERE contribution.row_id = shared_result.row_id
        ORDER BY contribution.id
        """;

    [method: ExplicitConstructor]
    private sealed record CountRow(string ProvinceId, string Type, long Records, string Since, string Last, string FirstMeeting,
        string LastMeeting);
}
