using System.Text.Json.Nodes;
using CooperationApi.Http;
using CooperationApi.Http.Problems;
using CooperationApi.Resources.Filters;
using Microsoft.OpenApi;

namespace CooperationApi.Queries;

/// <summary>The parameter `unit`: the province unit alone, or the current unit with all units that were merged into it.</summary>
internal sealed record UnitParameter() : QueryParameter("unit",
    "Province units to include. `own` includes the province alone. `current` includes each unit that exists today and that the province "
    + "is or became part of, and all units that were merged into such a unit. With `current`, the member `units` of the response lists these units. For a list "
    + "under the province, each unit in `units` also lists the items that refer to it.",
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
