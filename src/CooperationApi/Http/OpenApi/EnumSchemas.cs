using System.Text.Json.Nodes;
using CooperationApi.Resources;
using Microsoft.OpenApi;

namespace CooperationApi.Http.OpenApi;

/// <summary>
/// Moves the allowed values of members and parameters to components. Code generators then create one named type per set of values: the
/// filter `kind` of meetings and the member `kind` have the type `MeetingKind`.
/// </summary>
internal sealed class EnumSchemas
{
    private readonly OpenApiDocument document;
    private readonly Dictionary<string, string> namesByValues = [];

    private EnumSchemas(OpenApiDocument document, ResourceCatalog catalog)
    {
        this.document = document;
        AddComponent(new OpenApiSchema
        {
            Type = JsonSchemaType.String,
            Enum = [.. catalog.Types.Select(type => JsonValue.Create(type))],
        }, "RecordType");
        foreach (var (name, schema) in document.Components!.Schemas!.Where(schema => schema.Value.Enum is { Count: > 0 }))
            namesByValues.TryAdd(FormatValues(schema), name);
    }

    /// <summary>Moves the allowed values of all members and parameters of the document.</summary>
    public static void AddTo(OpenApiDocument document, ResourceCatalog catalog)
    {
        var enums = new EnumSchemas(document, catalog);
        // In the order of names: `Change.op` and `RecordRevision.op` have the type `ChangeOp`.
        foreach (var (owner, schema) in document.Components!.Schemas!.OrderBy(schema => schema.Key, StringComparer.Ordinal).ToList())
        {
            foreach (var (name, member) in schema.Properties?.ToList() ?? [])
                schema.Properties![name] = enums.Extract(member, owner + OperationDescription.ToPascalCase(name));
        }
        foreach (var (name, parameter) in document.Components.Parameters!)
            ((OpenApiParameter)parameter).Schema = enums.Extract(parameter.Schema!, name);
    }

    private IOpenApiSchema Extract(IOpenApiSchema schema, string name)
    {
        if (schema.Items is { Enum.Count: > 0 } items)
            ((OpenApiSchema)schema).Items = AddComponent(items, name);
        if (schema is not OpenApiSchema { Enum.Count: > 0 })
            return schema;
        var reference = AddComponent(schema, name);
        // In OpenAPI 3.0 a reference has no other members.
        return schema.Description is null && schema.Default is null
            ? reference
            : new OpenApiSchema { AllOf = [reference], Description = schema.Description, Default = schema.Default };
    }

    private OpenApiSchemaReference AddComponent(IOpenApiSchema schema, string name)
    {
        if (!namesByValues.TryGetValue(FormatValues(schema), out var existingName))
        {
            namesByValues[FormatValues(schema)] = existingName = name;
            document.Components!.Schemas!.Add(name, new OpenApiSchema { Type = schema.Type, Enum = schema.Enum });
        }
        return new(existingName, document);
    }

    private static string FormatValues(IOpenApiSchema schema) =>
        new JsonArray([.. schema.Enum!.Select(value => value?.DeepClone())]).ToJsonString();
}
