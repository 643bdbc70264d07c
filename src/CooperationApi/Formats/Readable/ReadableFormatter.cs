using System.Globalization;
using System.Text.RegularExpressions;
using CooperationApi.Contracts;
using CooperationApi.Http.Problems;
using CooperationApi.Text;

namespace CooperationApi.Formats.Readable;

/// <summary>
/// Formats values for people in one language: names instead of ids, dates, periods and figures as offices write them, and evidence as a
/// quote with its source.
/// </summary>
/// <param name="language">The language.</param>
/// <param name="labels">
/// The names of the referenced records in the language, by type and id. The URL of a label is that of a source.
/// </param>
/// <param name="directives">The stored text directives, by id of the citing record and index of the citation.</param>
internal sealed partial class ReadableFormatter(Language language, IReadOnlyDictionary<(string Type, string Id), LinkedText> labels,
    IReadOnlyDictionary<(string Id, int Ordinal), string> directives)
{
    private static readonly NumberFormatInfo VietnameseNumbers = new() { NumberGroupSeparator = ".", NumberDecimalSeparator = "," };

    /// <summary>No text directives.</summary>
    public static readonly IReadOnlyDictionary<(string Id, int Ordinal), string> NoDirectives =
        new Dictionary<(string Id, int Ordinal), string>();

    /// <summary>Creates a formatter of values that contain no ids.</summary>
    public ReadableFormatter(Language language)
        : this(language, new Dictionary<(string Type, string Id), LinkedText>(), NoDirectives)
    {
    }

    private readonly bool isVietnamese = language == Language.Vietnamese;
    private readonly NumberFormatInfo numbers = language == Language.Vietnamese ? VietnameseNumbers : NumberFormatInfo.InvariantInfo;

    /// <summary>Returns the text in the language; the Vietnamese text if there is no English one.</summary>
    public string? Select(string? vietnamese, string? english) => isVietnamese ? vietnamese : english ?? vietnamese;

    /// <summary>Returns the words for an enum value; null for null.</summary>
    public string? GetName<TEnum>(TEnum? value)
        where TEnum : struct, Enum =>
        value is { } defined ? DisplayNames.Get(defined, language) : null;

    /// <summary>Returns the plural name of a resource type.</summary>
    public string GetTypeName(string type) => DisplayNames.GetTypeName(type, language);

    /// <summary>Returns the name of a referenced record: the first of the types that has the id. Null for null.</summary>
    public string? GetLabel(string? id, params string[] types) => id is null
        ? null
        : types.Select(type => labels.GetValueOrDefault((type, id)).Text).FirstOrDefault(label => label is not null) ?? id;

    /// <summary>Returns the names of referenced records, separated by semicolons.</summary>
    public string JoinLabels(IEnumerable<string> ids, params string[] types) => string.Join("; ", ids.Select(id => GetLabel(id, types)));

    /// <summary>Returns the texts that are not empty, one per line.</summary>
    public static string JoinLines(params IEnumerable<string?> lines) =>
        string.Join('\n', lines.Where(line => !string.IsNullOrEmpty(line)));

    /// <summary>Returns a value after its caption; null if there is no value.</summary>
    public string? AddCaption(string english, string vietnamese, string? value) =>
        string.IsNullOrEmpty(value) ? null : $"{(isVietnamese ? vietnamese : english)}: {value}";

    /// <summary>Returns a text with details in parentheses, if there are any.</summary>
    public static string? AddDetails(string? text, params IEnumerable<string?> details)
    {
        var joined = string.Join(", ", details.Where(detail => !string.IsNullOrEmpty(detail)));
        return joined.Length == 0 ? text : string.IsNullOrEmpty(text) ? joined : $"{text} ({joined})";
    }

    /// <summary>Formats a day.</summary>
    public string? FormatDate(DateOnly? date) =>
        date?.ToString(isVietnamese ? "dd/MM/yyyy" : "d MMMM yyyy", CultureInfo.InvariantCulture);

    /// <summary>Formats a date to its precision.</summary>
    public string? FormatDate(PartialDate? date) => date switch
    {
        null => null,
        { Precision: DatePrecision.Day, FirstDay: { } day } => FormatDate(day),
        { Precision: DatePrecision.Month, FirstDay: { } day } =>
            day.ToString(isVietnamese ? "'tháng' M/yyyy" : "MMMM yyyy", CultureInfo.InvariantCulture),
        { Precision: DatePrecision.DayOfUnknownYear, Text: var text } =>
            DateOnly.ParseExact("2000" + text[1..], "yyyy-MM-dd", CultureInfo.InvariantCulture)
                .ToString(isVietnamese ? "dd/MM" : "d MMMM", CultureInfo.InvariantCulture),
        { Text: var year } => year,
    };

    /// <summary>Formats a time in UTC as the time in Vietnam.</summary>
    public string FormatTime(string time) => DateTimeOffset.Parse(time, CultureInfo.InvariantCulture).ToOffset(VietnamTime.Offset)
        .ToString(isVietnamese ? "HH:mm 'ngày' dd/MM/yyyy" : "d MMMM yyyy HH:mm '(UTC+7)'", CultureInfo.InvariantCulture);

    /// <summary>Formats the dates of a range. An open end is written in words.</summary>
    public string? FormatRange(string? from, string? to) => (from, to) switch
    {
        (null, null) => null,
        (not null, null) => $"{(isVietnamese ? "từ" : "from")} {from}",
        (null, not null) => $"{(isVietnamese ? "đến" : "until")} {to}",
        _ when from == to => from,
        _ => $"{from} – {to}",
    };

    /// <summary>Formats a period: its dates with the label in parentheses, or only the label if it names a year.</summary>
    public string? FormatPeriod(Period? period)
    {
        if (period is null)
            return null;
        var label = Select(period.Label, period.LabelEn);
        return label is not null && YearPattern().IsMatch(label)
            ? label
            : AddDetails(FormatRange(FormatDate(period.From), FormatDate(period.To)), label);
    }

    [GeneratedRegex(@"\b[0-9]{4}\b")]
    private static partial Regex YearPattern();

    /// <summary>Formats a number with the separators of the language.</summary>
    public string? FormatNumber(decimal? number) => number?.ToString("#,##0.############################", numbers);

    /// <summary>
    /// Formats an amount exactly. Whole thousands of millions and millions of đồng are written in words: `3,8 tỷ đồng`, `VND 3.8 billion`.
    /// </summary>
    public string? FormatMoney(decimal? amount, string? currency)
    {
        if (amount is not { } value)
            return null;
        if (currency != "VND")
            return isVietnamese ? $"{FormatNumber(value)} {currency}" : $"{currency} {FormatNumber(value)}";
        var (scaled, unit) = value switch
        {
            >= 1_000_000_000 when value % 1_000_000 == 0 => (value / 1_000_000_000, isVietnamese ? " tỷ" : " billion"),
            >= 1_000_000 when value % 1_000 == 0 => (value / 1_000_000, isVietnamese ? " triệu" : " million"),
            _ => (value, ""),
        };
        return isVietnamese ? $"{FormatNumber(scaled)}{unit} đồng" : $"VND {FormatNumber(scaled)}{unit}";
    }

    /// <summary>Formats a quantity and an amount, one per line, as exact as the source: `khoảng 3,8 tỷ đồng`.</summary>
    public string FormatFigures(IQuantified figures, decimal? outOf = null)
    {
        var quantity = outOf is null ? FormatNumber(figures.Quantity) : $"{FormatNumber(figures.Quantity)}/{FormatNumber(outOf)}";
        return JoinLines(
            Qualify(quantity is null ? null : $"{quantity} {Select(figures.Unit, figures.UnitEn)}".TrimEnd(), figures.Approximate,
                figures.Bound),
            Qualify(FormatMoney(figures.Amount, figures.Currency), figures.Approximate, figures.Bound));
    }

    /// <summary>Writes the words for an approximate figure or a bound before the figure; null for null.</summary>
    public string? Qualify(string? figure, bool? approximate, Bound? bound) => figure is null
        ? null
        : (approximate == true ? isVietnamese ? "khoảng " : "about " : "")
            + bound switch
            {
                Bound.AtLeast => isVietnamese ? "trên " : "over ",
                Bound.AtMost => isVietnamese ? "không quá " : "at most ",
                _ => "",
            }
            + figure;

    /// <summary>Formats parties, one per line: the person or body, then the organization or province unit on whose side it is.</summary>
    public string FormatParties(IEnumerable<Party> parties) => JoinLines(parties.Select(party =>
        FormatParty(party.OfficialId, party.OrganizationId, party.ProvinceId, party.Description)));

    /// <summary>Formats a party: the first of its names, then the others in parentheses, then other details.</summary>
    public string? FormatParty(string? officialId, string? organizationId, string? provinceId, string? description,
        params IEnumerable<string?> details)
    {
        var names = new[]
        {
            GetLabel(officialId, "officials"), description, GetLabel(organizationId, "organizations"), GetLabel(provinceId, "provinces"),
        }.OfType<string>().ToList();
        return AddDetails(names.FirstOrDefault(), details.Concat(names.Skip(1)));
    }

    /// <summary>
    /// Formats the evidence of a record: the quote or, without a quote, the place, then the source and its link. The number of other
    /// citations follows in brackets.
    /// </summary>
    public LinkedText FormatEvidence(CitedRecord record, IReadOnlyList<string> members)
    {
        var (ordinal, citation) = SelectCitation(record, members);
        var source = labels.GetValueOrDefault(("sources", citation.SourceId));
        var otherCount = record.Citations.Count - 1;
        return new(
            JoinLines(FormatQuote(citation), (source.Text ?? citation.SourceId) + (otherCount == 0 ? "" : $" [+{otherCount}]")),
            TextDirective.CreateLink(source.Url, citation.Quote, directives.GetValueOrDefault((record.Id, ordinal))));
    }

    /// <summary>Formats the quote or the place of a citation, with its basis unless the source states the fact.</summary>
    public string? FormatQuote(Citation citation) => AddDetails(citation.Quote is null ? citation.Locator : $"“{citation.Quote}”",
        citation.Basis == CitationBasis.Inferred ? GetName<CitationBasis>(citation.Basis)!.ToLowerInvariant() : null);

    /// <summary>Returns the citation with the shortest quote that supports one of the members, stated before inferred.</summary>
    private static (int Ordinal, Citation Citation) SelectCitation(CitedRecord record, IReadOnlyList<string> members) =>
        record.Citations.Index().OrderBy(item => item.Item.Quote is null)
            .ThenBy(item => !item.Item.Supports.Any(members.Contains)).ThenBy(item => item.Item.Basis)
            .ThenBy(item => item.Item.Quote?.Length).First();
}
