using System.ComponentModel;
using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using CooperationApi.Contracts;
using CooperationApi.Features.Progress;
using CooperationApi.Http;
using CooperationApi.Http.Problems;
using CooperationApi.Pages;
using CooperationApi.Resources;
using CooperationApi.Storage;
using CooperationApi.Text;
using ModelContextProtocol.Protocol;
using ModelContextProtocol.Server;

namespace CooperationApi.Assistants;

/// <summary>
/// The tools for assistants. Each reads one snapshot of the store with the queries of the API, and returns JSON with quotes, links and the
/// revision of the snapshot. A record that does not exist is an answer, not an error.
/// </summary>
[McpServerToolType]
internal sealed class RecordTools(Database database, PageQueries queries, PageContext page, RequestTimeout requestTimeout,
    IHttpContextAccessor accessor)
{
    private const int MaxHits = 8, MaxCommitments = 20, MaxRelations = 20;

    [McpServerTool(Name = "search", Title = "Search the record", ReadOnly = true, OpenWorld = false)]
    [Description("Finds records by Vietnamese words. A hit has all words, so use few: names, subjects, years. Diacritics are optional. "
        + "Quotation marks enclose a phrase.")]
    public Task<CallToolResult> Search(
        [Description("The words, for example: Hà Nội Thái Bình hội nghị 2019")] string words,
        [Description("Only these types, separated by commas: provinces, organizations, officials, meetings, agreements, "
            + "cooperation-groups, commitments, results, indicators, statements, sources")] string? types = null,
        [Description("Only records of the province with this id, for example: thai-binh")] string? provinceId = null) => Respond(
        async reader =>
        {
            var query = QueryString.Create("q", words).Add("limit", MaxHits.ToString(CultureInfo.InvariantCulture));
            query = string.IsNullOrEmpty(types) ? query : query.Add("types", types);
            query = string.IsNullOrEmpty(provinceId) ? query : query.Add("provinceId", provinceId);
            var hits = await reader.Search(query.ToUriComponent()[1..]);
            var records = new List<(SearchHit Hit, Record Record)>();
            foreach (var hit in hits.Items)
                records.Add((hit, (await reader.Find(hit.Type, hit.Id))!));
            return (hits, records);
        },
        found => new()
        {
            ["message"] = found.records.Count == 0 ? "No record has all these words." : null,
            ["hits"] = new JsonArray([.. found.records.Select(item => DescribeHit(item.Hit, item.Record))]),
            ["hasMore"] = found.hits.Next is not null,
        });

    [McpServerTool(Name = "read_record", Title = "Read a record", ReadOnly = true, OpenWorld = false)]
    [Description("Returns a record with the names of the records to which it refers, and the evidence of its title.")]
    public Task<CallToolResult> ReadRecord(
        [Description("The type, for example: meetings")] string type,
        [Description("The id, for example: hoi-nghi-ha-noi-thai-binh-2019-10-26")] string id) => Respond(
        reader => Get(reader, type, id),
        record =>
        {
            var content = (JsonObject)JsonSerializer.SerializeToNode(record, record.GetType(), ApiJson.Options)!;
            foreach (var name in (string[])["citations", "revision"])
                content.Remove(name);
            content["names"] = new JsonObject(queries.Catalog[type].References.SelectMany(reference => reference.Extract(record))
                .Where(reference => reference.ToType != ResourceTypes.Sources)
                .DistinctBy(reference => reference.ToId)
                .Select(reference => KeyValuePair.Create(reference.ToId, (JsonNode?)page.GetName(reference.ToType, reference.ToId))));
            content["evidence"] = DescribeEvidence(type, record, "title", "name", "text");
            content["link"] = Link(type, id);
            return content;
        });

    [McpServerTool(Name = "get_evidence", Title = "Get the evidence of a fact", ReadOnly = true, OpenWorld = false)]
    [Description("Returns the quotes that prove a member of a record, each with its source and a link to the words in the original.")]
    public Task<CallToolResult> GetEvidence(
        [Description("The type, for example: results")] string type,
        [Description("The id of the record")] string id,
        [Description("The JSON name of the member, for example: amount")] string member) => Respond(
        reader => Get(reader, type, id),
        record =>
        {
            var citations = record is CitedRecord cited ? cited.Citations : [];
            var supported = citations.SelectMany(citation => citation.Supports).Distinct().Order(StringComparer.Ordinal).ToList();
            return new()
            {
                ["message"] = supported.Contains(member) ? null
                    : $"No citation supports the member '{member}'. These have citations: {string.Join(", ", supported)}.",
                ["evidence"] = DescribeEvidence(type, record, member),
                ["link"] = Link(type, id),
            };
        });

    [McpServerTool(Name = "get_progress", Title = "Get the progress of an agreement", ReadOnly = true, OpenWorld = false)]
    [Description("Returns the commitments of an agreement, a province or an official, with their states. The state "
        + "NoNews means that no source reports anything, not that nothing was done.")]
    public Task<CallToolResult> GetProgress(
        [Description("agreements, provinces or officials")] string type,
        [Description("The id, for example: noi-dung-hop-tac-ha-noi-thai-binh-2019")] string id) => Respond(
        async reader =>
        {
            if (!ProgressEndpoint.Owners.Any(owner => owner.Type == type))
                throw ProblemException.NotFound($"/v1/{type}/{id}/progress");
            await Get(reader, type, id);
            return await reader.ReadProgress(type, id);
        },
        progress => new()
        {
            ["total"] = JsonSerializer.SerializeToNode(progress.Total, ApiJson.Options),
            ["commitments"] = new JsonArray([.. progress.Agreed.Concat(progress.Raised).Take(MaxCommitments)
                .Select(DescribeCommitment)]),
            ["hasMore"] = progress.Agreed.Count + progress.Raised.Count > MaxCommitments,
            ["link"] = page.ToPublicUrl($"/v1/{type}/{id}/progress"),
        });

    [McpServerTool(Name = "get_relations", Title = "Get the partners of a province", ReadOnly = true, OpenWorld = false)]
    [Description("Returns the provinces that share meetings, agreements, commitments or results with a province, with the sums of "
        + "contributions.")]
    public Task<CallToolResult> GetRelations(
        [Description("The id of the province, for example: thai-binh")] string provinceId) => Respond(
        async reader =>
        {
            await Get(reader, ResourceTypes.Provinces, provinceId);
            return await reader.ReadRelations(provinceId, isCurrent: false);
        },
        relations => new()
        {
            ["message"] = relations.Items.Count == 0 ? "No record of the province has another province." : null,
            ["partners"] = new JsonArray([.. relations.Items.Take(MaxRelations)
                .Select(relation => JsonSerializer.SerializeToNode(relation, ApiJson.Options))]),
            ["hasMore"] = relations.Items.Count > MaxRelations,
            ["link"] = page.ToPublicUrl($"/v1/{ResourceTypes.Provinces}/{provinceId}/relations"),
        });

    private static async Task<Record> Get(PageReader reader, string type, string id)
    {
        if (!reader.Types.Contains(type))
            throw ProblemException.NotFound($"/v1/{type}");
        if (!Slug.IsSlug(id))
            throw new ProblemException(404, "record_not_found", type, id) { Suggestion = Slug.FromText(id) };
        return await reader.Get<Record>(type, id);
    }

    private async Task<CallToolResult> Respond<T>(Func<PageReader, Task<T>> read, Func<T, JsonObject> describe)
    {
        var context = accessor.HttpContext!;
        page.SetRequest(context);
        try
        {
            return await requestTimeout.RunWithTimeout(context, async () =>
            {
                await database.RefreshVersion();
                var (content, revision) = await database.Read(async connection =>
                {
                    var reader = new PageReader(connection, queries, context);
                    var content = await read(reader);
                    var version = await Database.ReadVersion(connection);
                    page.SetContent(await reader.ReadReferences(), reader.ChangeTimes, version.Revision);
                    return (content, version.Revision);
                }, context.RequestAborted);
                var response = describe(content);
                response["revision"] = revision;
                return ToolResponse.Create(ToolResponse.RemoveNulls(response));
            });
        }
        catch (ProblemException problem)
        {
            var document = ProblemMiddleware.CreateDocument(problem, Language.English, ProblemMiddleware.GetTraceId(context));
            return ToolResponse.Create(ToolResponse.RemoveNulls(new()
            {
                ["message"] = problem.Errors.Count == 0 ? document.Detail
                    : string.Join(' ', document.Errors!.Select(error => $"{error.Parameter}: {error.Detail}")),
                ["suggestion"] = document.Suggestion,
                ["revision"] = database.Version.Revision,
            }), isError: problem.Status is not (404 or 410));
        }
    }

    private static JsonObject DescribeCommitment(CommitmentProgress commitment) => ToolResponse.RemoveNulls(new()
    {
        ["id"] = commitment.Id,
        ["title"] = commitment.Title,
        ["state"] = commitment.State.ToString(),
        ["isAgreed"] = commitment.AgreementId is not null,
        ["latestEvidence"] = commitment.LatestEvidence?.On.Text,
        ["results"] = new JsonArray([.. commitment.Results.Select(result => JsonValue.Create(result.Id))]),
    });

    private JsonObject DescribeHit(SearchHit hit, Record record) => ToolResponse.RemoveNulls(new()
    {
        ["type"] = hit.Type,
        ["id"] = hit.Id,
        ["title"] = hit.Title,
        ["evidence"] = record is CitedRecord cited && FindOrdinal(cited, hit.Citation) is { } ordinal
            ? DescribeCitation(hit.Type, cited, ordinal)
            : null,
        ["link"] = Link(hit.Type, hit.Id),
    });

    // The citation that has the words, or the first one with a quote.
    private static int? FindOrdinal(CitedRecord record, Citation? citation)
    {
        var ordinal = record.Citations.ToList().FindIndex(candidate => citation is null
            ? candidate.Quote is not null
            : candidate.Quote == citation.Quote && candidate.SourceId == citation.SourceId);
        return ordinal < 0 ? null : ordinal;
    }

    private JsonArray? DescribeEvidence(string type, Record record, params string[] members) => record is not CitedRecord cited ? null
        : [.. cited.Citations.Index().Where(item => item.Item.Supports.Intersect(members).Any())
            .OrderBy(item => item.Item.Basis).Select(item => DescribeCitation(type, cited, item.Index))];

    private JsonObject DescribeCitation(string type, CitedRecord record, int ordinal)
    {
        var citation = record.Citations[ordinal];
        var source = page.FindRecord(ResourceTypes.Sources, citation.SourceId)?.Record as Source;
        return ToolResponse.RemoveNulls(new()
        {
            ["basis"] = citation.Basis.ToString(),
            ["quote"] = citation.Quote,
            ["locator"] = citation.Locator,
            ["source"] = source?.Title ?? source?.Url,
            ["publisher"] = source?.Publisher,
            ["publishedOn"] = source?.PublishedOn?.Text,
            ["original"] = page.LinkToQuote(type, record.Id, ordinal, citation, source),
        });
    }

    private string Link(string type, string id) => page.ToPublicUrl($"/v1/{type}/{id}");
}
