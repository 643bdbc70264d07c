using System.Globalization;
using System.Text.Json.Nodes;
using CooperationApi.Http.Problems;
using Microsoft.OpenApi;

namespace CooperationApi.Resources.Filters;

/// <summary>A filter by the minimum or maximum of a range of integers.</summary>
internal sealed record NumberFilter(string Name, string Description, string Example, SqlCondition SqlCondition) : ListFilter(Name, Description, Example)
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

    public override AppliedFilter? Parse(string text, ICollection<RequestError> errors)
    {
        // ASCII digits only: a sign, blank, exponent or other digit is `invalid_integer`.
        if (text.AsSpan().ContainsAnyExceptInRange('0', '9'))
            errors.Add(new("invalid_integer", text) { Parameter = Name });
        else if (!long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var value) || value > MaxValue)
            errors.Add(new("out_of_range", text, 0, MaxValue) { Parameter = Name });
        else
            return new(SqlCondition, new Dictionary<string, object> { [Name] = value });
        return null;
    }
}
