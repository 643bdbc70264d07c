using System.Buffers;
using System.Data.Common;
using System.Text.Json;
using CooperationApi.Contracts;
using CooperationApi.Storage;
using Dapper;

namespace CooperationApi.Features.Changes;

/// <summary>Reads pages of the change feed. The cost of a page does not depend on its position.</summary>
internal sealed class ChangeFeed(Database database)
{
    // Limits of one page: scanned rows, and bytes of JSON. A page has few changes if few of the scanned rows match the filter.
    private const int MaxScanned = 5000, MaxPageBytes = 4 << 20;

    // Rows per query for the latest changes. Queries end by themselves: on some engines, to cancel one takes as long as a page.
    private const int LatestBatch = 250;

    private const string PreviousColumnsSql =
        "previous.op AS previous_op, CAST(previous.body AS BLOB) AS previous_body, previous.hash AS previous_hash";

    private const string PreviousVersionSql =
        """
        LEFT JOIN record_version previous ON previous.revision =
        (SELECT max(earlier.revision) FROM change earlier WHERE earlier.type = version.type AND earlier.id = version.id
        AND earlier.revision < version.revision)
        """;

    /// <summary>Returns the page after a cursor; without a cursor, the first retained page. Throws 410 if the cursor is unusable.</summary>
    public Task<FeedPage> ReadPage(FeedFilter filter, FeedCursor? cursor, int limit, CancellationToken cancel) =>
        database.Read(async connection =>
        {
            var version = await Database.ReadVersion(connection);
            var compactedThrough = version.CompactedThrough;
            var start = cursor?.EnsureUsable(version) ?? new(version.Epoch, 0, CompactedThrough: compactedThrough);
            var endRevision = start.EndRevision > 0 ? start.EndRevision : version.Revision;
            // Without a filter, each row is a change, unless it was redacted.
            var page = new PageBuilder(limit, filter.IncludesAll ? limit : MaxScanned);
            var rows = connection.StreamAsync<FeedRow>(
                $"""
                {SelectSql(filter)}
                WHERE version.revision > @Position AND version.revision <= @endRevision
                ORDER BY version.revision LIMIT {page.MaxScanned + 1}
                """, new { start.Position, endRevision });
            await foreach (var row in rows.WithCancellation(cancel))
            {
                // Rows up to the compaction point are one logical transaction (changes between them were deleted).
                if (!page.TryEnter(row.Revision, row.Revision <= compactedThrough ? 0 : row.TransactionStart))
                {
                    // The last row ends the query: leaving the loop would cancel the statement.
                    if (page.HasScannedAll)
                        continue;
                    break;
                }
                if (filter.IncludesType(row.Type) && Render(filter, row, compactedThrough) is { } change)
                    page.Add(change);
            }
            var (lastRevision, endsInTransaction) = page.Complete(endRevision, start.Position);
            var next = start with { Position = lastRevision, EndRevision = lastRevision < endRevision ? endRevision : 0 };
            return new FeedPage(page.Changes, next, endsInTransaction, version, endRevision);
        }, cancel);

    /// <summary>
    /// Returns the latest changes that the filter includes, newest first, in the transaction of the connection. Older changes than the
    /// last rows that a page of the feed scans are not among them.
    /// </summary>
    public static async Task<IReadOnlyList<Change>> ReadLatest(DbConnection connection, FeedFilter filter, int limit,
        CancellationToken cancel)
    {
        var version = await Database.ReadVersion(connection);
        var changes = new List<Change>();
        var (before, hasMore) = (version.Revision + 1, true);
        for (var scannedCount = 0; hasMore && scannedCount < MaxScanned && changes.Count < limit; scannedCount += LatestBatch)
        {
            var rows = await connection.StreamAsync<FeedRow>(
                $"{SelectSql(filter)} WHERE version.revision < @before ORDER BY version.revision DESC LIMIT {LatestBatch}",
                new { before }).ToListAsync(cancel);
            hasMore = rows.Count == LatestBatch;
            before = hasMore ? rows[^1].Revision : 0;
            changes.AddRange(rows.Where(row => filter.IncludesType(row.Type))
                .Select(row => Render(filter, row, version.CompactedThrough)).OfType<byte[]>().Take(limit - changes.Count)
                .Select(json => JsonSerializer.Deserialize<Change>(json, ApiJson.Options)!));
        }
        return changes;
    }

    private static string SelectSql(FeedFilter filter) =>
        $"""
        SELECT version.revision, version.transaction_start, version.op, version.type, version.id, version.reason,
            version.merged_into, version.changed_at, CAST(version.body AS BLOB) AS body, version.hash,
            {(filter.DependsOnContent ? PreviousColumnsSql : "NULL AS previous_op, NULL AS previous_body, NULL AS previous_hash")}
        FROM record_version version {(filter.DependsOnContent ? PreviousVersionSql : "")}
        """;

    /// <summary>Returns the JSON of the change for a client with this filter; null if the filter excludes the change.</summary>
    private static byte[]? Render(FeedFilter filter, FeedRow row, long compactedThrough)
    {
        if (row.Op == "remove")
        {
            // A client that starts at the compaction point has no record that was removed up to this point.
            return row.Revision > compactedThrough && WasVisible(filter, row) ? row.ToJson() : null;
        }
        // A redaction deletes earlier bodies of the record. The removal of the record is a later row.
        if (row.Body is null)
            return null;
        // Verified before the filter: the filter could exclude a damaged body and hide the damage.
        var body = RecordHash.Verify(row.Id, row.Body, row.Hash);
        if (filter.Matches(row.Type, body))
            return row.ToJson();
        return WasVisible(filter, row) ? (row with { Op = "remove", Reason = "filter", Body = null }).ToJson() : null;
    }

    /// <summary>True if the previous version of the record matched the filter, or if its body is deleted and it may have matched.</summary>
    private static bool WasVisible(FeedFilter filter, FeedRow row) => !filter.DependsOnContent || (row.PreviousOp == "upsert"
        && (row.PreviousBody is null || filter.Matches(row.Type, RecordHash.Verify(row.Id, row.PreviousBody, row.PreviousHash))));

    /// <summary>Collects the changes of a page: at most <paramref name="limit"/>, up to the end of a transaction if possible.</summary>
    private sealed class PageBuilder(int limit, int maxScanned)
    {
        private readonly List<byte[]> changes = [];
        private int scannedCount, completeCount;
        private long lastRevision, currentTransaction, completeThrough, byteCount;
        private bool isFull;

        public IReadOnlyList<byte[]> Changes => changes;

        /// <summary>The maximum number of rows; the row after them shows that there is another page.</summary>
        public int MaxScanned => maxScanned;

        /// <summary>True if the page has the maximum number of rows.</summary>
        public bool HasScannedAll => scannedCount == maxScanned;

        /// <summary>Advances to the next row. Returns false if the page is full.</summary>
        public bool TryEnter(long revision, long transactionStart)
        {
            if (lastRevision > 0 && transactionStart != currentTransaction)
                (completeCount, completeThrough) = (changes.Count, lastRevision);
            isFull = scannedCount == maxScanned || changes.Count >= limit || byteCount >= MaxPageBytes;
            if (isFull)
                return false;
            (lastRevision, currentTransaction) = (revision, transactionStart);
            scannedCount++;
            return true;
        }

        public void Add(byte[] change)
        {
            changes.Add(change);
            byteCount += change.Length;
        }

        /// <summary>Returns the last revision of the page, and true if the page ends inside a transaction.</summary>
        public (long Revision, bool EndsInTransaction) Complete(long endRevision, long startPosition)
        {
            if (!isFull)
                return (endRevision, false);
            if (completeThrough == lastRevision)
                return (lastRevision, false);
            // The page is full inside a transaction. It is cut back to the end of the previous transaction, if there is one on the page.
            // If no change of the current transaction has been added yet, nothing is cut: its first change is then on a later page.
            if (completeThrough > 0)
            {
                if (changes.Count == completeCount)
                    return (lastRevision, false);
                changes.RemoveRange(completeCount, changes.Count - completeCount);
                return (completeThrough, false);
            }
            return (lastRevision, changes.Count > 0 || currentTransaction <= startPosition);
        }
    }

    /// <summary>A row of the feed. A removal, and a change whose body a redaction deleted, have no body and no hash.</summary>
    [method: ExplicitConstructor]
    private sealed record FeedRow(long Revision, long TransactionStart, string Op, string Type, string Id, string? Reason,
        string? MergedInto, string ChangedAt, byte[]? Body, string? Hash, string? PreviousOp, byte[]? PreviousBody,
        string? PreviousHash)
    {
        /// <summary>Serializes the row as a <see cref="Change"/>, with the stored bytes of the record as `data`.</summary>
        public byte[] ToJson()
        {
            var json = new ArrayBufferWriter<byte>(512 + (Body?.Length ?? 0));
            using (var writer = new Utf8JsonWriter(json, new() { Encoder = ApiJson.Options.Encoder, SkipValidation = true }))
            {
                writer.WriteStartObject();
                writer.WriteNumber("revision", Revision);
                writer.WriteString("at", ChangedAt);
                writer.WriteString("op", Op);
                if (Reason is not null)
                    writer.WriteString("reason", Reason);
                if (MergedInto is not null)
                    writer.WriteString("into", MergedInto);
                writer.WriteString("type", Type);
                writer.WriteString("id", Id);
                if (Body is not null)
                {
                    writer.WriteString("hash", Hash);
                    writer.WritePropertyName("data");
                    writer.WriteRawValue(Body, skipInputValidation: true);
                }
                writer.WriteEndObject();
            }
            return json.WrittenSpan.ToArray();
        }
    }
}
