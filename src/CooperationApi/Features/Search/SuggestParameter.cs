using System.Text.Json.Nodes;
using CooperationApi.Http;
using CooperationApi.Http.Problems;
using Microsoft.OpenApi;

namespace CooperationApi.Features.Search;

/// <summary>The `suggest` parameter, for suggestions while the user types.</summary>
internal sealed record SuggestParameter() : QueryParameter("suggest", "Search titles and names only, for suggestions while the user types. `facets` is then empty.", "true")
{
    private static readonly string[] AllowedValues = ["true", "false"];

    public override OpenApiSchema Schema => new() { Type = JsonSchemaType.Boolean, Default = JsonValue.Create(false) };

    public override JsonNode ExampleNode => JsonValue.Create(true);

    public static bool Parse(Dictionary<string, string> values, ICollection<RequestError> errors)
    {
        if (values.TryGetValue("suggest", out var text) && !AllowedValues.Contains(text))
            errors.Add(RequestError.NotOneOf("not_allowed", text, AllowedValues) with { Parameter = "suggest" });
        return text == "true";
    }
}
