using System.Buffers;
using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace CooperationApi.Http;

/// <summary>
/// Reads decimals that the type keeps exactly. The built-in converter rounds a number with too many digits, so that a limit is compared
/// with another number than the one that was sent.
/// </summary>
internal sealed class ExactDecimalConverter : JsonConverter<decimal>
{
    // A decimal keeps any 28 digits, with up to 28 of them after the point.
    private const int MaxDigits = 28;

    public override decimal Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        var value = reader.GetDecimal();
        return IsExact(Encoding.ASCII.GetString(reader.HasValueSequence ? reader.ValueSequence.ToArray() : reader.ValueSpan))
            ? value
            : throw new JsonException("The number cannot be kept exactly.");
    }

    public override void Write(Utf8JsonWriter writer, decimal value, JsonSerializerOptions options) => writer.WriteNumberValue(value);

    /// <summary>Returns true if a JSON number has at most 28 significant digits, and at most 28 of them after the point.</summary>
    private static bool IsExact(string number)
    {
        var exponentIndex = number.IndexOfAny(['e', 'E']);
        var exponent = 0;
        if (exponentIndex >= 0
            && !int.TryParse(number[(exponentIndex + 1)..], NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out exponent))
            return false;
        var mantissa = (exponentIndex < 0 ? number : number[..exponentIndex]).TrimStart('-');
        var pointIndex = mantissa.IndexOf('.', StringComparison.Ordinal);
        var digits = mantissa.Replace(".", "", StringComparison.Ordinal);
        var significant = digits.TrimEnd('0');
        // Digits after the point, without trailing zeros; negative for an integer that ends in zeros.
        var scale = (pointIndex < 0 ? 0 : digits.Length - pointIndex) - (digits.Length - significant.Length) - (long)exponent;
        return significant.TrimStart('0').Length <= MaxDigits && scale is <= MaxDigits and >= -MaxDigits;
    }
}
