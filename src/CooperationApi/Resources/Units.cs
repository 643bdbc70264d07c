using System.Data.Common;
using System.Text.Json;
using System.Text.Json.Nodes;
using CooperationApi.Contracts;
using CooperationApi.Faults;
using CooperationApi.Http;
using Dapper;
using Microsoft.OpenApi;

namespace CooperationApi.Resources;

/// <summary>For which unit a province stands: the unit of its own time, or today's with all that it was made of.</summary>
internal sealed record UnitParameter() : Parameter("unit",
    "For which unit the province stands: `own`, itself alone, as the records of its time name it; or `current`, the unit of today that it is "
    + "or became part of, with all the units that this was made of. The answer's `units` then say which units these are, and in a list under the province "
    + "which rows name each.",
    "current")
{
    private const string Current = "current";
    private static readonly string[] Words = ["own", Current];

    public override OpenApiSchema Schema => new()
    {
        Type = JsonSchemaType.String,
        Enum = [.. Words.Select(word => JsonValue.Create(word))],
        Default = JsonValue.Create(Words[0]),
    };

    /// <summary>The units of today that the province's condition is to be widened to; null if the province stands for itself.</summary>
    public static Units? Read(Dictionary<string, string> values, Condition? parent, ICollection<Fault> faults) =>
        IsCurrent(values, faults) && parent is not null ? new(parent) : null;

    /// <summary>Whether the province stands for today's unit.</summary>
    public static bool IsCurrent(Dictionary<string, string> values, ICollection<Fault> faults)
    {
        if (!values.TryGetValue("unit", out var word))
            return false;
        if (!Words.Contains(word))
            faults.Add(Fault.NotAmong("not_allowed", word, Words) with { Parameter = "unit" });
        return word == Current;
    }
}

/// <summary>The units of today that the province which a condition names is or became part of, and all that these were made of.</summary>
internal sealed class Units(Condition named)
{
    /// <summary>The resource whose records succeed each other.</summary>
    public const string Type = "provinces";

    /// <summary>The ids: first forward in time, to whatever became of the units, then back to whatever went into that.</summary>
    private const string Lineage =
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
    public const string Current =
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

    private readonly string ids = Lineage.Replace("@values", string.Join(", ", named.Values.Keys.Select(name => "@" + name)), StringComparison.Ordinal);

    /// <summary>The condition, widened to all of the units.</summary>
    public Condition Condition => named with { Predicate = named.Named!.Filter.Predicate.With(ids), At = named.Named.Filter.At?.With(ids) };

    /// <summary>The units, today's first, and which rows of a page name each.</summary>
    public async Task<IReadOnlyList<UnitOnPage>> On(DbConnection connection, Resource resource, IReadOnlyList<string> rows)
    {
        var values = new DynamicParameters(named.Values);
        foreach (var (i, row) in rows.Index())
            values.Add($"row{i}", row);
        var naming = rows.Count == 0 ? [] : await connection.QueryAsync<(string UnitId, string RowId)>(
            $"""
            SELECT DISTINCT reference.to_id, reference.id FROM reference
            WHERE reference.type = '{resource.Type}' AND reference.id IN ({string.Join(", ", rows.Select((_, i) => $"@row{i}"))})
            AND reference.to_type = '{Type}' AND reference.to_id IN ({ids})
            """, values);
        var rowsOf = naming.ToLookup(pair => pair.UnitId, pair => pair.RowId);
        return
        [
            .. (await Read(connection)).Select(unit => new UnitOnPage
            {
                Id = unit.Id,
                Name = unit.Name,
                ValidFrom = unit.ValidFrom,
                ValidTo = unit.ValidTo,
                Items = [.. rows.Where(rowsOf[unit.Id].Contains)],
            }),
        ];
    }

    /// <summary>The units, today's first.</summary>
    public async Task<IReadOnlyList<Province>> Read(DbConnection connection)
    {
        var units = await connection.QueryAsync<StoredRecord>(
            $"SELECT {StoredRecord.Columns} FROM record WHERE record.type = '{Type}' AND record.id IN ({ids})",
            new DynamicParameters(named.Values));
        return
        [
            .. units.Select(unit => JsonSerializer.Deserialize<Province>(unit.Checked().Body, Wire.Json)!)
                .OrderByDescending(unit => unit.ValidTo ?? DateOnly.MaxValue).ThenBy(unit => unit.Id, StringComparer.Ordinal),
        ];
    }
}
