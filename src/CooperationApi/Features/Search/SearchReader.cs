using System.Data.Common;
using CooperationApi.Contracts;
using CooperationApi.Formats;
using CooperationApi.Http;
using CooperationApi.Queries;
using CooperationApi.Resources;
using CooperationApi.Resources.Filters;
using CooperationApi.Text;

namespace CooperationApi.Features.Search;

/// <summary>Parses searches and reads pages of search hits.</summary>
internal sealed class SearchReader(SearchQueries queries, ResourceCatalog catalog)
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

    /// <summary>The query parameters, in the order of the OpenAPI document.</summary>
    public IReadOnlyList<QueryParameter> Parameters => field ??=
    [
        SearchText, typesFilter, provinceFilter, pillarFilter, fromFilter, toFilter, Suggest, PageParameters.Limit, PageParameters.Cursor,
        FormatParameters.Format, FormatParameters.Profile,
    ];

    /// <summary>Reads a page of search hits.</summary>
    public async Task<SearchPage> ReadPage(DbConnection connection, SearchQuery query, CancellationToken cancel)
    {
        var page = await queries.Find(connection, query, cancel);
        return new()
        {
            Items = [.. page.Rows.WithCancellation(cancel).Select(row => CreateHit(row.Candidate, row.Record, query.Terms))],
            Next = page.Next is var (rank, sortKey) ? PageCursor.Encode(query.CursorScope, rank, sortKey) : null,
            Revision = page.Version.Revision,
            Facets = page.Facets,
            Ranking = page.IsFullyRanked ? "complete" : "partial",
        };
    }

    /// <summary>Parses and validates the query of a request. Throws 400 with all request errors.</summary>
    public SearchQuery ParseQuery(HttpRequest request)
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

    /// <summary>Creates the hit of a match, with its marked passage.</summary>
    public SearchHit CreateHit(SearchCandidate candidate, RecordRow row, SearchTerms terms) =>
        CreateHit(candidate, catalog[candidate.Type].Deserialize(row.Body), terms);

    /// <inheritdoc cref="CreateHit(SearchCandidate, RecordRow, SearchTerms)"/>
    public SearchHit CreateHit(SearchCandidate candidate, Record record, SearchTerms terms)
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
