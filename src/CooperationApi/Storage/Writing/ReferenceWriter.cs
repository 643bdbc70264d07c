using System.Data.Common;
using Dapper;

namespace CooperationApi.Storage.Writing;

/// <summary>Writes the references of records. A record may refer to a record that follows later in the same transaction.</summary>
internal sealed class ReferenceWriter(DbConnection connection, IPreparedStatements statements, ProvinceDateChecker provinceDateChecker,
    ReferenceCycleChecker cycleChecker, LinkedRecordsChecker linkedRecordsChecker, ConstraintViolations violations)
{
    // The table `province_record` has the records of events that refer to a province, in order of date.
    private const string ProvincesType = "provinces";

    // The cache is cleared at this size to limit memory.
    private const int MaxCachedRowIds = 100_000;
    private const int PendingBatchSize = 1000, MaxReported = 100, MaxSuggestions = 5;

    private const string ReferenceColumns = "row_id, member_id, ordinal, target_row_id, basis, event_date, event_end";

    private const string PendingColumns =
        "pending_id, row_id, type, id, member, ordinal, to_type, to_id, basis, event_date, event_end";

    // ON CONFLICT: a record may refer to a province in several members.
    private const string InsertEventSql =
        "INSERT INTO province_record (row_id, province_row_id, type, event_date, id) VALUES (@row_id, @province, @type, @event_date, @id) "
        + "ON CONFLICT DO NOTHING";

    // The `reference` rows of one record that have an `event_date` have the same one.
    private const string DeleteEventsSql =
        """
        DELETE FROM province_record
        WHERE province_row_id IN (SELECT target_row_id FROM reference WHERE row_id = @row_id AND event_date IS NOT NULL) AND type = @type
        AND id = @id
        AND event_date = (SELECT event_date FROM reference WHERE row_id = @row_id AND event_date IS NOT NULL LIMIT 1)
        """;

    private readonly Dictionary<(string Type, string Name), long> memberIds = [];
    private readonly Dictionary<(string Type, string Id), long> rowIds = [];
    private readonly HashSet<(string Type, string Id)> missing = [];
    private long lastPendingId;
    private long deferEventsAfterRowId = long.MaxValue;

    /// <summary>
    /// Defers the `province_record` rows of records with a higher row id. <see cref="ResolveAll"/> inserts them sorted by primary key;
    /// row-by-row insertion in record order is random access into a large B-tree.
    /// </summary>
    public void DeferEventsAfter(long rowId) => deferEventsAfterRowId = rowId;

    /// <summary>Replaces the references of a record.</summary>
    public void Replace(long rowId, RecordUpsert upsert, bool isReplacement)
    {
        if (isReplacement)
            Delete(rowId, upsert);
        if (upsert.Type == ProvincesType)
            provinceDateChecker.Invalidate(rowId);
        foreach (var reference in upsert.References)
        {
            var pending = new PendingReference(PendingId: 0, rowId, upsert.Type, upsert.Id, reference.Member, reference.Ordinal,
                reference.ToType, reference.ToId, reference.Basis, upsert.EventDate, upsert.EventEnd);
            // A reference to one of several types (`a|b`) is resolved after all records are written.
            var targetRowId = pending.ToType.Contains('|', StringComparison.Ordinal) ? null : FindRowId(pending.ToType, pending.ToId);
            if (targetRowId is not null)
                Insert(pending, pending.ToType, targetRowId.Value);
            else
                Defer(pending);
            if (!reference.CanReferTo(upsert.Type))
                continue;
            // Only this transaction refers to a record that it creates. So a cycle through created records has a reference to a created
            // record from one with a lower row id, and the search needs to begin there and at replaced records only.
            if (reference.IsSymmetric)
                linkedRecordsChecker.Add(rowId, GetMemberId(upsert.Type, reference.Member));
            else if (isReplacement || targetRowId is null || targetRowId > rowId)
                cycleChecker.Add(rowId, GetMemberId(upsert.Type, reference.Member));
        }
    }

    /// <summary>
    /// Resolves the pending references, reports unknown and ambiguous ones, and inserts the deferred `province_record` rows.
    /// </summary>
    public async Task ResolveAll()
    {
        if (lastPendingId > 0)
            await ResolvePending();
        if (deferEventsAfterRowId < long.MaxValue)
        {
            statements.Execute(
                """
                INSERT INTO province_record (province_row_id, type, event_date, id, row_id)
                SELECT reference.target_row_id, record.type, reference.event_date, record.id, reference.row_id
                FROM reference JOIN record ON record.row_id = reference.row_id
                WHERE reference.row_id > @row_id AND reference.event_date IS NOT NULL
                ORDER BY 1, 2, 3, 4
                ON CONFLICT DO NOTHING
                """, deferEventsAfterRowId);
        }
    }

    private async Task ResolvePending()
    {
        for (var afterPendingId = 0L; ;)
        {
            var batch = (await connection.QueryAsync<PendingReference>(
                "SELECT * FROM pending_reference WHERE pending_id > @afterPendingId ORDER BY pending_id LIMIT @PendingBatchSize",
                new { afterPendingId, PendingBatchSize })).AsList();
            await ReadAhead(batch.SelectMany(pending => pending.ToType.Split('|').Select(type => (type, pending.ToId))));
            foreach (var pending in batch)
            {
                var candidates = pending.ToType.Split('|').Select(type => (Type: type, RowId: FindRowId(type, pending.ToId)))
                    .Where(candidate => candidate.RowId is not null).ToList();
                if (candidates is [var (type, rowId)])
                    Insert(pending, type, rowId!.Value);
                else
                    violations.Add(await CreateUnresolvedViolation(pending, isAmbiguous: candidates.Count > 0));
            }
            if (batch.Count < PendingBatchSize)
                return;
            afterPendingId = batch[^1].PendingId;
        }
    }

    private async Task<ConstraintViolation> CreateUnresolvedViolation(PendingReference pending, bool isAmbiguous)
    {
        foreach (var type in isAmbiguous || violations.IsFull ? [] : pending.ToType.Split('|'))
        {
            if (await MergeTarget.Find(connection, type, pending.ToId) is { } mergeTarget)
                return new("merged_reference", pending.Type, pending.Id, pending.Location.Pointer, type, pending.ToId, mergeTarget);
        }
        var types = pending.ToType.Replace("|", ", ", StringComparison.Ordinal);
        if (isAmbiguous)
            return new("ambiguous_reference", pending.Type, pending.Id, pending.Location.Pointer, types, pending.ToId);
        var similarIds = new List<string>();
        // Two queries per type. A bundle with many unknown ids has no typing errors.
        foreach (var type in violations.ReportedCount < MaxSuggestions ? pending.ToType.Split('|') : [])
            similarIds.AddRange(await SimilarIds.Find(connection, type, pending.ToId));
        return new("unknown_reference", pending.Type, pending.Id, pending.Location.Pointer, types, pending.ToId)
        {
            SimilarIds = similarIds,
        };
    }

    /// <summary>Deletes the references of a removed record.</summary>
    public void Remove(long rowId, RecordChange removal)
    {
        Delete(rowId, removal);
        rowIds.Remove((removal.Type, removal.Id));
    }

    /// <summary>Throws <see cref="StillReferencedException"/> if any record refers to the removed record.</summary>
    public async Task EnsureUnreferenced(long rowId, RecordChange removal)
    {
        const string ReferencesSql = "FROM reference JOIN member ON member.member_id = reference.member_id JOIN record ON record.row_id = "
            + "reference.row_id WHERE reference.target_row_id = @rowId";
        var count = await connection.QuerySingleAsync<long>($"SELECT count(*) {ReferencesSql}", new { rowId });
        if (count == 0)
            return;
        var sample = await connection.QueryAsync<ReferenceLocation>(
            $"SELECT record.type, record.id, member.name AS member, reference.ordinal {ReferencesSql} ORDER BY reference.member_id, "
            + $"reference.row_id, reference.ordinal LIMIT @MaxReported", new { rowId, MaxReported });
        throw new StillReferencedException(removal.Type, removal.Id, sample.AsList(), count);
    }

    private void Delete(long rowId, RecordChange change)
    {
        statements.Execute(DeleteEventsSql, rowId, change.Type, change.Id);
        statements.Execute("DELETE FROM reference WHERE row_id = @row_id", rowId);
    }

    private void Insert(PendingReference pending, string toType, long targetRowId)
    {
        if (targetRowId == pending.RowId)
            violations.Add(new("self_reference", pending.Type, pending.Id, pending.Location.Pointer, pending.Type, pending.Id));
        var (eventDate, eventEnd) = toType == ProvincesType ? (pending.EventDate, pending.EventEnd) : (null, null);
        statements.Insert("reference", ReferenceColumns, pending.RowId, GetMemberId(pending.Type, pending.Member), pending.Ordinal,
            targetRowId, pending.Basis, eventDate, eventEnd);
        if (eventDate is not null)
        {
            provinceDateChecker.Check(pending.RowId, targetRowId, eventDate);
            if (eventEnd is not null)
                provinceDateChecker.Check(pending.RowId, targetRowId, eventEnd);
            if (pending.RowId <= deferEventsAfterRowId)
                statements.Execute(InsertEventSql, pending.RowId, targetRowId, pending.Type, eventDate, pending.Id);
        }
    }

    private void Defer(PendingReference pending)
    {
        if (lastPendingId == 0)
        {
            connection.Execute(
                """
                CREATE TEMP TABLE IF NOT EXISTS pending_reference (pending_id BIGINT PRIMARY KEY, row_id BIGINT, type TEXT, id TEXT,
                    member TEXT, ordinal BIGINT, to_type TEXT, to_id TEXT, basis TEXT, event_date TEXT, event_end TEXT);
                DELETE FROM pending_reference
                """);
        }
        statements.Insert("pending_reference", PendingColumns, ++lastPendingId, pending.RowId, pending.Type, pending.Id, pending.Member,
            pending.Ordinal, pending.ToType, pending.ToId, pending.Basis, pending.EventDate, pending.EventEnd);
    }

    /// <summary>
    /// Reads the row ids of several records at once. Until the next call, a record that does not exist is not looked up again.
    /// </summary>
    public async Task ReadAhead(IEnumerable<(string Type, string Id)> records)
    {
        missing.Clear();
        var unknown = records.Where(record => !rowIds.ContainsKey(record)).ToHashSet();
        foreach (var typeGroup in unknown.GroupBy(record => record.Type))
        {
            foreach (var (id, rowId) in await RowIds.Find(connection, typeGroup.Key, [.. typeGroup.Select(record => record.Id)]))
                AddRowId(typeGroup.Key, id, rowId);
        }
        missing.UnionWith(unknown.Where(record => !rowIds.ContainsKey(record)));
    }

    /// <summary>Adds the row id of a record that the transaction creates.</summary>
    public void AddRowId(string type, string id, long rowId)
    {
        if (rowIds.Count == MaxCachedRowIds)
        {
            rowIds.Clear();
            missing.Clear();
        }
        rowIds[(type, id)] = rowId;
        missing.Remove((type, id));
    }

    /// <summary>Returns the row id of a record; null if it does not exist.</summary>
    public long? FindRowId(string type, string id)
    {
        if (rowIds.TryGetValue((type, id), out var cachedRowId))
            return cachedRowId;
        if (missing.Contains((type, id)))
            return null;
        var rowId = statements.QueryFirst("SELECT row_id FROM record WHERE type = @type AND id = @id", type, id)?[0].Number;
        if (rowId is not null)
            AddRowId(type, id, rowId.Value);
        return rowId;
    }

    private long GetMemberId(string type, string name)
    {
        if (memberIds.TryGetValue((type, name), out var memberId))
            return memberId;
        statements.Execute(
            """
            INSERT INTO member (member_id, type, name) SELECT coalesce(max(member_id), 0) + 1, @type, @name FROM member WHERE true
            ON CONFLICT (type, name) DO NOTHING
            """, type, name);
        return memberIds[(type, name)] = statements.QueryFirst(
            "SELECT member_id FROM member WHERE type = @type AND name = @name", type, name)![0].Number;
    }

    /// <summary>A reference that is not resolved yet; <paramref name="PendingId"/> is 0 before it is deferred.</summary>
    private sealed record PendingReference(long PendingId, long RowId, string Type, string Id, string Member, long Ordinal, string ToType,
        string ToId, string? Basis, string? EventDate, string? EventEnd)
    {
        public ReferenceLocation Location => new(Type, Id, Member, Ordinal);
    }
}
