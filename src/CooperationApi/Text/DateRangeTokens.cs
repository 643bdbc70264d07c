using System.Globalization;

namespace CooperationApi.Text;

/// <summary>
/// Encodes date ranges as tokens of a full-text index, so that a search finds the ranges that overlap another range. Days are grouped by
/// prefixes of their ISO form: `2019-10-26`, `2019-10`, `2019`, `201`, `20`, `2`. The cover of a range is the smallest set of prefixes
/// whose days are exactly the range. A record has an `all:` token for each prefix of its cover, and an `in:` token for each of these and
/// for each of their ancestors. A range overlaps the record if the record has `in:` for a prefix of the range's cover, or `all:` for an
/// ancestor of one.
/// </summary>
internal static class DateRangeTokens
{
    // The year 0000 does not exist. It lets fewer prefixes cover a range with an open start.
    private const string MinDate = "0000-01-01", MaxDate = "9999-12-31";
    private const int YearLength = 4, MonthLength = 7;

    // The lengths of prefixes, except days.
    private static readonly int[] PrefixLengths = [1, 2, 3, YearLength, MonthLength];

    /// <summary>Returns the tokens of a record's date range.</summary>
    public static IEnumerable<string> ForRange(string from, string to)
    {
        var cover = Cover(CommonPrefix(from, to), from, to).ToList();
        return cover.Select(ToWholeToken)
            .Concat(cover.SelectMany(prefix => Ancestors(prefix).Append(prefix)).Distinct().Select(ToPartialToken));
    }

    /// <summary>Returns the tokens of which a record has at least one if and only if it overlaps a range. A null end is open.</summary>
    public static IEnumerable<string> Overlapping(string? from, string? to)
    {
        var cover = Cover("", from ?? MinDate, to ?? MaxDate).ToList();
        return cover.Select(ToPartialToken).Concat(cover.SelectMany(Ancestors).Distinct().Select(ToWholeToken));
    }

    private static string ToPartialToken(string prefix) => "in:" + prefix;

    private static string ToWholeToken(string prefix) => "all:" + prefix;

    /// <summary>Returns the shorter prefixes that contain a prefix.</summary>
    private static IEnumerable<string> Ancestors(string prefix) =>
        PrefixLengths.Where(length => length < prefix.Length).Select(length => prefix[..length]);

    /// <summary>
    /// Returns the longest prefix that contains both days. Starting with it, not with all dates, saves most of the work for an imported
    /// record.
    /// </summary>
    private static string CommonPrefix(string from, string to) =>
        from == to ? from : from[..PrefixLengths.LastOrDefault(length => string.CompareOrdinal(from, 0, to, 0, length) == 0)];

    /// <summary>Returns the cover of a range within a prefix.</summary>
    private static IEnumerable<string> Cover(string prefix, string from, string to)
    {
        var (first, last) = Bounds(prefix);
        if (string.CompareOrdinal(last, from) < 0 || string.CompareOrdinal(first, to) > 0)
            return [];
        if (prefix.Length > 0 && string.CompareOrdinal(first, from) >= 0 && string.CompareOrdinal(last, to) <= 0)
            return [prefix];
        var children = prefix.Length switch
        {
            < YearLength => Enumerable.Range(0, 10).Select(digit => prefix + digit.ToString(CultureInfo.InvariantCulture)),
            YearLength => Enumerable.Range(1, 12).Select(month => string.Create(CultureInfo.InvariantCulture, $"{prefix}-{month:00}")),
            _ => Enumerable.Range(1, int.Parse(last[^2..], CultureInfo.InvariantCulture))
                .Select(day => string.Create(CultureInfo.InvariantCulture, $"{prefix}-{day:00}")),
        };
        return children.SelectMany(child => Cover(child, from, to));
    }

    /// <summary>Returns the first and the last day of a prefix.</summary>
    private static (string First, string Last) Bounds(string prefix)
    {
        if (prefix.Length > MonthLength)
            return (prefix, prefix);
        if (prefix.Length <= YearLength)
            return (prefix.PadRight(YearLength, '0') + "-01-01", prefix.PadRight(YearLength, '9') + "-12-31");
        var (year, month) =
            (int.Parse(prefix[..YearLength], CultureInfo.InvariantCulture), int.Parse(prefix[^2..], CultureInfo.InvariantCulture));
        return (prefix + "-01",
            string.Create(CultureInfo.InvariantCulture, $"{prefix}-{DateTime.DaysInMonth(Math.Max(year, 1), month):00}"));
    }
}
