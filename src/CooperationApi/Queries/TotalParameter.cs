using System.Text.Json.Nodes;
using CooperationApi.Http;
using CooperationApi.Http.Problems;
using Microsoft.OpenApi;

namespace CooperationApi.Queries;

/// <summary>Whether the rows are counted.</summary>
internal sealed record TotalParameter() : QueryParameter("total", "Whether to count the rows of the whole list; the count is exact, and costs a query more.", "true")
{
    private static readonly string[] AllowedValues = ["true", "false"];

    public override OpenApiSchema Schema => new() { Type = JsonSchemaType.Boolean, Default = JsonValue.Create(false) };

    public override JsonNode ExampleNode => JsonValue.Create(true);

    public static bool Parse(Dictionary<string, string> values, ICollection<RequestError> errors)
    {
        if (!values.TryGetValue("total", out var text))
            return false;
        if (!AllowedValues.Contains(text))
            errors.Add(RequestError.NotOneOf("not_allowed", text, AllowedValues) with { Parameter = "total" });
        return text == "true";
    }
}
