using System.Data.Common;
using CooperationApi.Formats;
using CooperationApi.Http.Problems;
using CooperationApi.Resources;
using CooperationApi.Resources.Filters;
using CooperationApi.Storage;
using Dapper;

namespace CooperationApi.Queries;

/// <summary>The queries that all resources share.</summary>
internal sealed class RecordQueries(Database database)
{
    private const int MaxSuggestions = 5;

    /// <summary>Finds a record by its type and id.</summary>
    public Task<RecordRow?> Find(Resource resource, string id, Expansion? expansion, CancellationToken cancel) =>
        database.Read(async connection =>
        {
            var record = await Find(connection, resource, id);
            return record is null || expansion is null
                ? record
                : record with { Body = (await expansion.Expand(connection, [record.Body], cancel))[0] };
        }, cancel);

    /// <summary>Finds a record by its type and id in the transaction of the connection.</summary>
    public static async Task<RecordRow?> Find(DbConnection connection, Resource resource, string id) =>
        (await connection.QuerySingleOrDefaultAsync<RecordRow>(
            $"SELECT {RecordRow.Columns} FROM record WHERE type = @Type AND id = @id", new { resource.Type, id }))?.Verify();

    /// <summary>Finds a record as of a revision; null if it did not exist at that revision or its body was removed.</summary>
    public Task<RecordRow?> FindAtRevision(Resource resource, string id, long atRevision, CancellationToken cancel) =>
        database.Read(connection => FindAtRevision(connection, resource, id, atRevision), cancel);

    /// <summary>Finds a record as of a revision in the transaction of the connection.</summary>
    public static async Task<RecordRow?> FindAtRevision(DbConnection connection, Resource resource, string id, long atRevision) =>
        await connection.QuerySingleOrDefaultAsync<RecordRow>(
            "SELECT id, revision, changed_at, hash, CAST(body AS BLOB) AS body FROM record_version WHERE type = @Type AND id = @id AND "
            + "revision <= @atRevision ORDER BY revision DESC LIMIT 1", new { resource.Type, id, atRevision })
            is { Body: not null } record ? record.Verify() : null;

    /// <summary>
    /// Returns the id of the record into which a missing record was merged: the last of a chain of merges or, with a revision, the target
    /// at that revision. Throws 410 if the record was deleted or that revision is no longer available, and 404 if the record never existed
    /// or was created later.
    /// </summary>
    public Task<string> ResolveMergeTarget(string type, string id, long? atRevision, CancellationToken cancel) =>
        database.Read(connection => ResolveMergeTarget(connection, type, id, atRevision), cancel);

    /// <summary>Returns the merge target in the transaction of the connection.</summary>
    public static async Task<string> ResolveMergeTarget(DbConnection connection, string type, string id, long? atRevision)
    {
        var tombstone = await Tombstone.Find(connection, type, id);
        if (atRevision is not { } pastRevision || tombstone?.Reason == "redacted")
            return await ResolveMergeTarget(connection, type, id);
        tombstone = await Tombstone.Find(connection, type, id, pastRevision);
        var firstRevision = tombstone is not null ? null : await connection.QuerySingleOrDefaultAsync<long?>(
            "SELECT revision FROM change WHERE type = @type AND id = @id ORDER BY revision LIMIT 1", new { type, id });
        // Compaction may have deleted older changes of the record, so its first stored change may not be its first change.
        if (firstRevision <= (await Database.ReadVersion(connection)).CompactedThrough)
            throw new ProblemException(410, "revision_expired", type, id, pastRevision, firstRevision);
        if (firstRevision is not null)
            throw new ProblemException(404, "record_not_yet_created", type, id, pastRevision);
        return tombstone?.MergedInto ?? throw tombstone?.ToProblem(type, id) ?? await Tombstone.CreateProblem(connection, type, id);
    }

    /// <summary>
    /// Returns the id of the record into which a missing record was merged, the last of a chain of merges. Throws 410 if the record was
    /// deleted, and 404 if it never existed.
    /// </summary>
    public static async Task<string> ResolveMergeTarget(DbConnection connection, string type, string id)
    {
        var target = await MergeTarget.Find(connection, type, id);
        return target is not null && await Exists(connection, type, target)
            ? target
            : throw await Tombstone.CreateProblem(connection, type, target ?? id);
    }

    /// <summary>Reads one page of a query.</summary>
    public async Task<RecordPage> List(DbConnection connection, Resource resource, ListQuery query, CancellationToken cancel)
    {
        query = await query.Resolve(connection, database.FullText);
        var (sortColumn, direction, comparison) =
            (query.SortOrder.Column, query.SortOrder.IsDescending ? "DESC" : "ASC", query.SortOrder.IsDescending ? "<" : ">");
        var countPlan = ListPlan.ForAll(resource, query);
        var total = query.IncludeTotal
            ? await connection.QuerySingleAsync<long>($"SELECT count(*) FROM {countPlan.FromSql} {countPlan.WhereSql}",
                countPlan.Parameters)
            : (long?)null;
        var plan = await ListPlan.ForPage(database.ListHints, connection, resource, query);
        if (query.StartAfter is var (value, id))
        {
            plan = plan.WithCondition($"({resource.Table}.{sortColumn}, {resource.Table}.id) {comparison} (@after_value, @after_id)");
            plan.Parameters.AddDynamicParams(new { after_value = value, after_id = id });
        }
        plan.Parameters.Add("rows", query.Limit + 1);
        // The page is selected from the narrow table before any record is read. CROSS JOIN forces that order; without it, SQLite may read
        // all records of the type.
        var rows = connection.StreamAsync<RecordRow>(
            $"""
            SELECT {RecordRow.Columns}, page.sort_value
            FROM
            (
                SELECT {resource.Table}.row_id, {resource.Table}.id, {resource.Table}.{sortColumn} AS sort_value
                FROM {plan.FromSql}
                {plan.WhereSql}
                ORDER BY {resource.Table}.{sortColumn} {direction}, {resource.Table}.id {direction}
                LIMIT @rows
            ) page
            CROSS JOIN record
            WHERE record.row_id = page.row_id
            ORDER BY page.sort_value {direction}, page.id {direction}
            """, plan.Parameters);
        var (page, byteCount, hasMore) = (new List<RecordRow>(query.Limit), 0L, false);
        await foreach (var row in rows.WithCancellation(cancel))
        {
            // The last row shows that there is another page. It ends the query: leaving the loop would cancel the statement, which takes as
            // long as a page on some engines.
            hasMore = page.Count == query.Limit;
            if (hasMore)
                continue;
            hasMore = byteCount >= PageParameters.MaxMebibytes << 20;
            if (hasMore)
                break;
            page.Add(row.Verify());
            byteCount += row.Body.Length;
        }
        if (query.Expansion is not null)
            page = [.. page.Zip(await query.Expansion.Expand(connection, page.Select(row => row.Body), cancel),
                (row, body) => row with { Body = body })];
        return new(page, hasMore, total, await Database.ReadVersion(connection),
            query.Lineage is null ? null : await query.Lineage.ForPage(connection, resource, [.. page.Select(row => row.Id)]));
    }

    /// <summary>
    /// Throws a problem if a filter refers to a record that does not exist. The list would be empty for the wrong reason. The check is one
    /// statement per filter by id, in the transaction that reads the list.
    /// </summary>
    public static async Task EnsureRequiredRecordsExist(DbConnection connection, params IEnumerable<AppliedFilter?> filters)
    {
        var errors = new List<RequestError>();
        foreach (var filter in filters)
        {
            if (filter?.RequiredRecords is not var (idFilter, requiredTypes, ids))
                continue;
            var types = requiredTypes.Split('|');
            var placeholders = string.Join(", ", filter.Values.Keys.Select(name => "@" + name));
            var foundIds = await connection.QueryAsync<string>(
                $"SELECT id FROM record WHERE type IN ('{string.Join("', '", types)}') AND id IN ({placeholders})",
                new DynamicParameters(filter.Values));
            foreach (var (i, id) in ids.Except(foundIds).Index())
                errors.Add(await CreateUnknownIdError(connection, types, id, hasSuggestion: i < MaxSuggestions) with
                {
                    Parameter = idFilter.Name,
                });
        }
        if (errors.Count > 0)
            throw ProblemException.InvalidRequest(errors);
    }

    private static async Task<RequestError> CreateUnknownIdError(DbConnection connection, string[] types, string id, bool hasSuggestion)
    {
        var similarIds = new List<string>();
        foreach (var type in types)
        {
            if (await MergeTarget.Find(connection, type, id) is { } mergeTarget)
                return new("merged_reference", type, id, mergeTarget) { Suggestion = mergeTarget };
            // A suggestion takes two queries per type. A request with many unknown ids is not a typing error.
            if (hasSuggestion)
                similarIds.AddRange(await SimilarIds.Find(connection, type, id));
        }
        return new(types.Length == 1 ? "record_not_found" : "unknown_reference", string.Join(", ", types), id)
        {
            Suggestion = ClosestMatch.Find(id, similarIds),
        };
    }

    /// <summary>
    /// Passes all rows of a query to <paramref name="consume"/>, within one read transaction. <paramref name="prepare"/> runs before the
    /// first row is read and returns the function that creates a row from the id and the body of a record.
    /// </summary>
    public Task ReadAll(Resource resource, ListQuery query, Func<DbConnection, ListPlan, Task<Func<string, byte[], JsonRow>>> prepare,
        Func<RowStream, Task> consume, CancellationToken cancel) => database.Read(async connection =>
    {
        query = await query.Resolve(connection, database.FullText);
        var plan = ListPlan.ForAll(resource, query);
        var direction = query.SortOrder.IsDescending ? "DESC" : "ASC";
        var count = await connection.QuerySingleAsync<long>($"SELECT count(*) FROM {plan.FromSql} {plan.WhereSql}", plan.Parameters);
        await consume(new((await Database.ReadVersion(connection)).Token, count, ReadRows()));
        return count;

        async IAsyncEnumerable<JsonRow> ReadRows()
        {
            var createRow = await prepare(connection, plan);
            var rows = connection.StreamAsync<(string Id, string Hash, byte[] Body)>(
                $"""
                SELECT record.id, record.hash, CAST(record.body AS BLOB)
                FROM {plan.FromSql} CROSS JOIN record
                {plan.WithCondition($"record.row_id = {resource.Table}.row_id").WhereSql}
                ORDER BY {resource.Table}.{query.SortOrder.Column} {direction}, {resource.Table}.id {direction}
                """, plan.Parameters);
            await foreach (var row in rows)
                yield return createRow(row.Id, RecordHash.Verify(row.Id, row.Body, row.Hash));
        }
    }, cancel);

    /// <summary>Returns the id of an existing record that is close to an id without a record; null if there is none.</summary>
    public Task<string?> SuggestId(string type, string id, CancellationToken cancel) =>
        database.Read(async connection => ClosestMatch.Find(id, await SimilarIds.Find(connection, type, id)), cancel);

    /// <summary>Returns true if the record exists.</summary>
    public Task<bool> Exists(string type, string id, CancellationToken cancel) =>
        database.Read(connection => Exists(connection, type, id), cancel);

    /// <summary>Throws 404 if the record does not exist, and 410 if it was removed.</summary>
    public static async Task EnsureExists(DbConnection connection, string type, string id)
    {
        if (!await Exists(connection, type, id))
            throw await Tombstone.CreateProblem(connection, type, id);
    }

    /// <summary>Returns true if the record exists in the transaction of the connection.</summary>
    public static async Task<bool> Exists(DbConnection connection, string type, string id) =>
        await connection.QuerySingleOrDefaultAsync<string>("SELECT id FROM record WHERE type = @type AND id = @id",
            new { type, id }) is not null;
}
