using System.Text.Json.Nodes;
using CooperationApi.Http.Problems;
using Microsoft.OpenApi;

namespace CooperationApi.Resources.Filters;

/// <summary>A filter with the values `true` and `false`, each with a condition. Without the parameter, all rows match.</summary>
internal sealed record BooleanFilter(string Name, string Description, SqlCondition WhenTrue, SqlCondition WhenFalse)
    : ListFilter(Name, Description, "true")
{
    private static readonly string[] AllowedValues = ["true", "false"];

    public override OpenApiSchema Schema => new() { Type = JsonSchemaType.Boolean };

    public override JsonNode ExampleNode => JsonValue.Create(true);

    public override AppliedFilter? Parse(string text, ICollection<RequestError> errors)
    {
        if (AllowedValues.Contains(text))
            return new(text == "true" ? WhenTrue : WhenFalse, Name, text);
        errors.Add(RequestError.NotOneOf("not_allowed", text, AllowedValues) with { Parameter = Name });
        return null;
    }
}
