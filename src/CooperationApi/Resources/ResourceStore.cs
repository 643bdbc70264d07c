using System.Data.Common;
using CooperationApi.Contracts;
using CooperationApi.Faults;
using CooperationApi.Formats;
using CooperationApi.Storage;
using Dapper;

namespace CooperationApi.Resources;

/// <summary>A record as it is kept.</summary>
internal sealed record StoredRecord
{
    /// <summary>What a query reads it from.</summary>
    public const string Columns = "record.id, record.revision, record.changed_at, record.hash, CAST(record.body AS BLOB) AS body";

    public required string Id { get; init; }

    public required long Revision { get; init; }

    public required string ChangedAt { get; init; }

    /// <summary>The hash that it was written with; none of a state of the past.</summary>
    public required string? Hash { get; init; }

    /// <summary>Its JSON, in UTF-8.</summary>
    public required byte[] Body { get; init; }

    /// <summary>The value that the list asked for is sorted by.</summary>
    public object SortValue { get; init; } = "";

    /// <summary>The record, if its body is the one that was written.</summary>
    public StoredRecord Checked()
    {
        BodyHash.Checked(Id, Body, Hash);
        return this;
    }
}

/// <summary>One page of records, and the state that it was read in.</summary>
internal sealed record StoredPage(IReadOnlyList<StoredRecord> Records, bool HasMore, long? Total, Mark Mark)
{
    /// <summary>The units of today that the list answers for, if it was asked so.</summary>
    public IReadOnlyList<UnitOnPage>? Units { get; init; }
}

/// <summary>The SQL that all resources share.</summary>
internal sealed class ResourceStore(Database database)
{
    private const int MostSuggestions = 5;

    /// <summary>One record, by its key.</summary>
    public Task<StoredRecord?> Find(Resource resource, string id, Expansion? expansion, CancellationToken cancel) => database.Read(async connection =>
    {
        var record = (await connection.QuerySingleOrDefaultAsync<StoredRecord>(
            $"SELECT {StoredRecord.Columns} FROM record WHERE type = @Type AND id = @id", new { resource.Type, id }))?.Checked();
        return record is null || expansion is null ? record : record with { Body = (await expansion.Expand(connection, [record.Body]))[0] };
    }, cancel);

    /// <summary>A record as it stood at a number of the feed; null if it wasn't there then, or nothing of it may be shown.</summary>
    public Task<StoredRecord?> FindThen(Resource resource, string id, long number, CancellationToken cancel) => database.Read(async connection =>
        await connection.QuerySingleOrDefaultAsync<(long Revision, string At, byte[]? Body, string? Hash)?>(
            "SELECT seq, at, CAST(body AS BLOB), hash FROM state WHERE type = @Type AND id = @id AND seq <= @number ORDER BY seq DESC LIMIT 1", new { resource.Type, id, number })
            is (var revision, var at, { } body, var hash)
            ? new StoredRecord { Id = id, Revision = revision, ChangedAt = at, Hash = hash, Body = body }.Checked()
            : null, cancel);

    /// <summary>
    /// The id of the record that one which isn't there was merged into: the last of a chain, or with a number the one that it was then. Throws what else
    /// became of it: 410 if it was taken out, or what it was then is no longer kept; 404 if it has never been, or not yet been then.
    /// </summary>
    public Task<string> Successor(string type, string id, long? number, CancellationToken cancel) => database.Read(async connection =>
    {
        var gone = await Gone.Of(connection, type, id);
        if (number is { } then && gone?.Reason != "redacted")
        {
            gone = await Gone.Of(connection, type, id, then);
            var first = gone is not null ? null : await connection.QuerySingleOrDefaultAsync<long?>(
                "SELECT seq FROM change WHERE type = @type AND id = @id ORDER BY seq LIMIT 1", new { type, id });
            // What is kept of the past may begin later than the record did.
            if (first <= (await Database.MarkOf(connection)).Horizon)
                throw new ProblemException(410, "revision_expired", type, id, then, first);
            if (first is not null)
                throw new ProblemException(404, "record_not_made_yet", type, id, then);
            return gone?.Into ?? throw Gone.Absence(gone, type, id);
        }
        for (; gone?.Into is { } into; (id, gone) = (into, await Gone.Of(connection, type, into)))
        {
            if (await Database.StandingOf(connection, type, into) is not null)
                return into;
        }
        throw Gone.Absence(gone, type, id);
    }, cancel);

    /// <summary>The page that a query asks for.</summary>
    public Task<StoredPage> List(Resource resource, ListQuery query, CancellationToken cancel) => database.Read(async connection =>
    {
        var (sort, order, beyond) = (query.Sort.Column, query.Sort.Descending ? "DESC" : "ASC", query.Sort.Descending ? "<" : ">");
        var all = ListPlan.ForAll(resource, query);
        var total = query.Total ? await connection.QuerySingleAsync<long>($"SELECT count(*) FROM {all.From} {all.Where}", all.Values) : (long?)null;
        var plan = await ListPlan.ForPage(connection, resource, query);
        if (query.After is [var value, var id])
        {
            plan = plan.And($"({resource.Table}.{sort}, {resource.Table}.id) {beyond} (@after_value, @after_id)");
            plan.Values.AddDynamicParams(new { after_value = value, after_id = id });
        }
        plan.Values.Add("rows", query.Limit + 1);
        // The page is cut from the narrow table before any record is read, and CROSS keeps SQLite to that order: else it may read all records of the type.
        var records = await connection.QueryAsync<StoredRecord>(
            $"""
            SELECT {StoredRecord.Columns}, page.sort_value
            FROM
            (
                SELECT {resource.Table}.number, {resource.Table}.id, {resource.Table}.{sort} AS sort_value
                FROM {plan.From}
                {plan.Where}
                ORDER BY {resource.Table}.{sort} {order}, {resource.Table}.id {order}
                LIMIT @rows
            ) page
            CROSS JOIN record
            WHERE record.number = page.number
            ORDER BY page.sort_value {order}, page.id {order}
            """, plan.Values);
        var rows = records.AsList();
        var page = rows.Take(query.Limit).Select(row => row.Checked()).ToList();
        if (query.Expansion is not null)
            page = [.. page.Zip(await query.Expansion.Expand(connection, page.Select(row => row.Body)), (row, body) => row with { Body = body })];
        return new StoredPage(page, rows.Count > query.Limit, total, await Database.MarkOf(connection))
        {
            Units = query.Units is null ? null : await query.Units.On(connection, resource, [.. page.Select(row => row.Id)]),
        };
    }, cancel);

    /// <summary>Refuses conditions that name records that aren't there: a list would be empty for the wrong reason.</summary>
    public async Task CheckNamed(IEnumerable<Condition> conditions, CancellationToken cancel)
    {
        var faults = new List<Fault>();
        foreach (var (filter, type, ids) in conditions.Select(condition => condition.Named).OfType<NamedRecords>())
        {
            foreach (var (i, id) in (await Missing(type, ids, cancel)).Index())
            {
                // Who names hundreds of records that aren't there has not mistyped them.
                var suggestion = i < MostSuggestions ? Nearest.To(id, await Neighbours(type, id, cancel)) : null;
                faults.Add(new("record_not_found", type, id) { Parameter = filter.Name, Suggestion = suggestion });
            }
        }
        if (faults.Count > 0)
            throw ProblemException.Invalid(faults);
    }

    /// <summary>
    /// All rows that a query asks for, in its order, while one state of the store is seen: each read when the one before has been used.
    /// <paramref name="shape"/> is the row of a record.
    /// </summary>
    public Task ReadAll(Resource resource, ListQuery query, Func<string, byte[], Row> shape, Func<Rows, Task> use, CancellationToken cancel) => database.Read(async connection =>
    {
        var all = ListPlan.ForAll(resource, query);
        var order = query.Sort.Descending ? "DESC" : "ASC";
        var count = await connection.QuerySingleAsync<long>($"SELECT count(*) FROM {all.From} {all.Where}", all.Values);
        await use(new((await Database.MarkOf(connection)).Text, count, Read(
            $"""
            SELECT record.id, record.hash, record.body
            FROM {all.From} CROSS JOIN record
            {all.And($"record.number = {resource.Table}.number").Where}
            ORDER BY {resource.Table}.{query.Sort.Column} {order}, {resource.Table}.id {order}
            """)));
        return count;

        async IAsyncEnumerable<Row> Read(string sql)
        {
            await using var rows = await connection.ExecuteReaderAsync(sql, all.Values);
            while (await rows.ReadAsync(cancel))
            {
                var id = rows.GetString(0);
                yield return shape(id, BodyHash.Checked(id, rows.GetFieldValue<byte[]>(2), rows.GetString(1)));
            }
        }
    }, cancel);

    /// <summary>Those of the ids that no record of the type has.</summary>
    public Task<IReadOnlyList<string>> Missing(string type, IReadOnlyList<string> ids, CancellationToken cancel) => database.Read(async connection =>
    {
        var missing = new List<string>();
        foreach (var id in ids)
        {
            if (!await Exists(connection, type, id))
                missing.Add(id);
        }
        return (IReadOnlyList<string>)missing;
    }, cancel);

    /// <summary>The ids of a type that stand about where this one would: what a mistyped one is compared with.</summary>
    public Task<IEnumerable<string>> Neighbours(string type, string id, CancellationToken cancel) => database.Read(async connection =>
        (await connection.QueryAsync<string>("SELECT id FROM record WHERE type = @type AND id >= @id ORDER BY id LIMIT 200", new { type, id }))
        .Concat(await connection.QueryAsync<string>("SELECT id FROM record WHERE type = @type AND id < @id ORDER BY id DESC LIMIT 200", new { type, id })), cancel);

    private static async Task<bool> Exists(DbConnection connection, string type, string id) =>
        await connection.QuerySingleOrDefaultAsync<string>("SELECT id FROM record WHERE type = @type AND id = @id", new { type, id }) is not null;
}
