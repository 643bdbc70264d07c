using System.Text.Json;
using System.Text.Json.Nodes;
using CooperationApi.Contracts;
using CooperationApi.Formats;
using CooperationApi.Formats.Readable;
using CooperationApi.Http;
using CooperationApi.Resources;
using CooperationApi.Storage;

namespace CooperationApi.Features.Search;

/// <summary>`GET /v1/search`: full-text search in the records of all types.</summary>
internal sealed class SearchEndpoints(
    Database database, SearchReader reader, SearchQueries queries, ResourceCatalog catalog, SeedData seedData)
{
    private static readonly IReadOnlyList<ReadableColumn<SearchHit>> ReadableColumns =
    [
        new("title", "Title", "Tiêu đề", 40, (hit, _) => hit.Title),
        new("type", "Type", "Loại", 16, (hit, format) => format.GetTypeName(hit.Type)),
        new("snippet", "Passage", "Đoạn trích", 46, (hit, _) => hit.Snippet.Text),
        new("citation", "Evidence", "Dẫn chứng", 34, (hit, format) => hit.Citation is null ? null : format.FormatQuote(hit.Citation)),
        new("id,link", "Id", "Mã", 20, (hit, _) => hit.Id),
    ];

    /// <summary>Describes the route.</summary>
    public OperationDescription DescribeSearch() => new("searchRecords", "search", "Search records.",
        "Searches the texts of all records and the quotes of their citations. The search ignores case, tones and diacritics and treats đ "
        + "as d, but matches with the same diacritics rank first. A record must match all words. Words in \"quotes\" match as a phrase, "
        + "and the last word can be a prefix. Outside of quotes, a province need not match `tỉnh`, `thành phố`, `TP`, `T.P.`, `province` "
        + "(`of`) and `city` (`of`), if there are other words. The search text has no other syntax, so every text is valid. Aliases, "
        + "former names and ISO codes of provinces are names. Records are ordered by these criteria: the title equals the search text, "
        + "another name equals it, the diacritics are the same, the words are in names, BM25 (without inverse document frequency), id.")
    {
        ResponseType = typeof(SearchPage),
        Example = ("SearchPage", CreateExample),
        GetParameters = () => reader.Parameters,
        IsPage = true,
        SupportsFileFormats = true,
    };

    /// <summary>Returns a page of search hits, or all hits as a file.</summary>
    public async Task<ReadResponse> Search(HttpContext context)
    {
        var version = database.Version;
        var query = reader.ParseQuery(context.Request);
        if (query.Format != FileFormat.Json)
        {
            var table = new ItemTable<SearchHit>("search", query.Format, ReadableColumns,
                ContentNegotiation.SelectLanguage(context.Request));
            return FileResponse.Create(context, version.Token, query.Format, table.CreateSource("search", (consume, cancel) =>
                queries.ReadAll(query,
                    (candidate, record) => table.CreateRow(candidate.Id, reader.CreateHit(candidate, record, query.Terms)),
                    consume, cancel)));
        }
        if (ReadResponse.NotModifiedIfMatches(context.Request, version.Token) is { } notModified)
            return notModified;
        return await database.Read(async connection =>
        {
            var page = await reader.ReadPage(connection, query, context.RequestAborted);
            return ReadResponse.FromJson((await Database.ReadVersion(connection)).Token, page) with
            {
                NextPageUrl = QueryValues.WithCursor(context.Request, page.Next),
            };
        }, context.RequestAborted);
    }

    /// <summary>Returns a page with the example of `results` as its only hit; null if there is no example.</summary>
    private JsonObject? CreateExample()
    {
        var resource = catalog["results"];
        if (seedData.GetExample(resource) is not { } json)
            return null;
        var record = resource.ParseStrict(JsonSerializer.SerializeToElement(json));
        var document = resource.ToUpsert(record).Search;
        var candidate =
            new SearchCandidate(RowId: 1, resource.Type, record.Id, document.TitleKey, document.Names, document.Texts);
        return JsonSerializer.SerializeToNode(new SearchPage
        {
            Items = [reader.CreateHit(candidate, record, SearchTerms.Parse(SearchTextParameter.ExampleText))],
            Revision = 1,
            Facets = [new TypeCount { Type = resource.Type, Count = 1 }],
            Ranking = "complete",
        }, ApiJson.Options)!.AsObject();
    }
}
