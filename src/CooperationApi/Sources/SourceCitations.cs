using System.Text.Json;
using System.Text.Json.Nodes;
using CooperationApi.Contracts;
using CooperationApi.Faults;
using CooperationApi.Formats;
using CooperationApi.Http;
using CooperationApi.Resources;
using CooperationApi.Storage;
using Dapper;

namespace CooperationApi.Sources;

/// <summary>What rests on a source: every citation of it, with the record that it proves. `/v1/sources/{id}/citations`, and what `verify` checks.</summary>
internal sealed class SourceCitations(Database database, ResourceStore store, Answers answers, Catalog catalog)
{
    private static readonly IReadOnlyList<Parameter> Parameters =
        [new LimitParameter(), new CursorParameter(), new TotalParameter(), new FormatParameter(), new ProfileParameter()];

    private const string Count = "SELECT count(*) FROM reference WHERE to_type = 'sources' AND to_id = @sourceId AND member = 'citations[].sourceId'";

    private const string AllRows =
        """
        SELECT reference.type, reference.ordinal, record.id, record.hash, record.body
        FROM reference
        JOIN record ON record.type = reference.type AND record.id = reference.id
        WHERE reference.to_type = 'sources' AND reference.to_id = @sourceId AND reference.member = 'citations[].sourceId'
        """;

    private const string Order = "ORDER BY reference.type, reference.id, reference.ordinal";

    /// <summary>Maps the route.</summary>
    public static void Map(IEndpointRouteBuilder v1)
    {
        var citations = v1.ServiceProvider.GetRequiredService<SourceCitations>();
        var catalog = v1.ServiceProvider.GetRequiredService<Catalog>();
        var source = catalog["sources"];
        v1.MapRead("sources/{id}/citations", context => citations.List(context, ResourceEndpoints.Id(context)),
            () => new Operation("listSourceCitations", source.Type, "Lists everything that rests on a source.",
                "Each citation of the source with the record that it proves, ordered by the record's type and id.")
            {
                Answer = typeof(Page<SourceCitation>),
                Example = ("SourceCitationPage", () => Example(v1.ServiceProvider.GetRequiredService<FoundingContent>(), catalog["agreements"])),
                Parameters = Parameters,
                PathId = source.Example,
                IsPage = true,
                IsFile = true,
            });
    }

    /// <summary>A page of the citations of a source; all of them when no limit is given.</summary>
    public async Task<(IReadOnlyList<SourceCitation> Citations, long? Total, Mark Mark)> Of(
        string sourceId, IReadOnlyList<object>? after, int? limit, bool total, CancellationToken cancel) => await database.Read(async connection =>
    {
        var values = new DynamicParameters(new { sourceId, rows = limit ?? int.MaxValue });
        var beyond = "";
        if (after is [var type, var id, var ordinal])
        {
            beyond = "AND (reference.type, reference.id, reference.ordinal) > (@type, @id, @ordinal)";
            values.AddDynamicParams(new { type, id, ordinal });
        }
        var rows = await connection.QueryAsync<(string Type, int Ordinal, string Id, string Hash, string Body)>($"{AllRows} {beyond} {Order} LIMIT @rows", values);
        var counted = total ? await connection.QuerySingleAsync<long>(Count, values) : (long?)null;
        return ((IReadOnlyList<SourceCitation>)[.. rows.Select(row => CitationOf(row.Type, row.Ordinal, BodyHash.Checked(row.Id, row.Body, row.Hash)))], counted, await Database.MarkOf(connection));
    }, cancel);

    /// <summary>All citations of a source, while one state of the store is seen: each read when the one before has been used.</summary>
    private Task<long> ReadAll(string sourceId, Func<Rows, Task> use, CancellationToken cancel) => database.Read(async connection =>
    {
        var count = await connection.QuerySingleAsync<long>(Count, new { sourceId });
        await use(new((await Database.MarkOf(connection)).Text, count, Read()));
        return count;

        async IAsyncEnumerable<Row> Read()
        {
            await using var rows = await connection.ExecuteReaderAsync($"{AllRows} {Order}", new { sourceId });
            while (await rows.ReadAsync(cancel))
            {
                var id = rows.GetString(2);
                var citation = CitationOf(rows.GetString(0), rows.GetInt32(1), BodyHash.Checked(id, rows.GetString(4), rows.GetString(3)));
                yield return new(id, JsonSerializer.SerializeToUtf8Bytes(citation, Wire.Json));
            }
        }
    }, cancel);

    private Task List(HttpContext context, string id)
    {
        var state = database.Mark.Text;
        return answers.Serve(context, state, () => Read(context, id, state), Format.MediaTypes);
    }

    private async Task<Answer> Read(HttpContext context, string id, string state)
    {
        var faults = new List<Fault>();
        var values = StrictQuery.Read(context.Request, [.. Parameters.Select(parameter => parameter.Name)], faults);
        var (limit, total) = (LimitParameter.Read(values, faults), TotalParameter.Read(values, faults));
        var binding = $"citations\n{id}";
        var after = values.TryGetValue("cursor", out var cursor) ? Cursor.Read(cursor, binding, values: 3, faults) : null;
        var format = FormatParameter.Read(context.Request, values, faults);
        if (faults.Count > 0)
            throw ProblemException.Invalid(faults);
        if (!Slug.IsSlug(id) || (await store.Missing("sources", [id], context.RequestAborted)).Count > 0)
            throw new ProblemException(404, "record_not_found", "sources", id);
        if (format != Format.Json)
            return Download.Of(context, state, format, new($"citations-{id}", Column.Of(typeof(SourceCitation)), (use, cancel) => ReadAll(id, use, cancel)));
        var (citations, counted, mark) = await Of(id, after, limit + 1, total, context.RequestAborted);
        var page = citations.Take(limit).ToList();
        var next = citations.Count > limit ? Cursor.Write(binding, page[^1].Type, page[^1].Id, page[^1].Ordinal) : null;
        return new Answer(mark.Text, IsWeak: true, Bodies.Page(page.Select(Bodies.Of), next, mark.Revision, counted))
        {
            NextPage = next is null ? null : StrictQuery.WithCursor(context.Request, next),
        };
    }

    private SourceCitation CitationOf(string type, int ordinal, string body)
    {
        var resource = catalog[type];
        var record = resource.Read(body);
        return new()
        {
            Type = type,
            Id = record.Id,
            Title = resource.TitleOf(record),
            Ordinal = ordinal,
            Citation = ((CitedRecord)record).Citations[ordinal],
        };
    }

    private static JsonObject Example(FoundingContent content, Resource resource)
    {
        var record = content.Example(resource)!;
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
