using System.Data.Common;
using System.Text.Json;
using System.Text.Json.Nodes;
using CooperationApi.Contracts;
using CooperationApi.Formats;
using CooperationApi.Http;
using CooperationApi.Queries;
using CooperationApi.Storage;
using Dapper;

namespace CooperationApi.Features.Records;

/// <summary>Reads the changes of a record with their actors and JSON Patches.</summary>
internal sealed class RevisionReader(Database database)
{
    // `former` is the previous change of the record. Its body is always archived; it is null after a removal.
    private const string RevisionsSql =
        """
        SELECT version.revision, version.changed_at, version.actor, version.op, version.reason, version.merged_into,
            version.redaction_reason, version.id, version.hash, CAST(version.body AS BLOB) AS body,
            former.archived_hash AS hash_before, CAST(former.archived_body AS BLOB) AS body_before,
            former.revision IS NULL AND version.revision <= (SELECT compacted_through FROM store_version) AS is_oldest_retained
        FROM record_version version LEFT JOIN change former ON former.revision = (
            SELECT max(revision) FROM change WHERE type = @type AND id = @id AND revision < version.revision)
        WHERE version.type = @type AND version.id = @id
        """;

    private const string CountSql = "SELECT count(*) FROM change WHERE type = @type AND id = @id";

    /// <summary>Returns the revision after which the page starts; null if the cursor is missing or invalid.</summary>
    public static long? ReadCursor(QueryValues values, string type, string id, bool isDescending) =>
        PageParameters.Cursor.Read<ValueTuple<long>>(values, CreateCursorScope(type, id, isDescending), position => position.Item1 > 0)
            ?.Item1;

    /// <summary>Throws 404 if no record with this id exists or existed.</summary>
    public static async Task<long> EnsureHasExisted(DbConnection connection, string type, string id) =>
        await connection.QuerySingleOrDefaultAsync<long?>(
            "SELECT revision FROM change WHERE type = @type AND id = @id ORDER BY revision LIMIT 1", new { type, id })
        ?? throw await Tombstone.CreateProblem(connection, type, id);

    /// <summary>Reads a page of revisions.</summary>
    public static async Task<Page<RecordRevision>> ReadPage(DbConnection connection, string type, string id, bool isDescending, int limit,
        long? startAfter, bool includeTotal, CancellationToken cancel)
    {
        var afterSql = startAfter is null ? "" : $"AND version.revision {(isDescending ? "<" : ">")} @startAfter";
        var rows = connection.StreamAsync<RevisionRow>($"{RevisionsSql} {afterSql} {OrderBySql(isDescending)} LIMIT @maxRows",
            new { type, id, startAfter, maxRows = limit + 1 });
        var (items, byteCount, next) = (new List<RecordRevision>(), 0L, (string?)null);
        await foreach (var row in rows.WithCancellation(cancel))
        {
            if (items.Count == limit || byteCount >= PageParameters.MaxMebibytes << 20)
            {
                next = PageCursor.Encode(CreateCursorScope(type, id, isDescending), items[^1].Revision);
                // The last row ends the query: leaving the loop would cancel the statement.
                if (items.Count == limit)
                    continue;
                break;
            }
            items.Add(row.ToRecordRevision());
            byteCount += (row.Body?.Length ?? 0) + (row.BodyBefore?.Length ?? 0);
        }
        return new()
        {
            Items = items,
            Next = next,
            Revision = (await Database.ReadVersion(connection)).Revision,
            Total = includeTotal ? await connection.QuerySingleAsync<long>(CountSql, new { type, id }) : null,
        };
    }

    /// <summary>Streams all revisions in one read transaction, one row at a time.</summary>
    public Task<long> StreamAll(string type, string id, bool isDescending, Func<RecordRevision, JsonRow> createRow,
        Func<RowStream, Task> consume, CancellationToken cancel) =>
        database.Read(async connection =>
        {
            var count = await connection.QuerySingleAsync<long>(CountSql, new { type, id });
            var rows = connection.StreamAsync<RevisionRow>($"{RevisionsSql} {OrderBySql(isDescending)}", new { type, id });
            await consume(new((await Database.ReadVersion(connection)).Token, count,
                rows.Select(row => createRow(row.ToRecordRevision()))));
            return count;
        }, cancel);

    private static string OrderBySql(bool isDescending) => $"ORDER BY version.revision {(isDescending ? "DESC" : "ASC")}";

    private static string CreateCursorScope(string type, string id, bool isDescending) => $"revisions\n{type}\n{id}\n{isDescending}";

    /// <summary>A change of the feed with the bodies before and after it.</summary>
    [method: ExplicitConstructor]
    private sealed record RevisionRow(long Revision, string ChangedAt, string Actor, string Op, string? Reason, string? MergedInto,
        string? RedactionReason, string Id, string? Hash, byte[]? Body, string? HashBefore, byte[]? BodyBefore,
        bool IsOldestRetained)
    {
        public RecordRevision ToRecordRevision() => new()
        {
            Revision = Revision,
            At = ChangedAt,
            Actor = Actor,
            Op = Op,
            Reason = Reason,
            Into = MergedInto,
            Note = RedactionReason,
            Redacted = Op == "upsert" && Body is null ? true : null,
            Oldest = IsOldestRetained ? true : null,
            Changes = Body is null
                ? []
                : BodyBefore is null
                    ? JsonDiff.Create(WithoutRevision(Body, Hash))
                    : JsonDiff.Compute(WithoutRevision(BodyBefore, HashBefore), WithoutRevision(Body, Hash)),
        };

        /// <summary>Verifies a body and returns its JSON without `revision`.</summary>
        private JsonElement WithoutRevision(byte[] body, string? hash)
        {
            var record = JsonNode.Parse(RecordHash.Verify(Id, body, hash))!.AsObject();
            record.Remove("revision");
            return JsonSerializer.SerializeToElement(record, ApiJson.Options);
        }
    }
}
