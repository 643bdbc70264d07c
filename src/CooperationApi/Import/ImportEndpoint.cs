using System.Text.Json;
using System.Text.Json.Nodes;
using CooperationApi.Access;
using CooperationApi.Contracts;
using CooperationApi.Editing;
using CooperationApi.Faults;
using CooperationApi.Http;
using CooperationApi.Resources;
using CooperationApi.Storage;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.OpenApi;

namespace CooperationApi.Import;

/// <summary>`POST /v1/imports`: a bundle, all or nothing.</summary>
internal sealed class ImportEndpoint(Database database, Importer importer, Callers callers)
{
    private const string JsonType = "application/json", LinesType = "application/x-ndjson";

    private static readonly IReadOnlyList<Parameter> Parameters = [new DryRunParameter()];

    /// <summary>Maps the route.</summary>
    public static void Map(IEndpointRouteBuilder v1)
    {
        var (endpoint, content, catalog) = (v1.ServiceProvider.GetRequiredService<ImportEndpoint>(), v1.ServiceProvider.GetRequiredService<FoundingContent>(),
            v1.ServiceProvider.GetRequiredService<Catalog>());
        v1.MapWrite(HttpMethod.Post, "imports", endpoint.Import, () => new("importBundle", "imports", "Takes a bundle into the record.",
            "All of it goes in, in one transaction, or nothing does. A record that is there already is replaced, or if equal left as it is: sent again, a bundle changes "
            + "nothing. Records may name one another in any order. All faults are told at once, each with its record and its pointer (of NDJSON, the line from 0 and what is "
            + "in it): first what can't be read and the rules that are broken; if nothing is, what doesn't fit the other records. JSON may have 100 MB, NDJSON any length.")
        {
            Method = HttpMethod.Post,
            Body = (typeof(Bundle), Example(content, catalog["sources"])),
            OtherBodies = new Dictionary<string, OpenApiMediaType>
            {
                [LinesType] = new()
                {
                    Schema = new OpenApiSchema
                    {
                        Type = JsonSchemaType.String,
                        Format = "binary",
                        MaxLength = int.MaxValue,
                        Description = "A record a line, each `{ \"type\": …, \"data\": … }`: the type, as in the path, and the whole record, as reading answers it.",
                    },
                },
            },
            Parameters = Parameters,
            Answer = typeof(ImportReport),
            Example = ("ImportReport", () => JsonSerializer.SerializeToNode(new ImportReport { Created = 1, Replaced = 0, Unchanged = 12, Revision = 512, DryRun = false }, Wire.Json)),
            Needs = Role.Editor,
        }, mostBytes: 0, isTimed: false);
    }

    private static JsonObject Example(FoundingContent content, Resource resource) => new() { [resource.Type] = new JsonArray(content.Example(resource)) };

    private async Task Import(HttpContext context)
    {
        var by = callers.Require(context, Role.Editor);
        Answers.DemandJson(context.Request);
        var faults = new List<Fault>();
        var values = StrictQuery.Read(context.Request, [.. Parameters.Select(parameter => parameter.Name)], faults);
        var isDryRun = DryRunParameter.Read(values, faults);
        if (faults.Count > 0)
            throw ProblemException.Invalid(faults);
        // All of it is here before the one writer's place is taken: who sends slowly keeps nobody else from writing.
        await using var body = new FileBufferingReadStream(Body.Open(context, JsonType, LinesType), memoryThreshold: 1 << 20);
        await body.DrainAsync(context.RequestAborted);
        var isLines = context.Request.ContentType!.StartsWith(LinesType, StringComparison.OrdinalIgnoreCase);
        var written = await importer.Import(database, [new BundleContent(body, isLines)], by.Name, context.RequestAborted, by, keep: !isDryRun);
        context.Response.Headers.CacheControl = "no-store";
        await context.Response.WriteAsJsonAsync(new ImportReport
        {
            Created = written.Created,
            Replaced = written.Replaced,
            Unchanged = written.Unchanged,
            Revision = written.Mark.Revision,
            DryRun = isDryRun,
        }, Wire.Json, context.RequestAborted);
    }
}
