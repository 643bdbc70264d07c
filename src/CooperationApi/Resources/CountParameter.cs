using System.Globalization;
using System.Text.Json.Nodes;
using CooperationApi.Faults;
using CooperationApi.Http;
using Microsoft.OpenApi;

namespace CooperationApi.Resources;

/// <summary>A parameter that is a small whole number in a range, with one that is meant when none is given.</summary>
internal abstract record CountParameter(string Name, string Description, int Least, int Most, int Usual)
    : Parameter(Name, Description, Usual.ToString(CultureInfo.InvariantCulture))
{
    public override OpenApiSchema Schema => new()
    {
        Type = JsonSchemaType.Integer,
        Format = "int32",
        Minimum = Least.ToString(CultureInfo.InvariantCulture),
        Maximum = Most.ToString(CultureInfo.InvariantCulture),
        Default = JsonValue.Create(Usual),
    };

    public override JsonNode ExampleNode => JsonValue.Create(Usual);

    /// <summary>The number; what is none, or out of range, is a fault.</summary>
    public int Value(Dictionary<string, string> values, ICollection<Fault> faults)
    {
        if (!values.TryGetValue(Name, out var text))
            return Usual;
        // Digits alone: no sign, blank, exponent or foreign digit, which int.Parse would let pass.
        var digits = text.AsSpan().TrimStart('-');
        if (digits.Length is 0 || text.Length - digits.Length > 1 || digits.ContainsAnyExceptInRange('0', '9'))
            faults.Add(new("not_a_number", text) { Parameter = Name });
        else if (!int.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number) || number < Least || number > Most)
            faults.Add(new("out_of_range", text, Least, Most) { Parameter = Name });
        else
            return number;
        return Usual;
    }
}
