using CooperationApi.Contracts;
using CooperationApi.Resources;
using Microsoft.OpenApi;

namespace CooperationApi.Http.OpenApi;

/// <summary>
/// Describes the types of changes of the feed, which the member `type` selects: `MeetingChange` has a meeting as `data`.
/// </summary>
internal static class ChangeSchemas
{
    /// <summary>Moves `data` from the schema of a change to one schema per resource type.</summary>
    public static void AddTo(OpenApiDocument document, ResourceCatalog catalog)
    {
        var schemas = document.Components!.Schemas!;
        var change = (OpenApiSchema)schemas[nameof(Change)];
        var data = change.Properties!["data"];
        change.Properties.Remove("data");
        // A base schema with a discriminator and no `oneOf`. Of a `oneOf`, NSwag 14 keeps the first schema only, and the type that Kiota
        // 1.38 creates has no common members.
        change.Discriminator = new()
        {
            PropertyName = "type",
            Mapping = catalog.All.ToDictionary(resource => resource.Type, resource =>
            {
                var name = resource.RecordType.Name + nameof(Change);
                schemas.Add(name, new OpenApiSchema
                {
                    Type = JsonSchemaType.Object,
                    Description = $"A change in the change feed of a record of the type `{resource.Type}`.",
                    AllOf = [new OpenApiSchemaReference(nameof(Change), document)],
                    Properties = new Dictionary<string, IOpenApiSchema>
                    {
                        ["data"] = new OpenApiSchema
                        {
                            AllOf = [new OpenApiSchemaReference(resource.RecordType.Name, document)],
                            Description = data.Description,
                        },
                    },
                });
                return new OpenApiSchemaReference(name, document);
            }),
        };
    }
}
