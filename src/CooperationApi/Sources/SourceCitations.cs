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

    private const string Citing =
        """
        link.to_number = (SELECT record.number FROM record WHERE record.type = 'sources' AND record.id = @sourceId)
        AND link.member IN (SELECT member.number FROM member WHERE member.name = 'citations[].sourceId')
        """;

    private const string Count = $"SELECT count(*) FROM link WHERE {Citing}";

    private const string AllRows =
        $"""
        SELECT member.type, link.number, link.ordinal, record.id, record.hash, CAST(record.body AS BLOB)
        FROM member CROSS JOIN link CROSS JOIN record
        WHERE {Citing} AND link.member = member.number AND record.number = link.number
        """;

    private const string Order = "ORDER BY member.type, link.number, link.ordinal";

    /// <summary>Maps the route.</summary>
    public static void Map(IEndpointRouteBuilder v1)
    {
        var citations = v1.ServiceProvider.GetRequiredService<SourceCitations>();
        var catalog = v1.ServiceProvider.GetRequiredService<Catalog>();
        var source = catalog["sources"];
        v1.MapRead("sources/{id}/citations", context => citations.List(context, ResourceEndpoints.Id(context)),
            () => new Operation("listSourceCitations", source.Type, "Lists everything that rests on a source.",
                "Each citation of the source with the record that it proves, ordered by the record's type, then in the order in which the records came in.")
            {
                Answer = typeof(Page<SourceCitation>),
                Example = ("SourceCitationPage", () => Example(v1.ServiceProvider.GetRequiredService<FoundingContent>(), catalog["agreements"])),
                Parameters = Parameters,
                PathId = source.Example,
                IsPage = true,
                IsFile = true,
            });
    }

    /// <summary>A page of the citations of a source, and the place of its last row if more follow; all of them when no limit is given.</summary>
    public async Task<(IReadOnlyList<SourceCitation> Citations, object[]? Next, long? Total, Mark Mark)> Of(
        string sourceId, IReadOnlyList<object>? after, int? limit, bool total, CancellationToken cancel) => await database.Read(async connection =>
    {
        var values = new DynamicParameters(new { sourceId, rows = limit + 1 ?? int.MaxValue });
        var beyond = "";
        if (after is [var type, var number, var ordinal])
        {
            beyond = "AND (member.type, link.number, link.ordinal) > (@type, @number, @ordinal)";
            values.AddDynamicParams(new { type, number, ordinal });
        }
        var rows = (await connection.QueryAsync<(string Type, long Number, int Ordinal, string Id, string Hash, byte[] Body)>(
            $"{AllRows} {beyond} {Order} LIMIT @rows", values)).AsList();
        var counted = total ? await connection.QuerySingleAsync<long>(Count, values) : (long?)null;
        var page = rows.Take(limit ?? int.MaxValue).ToList();
        return (
            (IReadOnlyList<SourceCitation>)[.. page.Select(row => CitationOf(row.Type, row.Ordinal, BodyHash.Checked(row.Id, row.Body, row.Hash)))],
            rows.Count > page.Count ? new object[] { page[^1].Type, page[^1].Number, page[^1].Ordinal } : null,
            counted,
            await Database.MarkOf(connection));
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
                var id = rows.GetString(3);
                var citation = CitationOf(rows.GetString(0), rows.GetInt32(2), BodyHash.Checked(id, rows.GetFieldValue<byte[]>(5), rows.GetString(4)));
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
        var (page, last, counted, mark) = await Of(id, after, limit, total, context.RequestAborted);
        var next = last is null ? null : Cursor.Write(binding, last);
        return new Answer(mark.Text, IsWeak: true, Bodies.Page([.. page.Select(Bodies.Of)], next, mark.Revision, counted))
        {
            NextPage = next is null ? null : StrictQuery.WithCursor(context.Request, next),
        };
    }

    private SourceCitation CitationOf(string type, int ordinal, byte[] body)
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
