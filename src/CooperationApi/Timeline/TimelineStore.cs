using System.Data.Common;
using System.Text.Json;
using CooperationApi.Contracts;
using CooperationApi.Formats;
using CooperationApi.Resources;
using CooperationApi.Storage;
using Dapper;

namespace CooperationApi.Timeline;

/// <summary>The SQL of timelines: each line of happenings by its own index, and of these the first.</summary>
internal sealed class TimelineStore(Database database, Catalog catalog)
{
    private const int ReadAtOnce = 500;

    /// <summary>The page that a query asks for, and the state that it was read in.</summary>
    public Task<(TimelinePage Page, Mark Mark)> Read(TimelineQuery query, CancellationToken cancel) => database.Read(async connection =>
    {
        var (lines, units) = (LinesOf(query), await UnitsOf(connection, query));
        var places = await Places(connection, query, lines, units);
        var page = places.Take(query.Limit).ToList();
        var mark = await Database.MarkOf(connection);
        return (new TimelinePage
        {
            Items = await Items(connection, page),
            Next = places.Count > query.Limit ? Cursor.Write(query.Binding, page[^1].On, page[^1].Type, page[^1].Id, page[^1].Event) : null,
            Revision = mark.Revision,
            Total = query.Total ? await Count(connection, query, lines, units, undated: false) : null,
            Undated = await Count(connection, query, lines, units, undated: true),
            Units = query.Units is null ? null : units,
        }, mark);
    }, cancel);

    /// <summary>All that has a place in time, while one state of the store is seen.</summary>
    public Task ReadAll(TimelineQuery query, Func<Rows, Task> use, CancellationToken cancel) => database.Read(async connection =>
    {
        var (lines, units) = (LinesOf(query), await UnitsOf(connection, query));
        var count = await Count(connection, query, lines, units, undated: false);
        await use(new((await Database.MarkOf(connection)).Text, count, Read()));
        return count;

        async IAsyncEnumerable<Row> Read()
        {
            for (var part = query with { Limit = ReadAtOnce }; ;)
            {
                cancel.ThrowIfCancellationRequested();
                var places = (await Places(connection, part, lines, units)).Take(ReadAtOnce).ToList();
                foreach (var item in await Items(connection, places))
                    yield return new(item.Id, JsonSerializer.SerializeToUtf8Bytes(item, Wire.Json));
                if (places.Count < ReadAtOnce)
                    yield break;
                part = part with { After = places[^1] };
            }
        }
    }, cancel);

    private static List<Line> LinesOf(TimelineQuery query) => [.. Line.All.Where(line => query.Types.Contains(line.Type))];

    private static async Task<IReadOnlyList<string>?> UnitsOf(DbConnection connection, TimelineQuery query) =>
        query.Units is null ? query.Province?.Named!.Ids : [.. (await query.Units.Read(connection)).Select(unit => unit.Id)];

    /// <summary>One place more than the page has, if there are so many: of every line and unit as many, and of all these the first.</summary>
    private static async Task<IReadOnlyList<Place>> Places(DbConnection connection, TimelineQuery query, IReadOnlyList<Line> lines, IReadOnlyList<string>? units)
    {
        var places = new SortedSet<Place>();
        foreach (var line in lines)
        {
            var sql = line.Page(units is not null, query.Descending, query.After);
            foreach (var unit in units ?? [""])
            {
                var rows = await connection.QueryAsync<(string On, string Id, string Event)>(sql, new
                {
                    from = query.From,
                    to = query.To,
                    unit,
                    after_on = query.After?.On,
                    after_id = query.After?.Id,
                    after_event = query.After?.Event,
                    rows = query.Limit + 1,
                });
                places.UnionWith(rows.Select(row => new Place(row.On, line.Type, row.Id, row.Event)));
            }
        }
        return [.. (query.Descending ? places.Reverse() : places).Take(query.Limit + 1)];
    }

    private static async Task<long> Count(DbConnection connection, TimelineQuery query, IReadOnlyList<Line> lines, IReadOnlyList<string>? units, bool undated)
    {
        var values = new DynamicParameters(new { from = query.From, to = query.To });
        var with = units is null ? "" : $"WITH unit(unit_id) AS (VALUES {string.Join(", ", Named(values, units).Select(name => $"({name})"))})";
        var count = 0L;
        foreach (var line in lines)
            count += await connection.QuerySingleAsync<long>($"{with} {line.Count(units is not null, undated)}", values);
        return count;
    }

    private async Task<IReadOnlyList<TimelineItem>> Items(DbConnection connection, IReadOnlyList<Place> places)
    {
        var records = new Dictionary<(string, string), Record>();
        foreach (var type in places.GroupBy(place => place.Type))
        {
            var values = new DynamicParameters();
            var names = Named(values, [.. type.Select(place => place.Id).Distinct()]);
            var rows = await connection.QueryAsync<StoredRecord>(
                $"SELECT {StoredRecord.Columns} FROM record WHERE type = '{type.Key}' AND id IN ({string.Join(", ", names)})", values);
            foreach (var row in rows)
                records[(type.Key, row.Id)] = catalog[type.Key].Read(row.Checked().Body);
        }
        return [.. places.Select(place => Happening.Of(place, records[(place.Type, place.Id)]))];
    }

    /// <summary>Names the values one by one: providers don't agree on lists.</summary>
    private static IReadOnlyList<string> Named(DynamicParameters values, IReadOnlyList<string> ids)
    {
        foreach (var (i, id) in ids.Index())
            values.Add($"id{i}", id);
        return [.. ids.Select((_, i) => $"@id{i}")];
    }
}
