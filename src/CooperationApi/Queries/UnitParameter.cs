using System.Text.Json.Nodes;
using CooperationApi.Http;
using CooperationApi.Http.Problems;
using CooperationApi.Resources.Filters;
using Microsoft.OpenApi;

namespace CooperationApi.Queries;

/// <summary>For which unit a province stands: the unit of its own time, or today's with all that it was made of.</summary>
internal sealed record UnitParameter() : QueryParameter("unit",
    "For which unit the province stands: `own`, itself alone, as the records of its time name it; or `current`, the unit of today that it is "
    + "or became part of, with all the units that this was made of. The answer's `units` then say which units these are, and in a list under the province "
    + "which rows name each.",
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

    /// <summary>The units of today that the province's condition is to be widened to; null if the province stands for itself.</summary>
    public static ProvinceLineage? Parse(Dictionary<string, string> values, AppliedFilter? parentFilter, ICollection<RequestError> errors) =>
        IsCurrentUnitRequested(values, errors) && parentFilter is not null ? new(parentFilter) : null;

    /// <summary>Whether the province stands for today's unit.</summary>
    public static bool IsCurrentUnitRequested(Dictionary<string, string> values, ICollection<RequestError> errors)
    {
        if (!values.TryGetValue("unit", out var text))
            return false;
        if (!AllowedValues.Contains(text))
            errors.Add(RequestError.NotOneOf("not_allowed", text, AllowedValues) with { Parameter = "unit" });
        return text == CurrentValue;
    }
}
