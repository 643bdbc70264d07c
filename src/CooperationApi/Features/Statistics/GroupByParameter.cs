using System.Text.Json.Nodes;
using CooperationApi.Http;
using CooperationApi.Http.Problems;
using Microsoft.OpenApi;

namespace CooperationApi.Features.Statistics;

/// <summary>The query parameter for the grouping keys of statistics; their order is the sort order of the rows.</summary>
internal sealed record GroupByParameter(IReadOnlyList<string> AllowedValues, params IReadOnlyList<string> DefaultValues)
    : QueryParameter("by",
    "Keys by which the rows are grouped, separated by commas. The rows are sorted by these keys, in the same order.",
    string.Join(',', DefaultValues))
{
    public override bool IsScopedToOwner => true;

    public override OpenApiSchema Schema => new()
    {
        Type = JsonSchemaType.Array,
        Items = new OpenApiSchema { Type = JsonSchemaType.String, Enum = [.. AllowedValues.Select(value => JsonValue.Create(value))] },
        MinItems = 1,
        MaxItems = AllowedValues.Count,
        Default = ToJsonArray(DefaultValues),
    };

    public override JsonNode ExampleNode => ToJsonArray(DefaultValues);

    /// <summary>
    /// Returns the requested keys, or the default keys if the parameter is absent. Adds an error for an unknown or duplicate key.
    /// </summary>
    public IReadOnlyList<string> Read(QueryValues values)
    {
        if (values[Name] is not { } text)
            return DefaultValues;
        var requested = text.Split(',');
        foreach (var unknown in requested.Except(AllowedValues))
            values.Errors.Add(RequestError.NotOneOf("not_allowed", unknown, AllowedValues) with { Parameter = Name });
        foreach (var duplicate in requested.Intersect(AllowedValues).Where(value => requested.Count(other => other == value) > 1))
            values.Errors.Add(new("duplicate_value", duplicate) { Parameter = Name });
        return requested;
    }

    private static JsonArray ToJsonArray(IEnumerable<string> values) => new([.. values.Select(value => JsonValue.Create(value))]);
}
