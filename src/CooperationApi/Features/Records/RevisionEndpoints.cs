using System.Text.Json;
using System.Text.Json.Nodes;
using CooperationApi.Contracts;
using CooperationApi.Formats;
using CooperationApi.Formats.Readable;
using CooperationApi.Http;
using CooperationApi.Queries;
using CooperationApi.Resources;
using CooperationApi.Storage;

namespace CooperationApi.Features.Records;

/// <summary>
/// `GET /v1/{type}/{id}/revisions`: all changes of a record with their actors and JSON Patches. Deleted records are included.
/// </summary>
internal sealed class RevisionEndpoints(Database database, RevisionReader reader)
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
        var startAfter = RevisionReader.ReadCursor(values, type, id, isDescending);
        var format = FormatParameters.Read(values);
        values.ThrowIfInvalid();
        await database.Read(connection => RevisionReader.EnsureHasExisted(connection, type, context.GetRecordId(type)),
            context.RequestAborted);
        if (format != FileFormat.Json)
        {
            var table = new ItemTable<RecordRevision>("revisions", format, ReadableColumns,
                ContentNegotiation.SelectLanguage(context.Request));
            return FileResponse.Create(context, version.Token, format, table.CreateSource($"revisions-{id}", (consume, cancel) =>
                reader.StreamAll(type, id, isDescending, revision => table.CreateRow(id, revision), consume, cancel)));
        }
        return await database.Read(async connection =>
        {
            var page = await RevisionReader.ReadPage(connection, type, id, isDescending, limit, startAfter, includeTotal,
                context.RequestAborted);
            return ReadResponse.FromJson((await Database.ReadVersion(connection)).Token, page) with
            {
                NextPageUrl = QueryValues.WithCursor(context.Request, page.Next),
            };
        }, context.RequestAborted);
    }

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
}
