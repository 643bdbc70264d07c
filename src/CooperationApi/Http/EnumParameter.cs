using System.Text.Json.Nodes;
using Microsoft.OpenApi;

namespace CooperationApi.Http;

/// <summary>A query parameter with one of a fixed set of values.</summary>
internal sealed record EnumParameter(
    string Name, string Description, string Example, IReadOnlyList<string> AllowedValues, string? Default = null)
    : QueryParameter(Name, Description, Example)
{
    public override OpenApiSchema Schema => new()
    {
        Type = JsonSchemaType.String,
        Enum = [.. AllowedValues.Select(value => JsonValue.Create(value))],
        Default = Default is null ? null : JsonValue.Create(Default),
    };

    /// <summary>Returns the value, or the default if it is missing or not allowed.</summary>
    public string? Read(QueryValues values) => ReadOneOf(values, AllowedValues) ?? Default;
}
