using System.Text.Json.Nodes;
using CooperationApi.Http.Problems;
using Microsoft.OpenApi;

namespace CooperationApi.Resources.Filters;

/// <summary>A filter by one or more of a fixed set of values.</summary>
internal sealed record EnumFilter(string Name, string Description, string Example, SqlCondition SqlCondition,
    IReadOnlyList<string> AllowedValues)
    : MultiValueFilter(Name, Description, Example, SqlCondition)
{
    protected override OpenApiSchema ValueSchema => new()
    {
        Type = JsonSchemaType.String,
        Enum = [.. AllowedValues.Select(value => JsonValue.Create(value))],
    };

    protected override RequestError? FindError(string value) =>
        AllowedValues.Contains(value, StringComparer.Ordinal) ? null : RequestError.NotOneOf("not_allowed", value, AllowedValues);
}
