using System.Text.Json.Nodes;
using Microsoft.OpenApi;

namespace CooperationApi.Http;

/// <summary>A query parameter that is `true` or `false`, the default.</summary>
internal sealed record BooleanParameter(string Name, string Description) : QueryParameter(Name, Description, "true")
{
    private static readonly string[] AllowedValues = ["true", "false"];

    public override OpenApiSchema Schema => new() { Type = JsonSchemaType.Boolean, Default = JsonValue.Create(false) };

    public override JsonNode ExampleNode => JsonValue.Create(true);

    /// <summary>Returns the value; false if it is missing or invalid.</summary>
    public bool Read(QueryValues values) => ReadOneOf(values, AllowedValues) == "true";
}
