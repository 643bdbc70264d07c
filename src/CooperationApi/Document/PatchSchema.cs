using Microsoft.OpenApi;
using Swashbuckle.AspNetCore.SwaggerGen;

namespace CooperationApi.Document;

/// <summary>What a merge patch of a record may have: any of its members, and null for those that may be taken away.</summary>
internal static class PatchSchema
{
    /// <summary>The schema for a type of records, made of the record's own, as a component that is referred to.</summary>
    public static OpenApiSchemaReference Of(Type record, OpenApiDocument document, DocumentFilterContext context)
    {
        var name = $"{record.Name}Patch";
        context.SchemaGenerator.GenerateSchema(record, context.SchemaRepository);
        var whole = (OpenApiSchema)context.SchemaRepository.Schemas[record.Name];
        context.SchemaRepository.Schemas.TryAdd(name, new OpenApiSchema
        {
            Type = JsonSchemaType.Object,
            Description = $"What is to become of members of a {record.Name}: a value takes the place of the one before, null takes it away, and what is left out stays.",
            Properties = whole.Properties!.ToDictionary(member => member.Key, member => whole.Required!.Contains(member.Key) ? member.Value : OrNull(member.Value, context)),
            AdditionalPropertiesAllowed = false,
        });
        return new(name, document);
    }

    private static OpenApiSchema OrNull(IOpenApiSchema member, DocumentFilterContext context)
    {
        // A shape that is referred to has its type there, and an enum its values, of which null is then one more.
        var named = member.AllOf is [OpenApiSchemaReference { Reference.Id: { } id }] ? context.SchemaRepository.Schemas[id] : null;
        if (named?.Enum is { Count: > 0 } values)
            return new() { Type = JsonSchemaType.String | JsonSchemaType.Null, Enum = [.. values, JsonNullSentinel.JsonNull], Description = member.Description };
        var nullable = (OpenApiSchema)member.CreateShallowCopy();
        nullable.Type = (named ?? member).Type | JsonSchemaType.Null;
        return nullable;
    }
}
