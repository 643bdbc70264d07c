using System.Buffers;
using System.Data.Common;
using System.Text.Json;
using CooperationApi.Contracts;
using CooperationApi.Storage;
using Dapper;

namespace CooperationApi.Features.Changes;

/// <summary>Reads the feed of all changes: every page costs the same, wherever it stands.</summary>
internal sealed class ChangeFeed(Database database)
{
    // What is looked at for a page at most: where few changes fit the filter, it has few.
    private const int MaxScanned = 5000, MaxPageBytes = 4 << 20;

    /// <summary>The page behind a cursor; without one, the first of what is kept. Throws what makes the cursor useless.</summary>
    public Task<FeedPage> ReadPage(FeedFilter filter, FeedCursor? cursor, int limit, CancellationToken cancel) => database.Read(async connection =>
    {
        var version = await Database.ReadVersion(connection);
        var compactedThrough = version.CompactedThrough;
        var start = cursor?.EnsureUsable(version) ?? new(version.Epoch, 0, CompactedThrough: compactedThrough);
        var endRevision = start.EndRevision > 0 ? start.EndRevision : version.Revision;
        var page = new PageBuilder(limit);
        await using (var rows = await connection.ExecuteReaderAsync(
            $"""
            SELECT seq, transaction_start, op, type, id, reason, into_id, at, body, hash FROM state
            WHERE seq > @Position AND seq <= @endRevision ORDER BY seq LIMIT {MaxScanned + 1}
            """, new { start.Position, endRevision }))
        {
            while (await rows.ReadAsync(cancel))
            {
                var row = FeedRow.ReadFrom(rows);
                // What lies before the horizon is one state, told in many rows, some of which are gone.
                if (!page.TryEnter(row.Revision, row.Revision <= compactedThrough ? 0 : row.TransactionStart))
                    break;
                if (filter.IncludesType(row.Type) && await Render(connection, filter, row, compactedThrough) is { } change)
                    page.Add(change);
            }
        }
        var (lastRevision, endsInTransaction) = page.Complete(endRevision, start.Position);
        return new FeedPage(page.Changes, start with { Position = lastRevision, EndRevision = lastRevision < endRevision ? endRevision : 0 }, endsInTransaction, version) { EndRevision = endRevision };
    }, cancel);

    /// <summary>The change as it is told to who follows the filter; null if it isn't.</summary>
    private static async Task<byte[]?> Render(DbConnection connection, FeedFilter filter, FeedRow row, long compactedThrough)
    {
        if (row.Op == "remove")
        {
            // Who begins at the horizon has nothing of what was gone by then.
            return row.Revision > compactedThrough && await WasVisible(connection, filter, row) ? row.ToJson() : null;
        }
        // What a redaction took out of the past is as if it had never been: that the record is gone is told at its own place.
        if (row.Body is null)
            return null;
        // Before it is looked into: a damaged record might seem to be none that is followed.
        var body = RecordHash.Verify(row.Id, row.Body, row.Hash);
        if (filter.Matches(row.Type, body))
            return row.ToJson();
        return await WasVisible(connection, filter, row) ? (row with { Op = "remove", Reason = "filter", Body = null }).ToJson() : null;
    }

    /// <summary>Whether the state of a record right before a change was followed, or may have been.</summary>
    private static async Task<bool> WasVisible(DbConnection connection, FeedFilter filter, FeedRow row)
    {
        if (!filter.DependsOnContent)
            return true;
        var previous = await connection.QuerySingleOrDefaultAsync<(string Op, byte[]? Body)?>(
            "SELECT op, CAST(body AS BLOB) FROM state WHERE type = @Type AND id = @Id AND seq < @Revision ORDER BY seq DESC LIMIT 1", new { row.Type, row.Id, row.Revision });
        return previous is { Op: "upsert" } previousChange && (previousChange.Body is null || filter.Matches(row.Type, RecordHash.Verify(row.Id, previousChange.Body, hash: null)));
    }

    /// <summary>Gathers a page: up to so many changes, and if possible to the end of a transaction.</summary>
    private sealed class PageBuilder(int limit)
    {
        private readonly List<byte[]> changes = [];
        private int scannedCount, completeCount;
        private long lastRevision, currentTransaction, completeThrough, byteCount;
        private bool isFull;

        public IReadOnlyList<byte[]> Changes => changes;

        /// <summary>Goes on to a change of a transaction; false if the page has no room for another.</summary>
        public bool TryEnter(long revision, long transactionStart)
        {
            if (lastRevision > 0 && transactionStart != currentTransaction)
                (completeCount, completeThrough) = (changes.Count, lastRevision);
            isFull = scannedCount == MaxScanned || changes.Count >= limit || byteCount >= MaxPageBytes;
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

        /// <summary>The number up to which the page goes, and whether that is amid a transaction.</summary>
        public (long Number, bool IsOpen) Complete(long endRevision, long startPosition)
        {
            if (!isFull)
                return (endRevision, false);
            if (completeThrough == lastRevision)
                return (lastRevision, false);
            // Amid a transaction: back to where it began, unless that is all there is. One of which nothing has been told yet may begin on the next page.
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

    /// <summary>A row of the feed.</summary>
    private sealed record FeedRow(long Revision, long TransactionStart, string Op, string Type, string Id)
    {
        public string? Reason { get; init; }

        public string? Into { get; init; }

        public required string At { get; init; }

        public byte[]? Body { get; init; }

        /// <summary>Of a record that still stands so, the hash that it was written with.</summary>
        public string? Hash { get; init; }

        public static FeedRow ReadFrom(DbDataReader reader) => new(reader.GetInt64(0), reader.GetInt64(1), reader.GetString(2), reader.GetString(3), reader.GetString(4))
        {
            Reason = reader.IsDBNull(5) ? null : reader.GetString(5),
            Into = reader.IsDBNull(6) ? null : reader.GetString(6),
            At = reader.GetString(7),
            Body = reader.IsDBNull(8) ? null : reader.GetFieldValue<byte[]>(8),
            Hash = reader.IsDBNull(9) ? null : reader.GetString(9),
        };

        /// <summary>The change as <see cref="Change"/> has it, with the record's JSON as it stands.</summary>
        public byte[] ToJson()
        {
            var json = new ArrayBufferWriter<byte>(512 + (Body?.Length ?? 0));
            using (var writer = new Utf8JsonWriter(json, new() { Encoder = ApiJson.Options.Encoder, SkipValidation = true }))
            {
                writer.WriteStartObject();
                writer.WriteNumber("revision", Revision);
                writer.WriteString("at", At);
                writer.WriteString("op", Op);
                if (Reason is not null)
                    writer.WriteString("reason", Reason);
                if (Into is not null)
                    writer.WriteString("into", Into);
                writer.WriteString("type", Type);
                writer.WriteString("id", Id);
                if (Body is not null)
                {
                    writer.WriteString("hash", Hash ?? RecordHash.Compute(Body));
                    writer.WritePropertyName("data");
                    writer.WriteRawValue(Body, skipInputValidation: true);
                }
                writer.WriteEndObject();
            }
            return json.WrittenSpan.ToArray();
        }
    }
}
