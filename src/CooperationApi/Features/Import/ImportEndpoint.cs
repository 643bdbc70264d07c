using System.Text.Json;
using System.Text.Json.Nodes;
using CooperationApi.Access;
using CooperationApi.Contracts;
using CooperationApi.Features.Records;
using CooperationApi.Http;
using CooperationApi.Http.Problems;
using CooperationApi.Resources;
using CooperationApi.Storage;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.OpenApi;

namespace CooperationApi.Features.Import;

/// <summary>`POST /v1/imports`: a bundle, all or nothing.</summary>
internal sealed class ImportEndpoint(Database database, Importer importer, CallerAuthenticator callers)
{
    private const string JsonType = "application/json", NdjsonType = "application/x-ndjson";

    private static readonly IReadOnlyList<QueryParameter> Parameters = [new DryRunParameter()];

    /// <summary>Maps the route.</summary>
    public static void Map(IEndpointRouteBuilder v1)
    {
        var (endpoint, content, catalog) = (v1.ServiceProvider.GetRequiredService<ImportEndpoint>(), v1.ServiceProvider.GetRequiredService<SeedData>(),
            v1.ServiceProvider.GetRequiredService<ResourceCatalog>());
        v1.MapWrite(HttpMethod.Post, "imports", endpoint.Import, () => new("importBundle", "imports", "Takes a bundle into the record.",
            "All of it goes in, in one transaction, or nothing does. A record that is there already is replaced, or if equal left as it is: sent again, a bundle changes "
            + "nothing. Records may name one another in any order. All faults are told at once, each with its record and its pointer (of NDJSON, the line from 0 and what is "
            + "in it): first what can't be read and the rules that are broken; if nothing is, what doesn't fit the other records. JSON may have 100 MB, NDJSON any length.")
        {
            Method = HttpMethod.Post,
            Body = (typeof(Bundle), CreateExample(content, catalog["sources"])),
            AlternativeBodies = new Dictionary<string, OpenApiMediaType>
            {
                [NdjsonType] = new()
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
            ResponseType = typeof(ImportReport),
            Example = ("ImportReport", () => JsonSerializer.SerializeToNode(new ImportReport { Created = 1, Replaced = 0, Unchanged = 12, Revision = 512, DryRun = false }, ApiJson.Options)),
            RequiredRole = Role.Editor,
        }, maxBodyBytes: 0, hasTimeout: false);
    }

    private static JsonObject CreateExample(SeedData content, Resource resource) => new() { [resource.Type] = new JsonArray(content.GetExample(resource)) };

    private async Task Import(HttpContext context)
    {
        var caller = callers.RequireRole(context, Role.Editor);
        ResponseCache.EnsureAcceptsJson(context.Request);
        var errors = new List<RequestError>();
        var values = QueryStringParser.Parse(context.Request, [.. Parameters.Select(parameter => parameter.Name)], errors);
        var isDryRun = DryRunParameter.Parse(values, errors);
        if (errors.Count > 0)
            throw ProblemException.InvalidRequest(errors);
        // All of it is here before the one writer's place is taken: who sends slowly keeps nobody else from writing.
        await using var body = new FileBufferingReadStream(RequestBody.OpenStream(context, JsonType, NdjsonType), memoryThreshold: 1 << 20);
        await body.DrainAsync(context.RequestAborted);
        var isNdjson = context.Request.ContentType!.StartsWith(NdjsonType, StringComparison.OrdinalIgnoreCase);
        var result = await importer.Import(database, [new BundleStream(body, isNdjson)], caller.Name, context.RequestAborted, caller, commit: !isDryRun);
        context.Response.Headers.CacheControl = "no-store";
        await context.Response.WriteAsJsonAsync(new ImportReport
        {
            Created = result.CreatedCount,
            Replaced = result.ReplacedCount,
            Unchanged = result.UnchangedCount,
            Revision = result.Version.Revision,
            DryRun = isDryRun,
        }, ApiJson.Options, context.RequestAborted);
    }
}
