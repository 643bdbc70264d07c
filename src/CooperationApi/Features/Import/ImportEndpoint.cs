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
internal sealed class ImportEndpoint(Database database, Importer importer, ResourceCatalog catalog, SeedData seedData)
{
    private const string JsonType = "application/json", NdjsonType = "application/x-ndjson";

    private static readonly EnumParameter OnConflict = new("onConflict",
        "The handling of stored records with other content: `refuse` rejects the import with 409, `keep` leaves the stored records "
        + "unchanged, `replace` replaces them.", "replace",
        [.. Enum.GetNames<ConflictAction>().Select(JsonNamingPolicy.CamelCase.ConvertName)], Default: "refuse");

    private static readonly IReadOnlyList<QueryParameter> Parameters = [.. WriteParameters.All, OnConflict];

    /// <summary>Describes the route.</summary>
    public OperationDescription Describe() => new("importBundle", "imports", "Import a bundle.",
        "Imports a bundle of records in one transaction: either all records or none. An existing record with equal content stays unchanged "
        + "and gets no new revision, so a repeated import changes nothing. If existing records have other content, the import is rejected "
        + "with 409 `import_conflict`, which lists these records and the values that each would lose; `onConflict` allows the import. "
        + "The list `additions` appends positions and citations to existing records and replaces nothing. "
        + "`dryRun` returns the same response in advance. Records can refer to each other in any order. An error response lists the "
        + "errors, each with its record and a JSON Pointer. In NDJSON the pointer begins with the number of the line, counted from 0. "
        + "References and other constraints across records are checked only if each record is valid. Maximum size: 100 MB for "
        + "JSON, unlimited for NDJSON.")
    {
        Body = (typeof(Bundle),
            () => new JsonObject { [ResourceTypes.Sources] = new JsonArray(seedData.GetRequestExample(catalog[ResourceTypes.Sources])) }),
        AlternativeBodies = new Dictionary<string, OpenApiMediaType>
        {
            [NdjsonType] = new()
            {
                Schema = new OpenApiSchema
                {
                    Type = JsonSchemaType.String,
                    Format = "binary",
                    MaxLength = int.MaxValue,
                    Description = "One record per line, `{ \"type\": …, \"data\": … }`: the type as in the URL of the record, and the "
                        + "whole record in the form that GET returns; or the type `additions` and a `RecordAddition`.",
                },
            },
        },
        GetParameters = () => Parameters,
        HasBodySizeLimit = false,
        OtherStatuses = [409],
        ResponseType = typeof(ImportReport),
        Example = ("ImportReport",
            () => JsonSerializer.SerializeToNode(
                new ImportReport
                {
                    Created = 1,
                    Replaced = 0,
                    Extended = 0,
                    Unchanged = 1,
                    Kept = 0,
                    CreatedRecords = ["officials/nguyen-van-a"],
                    ReplacedRecords = [],
                    ExtendedRecords = [],
                    UnchangedRecords = ["sources/vi-du-2027-s1"],
                    KeptRecords = [],
                    Revision = 512,
                    DryRun = false,
                }, ApiJson.Options)),
    };

    /// <summary>Imports a bundle in one transaction.</summary>
    public async Task<IResult> Import(HttpContext context)
    {
        var caller = Caller.Find(context)!;
        var values = QueryValues.Parse(context.Request, Parameters);
        var (isDryRun, onConflict) = (WriteParameters.DryRun.Read(values), OnConflict.Read(values)!);
        values.ThrowIfInvalid();
        // Buffers the whole body before the write lock is taken, so that a slow upload does not block other writers.
        await using var body = new FileBufferingReadStream(RequestBody.OpenStream(context, JsonType, NdjsonType), memoryThreshold: 1 << 20);
        await body.DrainAsync(context.RequestAborted);
        var isNdjson = context.Request.ContentType!.StartsWith(NdjsonType, StringComparison.OrdinalIgnoreCase);
        var report = await importer.Import(database, [new BundleStream(body, isNdjson)], caller.Name, context.RequestAborted, caller,
            Enum.Parse<ConflictAction>(onConflict, ignoreCase: true), commit: !isDryRun);
        return TypedResults.Json(report, ApiJson.Options);
    }
}
