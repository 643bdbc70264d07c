using System.Text.Json;
using System.Text.Json.Nodes;
using CooperationApi.Contracts;
using CooperationApi.Formats;
using CooperationApi.Formats.Readable;
using CooperationApi.Http;
using CooperationApi.Queries;
using CooperationApi.Resources;
using CooperationApi.Storage;
using Dapper;

namespace CooperationApi.Features.Records;

/// <summary>
/// `GET /v1/{type}/{id}/revisions`: all changes of a record with their actors and JSON Patches. Deleted records are included.
/// </summary>
internal sealed class RevisionEndpoints(Database database)
{
    private static readonly EnumParameter Sort = new("sort",
        "Sort order: `-revision` (newest first, the default) or `revision` (oldest first).",
        "-revision", ["-revision", "revision"], "-revision")
    { IsScopedToOwner = true };

    private static readonly IReadOnlyList<QueryParameter> Parameters =
        [Sort, PageParameters.Limit, PageParameters.Cursor, PageParameters.Total, FormatParameters.Format, FormatParameters.Profile];

    private static readonly IReadOnlyList<ReadableColumn<RecordRevision>> ReadableColumns =
    [
        new("at", "Time", "Thời điểm", 16, (revision, format) => format.FormatTime(revision.At)),
        new("actor", "Changed by", "Người thực hiện", 24, (revision, _) => revision.Actor),
        new("op,reason,into,note,redacted,oldest", "Operation", "Thao tác", 24, FormatOperation),
        new("changes", "Changes", "Nội dung thay đổi", 70,
            (revision, _) => ReadableFormatter.JoinLines(revision.Changes.Select(FormatChange))),
        new("revision", "Revision", "Phiên bản", 10, (revision, format) => format.FormatNumber(revision.Revision)),
    ];

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

    /// <summary>Describes the route of a resource.</summary>
    public static OperationDescription Describe(Resource resource) =>
        new($"list{OperationDescription.ToPascalCase(resource.Singular)}Revisions", resource.Type,
            $"List revisions of {EnglishNoun.WithArticle(resource.Singular)}.",
            "Returns all changes of the record, newest first by default, each with its revision, time, actor and JSON Patch. Deleted and "
            + "merged records keep their history.")
        {
            ResponseType = typeof(Page<RecordRevision>),
            Example = ("RecordRevisionPage", CreateExample),
            ComponentPrefix = "revisions",
            GetParameters = () => Parameters,
            PathParameters = [PathParameter.RecordId(resource.Example)],
            IsPage = true,
            SupportsFileFormats = true,
        };

    /// <summary>Returns a page of revisions, or all revisions as a file.</summary>
    public async Task<ReadResponse> List(HttpContext context, string type)
    {
        var (id, version) = (context.GetPathParameter(PathParameter.RecordIdName), database.Version);
        var values = QueryValues.Parse(context.Request, Parameters);
        var isDescending = Sort.Read(values) == "-revision";
        var (limit, includeTotal) = (PageParameters.Limit.Read(values), PageParameters.Total.Read(values));
        var cursorScope = $"revisions\n{type}\n{id}\n{isDescending}";
        var startAfter = PageParameters.Cursor.Read<ValueTuple<long>>(values, cursorScope, position => position.Item1 > 0);
        var format = FormatParameters.Read(values);
        values.ThrowIfInvalid();
        await EnsureHasExisted(type, context.GetRecordId(type), context.RequestAborted);
        if (format != FileFormat.Json)
        {
            var table = new ItemTable<RecordRevision>("revisions", format, ReadableColumns,
                ContentNegotiation.SelectLanguage(context.Request));
            return FileResponse.Create(context, version.Token, format, table.CreateSource($"revisions-{id}", (consume, cancel) =>
                StreamAll(type, id, isDescending, revision => table.CreateRow(id, revision), consume, cancel)));
        }
        return await database.Read(async connection =>
        {
            var afterSql = startAfter is null ? "" : $"AND version.revision {(isDescending ? "<" : ">")} @afterRevision";
            var rows = connection.StreamAsync<RevisionRow>($"{RevisionsSql} {afterSql} {OrderBySql(isDescending)} LIMIT @maxRows",
                new { type, id, afterRevision = startAfter?.Item1, maxRows = limit + 1 });
            var (items, byteCount, next) = (new List<RecordRevision>(), 0L, (string?)null);
            await foreach (var row in rows.WithCancellation(context.RequestAborted))
            {
                if (items.Count == limit || byteCount >= PageParameters.MaxMebibytes << 20)
                {
                    next = PageCursor.Encode(cursorScope, items[^1].Revision);
                    // The last row ends the query: leaving the loop would cancel the statement.
                    if (items.Count == limit)
                        continue;
                    break;
                }
                items.Add(row.ToRecordRevision());
                byteCount += (row.Body?.Length ?? 0) + (row.BodyBefore?.Length ?? 0);
            }
            var pageVersion = await Database.ReadVersion(connection);
            return ReadResponse.FromJson(pageVersion.Token, new Page<RecordRevision>
            {
                Items = items,
                Next = next,
                Revision = pageVersion.Revision,
                Total = includeTotal ? await connection.QuerySingleAsync<long>(CountSql, new { type, id }) : null,
            }) with
            {
                NextPageUrl = QueryValues.WithCursor(context.Request, next),
            };
        }, context.RequestAborted);
    }

    /// <summary>Throws 404 if no record with this id exists or existed.</summary>
    private Task<long> EnsureHasExisted(string type, string id, CancellationToken cancel) => database.Read(async connection =>
        await connection.QuerySingleOrDefaultAsync<long?>(
            "SELECT revision FROM change WHERE type = @type AND id = @id ORDER BY revision LIMIT 1", new { type, id })
        ?? throw await Tombstone.CreateProblem(connection, type, id), cancel);

    /// <summary>Streams all revisions in one read transaction, one row at a time.</summary>
    private Task<long> StreamAll(string type, string id, bool isDescending, Func<RecordRevision, JsonRow> createRow,
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

    private static LinkedText FormatOperation(RecordRevision revision, ReadableFormatter format) => ReadableFormatter.JoinLines(
        revision.Reason switch
        {
            "deleted" => format.Select("Xóa", "Deleted"),
            "merged" => format.AddCaption("Merged into", "Hợp nhất vào", revision.Into),
            "redacted" => format.Select("Xóa vĩnh viễn", "Redacted"),
            _ => format.Select("Ghi", "Written"),
        },
        revision.Note,
        revision.Redacted == true ? format.Select("nội dung đã xóa vĩnh viễn", "content redacted") : null,
        revision.Oldest == true ? format.Select("cũ nhất còn lưu", "oldest retained") : null);

    /// <summary>Formats an operation of a patch: `replace /title: "Hội nghị"`.</summary>
    private static string FormatChange(PatchOperation change) =>
        $"{change.Op} {change.Path}" + (change.Value is { } value ? $": {JsonSerializer.Serialize(value, ApiJson.Options)}" : "");

    private static JsonNode? CreateExample() => JsonSerializer.SerializeToNode(new Page<RecordRevision>
    {
        Items =
        [
            new()
            {
                Revision = 204,
                At = "2026-11-22T08:00:00.000Z",
                Actor = "Sở Nội vụ Hưng Yên (k3j9x2ab)",
                Op = "upsert",
                Changes = [new() { Op = "replace", Path = "/name", Value = JsonSerializer.SerializeToElement("Tỉnh ủy Thái Bình") }],
            },
        ],
        Revision = 204,
        Total = 2,
    }, ApiJson.Options);

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
