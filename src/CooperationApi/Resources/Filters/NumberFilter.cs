using System.Globalization;
using System.Text.Json.Nodes;
using CooperationApi.Http.Problems;
using Microsoft.OpenApi;

namespace CooperationApi.Resources.Filters;

/// <summary>A filter by the minimum or maximum of a range of integers.</summary>
internal sealed record NumberFilter(string Name, string Description, string Example, SqlCondition SqlCondition)
    : ListFilter(Name, Description, Example)
{
    private const long MaxValue = 1_000_000_000_000_000;

    public override OpenApiSchema Schema => new()
    {
        Type = JsonSchemaType.Integer,
        Format = "int64",
        Minimum = "0",
        Maximum = MaxValue.ToString(CultureInfo.InvariantCulture),
    };

    public override JsonNode ExampleNode => JsonValue.Create(long.Parse(Example, CultureInfo.InvariantCulture));

    public override AppliedFilter? Parse(string text, ICollection<RequestError> errors) =>
        ParseInteger(text, 0, MaxValue, errors) is { } value ? new(SqlCondition, Name, value) : null;
}
