using System.Text.Json;
using System.Text.Json.Nodes;
using CooperationApi.Access;
using CooperationApi.Contracts;
using CooperationApi.Features.Records;
using CooperationApi.Http;
using CooperationApi.Resources;
using CooperationApi.Storage;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.OpenApi;

namespace CooperationApi.Features.Import;

/// <summary>`POST /v1/imports`: imports a bundle in one transaction.</summary>
internal sealed class ImportEndpoint(Database database, Importer importer)
{
    private const string JsonType = "application/json", NdjsonType = "application/x-ndjson";

    /// <summary>Maps the route.</summary>
    public static void Map(IEndpointRouteBuilder v1)
    {
        var (endpoint, seedData, catalog) = (v1.ServiceProvider.GetRequiredService<ImportEndpoint>(), v1.ServiceProvider.GetRequiredService<SeedData>(),
            v1.ServiceProvider.GetRequiredService<ResourceCatalog>());
        v1.MapWrite(HttpMethod.Post, "imports", endpoint.Import, () => new("importBundle", "imports", "Import a bundle.",
            "Imports a bundle of records in one transaction: either all records or none. An existing record with other content is replaced. An existing record with equal content "
            + "stays unchanged and gets no new revision, so a repeated import changes nothing. Records can refer to each other in any order. An error response lists the errors, "
            + "each with its record and a JSON Pointer. In NDJSON the pointer begins with the number of the line, counted from 0. References and other constraints across records "
            + "are checked only if each record is valid. Maximum size: 100 MB for JSON, unlimited for NDJSON.")
        {
            Method = HttpMethod.Post,
            Body = (typeof(Bundle), CreateExample(seedData, catalog["sources"])),
            AlternativeBodies = new Dictionary<string, OpenApiMediaType>
            {
                [NdjsonType] = new()
                {
                    Schema = new OpenApiSchema
                    {
                        Type = JsonSchemaType.String,
                        Format = "binary",
                        MaxLength = int.MaxValue,
                        Description = "One record per line, `{ \"type\": …, \"data\": … }`: the type as in the URL of the record, and the whole record in the form that GET returns.",
                    },
                },
            },
            Parameters = WriteParameters.All,
            ResponseType = typeof(ImportReport),
            Example = ("ImportReport", () => JsonSerializer.SerializeToNode(new ImportReport { Created = 1, Replaced = 0, Unchanged = 12, Revision = 512, DryRun = false }, ApiJson.Options)),
            RequiredRole = Role.Editor,
        }, maxBodyBytes: 0, hasTimeout: false);
    }

    private static JsonObject CreateExample(SeedData seedData, Resource resource) => new() { [resource.Type] = new JsonArray(seedData.GetExample(resource)) };

    private async Task Import(HttpContext context)
    {
        var caller = Caller.Find(context)!;
        ResponseCache.EnsureAcceptsJson(context.Request);
        var isDryRun = WriteParameters.ReadIsDryRun(context.Request);
        // Buffers the whole body before the write lock is taken, so that a slow upload does not block other writers.
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
