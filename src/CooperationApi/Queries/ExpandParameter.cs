using System.Text.Json.Nodes;
using CooperationApi.Http;
using CooperationApi.Resources;
using Microsoft.OpenApi;

namespace CooperationApi.Queries;

/// <summary>The parameter `expand`: the related records to include.</summary>
internal sealed record ExpandParameter(Resource Resource) : QueryParameter("expand",
    $"Related records to include, separated by commas: "
    + $"{string.Join(", ", ExpansionStep.FromResource(Resource).Select(step => $"`{step.Name}`"))}. "
    + $"A path can continue with a dot to the related records of a related record (`meeting.participants.official`). At most "
    + $"{Expansion.MaxPaths} paths, "
    + $"each with at most {Expansion.MaxDepth} steps. "
    + $"A response has at most {ExpansionSize.MaxRecords} related records with {ExpansionSize.MaxMebibytes} MiB of JSON; a record that is "
    + "included several times counts each time. "
    + "The response has each related record beside the member that refers to it, or in a list inside the record that it belongs to. "
    + "`none` (default): no related records.",
    None)
{
    private const string None = "none";

    /// <summary>Returns the requested paths; null if there are none.</summary>
    public static string? Find(QueryValues values) => values["expand"] is { } paths and not None ? paths : null;

    public override bool IsScopedToOwner => true;

    public override OpenApiSchema Schema => new()
    {
        Type = JsonSchemaType.Array,
        Items = new OpenApiSchema
        {
            Type = JsonSchemaType.String,
            Pattern = "^[a-z][A-Za-z]*(\\.[a-z][A-Za-z]*)*$",
            MinLength = 1,
            MaxLength = 150,
        },
        MinItems = 1,
        MaxItems = Expansion.MaxPaths,
    };

    public override JsonNode ExampleNode => new JsonArray([JsonValue.Create(Example)]);
}
