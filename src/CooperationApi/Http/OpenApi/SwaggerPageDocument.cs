using System.Text.Json.Nodes;
using CooperationApi.Queries;
using Microsoft.OpenApi;

namespace CooperationApi.Http.OpenApi;

/// <summary>
/// The OpenAPI document of the Swagger page. Swagger UI sends the examples of all parameters and bodies unless the user changes them, so
/// this document has only examples that succeed together. Those of record writes validate without saving.
/// </summary>
internal static class SwaggerPageDocument
{
    /// <summary>The name of the document in the folder of the Swagger page.</summary>
    public const string FileName = "openapi.json";

    // The optional parameters whose examples stay: with them, a write succeeds and changes nothing.
    private static readonly string[] PrefilledParameters = ["dryRun", "If-Match"];

    // Swagger UI takes seconds to show long responses.
    private const int PrefilledLimit = 10;

    private static readonly string Introduction =
        $"""


        **This page.** Record writes are filled in with `dryRun=true`: they are validated and not saved. The values of an example in a
        description are not filled in. Every response also has these headers: {FormatList(SharedComponents.CommonHeaders)}. The
        document for clients is `/v1/openapi.json`.
        """;

    /// <summary>Adapts a document to the Swagger page by changing it.</summary>
    public static void Adapt(OpenApiDocument document)
    {
        var (components, operations) = (document.Components!, document.Paths.Values.SelectMany(path => path.Operations!.Values));
        document.Info.Description += Introduction;
        // Relative to the address of this document, so that the path prefix of a reverse proxy is kept. The `Content-Security-Policy` of
        // the page allows no other host.
        document.Servers = [new() { Url = "..", Description = "this service" }];
        foreach (var parameter in components.Parameters!.Values.Cast<OpenApiParameter>().Where(parameter => !parameter.Required))
            MoveExampleToDescription(parameter);
        foreach (var schema in components.Schemas!.Values)
            RemoveReferencesToExpandedRecords(schema);
        foreach (var content in operations.SelectMany(operation => operation.RequestBody?.Content!.Values ?? []))
            ShowExampleInsteadOfFileSelection(content);
        // Swagger UI lists the headers below each response.
        foreach (var response in components.Responses!.Values)
        {
            foreach (var name in SharedComponents.CommonHeaders)
                response.Headers!.Remove(name);
        }
    }

    // No record matches all filters together. Swagger UI fills in the default of a schema.
    private static void MoveExampleToDescription(OpenApiParameter parameter)
    {
        if (PrefilledParameters.Contains(parameter.Name))
            return;
        if (parameter.Name == PageParameters.Limit.Name)
        {
            parameter.Example = PrefilledLimit;
            return;
        }
        var example = parameter.Example is JsonArray values ? string.Join(',', values) : $"{parameter.Example}";
        if (!JsonNode.DeepEquals(parameter.Example, parameter.Schema!.Default))
            parameter.Description += $" Example: `{example}`";
        parameter.Example = null;
    }

    /// <summary>
    /// Replaces the schemas of the members that only `expand` returns. Swagger UI resolves all references of an operation before it shows
    /// the operation, and the references between records are circular: `PUT` took 26 s to open and execute with them, and 1 s without
    /// (`tests/Browser/swagger-page.mjs`).
    /// </summary>
    private static void RemoveReferencesToExpandedRecords(IOpenApiSchema schema)
    {
        foreach (var (name, member) in schema.Properties?.Where(member => member.Value.ReadOnly).ToList() ?? [])
        {
            var isList = member.Items is not null;
            schema.Properties![name] = new OpenApiSchema
            {
                Description = member.Description,
                ReadOnly = true,
                Type = isList ? JsonSchemaType.Array : JsonSchemaType.Object,
                Items = isList ? new OpenApiSchema { Type = JsonSchemaType.Object } : null,
            };
        }
    }

    // Swagger UI shows a file selection for the format `binary`.
    private static void ShowExampleInsteadOfFileSelection(OpenApiMediaType content)
    {
        if (content is { Example: not null, Schema: OpenApiSchema { Format: "binary" } schema })
            schema.Format = null;
    }

    private static string FormatList(IEnumerable<string> names) => string.Join(", ", names.Select(name => $"`{name}`"));
}
