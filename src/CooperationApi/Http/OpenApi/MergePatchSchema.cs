using Microsoft.OpenApi;
using Swashbuckle.AspNetCore.SwaggerGen;

namespace CooperationApi.Http.OpenApi;

/// <summary>Creates the schema of a JSON Merge Patch: all members of the record, with null for optional members.</summary>
internal static class MergePatchSchema
{
    /// <summary>Adds the patch schema of a record type to the components and returns a reference to it.</summary>
    public static OpenApiSchemaReference Create(Type recordType, OpenApiDocument document, DocumentFilterContext context)
    {
        var name = $"{recordType.Name}Patch";
        context.SchemaGenerator.GenerateSchema(recordType, context.SchemaRepository);
        var recordSchema = (OpenApiSchema)context.SchemaRepository.Schemas[recordType.Name];
        context.SchemaRepository.Schemas.TryAdd(name, new OpenApiSchema
        {
            Type = JsonSchemaType.Object,
            Description = $"A JSON Merge Patch (RFC 7396) for the schema {recordType.Name}. A value replaces the current value, null "
                + $"removes the member, and an absent member stays unchanged.",
            Properties = recordSchema.Properties!.ToDictionary(member => member.Key,
                member => recordSchema.Required!.Contains(member.Key) ? member.Value : MakeNullable(member.Value, context)),
            AdditionalPropertiesAllowed = false,
        });
        return new(name, document);
    }

    private static OpenApiSchema MakeNullable(IOpenApiSchema member, DocumentFilterContext context)
    {
        // The type and the enum values are in the referenced schema; a nullable enum also lists null.
        var referenced = member.AllOf is [OpenApiSchemaReference { Reference.Id: { } id }] ? context.SchemaRepository.Schemas[id] : null;
        if (referenced?.Enum is { Count: > 0 } values)
            return new()
            {
                Type = JsonSchemaType.String | JsonSchemaType.Null,
                Enum = [.. values, JsonNullSentinel.JsonNull],
                Description = member.Description,
            };
        var nullable = (OpenApiSchema)member.CreateShallowCopy();
        nullable.Type = (referenced ?? member).Type | JsonSchemaType.Null;
        return nullable;
    }
}
