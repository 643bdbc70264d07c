using System.Buffers;
using System.Data.Common;
using System.Text.Json;
using CooperationApi.Contracts;
using CooperationApi.Storage;
using Dapper;

namespace CooperationApi.Changes;

/// <summary>A page of the feed: its changes as JSON, where to go on, and whether it ends amid a transaction.</summary>
internal sealed record FeedPage(IReadOnlyList<byte[]> Changes, FeedCursor Next, bool IsOpen, Mark Mark)
{
    /// <summary>Up to which number the run goes.</summary>
    public required long End { get; init; }

    /// <summary>Whether the run goes on.</summary>
    public bool HasMore => Next.End > 0;
}

/// <summary>Reads the feed of all changes: every page costs the same, wherever it stands.</summary>
internal sealed class Feed(Database database)
{
    // What is looked at for a page at most: where few changes fit the filter, it has few.
    private const int MostLookedAt = 5000, MostBytes = 4 << 20;

    /// <summary>The page behind a cursor; without one, the first of what is kept. Throws what makes the cursor useless.</summary>
    public Task<FeedPage> Read(FeedFilter filter, FeedCursor? from, int limit, CancellationToken cancel) => database.Read(async connection =>
    {
        var mark = await Database.MarkOf(connection);
        var horizon = mark.Horizon;
        var after = from?.Demand(mark) ?? new(mark.Epoch, 0, Horizon: horizon);
        var end = after.End > 0 ? after.End : mark.Revision;
        var page = new Page(limit);
        await using (var rows = await connection.ExecuteReaderAsync(
            $"""
            SELECT seq, transaction_start, op, type, id, reason, into_id, at, body, hash FROM state
            WHERE seq > @Number AND seq <= @end ORDER BY seq LIMIT {MostLookedAt + 1}
            """, new { after.Number, end }))
        {
            while (await rows.ReadAsync(cancel))
            {
                var row = Row.Of(rows);
                // What lies before the horizon is one state, told in many rows, some of which are gone.
                if (!page.Begins(row.Number, row.Number <= horizon ? 0 : row.TransactionStart))
                    break;
                if (filter.Has(row.Type) && await Told(connection, filter, row, horizon) is { } change)
                    page.Add(change);
            }
        }
        var (number, isOpen) = page.Close(end, after.Number);
        return new FeedPage(page.Changes, after with { Number = number, End = number < end ? end : 0 }, isOpen, mark) { End = end };
    }, cancel);

    /// <summary>The change as it is told to who follows the filter; null if it isn't.</summary>
    private static async Task<byte[]?> Told(DbConnection connection, FeedFilter filter, Row row, long horizon)
    {
        if (row.Op == "remove")
        {
            // Who begins at the horizon has nothing of what was gone by then.
            return row.Number > horizon && await WasFollowed(connection, filter, row) ? row.ToJson() : null;
        }
        // What a redaction took out of the past is as if it had never been: that the record is gone is told at its own place.
        if (row.Body is null)
            return null;
        // Before it is looked into: a damaged record might seem to be none that is followed.
        var body = BodyHash.Checked(row.Id, row.Body, row.Hash);
        if (filter.Fits(row.Type, body))
            return row.ToJson();
        return await WasFollowed(connection, filter, row) ? (row with { Op = "remove", Reason = "filter", Body = null }).ToJson() : null;
    }

    /// <summary>Whether the state of a record right before a change was followed, or may have been.</summary>
    private static async Task<bool> WasFollowed(DbConnection connection, FeedFilter filter, Row row)
    {
        if (!filter.LooksInside)
            return true;
        var before = await connection.QuerySingleOrDefaultAsync<(string Op, byte[]? Body)?>(
            "SELECT op, CAST(body AS BLOB) FROM state WHERE type = @Type AND id = @Id AND seq < @Number ORDER BY seq DESC LIMIT 1", new { row.Type, row.Id, row.Number });
        return before is { Op: "upsert" } state && (state.Body is null || filter.Fits(row.Type, BodyHash.Checked(row.Id, state.Body, hash: null)));
    }

    /// <summary>Gathers a page: up to so many changes, and if possible to the end of a transaction.</summary>
    private sealed class Page(int limit)
    {
        private readonly List<byte[]> changes = [];
        private int lookedAt, whole;
        private long last, transaction, wholeUpTo, bytes;
        private bool isFull;

        public IReadOnlyList<byte[]> Changes => changes;

        /// <summary>Goes on to a change of a transaction; false if the page has no room for another.</summary>
        public bool Begins(long number, long transactionStart)
        {
            if (last > 0 && transactionStart != transaction)
                (whole, wholeUpTo) = (changes.Count, last);
            isFull = lookedAt == MostLookedAt || changes.Count >= limit || bytes >= MostBytes;
            if (isFull)
                return false;
            (last, transaction) = (number, transactionStart);
            lookedAt++;
            return true;
        }

        public void Add(byte[] change)
        {
            changes.Add(change);
            bytes += change.Length;
        }

        /// <summary>The number up to which the page goes, and whether that is amid a transaction.</summary>
        public (long Number, bool IsOpen) Close(long end, long after)
        {
            if (!isFull)
                return (end, false);
            if (wholeUpTo == last)
                return (last, false);
            // Amid a transaction: back to where it began, unless that is all there is. One of which nothing has been told yet may begin on the next page.
            if (wholeUpTo > 0)
            {
                if (changes.Count == whole)
                    return (last, false);
                changes.RemoveRange(whole, changes.Count - whole);
                return (wholeUpTo, false);
            }
            return (last, changes.Count > 0 || transaction <= after);
        }
    }

    /// <summary>A row of the feed.</summary>
    private sealed record Row(long Number, long TransactionStart, string Op, string Type, string Id)
    {
        public string? Reason { get; init; }

        public string? Into { get; init; }

        public required string At { get; init; }

        public byte[]? Body { get; init; }

        /// <summary>Of a record that still stands so, the hash that it was written with.</summary>
        public string? Hash { get; init; }

        public static Row Of(DbDataReader row) => new(row.GetInt64(0), row.GetInt64(1), row.GetString(2), row.GetString(3), row.GetString(4))
        {
            Reason = row.IsDBNull(5) ? null : row.GetString(5),
            Into = row.IsDBNull(6) ? null : row.GetString(6),
            At = row.GetString(7),
            Body = row.IsDBNull(8) ? null : row.GetFieldValue<byte[]>(8),
            Hash = row.IsDBNull(9) ? null : row.GetString(9),
        };

        /// <summary>The change as <see cref="Change"/> has it, with the record's JSON as it stands.</summary>
        public byte[] ToJson()
        {
            var json = new ArrayBufferWriter<byte>(512 + (Body?.Length ?? 0));
            using (var writer = new Utf8JsonWriter(json, new() { Encoder = Wire.Json.Encoder, SkipValidation = true }))
            {
                writer.WriteStartObject();
                writer.WriteNumber("revision", Number);
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
                    writer.WriteString("hash", Hash ?? BodyHash.Of(Body));
                    writer.WritePropertyName("data");
                    writer.WriteRawValue(Body, skipInputValidation: true);
                }
                writer.WriteEndObject();
            }
            return json.WrittenSpan.ToArray();
        }
    }
}
