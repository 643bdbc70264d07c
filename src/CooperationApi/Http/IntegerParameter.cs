using System.Globalization;
using System.Text.Json.Nodes;
using Microsoft.OpenApi;

namespace CooperationApi.Http;

/// <summary>A query parameter with an integer in a range and a default value.</summary>
internal sealed record IntegerParameter(string Name, string Description, int Minimum, int Maximum, int Default)
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

    /// <summary>Returns the value, or the default if it is missing or invalid. A negative integer is out of range.</summary>
    public int Read(QueryValues values) =>
        values[Name] is { } text ? (int)(ParseInteger(text, Minimum, Maximum, values.Errors, allowsMinus: true) ?? Default) : Default;
}
