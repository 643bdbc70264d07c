using System.Data.Common;
using System.Text.Json;
using CooperationApi.Contracts;
using CooperationApi.Resources;
using CooperationApi.Resources.Filters;
using Dapper;

namespace CooperationApi.Queries;

/// <summary>The units of today that the province which a condition names is or became part of, and all that these were made of.</summary>
internal sealed class ProvinceLineage(AppliedFilter provinceFilter)
{
    /// <summary>The resource whose records succeed each other.</summary>
    public const string ResourceType = "provinces";

    /// <summary>The ids: first forward in time, to whatever became of the units, then back to whatever went into that.</summary>
    private const string LineageSql =
        """
        WITH RECURSIVE
        later(id) AS
        (
            SELECT record.id FROM record WHERE record.type = 'provinces' AND record.id IN (@values)
            UNION
            SELECT reference.to_id FROM later CROSS JOIN reference WHERE reference.type = 'provinces' AND reference.id = later.id AND reference.member = 'successors[].id'
        ),
        lineage(id) AS
        (
            SELECT later.id FROM later
            UNION
            SELECT reference.to_id FROM lineage CROSS JOIN reference WHERE reference.type = 'provinces' AND reference.id = lineage.id AND reference.member = 'predecessors[].id'
        )
        SELECT lineage.id FROM lineage
        """;

    /// <summary>Which unit of today each unit is or became part of: recursive queries, of which the last is `current_unit (number, id, unit_id)`.</summary>
    public const string CurrentUnitSql =
        """
        passing(id, later_id) AS
        (
            SELECT province.id, province.id FROM province
            UNION
            SELECT passing.id, reference.to_id FROM passing CROSS JOIN reference
            WHERE reference.type = 'provinces' AND reference.id = passing.later_id AND reference.member = 'successors[].id'
        ),
        current_unit(number, id, unit_id) AS MATERIALIZED
        (
            SELECT province.number, passing.id, passing.later_id FROM passing JOIN province ON province.id = passing.id
            WHERE NOT EXISTS
            (
                SELECT 1 FROM reference WHERE reference.type = 'provinces' AND reference.id = passing.later_id AND reference.member = 'successors[].id'
            )
        )
        """;

    private readonly string idsSql = LineageSql.Replace("@values", string.Join(", ", provinceFilter.Values.Keys.Select(name => "@" + name)), StringComparison.Ordinal);

    /// <summary>The condition, widened to all of the units.</summary>
    public AppliedFilter WidenedFilter => provinceFilter with { SqlCondition = provinceFilter.RequiredRecords!.Filter.SqlCondition.WithValues(idsSql), AsOf = provinceFilter.RequiredRecords.Filter.AsOf?.WithValues(idsSql) };

    /// <summary>The units, today's first, and which rows of a page name each.</summary>
    public async Task<IReadOnlyList<CurrentUnit>> ForPage(DbConnection connection, Resource resource, IReadOnlyList<string> recordIds)
    {
        var parameters = new DynamicParameters(provinceFilter.Values);
        foreach (var (i, recordId) in recordIds.Index())
            parameters.Add($"row{i}", recordId);
        var references = recordIds.Count == 0 ? [] : await connection.QueryAsync<(string UnitId, string RowId)>(
            $"""
            SELECT DISTINCT reference.to_id, reference.id FROM reference
            WHERE reference.type = '{resource.Type}' AND reference.id IN ({string.Join(", ", recordIds.Select((_, i) => $"@row{i}"))})
            AND reference.to_type = '{ResourceType}' AND reference.to_id IN ({idsSql})
            """, parameters);
        var recordIdsByUnit = references.ToLookup(pair => pair.UnitId, pair => pair.RowId);
        return
        [
            .. (await ReadUnits(connection)).Select(unit => new CurrentUnit
            {
                Id = unit.Id,
                Name = unit.Name,
                ValidFrom = unit.ValidFrom,
                ValidTo = unit.ValidTo,
                Items = [.. recordIds.Where(recordIdsByUnit[unit.Id].Contains)],
            }),
        ];
    }

    /// <summary>The units, today's first.</summary>
    public async Task<IReadOnlyList<Province>> ReadUnits(DbConnection connection)
    {
        var units = await connection.QueryAsync<RecordRow>(
            $"SELECT {RecordRow.Columns} FROM record WHERE record.type = '{ResourceType}' AND record.id IN ({idsSql})",
            new DynamicParameters(provinceFilter.Values));
        return
        [
            .. units.Select(unit => JsonSerializer.Deserialize<Province>(unit.Verify().Body, ApiJson.Options)!)
                .OrderByDescending(unit => unit.ValidTo ?? DateOnly.MaxValue).ThenBy(unit => unit.Id, StringComparer.Ordinal),
        ];
    }
}
