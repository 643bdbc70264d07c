using System.Text.Json.Nodes;
using CooperationApi.Http;
using CooperationApi.Http.Problems;
using Microsoft.OpenApi;

namespace CooperationApi.Features.Timeline;

/// <summary>The query parameter for the sort order of a timeline.</summary>
internal sealed record TimelineSortParameter() : QueryParameter("sort",
    "Sort order by date; `-` sorts in descending order. Events with the same date are sorted by `type`, `id` and `event`.", "-on")
{
    private static readonly string[] AllowedValues = ["on", "-on"];

    public override bool IsScopedToOwner => true;

    public override OpenApiSchema Schema => new()
    {
        Type = JsonSchemaType.String,
        Enum = [.. AllowedValues.Select(value => JsonValue.Create(value))],
        Default = JsonValue.Create(AllowedValues[0]),
    };

    /// <summary>True if the order is descending.</summary>
    public static bool IsDescending(Dictionary<string, string> parameters, ICollection<RequestError> errors)
    {
        if (parameters.TryGetValue("sort", out var value) && !AllowedValues.Contains(value))
            errors.Add(RequestError.NotOneOf("not_allowed", value, AllowedValues) with { Parameter = "sort" });
        return value == AllowedValues[1];
    }
}
