using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace CooperationApi.Contracts;

/// <summary>The precision of a date.</summary>
public enum DatePrecision
{
    Year,
    Month,
    Day,
    DayOfUnknownYear,
}

/// <summary>A date to the known precision: `2019`, `2019-10`, `2019-10-26`, or `--10-26` for a day of an unknown year.</summary>
[JsonConverter(typeof(PartialDateConverter))]
public readonly record struct PartialDate
{
    private static readonly string[] Formats = ["yyyy", "yyyy-MM", "yyyy-MM-dd"];

    private PartialDate(string text, DateOnly? firstDay, DatePrecision precision) =>
        (Text, FirstDay, Precision) = (text, firstDay, precision);

    /// <summary>The date as written.</summary>
    public string Text { get; }

    /// <summary>The known precision.</summary>
    public DatePrecision Precision { get; }

    /// <summary>The first possible day; null if the year is unknown.</summary>
    public DateOnly? FirstDay { get; }

    /// <summary>The last possible day; null if the year is unknown.</summary>
    public DateOnly? LastDay => (Precision, FirstDay) switch
    {
        (DatePrecision.Year, { } firstDay) => new(firstDay.Year, 12, 31),
        (DatePrecision.Month, { } firstDay) => new(firstDay.Year, firstDay.Month, DateTime.DaysInMonth(firstDay.Year, firstDay.Month)),
        _ => FirstDay,
    };

    /// <summary>Parses the four formats and no other. The year is 1000 to 9999.</summary>
    public static bool TryParse(string? text, out PartialDate date)
    {
        date = default;
        if (text?.Length is not (4 or 7 or 10) || text[0] is '0')
            return false;
        var isYearUnknown = text.StartsWith("--", StringComparison.Ordinal);
        var precision = isYearUnknown ? DatePrecision.DayOfUnknownYear : (DatePrecision)((text.Length - 4) / 3);
        // 2000 is a leap year, so 29 February is valid.
        var (fullText, format) = isYearUnknown ? ("2000" + text[1..], Formats[^1]) : (text, Formats[(int)precision]);
        if (!DateOnly.TryParseExact(fullText, format, CultureInfo.InvariantCulture, DateTimeStyles.None, out var firstDay))
            return false;
        date = new(text, isYearUnknown ? null : firstDay, precision);
        return true;
    }

    /// <summary>Parses a date. Throws <see cref="FormatException"/> if the text is not a date.</summary>
    public static PartialDate Parse(string text) =>
        TryParse(text, out var date) ? date : throw new FormatException($"'{text}' is not a valid date.");

    /// <inheritdoc/>
    public override string ToString() => Text;
}

/// <summary>A time span, as far as it is known. At least one of `from`, `to` and `label` is present.</summary>
public sealed record Period
{
    /// <summary>The first date.</summary>
    public PartialDate? From { get; init; }

    /// <summary>The last date, inclusive.</summary>
    public PartialDate? To { get; init; }

    /// <summary>The period in words that dates cannot express.</summary>
    public string? Label { get; init; }

    /// <summary>The label in English.</summary>
    public string? LabelEn { get; init; }
}

internal sealed class PartialDateConverter : JsonConverter<PartialDate>
{
    public override PartialDate Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        reader.TokenType == JsonTokenType.String && PartialDate.TryParse(reader.GetString(), out var date)
            ? date
            : throw new JsonException("Expected a date: 2019, 2019-10, 2019-10-26, or --10-26 if the year is unknown.");

    public override void Write(Utf8JsonWriter writer, PartialDate value, JsonSerializerOptions options) =>
        writer.WriteStringValue(value.Text);
}
