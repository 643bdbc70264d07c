using System.Text.Json.Nodes;
using CooperationApi.Http;
using CooperationApi.Http.Problems;
using Microsoft.OpenApi;

namespace CooperationApi.Features.Records;

/// <summary>The `dryRun` parameter, for validation of a write without saving.</summary>
internal sealed record DryRunParameter() : QueryParameter("dryRun",
    "Validate and preview without saving. The response shows the result of the write and the revision that it would create.", "true")
{
    private static readonly string[] AllowedValues = ["true", "false"];

    public override OpenApiSchema Schema => new() { Type = JsonSchemaType.Boolean, Default = JsonValue.Create(false) };

    public override JsonNode ExampleNode => JsonValue.Create(true);

    public static bool Parse(Dictionary<string, string> values, ICollection<RequestError> errors)
    {
        if (values.TryGetValue("dryRun", out var text) && !AllowedValues.Contains(text))
            errors.Add(RequestError.NotOneOf("not_allowed", text, AllowedValues) with { Parameter = "dryRun" });
        return text == "true";
    }
}
