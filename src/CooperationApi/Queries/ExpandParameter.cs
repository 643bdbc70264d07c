using System.Text.Json.Nodes;
using CooperationApi.Http;
using CooperationApi.Resources;
using Microsoft.OpenApi;

namespace CooperationApi.Queries;

/// <summary>The parameter `expand`: the related records to include.</summary>
internal sealed record ExpandParameter(Resource Resource) : QueryParameter("expand",
    $"Related records to include, separated by commas: {string.Join(", ", ExpansionStep.FromResource(Resource).Select(step => $"`{step.Name}`"))}. "
    + $"Join steps with dots (`meeting.participants.official`). Maximum {Expansion.MaxDepth} steps per path and {Expansion.MaxPaths} paths. "
    + "Each record is added beside the member that refers to it, or as a list of the record that it belongs to.",
    ExpansionStep.FromResource(Resource)[0].Name)
{
    public override bool IsScopedToOwner => true;

    public override OpenApiSchema Schema => new()
    {
        Type = JsonSchemaType.Array,
        Items = new OpenApiSchema { Type = JsonSchemaType.String, Pattern = "^[a-z][A-Za-z]*(\\.[a-z][A-Za-z]*)*$", MinLength = 1, MaxLength = 150 },
        MinItems = 1,
        MaxItems = Expansion.MaxPaths,
    };

    public override JsonNode ExampleNode => new JsonArray([JsonValue.Create(Example)]);
}
