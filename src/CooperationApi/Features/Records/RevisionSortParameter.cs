using System.Text.Json.Nodes;
using CooperationApi.Http;
using CooperationApi.Http.Problems;
using Microsoft.OpenApi;

namespace CooperationApi.Features.Records;

/// <summary>The order of a record's history.</summary>
internal sealed record RevisionSortParameter() : QueryParameter("sort", "The order: `-revision`, the last change first, as without it; `revision`, the first one first.", DefaultValue)
{
    private const string DefaultValue = "-revision";

    private static readonly string[] AllowedValues = [DefaultValue, "revision"];

    public override bool IsScopedToOwner => true;

    public override OpenApiSchema Schema => new()
    {
        Type = JsonSchemaType.String,
        Enum = [.. AllowedValues.Select(value => JsonValue.Create(value))],
        Default = JsonValue.Create(DefaultValue),
    };

    /// <summary>Whether the last comes first.</summary>
    public static bool ParseIsDescending(Dictionary<string, string> values, ICollection<RequestError> errors)
    {
        var value = values.GetValueOrDefault("sort", DefaultValue);
        if (!AllowedValues.Contains(value))
            errors.Add(RequestError.NotOneOf("not_allowed", value, AllowedValues) with { Parameter = "sort" });
        return value == DefaultValue;
    }
}
