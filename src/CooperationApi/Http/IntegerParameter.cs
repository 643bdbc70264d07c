using System.Globalization;
using System.Text.Json.Nodes;
using CooperationApi.Http.Problems;
using Microsoft.OpenApi;

namespace CooperationApi.Http;

/// <summary>A query parameter with an integer in a range and a default value.</summary>
internal abstract record IntegerParameter(string Name, string Description, int Minimum, int Maximum, int Default)
    : QueryParameter(Name, Description, Default.ToString(CultureInfo.InvariantCulture))
{
    public override OpenApiSchema Schema => new()
    {
        Type = JsonSchemaType.Integer,
        Format = "int32",
        Minimum = Minimum.ToString(CultureInfo.InvariantCulture),
        Maximum = Maximum.ToString(CultureInfo.InvariantCulture),
        Default = JsonValue.Create(Default),
    };

    public override JsonNode ExampleNode => JsonValue.Create(Default);

    /// <summary>
    /// Returns the value, or the default if it is missing or invalid. Adds an error for text that is not an integer or is out of range.
    /// </summary>
    public int ParseInteger(Dictionary<string, string> values, ICollection<RequestError> errors)
    {
        if (!values.TryGetValue(Name, out var text))
            return Default;
        // int.TryParse accepts `+1`, and fails for `1e3` as it does for an integer out of range.
        var digits = text.AsSpan().TrimStart('-');
        if (digits.Length is 0 || text.Length - digits.Length > 1 || digits.ContainsAnyExceptInRange('0', '9'))
            errors.Add(new("invalid_integer", text) { Parameter = Name });
        else if (!int.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var value) || value < Minimum || value > Maximum)
            errors.Add(new("out_of_range", text, Minimum, Maximum) { Parameter = Name });
        else
            return value;
        return Default;
    }
}
