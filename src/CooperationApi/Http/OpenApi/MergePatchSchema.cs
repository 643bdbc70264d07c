using Microsoft.OpenApi;
using Swashbuckle.AspNetCore.SwaggerGen;

namespace CooperationApi.Http.OpenApi;

/// <summary>What a merge patch of a record may have: any of its members, and null for those that may be taken away.</summary>
internal static class MergePatchSchema
{
    /// <summary>The schema for a type of records, made of the record's own, as a component that is referred to.</summary>
    public static OpenApiSchemaReference Create(Type recordType, OpenApiDocument document, DocumentFilterContext context)
    {
        var name = $"{recordType.Name}Patch";
        context.SchemaGenerator.GenerateSchema(recordType, context.SchemaRepository);
        var recordSchema = (OpenApiSchema)context.SchemaRepository.Schemas[recordType.Name];
        context.SchemaRepository.Schemas.TryAdd(name, new OpenApiSchema
        {
            Type = JsonSchemaType.Object,
            Description = $"What is to become of members of a {recordType.Name}: a value takes the place of the one before, null takes it away, and what is left out stays.",
            Properties = recordSchema.Properties!.ToDictionary(member => member.Key, member => recordSchema.Required!.Contains(member.Key) ? member.Value : MakeNullable(member.Value, context)),
            AdditionalPropertiesAllowed = false,
        });
        return new(name, document);
    }

    private static OpenApiSchema MakeNullable(IOpenApiSchema member, DocumentFilterContext context)
    {
        // A shape that is referred to has its type there, and an enum its values, of which null is then one more.
        var referenced = member.AllOf is [OpenApiSchemaReference { Reference.Id: { } id }] ? context.SchemaRepository.Schemas[id] : null;
        if (referenced?.Enum is { Count: > 0 } values)
            return new() { Type = JsonSchemaType.String | JsonSchemaType.Null, Enum = [.. values, JsonNullSentinel.JsonNull], Description = member.Description };
        var nullable = (OpenApiSchema)member.CreateShallowCopy();
        nullable.Type = (referenced ?? member).Type | JsonSchemaType.Null;
        return nullable;
    }
}
