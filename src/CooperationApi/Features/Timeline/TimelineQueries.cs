using System.Data.Common;
using CooperationApi.Contracts;
using CooperationApi.Formats;
using CooperationApi.Formats.Readable;
using CooperationApi.Http.Problems;
using CooperationApi.Queries;
using CooperationApi.Resources;
using CooperationApi.Storage;
using Dapper;

namespace CooperationApi.Features.Timeline;

/// <summary>Reads timelines: queries each source by its own index and merges the rows.</summary>
internal sealed class TimelineQueries(Database database, ResourceCatalog catalog)
{
    private const int BatchSize = 500;

    /// <summary>Returns the requested page and the store version at which it was read.</summary>
    public Task<(TimelinePage Page, StoreVersion Version)> ReadPage(TimelineQuery query, CancellationToken cancel) =>
        database.Read(async connection => (await ReadPage(connection, query, cancel), await Database.ReadVersion(connection)), cancel);

    /// <summary>Returns the requested page in the transaction of the connection.</summary>
    public async Task<TimelinePage> ReadPage(DbConnection connection, TimelineQuery query, CancellationToken cancel)
    {
        await RecordQueries.EnsureRequiredRecordsExist(connection, query.Province);
        var (sources, unitIds) = (GetSources(query), await ReadUnitIds(connection, query));
        var positions = await ReadPositions(connection, query, sources, unitIds, cancel);
        var pagePositions = positions.Take(query.Limit).ToList();
        return new TimelinePage
        {
            Items = await ReadItems(connection, pagePositions, cancel),
            Next = positions.Count > query.Limit
                ? PageCursor.Encode(query.CursorScope, pagePositions[^1].DateText, pagePositions[^1].Type, pagePositions[^1].Id,
                    pagePositions[^1].Event)
                : null,
            Revision = (await Database.ReadVersion(connection)).Revision,
            Total = query.IncludeTotal ? await CountItems(connection, query, sources, unitIds, isUndated: false) : null,
            Undated = await CountItems(connection, query, sources, unitIds, isUndated: true),
            Units = query.Units is null ? null : unitIds,
        };
    }

    /// <summary>
    /// Passes all rows of the query, except undated records, to <paramref name="consume"/>, within one read transaction.
    /// <paramref name="createRow"/> creates a row from an event and a formatter with the names of all provinces.
    /// </summary>
    public Task ReadAll(TimelineQuery query, Language language, Func<TimelineItem, ReadableFormatter, JsonRow> createRow,
        Func<RowStream, Task> consume, CancellationToken cancel) => database.Read(async connection =>
    {
        await RecordQueries.EnsureRequiredRecordsExist(connection, query.Province);
        var (sources, unitIds) = (GetSources(query), await ReadUnitIds(connection, query));
        var count = await CountItems(connection, query, sources, unitIds, isUndated: false);
        await consume(new((await Database.ReadVersion(connection)).Token, count, EnumerateRows()));
        return count;

        async IAsyncEnumerable<JsonRow> EnumerateRows()
        {
            var formatter = await ReadableLookup.CreateFormatter(connection, catalog[ResourceTypes.Provinces], language);
            for (var batchQuery = query with { Limit = BatchSize }; ;)
            {
                var positions = (await ReadPositions(connection, batchQuery, sources, unitIds, cancel)).Take(BatchSize).ToList();
                foreach (var item in await ReadItems(connection, positions, cancel))
                    yield return createRow(item, formatter);
                if (positions.Count < BatchSize)
                    yield break;
                batchQuery = batchQuery with { After = positions[^1] };
            }
        }
    }, cancel);

    private static List<TimelineSource> GetSources(TimelineQuery query) =>
        [.. TimelineSource.Sources.Where(source => query.Types.Contains(source.Type))];

    private static async Task<IReadOnlyList<string>?> ReadUnitIds(DbConnection connection, TimelineQuery query) =>
        query.Units is null ? query.Province?.RequiredRecords!.Ids : [.. (await query.Units.ReadUnits(connection)).Select(unit => unit.Id)];

    /// <summary>Returns up to limit + 1 positions: reads as many from every source and unit, and merges them.</summary>
    private static async Task<IReadOnlyList<TimelinePosition>> ReadPositions(DbConnection connection, TimelineQuery query,
        IReadOnlyList<TimelineSource> sources, IReadOnlyList<string>? unitIds, CancellationToken cancel)
    {
        var positions = new SortedSet<TimelinePosition>();
        foreach (var source in sources)
        {
            var sql = source.BuildPageSql(unitIds is not null, query.IsDescending, query.After);
            foreach (var unitId in (unitIds ?? [""]).WithCancellation(cancel))
            {
                var rows = await connection.QueryAsync<(string DateText, string Id, string Event)>(sql, new
                {
                    from = query.From,
                    to = query.To,
                    unit = unitId,
                    after_on = query.After?.DateText,
                    after_id = query.After?.Id,
                    after_event = query.After?.Event,
                    rows = query.Limit + 1,
                });
                positions.UnionWith(rows.Select(row => new TimelinePosition(row.DateText, source.Type, row.Id, row.Event)));
            }
        }
        return [.. (query.IsDescending ? positions.Reverse() : positions).Take(query.Limit + 1)];
    }

    private static async Task<long> CountItems(DbConnection connection, TimelineQuery query, IReadOnlyList<TimelineSource> sources,
        IReadOnlyList<string>? unitIds, bool isUndated)
    {
        var parameters = new DynamicParameters(new { from = query.From, to = query.To });
        var withClause = unitIds is null
            ? ""
            : $"WITH unit(unit_id) AS (VALUES {string.Join(", ", parameters.AddEach("id", unitIds).Select(name => $"({name})"))})";
        var count = 0L;
        foreach (var source in sources)
            count += await connection.QuerySingleAsync<long>($"{withClause} {source.BuildCountSql(unitIds is not null, isUndated)}",
                parameters);
        return count;
    }

    private async Task<IReadOnlyList<TimelineItem>> ReadItems(DbConnection connection, IReadOnlyList<TimelinePosition> positions,
        CancellationToken cancel)
    {
        var records = new Dictionary<(string, string), Record>();
        foreach (var typeGroup in positions.GroupBy(position => position.Type))
        {
            var parameters = new DynamicParameters();
            var placeholders = parameters.AddEach("id", [.. typeGroup.Select(position => position.Id).Distinct()]);
            var rows = await connection.QueryAsync<RecordRow>(
                $"SELECT {RecordRow.Columns} FROM record WHERE type = '{typeGroup.Key}' AND id IN ({string.Join(", ", placeholders)})",
                parameters);
            foreach (var row in rows.WithCancellation(cancel))
                records[(typeGroup.Key, row.Id)] = catalog[typeGroup.Key].Deserialize(row.Verify().Body);
        }
        return [.. positions.Select(position => TimelineItemFactory.Create(position, records[(position.Type, position.Id)]))];
    }
}
