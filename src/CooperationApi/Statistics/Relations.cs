using System.Data.Common;
using System.Text.Json;
using CooperationApi.Contracts;
using CooperationApi.Faults;
using CooperationApi.Http;
using CooperationApi.Resources;
using CooperationApi.Storage;
using Dapper;

namespace CooperationApi.Statistics;

/// <summary>`/v1/provinces/{id}/relations`: with whom a province cooperates, how often, since when, and what was given.</summary>
internal sealed class Relations(Database database, ResourceStore store, Answers answers, Catalog catalog)
{
    private const string Types = "'meetings', 'agreements', 'commitments', 'results'";

    /// <summary>In which members a record names the provinces that it is between.</summary>
    private const string Members = "'provinceIds[]', 'giverId', 'receiverId'";

    private static readonly IReadOnlyList<Parameter> Parameters = [new UnitParameter()];

    /// <summary>Maps the route.</summary>
    public static void Map(IEndpointRouteBuilder v1)
    {
        var relations = v1.ServiceProvider.GetRequiredService<Relations>();
        v1.MapRead($"{Units.Type}/{{id}}/relations", context => relations.Read(context, ResourceEndpoints.Id(context)), () => Operation);
    }

    private static Operation Operation => new("readProvinceRelations", Units.Type, "Reads with whom a province cooperates.",
        "The other provinces that meetings, agreements, commitments and results name beside it: how many of each, the first and the last, and what was given each "
        + "way, currencies and units for themselves; of contributions linked as probably the same one counts. A record of several provinces counts for each of "
        + "them, and so does a contribution to several without a word on who of them received it. With `unit=current` both sides are today's units, each with all "
        + "that it was made of, and what was between units of one side is left out.")
    {
        Answer = typeof(ProvinceRelations),
        Example = ("ProvinceRelations", () => JsonSerializer.SerializeToNode(Example, Wire.Json)),
        Parameters = Parameters,
        PathId = "thai-binh",
    };

    private static ProvinceRelations Example => new()
    {
        Units = ["thai-binh"],
        Items =
        [
            new()
            {
                ProvinceId = "ha-noi",
                Name = "Hà Nội",
                Units = ["ha-noi"],
                Meetings = 7,
                Agreements = 1,
                Commitments = 21,
                Results = 14,
                Records = 43,
                Since = PartialDate.Parse("2015"),
                Last = PartialDate.Parse("2019-10-26"),
                Contributions =
                [
                    new() { Direction = Direction.Received, Unit = "con bò giống", Quantity = 100, Count = 1, Ids = ["ha-noi-thai-binh-2019-trao-tang-100-con-bo-giong"] },
                ],
            },
        ],
        LeftOut = [],
        Revision = 203,
    };

    private Task Read(HttpContext context, string id)
    {
        var mark = database.Mark;
        return answers.Serve(context, mark.Text, async () =>
        {
            var faults = new List<Fault>();
            var values = StrictQuery.Read(context.Request, [.. Parameters.Select(parameter => parameter.Name)], faults);
            var isCurrent = UnitParameter.IsCurrent(values, faults);
            if (faults.Count > 0)
                throw ProblemException.Invalid(faults);
            if (!Slug.IsSlug(id) || (await store.Missing(Units.Type, [id], context.RequestAborted)).Count > 0)
                throw new ProblemException(404, "record_not_found", Units.Type, id);
            if (Answers.Known(context.Request, mark.Text) is { } unchanged)
                return unchanged;
            var (seen, relations) = await database.Read(async connection =>
            {
                var seen = await Database.MarkOf(connection);
                return (seen, await Of(connection, id, isCurrent, seen.Revision));
            }, context.RequestAborted);
            return new Answer(seen.Text, IsWeak: true, JsonSerializer.SerializeToUtf8Bytes(relations, Wire.Json));
        });
    }

    private async Task<ProvinceRelations> Of(DbConnection connection, string id, bool isCurrent, long revision)
    {
        var with = $"WITH RECURSIVE {(isCurrent ? Units.Current : Own)}, {Mine}";
        var units = (await connection.QueryAsync<(string Id, string UnitId)>($"{with} SELECT id, unit_id FROM current_unit", new { id })).ToList();
        var asked = units.Where(unit => unit.Id == id).Select(unit => unit.UnitId).ToList();
        var provinces = (await connection.QueryAsync<StoredRecord>($"SELECT {StoredRecord.Columns} FROM record WHERE type = 'provinces'"))
            .Select(stored => (Province)catalog[Units.Type].Read(stored.Checked().Body)).ToDictionary(province => province.Id);
        var counts = (await connection.QueryAsync<Counts>(with + Often, new { id })).ToLookup(count => count.ProvinceId);
        var given = (await connection.QueryAsync<Between>($"{with}, {Home}, {Contribution.Clusters} {Given}", new { id })).AsList();
        return new()
        {
            Units = UnitsOf(asked),
            Items = [.. counts.Select(Relation).OrderByDescending(relation => relation.Records).ThenBy(relation => relation.ProvinceId, StringComparer.Ordinal)],
            LeftOut = [.. given.Where(part => part.CountedId != part.Id).DistinctBy(part => part.Id).Select(part => part.LeftOut)],
            Revision = revision,
        };

        // Today's own id first, then what it was made of.
        IReadOnlyList<string> UnitsOf(IEnumerable<string> of) =>
            [.. units.Where(unit => of.Contains(unit.UnitId)).OrderBy(unit => unit.Id != unit.UnitId).ThenBy(unit => unit.Id, StringComparer.Ordinal).Select(unit => unit.Id).Distinct()];

        Relation Relation(IGrouping<string, Counts> other)
        {
            var records = other.ToDictionary(count => count.Type, count => count.Records);
            return new()
            {
                ProvinceId = other.Key,
                Name = provinces[other.Key].Name,
                Units = UnitsOf([other.Key]),
                Meetings = records.GetValueOrDefault("meetings"),
                Agreements = records.GetValueOrDefault("agreements"),
                Commitments = records.GetValueOrDefault("commitments"),
                Results = records.GetValueOrDefault("results"),
                Records = records.Values.Sum(),
                Since = Dates(count => count.Since).Min() is { } since ? PartialDate.Parse(since) : null,
                Last = Dates(count => count.Last).Max() is { } last ? PartialDate.Parse(last) : null,
                Contributions = Sums(given.Where(part => part.OtherId == other.Key), asked),
            };

            // As text, a year comes before its months and days: it stands where it begins.
            IEnumerable<string> Dates(Func<Counts, string> of) => other.Select(of).Where(date => date != "").Order(StringComparer.Ordinal);
        }
    }

    /// <summary>What counts of the contributions between the province and another, added up each way.</summary>
    private static IReadOnlyList<RelationSum> Sums(IEnumerable<Between> parts, IReadOnlyList<string> asked) =>
    [
        .. from part in parts
           where part.CountedId == part.Id
           let direction = part.Direction(asked)
           where direction is not null
           from measure in part.Measures()
           group part by (Direction: direction.Value, measure.Currency, measure.Unit) into sum
           orderby sum.Key.Direction, sum.Key.Currency, sum.Key.Unit
           select Add(sum.Key.Direction, new(sum.Key.Currency, sum.Key.Unit), sum),
    ];

    private static RelationSum Add(Direction direction, Measure measure, IEnumerable<Contribution> parts)
    {
        var tally = new Tally(measure);
        foreach (var part in parts.DistinctBy(part => part.Id))
            tally.Add(part);
        return tally.Into(new RelationSum { Direction = direction, Count = 0, Ids = [] });
    }

    /// <summary>Each unit as itself, in the shape of <see cref="Units.Current"/>.</summary>
    private const string Own = "current_unit(number, id, unit_id) AS MATERIALIZED (SELECT province.number, province.id, province.id FROM province)";

    // CROSS keeps SQLite to the order: from the province to its records to the others, and not through all references to provinces.

    /// <summary>The records that are between the province, or the units that it stands for, and others.</summary>
    private const string Mine =
        $"""
        asked(unit_id) AS MATERIALIZED (SELECT current_unit.unit_id FROM current_unit WHERE current_unit.id = @id),
        mine(type, number, happened_on) AS
        (
            SELECT DISTINCT member.type, link.number, link.happened_on
            FROM current_unit CROSS JOIN link CROSS JOIN member
            WHERE current_unit.unit_id IN (SELECT asked.unit_id FROM asked) AND link.to_number = current_unit.number
            AND member.number = link.member AND member.type IN ({Types}) AND member.name IN ({Members})
        )
        """;

    /// <summary>Those records with the other units that they name.</summary>
    private const string Others =
        $"""
        FROM mine CROSS JOIN link party CROSS JOIN member CROSS JOIN current_unit other
        WHERE party.number = mine.number AND member.number = party.member AND member.name IN ({Members})
        AND other.number = party.to_number AND other.unit_id NOT IN (SELECT asked.unit_id FROM asked)
        """;

    private const string Often =
        $"""

        SELECT other.unit_id AS province_id, mine.type, count(DISTINCT mine.number) AS records,
        coalesce(min(CASE WHEN mine.happened_on >= '1' THEN mine.happened_on END), '') AS since,
        coalesce(max(CASE WHEN mine.happened_on >= '1' THEN mine.happened_on END), '') AS last
        {Others}
        GROUP BY other.unit_id, mine.type
        """;

    /// <summary>On which unit's side a giver or receiver stands: the province itself, and its organizations.</summary>
    private const string Home =
        """
        home(id, unit_id) AS
        (
            SELECT current_unit.id, current_unit.unit_id FROM current_unit
            UNION
            SELECT reference.id, current_unit.unit_id
            FROM current_unit CROSS JOIN reference
            WHERE reference.to_type = 'provinces' AND reference.to_id = current_unit.id AND reference.type = 'organizations' AND reference.member = 'provinceId'
        )
        """;

    private const string Given =
        $"""
        , between_both(number, other_id) AS (SELECT DISTINCT mine.number, other.unit_id {Others} AND mine.type = 'results')
        SELECT between_both.other_id, coalesce(giving.unit_id, '') AS giving, coalesce(receiving.unit_id, '') AS receiving, {Contribution.Columns}
        FROM between_both
        CROSS JOIN {Contribution.From}
        LEFT JOIN home giving ON giving.id = contribution.giver_id
        LEFT JOIN home receiving ON receiving.id = contribution.receiver_id
        WHERE contribution.number = between_both.number
        ORDER BY contribution.id
        """;

    private sealed record Counts
    {
        public required string ProvinceId { get; init; }

        public required string Type { get; init; }

        public required long Records { get; init; }

        public required string Since { get; init; }

        public required string Last { get; init; }
    }
}
