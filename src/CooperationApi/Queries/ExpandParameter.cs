using System.Text.Json.Nodes;
using CooperationApi.Http;
using CooperationApi.Resources;
using Microsoft.OpenApi;

namespace CooperationApi.Queries;

/// <summary>What to send along.</summary>
internal sealed record ExpandParameter(Resource Resource) : QueryParameter("expand",
    $"Records to send along, with commas between, each where it is named or under the record whose list it is: {string.Join(", ", ExpansionStep.FromResource(Resource).Select(step => $"`{step.Name}`"))}. "
    + $"Steps join with points (`meeting.participants.official`), {Expansion.MaxDepth} at most; {Expansion.MaxPaths} paths at most. Citations come as they are.",
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
