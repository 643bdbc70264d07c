using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;
using CooperationApi.Contracts;

namespace CooperationApi.Text;

/// <summary>Dates as people and spreadsheets write them.</summary>
internal static partial class DateSpelling
{
    private const int MaxLength = 40;

    /// <summary>
    /// Returns the date in the form of the API: `2019-10-26` for `26/10/2019`. Null if the text has no date, or if its day and month can be
    /// interchanged: spreadsheets also write the month first.
    /// </summary>
    public static string? FindIsoDate(string text)
    {
        var match = text.Length > MaxLength ? Match.Empty : Pattern().Match(text.Normalize(NormalizationForm.FormC));
        if (!match.Success)
            return null;
        var (year, month, day) = (GetNumber("year"), GetNumber("month"), GetNumber("day"));
        if (match.Groups["numeric"].Success && day != month)
        {
            if (day <= 12 && month <= 12)
                return null;
            if (month > 12)
                (day, month) = (month, day);
        }
        var date = string.Create(CultureInfo.InvariantCulture,
            $"{year:0000}{(month is null ? "" : "-")}{month:00}{(day is null ? "" : "-")}{day:00}");
        return PartialDate.TryParse(date, out _) ? date : null;

        int? GetNumber(string name) =>
            match.Groups[name] is { Success: true, Value: var digits } ? int.Parse(digits, CultureInfo.InvariantCulture) : null;
    }

    // `2019-10-26T00:00:00` and `2019/10/26`; `26/10/2019`; `ngày 26 tháng 10 năm 2019`; `tháng 10/2019`, `10/2019`; `năm 2019`. A time
    // other than midnight is not read, because the date then depends on the time zone.
    [GeneratedRegex(
        @"\A\s*(?:(?<year>[0-9]{4})[-/.](?<month>[0-9]{1,2})[-/.](?<day>[0-9]{1,2})(?:[T ]00:00(?::00(?:\.0+)?)?)?"
        + @"|(?<numeric>(?<day>[0-9]{1,2})[-/.](?<month>[0-9]{1,2})[-/.](?<year>[0-9]{4}))"
        + @"|(?:ngày\s+)?(?<day>[0-9]{1,2})\s+tháng\s+(?<month>[0-9]{1,2})\s+năm\s+(?<year>[0-9]{4})"
        + @"|(?:tháng\s+)?(?<month>[0-9]{1,2})(?:\s*[-/.]\s*|\s+năm\s+)(?<year>[0-9]{4})|năm\s+(?<year>[0-9]{4}))\s*\z",
        RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex Pattern();
}
