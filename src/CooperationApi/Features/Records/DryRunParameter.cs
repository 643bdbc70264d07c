using System.Text.Json.Nodes;
using CooperationApi.Http;
using CooperationApi.Http.Problems;
using Microsoft.OpenApi;

namespace CooperationApi.Features.Records;

/// <summary>Whether all is only to be tried.</summary>
internal sealed record DryRunParameter() : QueryParameter("dryRun",
    "Whether only to try: everything is checked, the answer is what it would be, with the revision that the record would have, and nothing is kept.", "true")
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
