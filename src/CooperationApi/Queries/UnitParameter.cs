using System.Text.Json.Nodes;
using CooperationApi.Http;
using CooperationApi.Http.Problems;
using CooperationApi.Resources.Filters;
using Microsoft.OpenApi;

namespace CooperationApi.Queries;

/// <summary>The parameter `unit`: the province unit alone, or the current unit with all units that were merged into it.</summary>
internal sealed record UnitParameter() : QueryParameter("unit",
    "Province units to include: `own` is the province alone; `current` is the current unit that the province is or became part of, with all units "
    + "that were merged into it. With `current`, `units` in the response lists these units and, for a list under the province, the rows that refer to each.",
    "current")
{
    private const string CurrentValue = "current";
    private static readonly string[] AllowedValues = ["own", CurrentValue];

    public override OpenApiSchema Schema => new()
    {
        Type = JsonSchemaType.String,
        Enum = [.. AllowedValues.Select(value => JsonValue.Create(value))],
        Default = JsonValue.Create(AllowedValues[0]),
    };

    /// <summary>Returns the lineage to which the province filter is widened; null with `unit=own`.</summary>
    public static ProvinceLineage? Parse(Dictionary<string, string> values, AppliedFilter? parentFilter, ICollection<RequestError> errors) =>
        IsCurrentUnitRequested(values, errors) && parentFilter is not null ? new(parentFilter) : null;

    /// <summary>Returns true if `unit=current` is requested.</summary>
    public static bool IsCurrentUnitRequested(Dictionary<string, string> values, ICollection<RequestError> errors)
    {
        if (!values.TryGetValue("unit", out var text))
            return false;
        if (!AllowedValues.Contains(text))
            errors.Add(RequestError.NotOneOf("not_allowed", text, AllowedValues) with { Parameter = "unit" });
        return text == CurrentValue;
    }
}
