using System.Text.Json.Nodes;
using CooperationApi.Http;
using CooperationApi.Http.Problems;
using Microsoft.OpenApi;

namespace CooperationApi.Features.Records;

/// <summary>The `sort` parameter of a record's history.</summary>
internal sealed record RevisionSortParameter() : QueryParameter("sort", "Sort order: `-revision` (newest first, the default) or `revision` (oldest first).", DefaultValue)
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

    /// <summary>Returns true if the newest change comes first.</summary>
    public static bool ParseIsDescending(Dictionary<string, string> values, ICollection<RequestError> errors)
    {
        var value = values.GetValueOrDefault("sort", DefaultValue);
        if (!AllowedValues.Contains(value))
            errors.Add(RequestError.NotOneOf("not_allowed", value, AllowedValues) with { Parameter = "sort" });
        return value == DefaultValue;
    }
}
