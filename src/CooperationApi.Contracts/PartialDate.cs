using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace CooperationApi.Contracts;

/// <summary>How much of a date is known.</summary>
public enum DatePrecision
{
    Year,
    Month,
    Day,
    DayOfUnknownYear,
}

/// <summary>A date as far as it is known: `2019`, `2019-10`, `2019-10-26`, or `--10-26` where the year is not.</summary>
[JsonConverter(typeof(PartialDateConverter))]
public readonly record struct PartialDate
{
    private static readonly string[] Formats = ["yyyy", "yyyy-MM", "yyyy-MM-dd"];

    private PartialDate(string text, DateOnly? firstDay, DatePrecision precision) => (Text, FirstDay, Precision) = (text, firstDay, precision);

    /// <summary>The date as written.</summary>
    public string Text { get; }

    /// <summary>How much of it is known.</summary>
    public DatePrecision Precision { get; }

    /// <summary>The first day that it may mean; none if the year is not known.</summary>
    public DateOnly? FirstDay { get; }

    /// <summary>The last day that it may mean; none if the year is not known.</summary>
    public DateOnly? LastDay => (Precision, FirstDay) switch
    {
        (DatePrecision.Year, { } firstDay) => new(firstDay.Year, 12, 31),
        (DatePrecision.Month, { } firstDay) => new(firstDay.Year, firstDay.Month, DateTime.DaysInMonth(firstDay.Year, firstDay.Month)),
        _ => FirstDay,
    };

    /// <summary>Reads the four spellings and nothing else; the year is 1000 to 9999.</summary>
    public static bool TryParse(string? text, out PartialDate date)
    {
        date = default;
        if (text?.Length is not (4 or 7 or 10) || text[0] is '0')
            return false;
        if (text.StartsWith("--", StringComparison.Ordinal))
        {
            // In a leap year, so that 29 February is a day.
            if (!DateOnly.TryParseExact("2000" + text[1..], Formats[^1], CultureInfo.InvariantCulture, DateTimeStyles.None, out _))
                return false;
            date = new(text, null, DatePrecision.DayOfUnknownYear);
            return true;
        }
        var precision = (DatePrecision)((text.Length - 4) / 3);
        if (!DateOnly.TryParseExact(text, Formats[(int)precision], CultureInfo.InvariantCulture, DateTimeStyles.None, out var firstDay))
            return false;
        date = new(text, firstDay, precision);
        return true;
    }

    /// <summary>Reads a text that is known to be a date. Throws <see cref="FormatException"/>.</summary>
    public static PartialDate Parse(string text) => TryParse(text, out var date) ? date : throw new FormatException($"'{text}' is not a date.");

    /// <inheritdoc/>
    public override string ToString() => Text;
}

/// <summary>A span of time as far as it is known; at least one member is there.</summary>
public sealed record Period
{
    /// <summary>Its first date.</summary>
    public PartialDate? From { get; init; }

    /// <summary>Its last date, inclusive.</summary>
    public PartialDate? To { get; init; }

    /// <summary>The period in words, where dates do not say it all.</summary>
    public string? Label { get; init; }

    /// <summary>The same in English.</summary>
    public string? LabelEn { get; init; }
}

internal sealed class PartialDateConverter : JsonConverter<PartialDate>
{
    public override PartialDate Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        reader.TokenType == JsonTokenType.String && PartialDate.TryParse(reader.GetString(), out var date)
            ? date
            : throw new JsonException("A date is written 2019, 2019-10, 2019-10-26, or --10-26 if its year is not known.");

    public override void Write(Utf8JsonWriter writer, PartialDate value, JsonSerializerOptions options) => writer.WriteStringValue(value.Text);
}
