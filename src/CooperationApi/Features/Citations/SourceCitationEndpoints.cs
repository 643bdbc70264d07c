using System.Text.Json.Nodes;
using CooperationApi.Contracts;
using CooperationApi.Formats;
using CooperationApi.Formats.Readable;
using CooperationApi.Http;
using CooperationApi.Queries;
using CooperationApi.Resources;
using CooperationApi.Storage;

namespace CooperationApi.Features.Citations;

/// <summary>`GET /v1/sources/{id}/citations`: all citations of a source with their records.</summary>
internal sealed class SourceCitationEndpoints(Database database, SourceCitationReader reader, ResourceCatalog catalog, SeedData seedData)
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
        var startAfter = reader.ReadCursor(values, id);
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
                (consume, cancel) => reader.ReadAll(id, item => table.CreateRow(item.Id, item), consume, cancel)));
        }
        return await database.Read(async connection =>
        {
            var page = await reader.ReadPage(connection, id, limit, startAfter, includeTotal, context.RequestAborted);
            return ReadResponse.FromJson((await Database.ReadVersion(connection)).Token, page) with
            {
                NextPageUrl = QueryValues.WithCursor(context.Request, page.Next),
            };
        }, context.RequestAborted);
    }

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
