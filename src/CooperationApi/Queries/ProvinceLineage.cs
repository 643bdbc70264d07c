using System.Data.Common;
using System.Text.Json;
using CooperationApi.Contracts;
using CooperationApi.Http;
using CooperationApi.Resources;
using CooperationApi.Resources.Filters;
using CooperationApi.Storage;
using Dapper;

namespace CooperationApi.Queries;

/// <summary>The current units that the province of a filter is or became part of, and all units that were merged into these.</summary>
internal sealed class ProvinceLineage(AppliedFilter provinceFilter)
{
    /// <summary>The parameter `unit`: the province alone, or its lineage.</summary>
    public static readonly EnumParameter Unit = new("unit",
        "Province units to include. `own` includes the province alone. `current` includes each unit that exists today and that the "
        + "province is or became part of, and all units that were merged into such a unit. With `current`, the member `units` of the "
        + "response lists these units. For a list under the province, each unit in `units` also lists the items that refer to it.",
        "current", ["own", "current"], "own");

    /// <summary>Selects the ids of the lineage: first all successors of the units, then all predecessors of these.</summary>
    private const string LineageSql =
        """
        WITH RECURSIVE
        successor(id) AS
        (
            SELECT record.id FROM record WHERE record.type = 'provinces' AND record.id IN (@values)
            UNION
            SELECT named_reference.to_id FROM successor CROSS JOIN named_reference WHERE named_reference.type = 'provinces'
            AND named_reference.id = successor.id AND named_reference.member = 'successors[].id'
        ),
        lineage(id) AS
        (
            SELECT successor.id FROM successor
            UNION
            SELECT named_reference.to_id FROM lineage CROSS JOIN named_reference WHERE named_reference.type = 'provinces'
            AND named_reference.id = lineage.id AND named_reference.member = 'predecessors[].id'
        )
        SELECT lineage.id FROM lineage
        """;

    /// <summary>
    /// Maps each unit to the current units that it is or became part of: recursive CTEs, the last of which is
    /// `current_unit (row_id, id, unit_id)`. They start at the current units and follow the predecessors, so a chain of successions has one
    /// row per unit. From each unit to its successors, it would have a row per pair of units.
    /// </summary>
    public const string CurrentUnitSql =
        """
        succession(id, unit_id) AS
        (
            SELECT province.id, province.id FROM province WHERE NOT EXISTS
            (
                SELECT 1 FROM named_reference WHERE named_reference.type = 'provinces' AND named_reference.id = province.id
                AND named_reference.member = 'successors[].id'
            )
            UNION
            SELECT named_reference.to_id, succession.unit_id FROM succession CROSS JOIN named_reference
            WHERE named_reference.type = 'provinces' AND named_reference.id = succession.id
            AND named_reference.member = 'predecessors[].id'
        ),
        current_unit(row_id, id, unit_id) AS MATERIALIZED
        (
            SELECT province.row_id, succession.id, succession.unit_id FROM succession JOIN province ON province.id = succession.id
        )
        """;

    private readonly string idsSql =
        LineageSql.Replace("@values", string.Join(", ", provinceFilter.Values.Keys.Select(name => "@" + name)), StringComparison.Ordinal);

    /// <summary>Returns true if `unit=current` is requested.</summary>
    public static bool IsRequested(QueryValues values) => Unit.Read(values) == "current";

    /// <summary>The filter, widened to all units of the lineage.</summary>
    public AppliedFilter WidenedFilter
    {
        get
        {
            var filter = (IdFilter)provinceFilter.RequiredRecords!.Filter;
            return provinceFilter with { SqlCondition = filter.SqlCondition.WithValues(idsSql), AsOf = filter.AsOf?.WithValues(idsSql) };
        }
    }

    /// <summary>Returns the units, current units first, with the rows of a page that refer to each.</summary>
    public async Task<IReadOnlyList<CurrentUnit>> ForPage(DbConnection connection, Resource resource, IReadOnlyList<string> recordIds)
    {
        var parameters = new DynamicParameters(provinceFilter.Values);
        var placeholders = string.Join(", ", parameters.AddEach("row", recordIds));
        var references = recordIds.Count == 0 ? [] : await connection.QueryAsync<(string ProvinceId, string RecordId)>(
            $"""
            SELECT DISTINCT named_reference.to_id, named_reference.id FROM named_reference
            WHERE named_reference.type = '{resource.Type}'
            AND named_reference.id IN ({placeholders})
            AND named_reference.to_type = '{ResourceTypes.Provinces}' AND named_reference.to_id IN ({idsSql})
            """, parameters);
        var recordIdsByUnit = references.ToLookup(pair => pair.ProvinceId, pair => pair.RecordId);
        return
        [
            .. from unit in await ReadUnits(connection)
               select unit with { Items = [.. recordIds.Where(recordIdsByUnit[unit.Id].Contains)] },
        ];
    }

    /// <summary>Reads the units, current units first, without rows of a page.</summary>
    public async Task<IReadOnlyList<CurrentUnit>> ReadUnits(DbConnection connection)
    {
        var units = new List<CurrentUnit>();
        // One record at a time: a province can have 1 MB of JSON, of which this needs four members.
        await foreach (var row in connection.StreamAsync<RecordRow>(
            $"SELECT {RecordRow.Columns} FROM record WHERE record.type = '{ResourceTypes.Provinces}' AND record.id IN ({idsSql})",
            new DynamicParameters(provinceFilter.Values)))
        {
            var province = JsonSerializer.Deserialize<Province>(row.Verify().Body, ApiJson.Options)!;
            units.Add(new()
            {
                Id = province.Id,
                Name = province.Name,
                ValidFrom = province.ValidFrom,
                ValidTo = province.ValidTo,
                Items = [],
            });
        }
        return [.. units.OrderByDescending(unit => unit.ValidTo ?? DateOnly.MaxValue).ThenBy(unit => unit.Id, StringComparer.Ordinal)];
    }
}
