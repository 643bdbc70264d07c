using CooperationApi.Contracts;
using CooperationApi.Resources;
using Microsoft.OpenApi;

namespace CooperationApi.Http.OpenApi;

/// <summary>
/// Describes a change of the feed as one of several schemas, selected by its member `type`: `MeetingChange` has a meeting as `data`.
/// </summary>
internal static class ChangeSchemas
{
    /// <summary>Adds the variants to the schema of a change, whose `data` can be any record.</summary>
    public static void AddTo(OpenApiDocument document, ResourceCatalog catalog)
    {
        var schemas = document.Components!.Schemas!;
        var anyChange = schemas[nameof(Change)];
        var references = catalog.All.ToDictionary(resource => resource.Type, resource =>
        {
            var variant = (OpenApiSchema)anyChange.CreateShallowCopy();
            variant.Description = $"A change in the change feed of a record of the type `{resource.Type}`.";
            variant.Properties = new Dictionary<string, IOpenApiSchema>(anyChange.Properties!)
            {
                // A pattern, because an `enum` of one value is a type of its own in generated clients.
                ["type"] = new OpenApiSchema
                {
                    Type = JsonSchemaType.String,
                    Pattern = $"^{resource.Type}$",
                    MaxLength = resource.Type.Length,
                    Description = anyChange.Properties!["type"].Description,
                },
                ["data"] = new OpenApiSchema
                {
                    AllOf = [new OpenApiSchemaReference(resource.RecordType.Name, document)],
                    Description = anyChange.Properties["data"].Description,
                },
            };
            var name = resource.RecordType.Name + nameof(Change);
            schemas.Add(name, variant);
            return new OpenApiSchemaReference(name, document);
        });
        // The members stay in the common schema: some code generators (NSwag 14) ignore `oneOf`.
        var change = (OpenApiSchema)anyChange;
        change.OneOf = [.. references.Values];
        change.Discriminator = new() { PropertyName = "type", Mapping = references };
    }
}
