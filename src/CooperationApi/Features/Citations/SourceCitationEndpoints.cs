using System.Data.Common;
using System.Text.Json.Nodes;
using CooperationApi.Contracts;
using CooperationApi.Formats;
using CooperationApi.Formats.Readable;
using CooperationApi.Http;
using CooperationApi.Queries;
using CooperationApi.Resources;
using CooperationApi.Storage;
using CooperationApi.Text;
using Dapper;

namespace CooperationApi.Features.Citations;

/// <summary>`GET /v1/sources/{id}/citations`: all citations of a source with their records. The `verify` command uses them too.</summary>
internal sealed class SourceCitationEndpoints(Database database, ResourceCatalog catalog, SeedData seedData)
{
    private static readonly IReadOnlyList<QueryParameter> Parameters =
        [PageParameters.Limit, PageParameters.Cursor, PageParameters.Total, FormatParameters.Format, FormatParameters.Profile];

    private static readonly IReadOnlyList<ReadableColumn<SourceCitation>> ReadableColumns =
    [
        new("title", "Record", "Bản ghi", 44, (item, _) => item.Title),
        new("type", "Type", "Loại", 16, (item, format) => format.GetTypeName(item.Type)),
        new("citation", "Evidence", "Dẫn chứng", 50, (item, format) => format.FormatQuote(item.Citation)),
        new("link", "Link", "Liên kết", 5, (item, _) => new(null, item.Link)),
        new("citation", "Note", "Ghi chú", 26, (item, _) => item.Citation.Note),
        new("id,ordinal", "Id", "Mã", 18, (item, _) => item.Id),
    ];

    private const string CitingSql =
        """
        reference.target_row_id = (SELECT record.row_id FROM record WHERE record.type = 'sources' AND record.id = @sourceId)
        AND reference.member_id IN (SELECT member.member_id FROM member WHERE member.name = 'citations[].sourceId')
        """;

    private const string CountSql = $"SELECT count(*) FROM reference WHERE {CitingSql}";

    private const string RowsSql =
        $"""
        SELECT member.type, reference.row_id, reference.ordinal, record.id, record.hash, CAST(record.body AS BLOB) AS body,
            text_directive.directive
        FROM member CROSS JOIN reference CROSS JOIN record
        LEFT JOIN text_directive ON text_directive.row_id = reference.row_id AND text_directive.ordinal = reference.ordinal
        WHERE {CitingSql} AND reference.member_id = member.member_id AND record.row_id = reference.row_id
        """;

    private const string OrderSql = "ORDER BY member.type, reference.row_id, reference.ordinal";

    /// <summary>
    /// Passes each citation of a source to <paramref name="visit"/>, with the row id of its record, in one read transaction. Throws 404 if
    /// the source does not exist.
    /// </summary>
    public Task VisitAll(string sourceId, Action<long, SourceCitation> visit, CancellationToken cancel) =>
        database.Read(async connection =>
        {
            var url = await FindUrl(connection, sourceId);
            await foreach (var row in connection.StreamAsync<CitingRow>($"{RowsSql} {OrderSql}", new { sourceId }))
                visit(row.RowId, ToSourceCitation(row, url));
            return true;
        }, cancel);

    /// <summary>Streams all citations of a source in one read transaction, one row at a time.</summary>
    private Task<long> ReadAll(string sourceId, Func<SourceCitation, JsonRow> createRow, Func<RowStream, Task> consume,
        CancellationToken cancel) =>
        database.Read(async connection =>
        {
            var url = await FindUrl(connection, sourceId);
            var count = await connection.QuerySingleAsync<long>(CountSql, new { sourceId });
            var rows = connection.StreamAsync<CitingRow>($"{RowsSql} {OrderSql}", new { sourceId });
            await consume(new((await Database.ReadVersion(connection)).Token, count,
                rows.Select(row => createRow(ToSourceCitation(row, url)))));
            return count;
        }, cancel);

    /// <summary>Describes the route.</summary>
    public OperationDescription Describe() => new("listSourceCitations", ResourceTypes.Sources, "List citations of a source.",
        "Returns each citation of the source with its record, ordered by record type, then by creation of the record.")
    {
        ResponseType = typeof(Page<SourceCitation>),
        Example = ("SourceCitationPage", () => CreateExample(seedData, catalog["agreements"])),
        GetParameters = () => Parameters,
        PathParameters = [PathParameter.RecordId(catalog[ResourceTypes.Sources].Example)],
        OtherStatuses = [308, 410],
        IsPage = true,
        SupportsFileFormats = true,
    };

    /// <summary>Returns a page of citations, or all citations as a file.</summary>
    public async Task<ReadResponse> List(HttpContext context)
    {
        var (id, versionToken) = (context.GetPathParameter(PathParameter.RecordIdName), database.Version.Token);
        var values = QueryValues.Parse(context.Request, Parameters);
        var (limit, includeTotal) = (PageParameters.Limit.Read(values), PageParameters.Total.Read(values));
        var cursorScope = $"citations\n{id}";
        var startAfter = PageParameters.Cursor.Read<(string Type, long RowId, long Ordinal)>(values, cursorScope,
            position => catalog.Types.Contains(position.Type) && position.RowId > 0 && position.Ordinal is >= 0 and <= int.MaxValue);
        var format = FormatParameters.Read(values);
        values.ThrowIfInvalid();
        if (await database.Read(connection => MergeRedirect.Find(connection, context.Request, ResourceTypes.Sources, id),
            context.RequestAborted) is { } redirect)
            return redirect;
        if (format != FileFormat.Json)
        {
            var table = new ItemTable<SourceCitation>("citations", format, ReadableColumns,
                ContentNegotiation.SelectLanguage(context.Request));
            return FileResponse.Create(context, versionToken, format, table.CreateSource($"citations-{id}",
                (consume, cancel) => ReadAll(id, item => table.CreateRow(item.Id, item), consume, cancel)));
        }
        return await database.Read(async connection =>
        {
            var url = await FindUrl(connection, id);
            var parameters = new DynamicParameters(new { sourceId = id, rows = limit + 1 });
            var afterSql = "";
            if (startAfter is var (type, rowId, ordinal))
            {
                afterSql = "AND (member.type, reference.row_id, reference.ordinal) > (@type, @rowId, @ordinal)";
                parameters.AddDynamicParams(new { type, rowId, ordinal });
            }
            var rows = (await connection.QueryAsync<CitingRow>($"{RowsSql} {afterSql} {OrderSql} LIMIT @rows", parameters)).AsList();
            var page = rows.Take(limit).ToList();
            var next = rows.Count > limit ? PageCursor.Encode(cursorScope, page[^1].Type, page[^1].RowId, page[^1].Ordinal) : null;
            var version = await Database.ReadVersion(connection);
            return ReadResponse.FromJson(version.Token, new Page<SourceCitation>
            {
                Items = [.. page.WithCancellation(context.RequestAborted).Select(row => ToSourceCitation(row, url))],
                Next = next,
                Revision = version.Revision,
                Total = includeTotal ? await connection.QuerySingleAsync<long>(CountSql, new { sourceId = id }) : null,
            }) with
            {
                NextPageUrl = QueryValues.WithCursor(context.Request, next),
            };
        }, context.RequestAborted);
    }

    /// <summary>
    /// Returns the URL of a source; null if it has none. Throws 404 if the source does not exist, and 410 if it was removed.
    /// </summary>
    private async Task<string?> FindUrl(DbConnection connection, string sourceId) =>
        await Database.FindRecord(connection, ResourceTypes.Sources, sourceId) is { } record
            ? ((Source)catalog[ResourceTypes.Sources].Deserialize(record.Body)).Url
            : throw await Tombstone.CreateProblem(connection, ResourceTypes.Sources, sourceId);

    private SourceCitation ToSourceCitation(CitingRow row, string? sourceUrl)
    {
        var resource = catalog[row.Type];
        var record = resource.Deserialize(RecordHash.Verify(row.Id, row.Body, row.Hash));
        var citation = ((CitedRecord)record).Citations[row.Ordinal];
        return new()
        {
            Type = row.Type,
            Id = row.Id,
            Title = resource.GetTitle(record),
            Ordinal = row.Ordinal,
            Citation = citation,
            Link = TextDirective.CreateLink(sourceUrl, citation.Quote, row.Directive),
        };
    }

    /// <summary>A reference to a source from a citation, with its record.</summary>
    [method: ExplicitConstructor]
    private sealed record CitingRow(string Type, long RowId, int Ordinal, string Id, string Hash, byte[] Body,
        string? Directive);

    private static JsonObject CreateExample(SeedData seedData, Resource resource)
    {
        var record = seedData.GetExample(resource)!;
        return new()
        {
            ["items"] = new JsonArray(new JsonObject
            {
                ["type"] = resource.Type,
                ["id"] = record["id"]!.DeepClone(),
                ["title"] = record["title"]!.DeepClone(),
                ["ordinal"] = 0,
                ["citation"] = record["citations"]![0]!.DeepClone(),
            }),
            ["revision"] = 1,
            ["total"] = 1,
        };
    }
}
