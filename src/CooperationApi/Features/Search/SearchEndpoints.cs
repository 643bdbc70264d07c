using System.Text.Json;
using System.Text.Json.Nodes;
using CooperationApi.Contracts;
using CooperationApi.Formats;
using CooperationApi.Formats.Readable;
using CooperationApi.Http;
using CooperationApi.Queries;
using CooperationApi.Resources;
using CooperationApi.Resources.Filters;
using CooperationApi.Storage;
using CooperationApi.Text;

namespace CooperationApi.Features.Search;

/// <summary>`GET /v1/search`: full-text search in the records of all types.</summary>
internal sealed class SearchEndpoints(
    Database database, SearchQueries queries, ResourceCatalog catalog, SeedData seedData)
{
    // The full-text index applies these filters, so they have no SQL condition.
    private static readonly SqlCondition NoCondition = new("search_document", "");

    private readonly ListFilter typesFilter =
        new EnumFilter("types", "Only records of these types.", "results", NoCondition, catalog.Types);
    private readonly IdFilter provinceFilter = new("provinceId",
        "Only records that refer to this province, and the province itself.", "thai-binh", NoCondition, ResourceTypes.Provinces);
    private readonly ListFilter pillarFilter = new EnumFilter("pillar",
        "Only cooperation groups of this pillar, and records that refer to such a group.", nameof(Pillar.SocioEconomic),
        NoCondition, Enum.GetNames<Pillar>());
    private readonly ListFilter fromFilter = new DateFilter("from",
        "Only records whose date or period ends on or after this date: a year, a month or a day.", "2015", NoCondition, IsEnd: false);
    private readonly ListFilter toFilter = new DateFilter("to",
        "Only records whose date or period starts on or before this date: a year, a month or a day.", "2026-12-31", NoCondition,
        IsEnd: true);

    private static readonly SearchTextParameter SearchText = new();

    private static readonly BooleanParameter Suggest = new("suggest",
        "Search titles and names only, for suggestions while the user types. `facets` is then empty.");

    private IReadOnlyList<QueryParameter> Parameters => field ??=
    [
        SearchText, typesFilter, provinceFilter, pillarFilter, fromFilter, toFilter, Suggest, PageParameters.Limit, PageParameters.Cursor,
        FormatParameters.Format, FormatParameters.Profile,
    ];

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
        GetParameters = () => Parameters,
        IsPage = true,
        SupportsFileFormats = true,
    };

    /// <summary>Returns a page of search hits, or all hits as a file.</summary>
    public async Task<ReadResponse> Search(HttpContext context)
    {
        var version = database.Version;
        var query = ParseQuery(context.Request);
        if (query.Format != FileFormat.Json)
        {
            var table = new ItemTable<SearchHit>("search", query.Format, ReadableColumns,
                ContentNegotiation.SelectLanguage(context.Request));
            return FileResponse.Create(context, version.Token, query.Format, table.CreateSource("search", (consume, cancel) =>
                queries.ReadAll(query, (candidate, record) => table.CreateRow(candidate.Id, CreateHit(candidate, record, query.Terms)),
                    consume, cancel)));
        }
        if (ReadResponse.NotModifiedIfMatches(context.Request, version.Token) is { } notModified)
            return notModified;
        var page = await queries.Find(query, context.RequestAborted);
        var nextCursor = page.Next is var (rank, sortKey) ? PageCursor.Encode(query.CursorScope, rank, sortKey) : null;
        return ReadResponse.FromJson(page.Version.Token, new SearchPage
        {
            Items =
            [
                .. page.Rows.WithCancellation(context.RequestAborted).Select(row => CreateHit(row.Candidate, row.Record, query.Terms)),
            ],
            Next = nextCursor,
            Revision = page.Version.Revision,
            Facets = page.Facets,
            Ranking = page.IsFullyRanked ? "complete" : "partial",
        }) with
        {
            NextPageUrl = QueryValues.WithCursor(context.Request, nextCursor),
        };
    }

    private SearchQuery ParseQuery(HttpRequest request)
    {
        var values = QueryValues.Parse(request, Parameters);
        var terms = SearchText.Read(values);
        var (types, provinces, pillars) = (typesFilter.Read(values), provinceFilter.Read(values), pillarFilter.Read(values));
        var (from, to) = (fromFilter.Read(values), toFilter.Read(values));
        ListQuery.AddRangeErrors(values.Errors, from, to);
        var (limit, isSuggestion) = (PageParameters.Limit.Read(values), Suggest.Read(values));
        var scopeValues = values.All.Where(value => value.Key is not ("cursor" or "limit" or "format"));
        var cursorScope = string.Join('\n', scopeValues.OrderBy(value => value.Key, StringComparer.Ordinal)
            .Select(value => $"{value.Key}={value.Value}").Prepend("search"));
        var query = new SearchQuery(
            Terms: terms!,
            Types: types?.Texts ?? [],
            Provinces: provinces,
            Pillars: pillars?.Texts ?? [],
            From: from?.Texts[0],
            To: to?.Texts[0],
            IsSuggestion: isSuggestion,
            Limit: limit,
            CursorScope: cursorScope,
            StartAfter: PageParameters.Cursor.Read<(long, string)>(values, cursorScope, queries.IsPosition),
            Format: FormatParameters.Read(values));
        values.ThrowIfInvalid();
        return query;
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
            Items = [CreateHit(candidate, record, SearchTerms.Parse(SearchTextParameter.ExampleText))],
            Revision = 1,
            Facets = [new TypeCount { Type = resource.Type, Count = 1 }],
            Ranking = "complete",
        }, ApiJson.Options)!.AsObject();
    }

    private SearchHit CreateHit(SearchCandidate candidate, RecordRow row, SearchTerms terms) =>
        CreateHit(candidate, catalog[candidate.Type].Deserialize(row.Body), terms);

    private SearchHit CreateHit(SearchCandidate candidate, Record record, SearchTerms terms)
    {
        var (resource, requiredTerms) = (catalog[candidate.Type], terms.ForType(candidate.Type));
        return new()
        {
            Type = candidate.Type,
            Id = candidate.Id,
            Title = resource.GetTitle(record),
            Link = $"/v1/{candidate.Type}/{candidate.Id}",
            Snippet = SnippetBuilder.Build(candidate, terms),
            Citation = (record as CitedRecord)?.Citations.FirstOrDefault(citation => citation.Quote is { } quote
                && TextFolding.Fold(quote) is var folded && requiredTerms.Items.All(term => term.Matches(folded))),
        };
    }
}
