using System.Collections;
using System.Data.Common;
using Dapper;

namespace CooperationApi.Storage.Writing;

/// <summary>
/// Applies record changes in one write transaction: the record, its derived rows, its references and the entry in the change feed.
/// </summary>
internal sealed class RecordWriter : IDisposable
{
    // The FTS index is optimized when a transaction changes at least 1/10 of all records.
    private const int OptimizeFraction = 10;

    private readonly string actor, timestamp;
    private const string ChangeColumns =
        "revision, epoch, transaction_start, type, id, op, reason, merged_into, redaction_reason, changed_at, actor";

    private readonly IPreparedStatements statements;
    private readonly ReferenceWriter referenceWriter;
    private readonly SearchIndexWriter searchIndexWriter;
    private readonly ConstraintViolations violations = new();
    private readonly QuoteChecker quoteChecker;
    private readonly TextDirectiveWriter textDirectiveWriter;
    private readonly ProvinceDateChecker provinceDateChecker;
    private readonly ReferenceCycleChecker cycleChecker;
    private readonly LinkedRecordsChecker linkedRecordsChecker;
    private readonly ConsistencyChecker consistencyChecker;
    // The stored records of the changes that follow; null for a record that does not exist.
    private readonly Dictionary<(string Type, string Id), StoredRecord?> readAhead = [];
    // The reasons for which ids of these records are never used again; null for an id that can be used.
    private readonly Dictionary<(string Type, string Id), string?> retirementReasons = [];
    private readonly BitArray skippedRows = new(0);
    private readonly Dictionary<string,
        (string ColumnList, string[] Columns, SqlValue[] Values)> insertStatements = new(StringComparer.Ordinal);
    // The head of the feed, the highest row id and the number of stored texts, after the changes so far.
    private long head, maxRowId, textVersion;
    // False if no record was ever removed: inserts then skip the tombstone lookup.
    private bool hasTombstones;
    private readonly List<(RecordRemoval Removal, long RowId)> removals = [];
    private int createdCount, replacedCount;
    private StoredRecord? lastRecord;

    public RecordWriter(IStorageEngine engine, DbConnection connection, StoreVersion startVersion, string actor, string timestamp)
    {
        (Connection, StartVersion, this.actor, this.timestamp, head, textVersion) =
            (connection, startVersion, actor, timestamp, startVersion.Revision, startVersion.TextVersion);
        statements = engine.CreateStatements(connection);
        provinceDateChecker = new(connection, statements, violations);
        cycleChecker = new(connection, statements, violations);
        linkedRecordsChecker = new(connection, violations);
        consistencyChecker = new(connection, startVersion, violations);
        referenceWriter = new(connection, statements, provinceDateChecker, cycleChecker, linkedRecordsChecker, violations);
        textDirectiveWriter = new(statements);
        quoteChecker = new(statements, referenceWriter, textDirectiveWriter, violations);
        searchIndexWriter = new(statements, engine.FullText);
        (maxRowId, hasTombstones) = connection.QuerySingle<(long, bool)>(
            "SELECT coalesce((SELECT max(row_id) FROM record), 0), EXISTS (SELECT 1 FROM change WHERE op = 'remove')");
    }

    /// <summary>The connection of the transaction.</summary>
    public DbConnection Connection { get; }

    /// <summary>The store version at the start of the transaction.</summary>
    public StoreVersion StartVersion { get; }

    /// <summary>
    /// Returns the upsert with the offsets of each quote that has none and that occurs once in the stored text of its source. The result
    /// equals the stored record if the record was written before.
    /// </summary>
    public RecordUpsert LocateQuotes(RecordUpsert upsert) => quoteChecker.LocateQuotes(upsert);

    /// <summary>
    /// Stores the text of a source, and derives the text directives of all its quotes anew. The quotes match the text at their offsets.
    /// </summary>
    public void StoreText(long sourceRowId, string sha256, int length, string text, IEnumerable<LocatedQuote> quotes)
    {
        statements.Execute(
            """
            INSERT INTO source_text (row_id, sha256, length, text) VALUES (@row_id, @sha256, @length, @text)
            ON CONFLICT (row_id) DO UPDATE SET sha256 = excluded.sha256, length = excluded.length, text = excluded.text
            """, sourceRowId, sha256, length, text);
        foreach (var quote in quotes)
            textDirectiveWriter.Add(sourceRowId, quote);
        statements.Execute("UPDATE store_version SET text_version = @text_version", ++textVersion);
    }

    /// <summary>
    /// Reads at once what the changes of several records need: the stored records, and the row ids of the records to which they refer.
    /// </summary>
    public async Task ReadAhead(IReadOnlyCollection<(string Type, string Id)> records, IEnumerable<(string Type, string Id)> targets)
    {
        readAhead.Clear();
        retirementReasons.Clear();
        foreach (var typeGroup in records.Distinct().GroupBy(record => record.Type))
        {
            foreach (var (_, id) in typeGroup)
                readAhead[(typeGroup.Key, id)] = null;
            if (hasTombstones)
                await ReadRetirementReasons(typeGroup.Key, [.. typeGroup.Select(record => record.Id)]);
            var ids = (await RowIds.Find(Connection, typeGroup.Key, [.. typeGroup.Select(record => record.Id)]))
                .ToDictionary(row => row.RowId, row => row.Id);
            if (ids.Count == 0)
                continue;
            foreach (var row in await Connection.QueryAsync<(long RowId, long Revision, byte[] Body, string Hash)>(
                $"SELECT row_id, revision, CAST(body AS BLOB), hash FROM record WHERE row_id IN ({string.Join(',', ids.Keys)})"))
                readAhead[(typeGroup.Key, ids[row.RowId])] = new(row.RowId, row.Revision, row.Body, row.Hash);
        }
        await referenceWriter.ReadAhead(targets.Where(target => !target.Type.Contains('|', StringComparison.Ordinal)));
    }

    /// <summary>Returns a stored record; null if it does not exist. Throws if the stored bytes do not match their hash.</summary>
    public StoredRecord? Find(string type, string id)
    {
        var storedRecord = Select(type, id);
        if (storedRecord is not null)
            RecordHash.Verify(id, storedRecord.Body, storedRecord.Hash);
        return storedRecord;
    }

    /// <summary>Applies a change. An unchanged record gets no new revision. A transaction can upsert a record only once.</summary>
    public void Apply(RecordChange change) => Apply(change, Select(change.Type, change.Id));

    /// <summary>Applies a change to a record that was read in this transaction; null if it does not exist.</summary>
    public void Apply(RecordChange change, StoredRecord? storedRecord)
    {
        if (change is RecordUpsert upsert)
            Upsert(LocateQuotes(upsert), storedRecord);
        else if ((RecordRemoval)change is var removal && (storedRecord is not null || removal.IsRedaction))
            Remove(removal, storedRecord);
    }

    /// <summary>
    /// Creates or replaces a record that was read in this transaction; null if it does not exist. Without <paramref name="mayReplace"/>, a
    /// stored record with other content is not replaced.
    /// </summary>
    public UpsertOutcome Upsert(RecordUpsert upsert, StoredRecord? storedRecord, bool mayReplace = true)
    {
        if (storedRecord is not null && (storedRecord.Revision > StartVersion.Revision || WasSkipped(storedRecord.RowId)))
        {
            violations.Add(new("duplicate_id", upsert.Type, upsert.Id, "id", upsert.Id));
            return UpsertOutcome.Violation;
        }
        if (storedRecord is not null && upsert.Body.Matches(storedRecord))
        {
            Skip(storedRecord);
            return UpsertOutcome.Unchanged;
        }
        if (storedRecord is not null && !mayReplace)
        {
            Skip(storedRecord);
            return UpsertOutcome.Conflict;
        }
        if (storedRecord is null && hasTombstones
            && FindRetirementReason(upsert) is { } reason)
        {
            violations.Add(new("id_retired", upsert.Type, upsert.Id, "id", upsert.Type, upsert.Id, reason));
            return UpsertOutcome.Violation;
        }
        if (storedRecord is null)
            createdCount++;
        else
            replacedCount++;
        if (statements.StartBulkLoad(createdCount, maxRowId))
            referenceWriter.DeferEventsAfter(maxRowId);
        var rowId = storedRecord?.RowId ?? ++maxRowId;
        readAhead.Remove((upsert.Type, upsert.Id));
        referenceWriter.AddRowId(upsert.Type, upsert.Id, rowId);
        var body = upsert.Body.WithRevision(++head);
        var hash = RecordHash.Compute(body);
        lastRecord = new(rowId, head, body, hash);
        if (storedRecord is null)
        {
            statements.Insert("record", "row_id, type, id, revision, changed_at, hash, body",
                rowId, upsert.Type, upsert.Id, head, timestamp, hash, body);
        }
        else
        {
            ArchivePreviousBody(upsert.Id, storedRecord);
            statements.Execute(
                "UPDATE record SET revision = @revision, changed_at = @at, hash = @hash, body = @body WHERE row_id = @row_id",
                head, timestamp, hash, body, rowId);
        }
        AppendChange(upsert);
        consistencyChecker.Add(upsert);
        WriteDerivedRows(rowId, upsert, isReplacement: storedRecord is not null);
        quoteChecker.CheckQuotes(rowId, upsert, isReplacement: storedRecord is not null);
        return storedRecord is null ? UpsertOutcome.Created : UpsertOutcome.Replaced;
    }

    private StoredRecord? Select(string type, string id) => readAhead.TryGetValue((type, id), out var stored)
        ? stored
        : statements.QueryFirst("SELECT row_id, revision, CAST(body AS BLOB), hash FROM record WHERE type = @type AND id = @id", type, id)
            is [{ Number: var rowId }, { Number: var revision }, { Bytes: { } body }, { Text: { } hash }]
            ? new(rowId, revision, body, hash)
            : null;

    // The id of a merged or redacted record is never used again.
    private string? FindRetirementReason(RecordUpsert upsert) => retirementReasons.TryGetValue((upsert.Type, upsert.Id), out var reason)
        ? reason
        : statements.QueryFirst("SELECT reason FROM change WHERE type = @type AND id = @id AND op = 'remove' AND reason <> 'deleted'",
            upsert.Type, upsert.Id)?[0].Text;

    private async Task ReadRetirementReasons(string type, IReadOnlyList<string> ids)
    {
        foreach (var id in ids)
            retirementReasons[(type, id)] = null;
        var parameters = new DynamicParameters(new { type });
        var placeholders = string.Join(", ", parameters.AddEach("id", ids));
        foreach (var (id, reason) in await Connection.QueryAsync<(string, string)>(
            $"SELECT id, reason FROM change WHERE type = @type AND op = 'remove' AND reason <> 'deleted' AND id IN ({placeholders})",
            parameters))
            retirementReasons[(type, id)] = reason;
    }

    private void Remove(RecordRemoval removal, StoredRecord? storedRecord)
    {
        readAhead.Remove((removal.Type, removal.Id));
        retirementReasons.Remove((removal.Type, removal.Id));
        head++;
        lastRecord = null;
        if (storedRecord is { RowId: var rowId })
        {
            foreach (var table in removal.Tables)
                DeleteRows(table, rowId);
            referenceWriter.Remove(rowId, removal);
            searchIndexWriter.Remove(rowId);
            quoteChecker.DeleteText(rowId, removal);
            textDirectiveWriter.Remove(rowId);
            if (!removal.IsRedaction)
                ArchivePreviousBody(removal.Id, storedRecord);
            statements.Execute("DELETE FROM record WHERE row_id = @row_id", rowId);
            removals.Add((removal, rowId));
        }
        AppendChange(removal);
        hasTombstones = true;
        if (removal.IsRedaction)
        {
            statements.Execute("UPDATE change SET archived_body = NULL, archived_hash = NULL WHERE type = @type AND id = @id",
                removal.Type, removal.Id);
            searchIndexWriter.PurgeWords(removal.SearchWordsToPurge);
            statements.Execute("UPDATE store_version SET unpurged_revision = @revision", head);
        }
    }

    // Verifies the body first: after the update the archive has the only copy.
    private void ArchivePreviousBody(string id, StoredRecord storedRecord) =>
        statements.Execute("UPDATE change SET archived_body = @body, archived_hash = @hash WHERE revision = @revision",
            RecordHash.Verify(id, storedRecord.Body, storedRecord.Hash), storedRecord.Hash, storedRecord.Revision);

    private void AppendChange(RecordChange change)
    {
        var removal = change as RecordRemoval;
        statements.Insert("change", ChangeColumns, head, StartVersion.Epoch, StartVersion.Revision + 1, change.Type, change.Id,
            removal is null ? "upsert" : "remove", removal?.Reason, removal?.MergedInto, removal?.RedactionReason, timestamp, actor);
    }

    /// <summary>
    /// Resolves references, checks the constraints and updates the head of the feed; the caller then commits. Throws
    /// <see cref="ConstraintViolationException"/> and <see cref="StillReferencedException"/>.
    /// </summary>
    public async Task<WriteResult> Complete()
    {
        if (head > StartVersion.Revision)
            await referenceWriter.ResolveAll();
        statements.CompleteBulkLoad();
        if (head > StartVersion.Revision)
        {
            await provinceDateChecker.ReportViolations();
            await cycleChecker.ReportViolations();
            await linkedRecordsChecker.ReportViolations();
            consistencyChecker.ReportViolations();
        }
        violations.ThrowIfAny();
        textDirectiveWriter.WriteAll();
        if (head > StartVersion.Revision)
        {
            foreach (var (removal, removedRowId) in removals)
                await referenceWriter.EnsureUnreferenced(removedRowId, removal);
            if (head - StartVersion.Revision >= maxRowId / OptimizeFraction)
                searchIndexWriter.Optimize();
            await Connection.ExecuteAsync("UPDATE store_version SET head = @head", new { head });
        }
        return new(createdCount, replacedCount, new(StartVersion.Epoch, head, StartVersion.CompactedThrough, textVersion))
        {
            LastRecord = lastRecord,
        };
    }

    public void Dispose() => statements.Dispose();

    // A bitmap of skipped row ids detects a record that occurs twice in one bundle; it is small, because row ids are dense. Changed records
    // are recognized by their new revision.
    private void Skip(StoredRecord storedRecord)
    {
        if (storedRecord.RowId >= skippedRows.Length)
            skippedRows.Length = checked((int)Math.Max(storedRecord.RowId + 1, 2L * skippedRows.Length));
        skippedRows[(int)storedRecord.RowId] = true;
        lastRecord = storedRecord;
    }

    private bool WasSkipped(long rowId) => rowId < skippedRows.Length && skippedRows[(int)rowId];

    private void WriteDerivedRows(long rowId, RecordUpsert upsert, bool isReplacement)
    {
        foreach (var (table, rows) in upsert.Rows)
        {
            if (isReplacement)
                DeleteRows(table, rowId);
            foreach (var row in rows)
                InsertRow(table, row, rowId, upsert.Id);
        }
        if (isReplacement)
            textDirectiveWriter.Remove(rowId);
        referenceWriter.Replace(rowId, upsert, isReplacement);
        searchIndexWriter.Upsert(rowId, upsert, isReplacement);
    }

    private void InsertRow(string table, (string Column, SqlValue Value)[] row, long rowId, string id)
    {
        if (!insertStatements.TryGetValue(table, out var insert))
        {
            string[] columns = [.. row.Select(cell => cell.Column)];
            insertStatements[table] = insert = ($"row_id, id, {string.Join(", ", columns)}", columns, new SqlValue[2 + columns.Length]);
        }
        if (!row.Select(cell => cell.Column).SequenceEqual(insert.Columns))
            throw new ArgumentException($"All rows of {table} must have the same columns.", nameof(row));
        (insert.Values[0], insert.Values[1]) = (rowId, id);
        for (var i = 0; i < row.Length; i++)
            insert.Values[2 + i] = row[i].Value;
        statements.Insert(table, insert.ColumnList, insert.Values);
    }

    private void DeleteRows(string table, long rowId) => statements.Execute($"DELETE FROM {table} WHERE row_id = @row_id", rowId);
}
