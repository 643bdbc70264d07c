using System.Globalization;

namespace CooperationApi.Text;

/// <summary>
/// Spans of days as words of a full-text index, so that it finds those that meet another span. Days are taken together by what they begin with: `2019-10-26`, `2019-10`,
/// `2019`, `201`, `20`, `2`. A record has the words `all:` of the fewest of these that make up its span, and `in:` of them and of all that they are part of. Two spans
/// meet if one is asked for something that the other has a day in, or that is part of something that the other has all of.
/// </summary>
internal static class DateRangeTokens
{
    // The year 0, which isn't one, makes fewer parts of what came before another.
    private const string MinDate = "0000-01-01", MaxDate = "9999-12-31";
    private const int YearLength = 4, MonthLength = 7;

    // How long parts are, but for days.
    private static readonly int[] PrefixLengths = [1, 2, 3, YearLength, MonthLength];

    /// <summary>The words of a record's span.</summary>
    public static IEnumerable<string> ForRange(string from, string to)
    {
        var cover = Cover(CommonPrefix(from, to), from, to).ToList();
        return cover.Select(ToWholeToken).Concat(cover.SelectMany(prefix => Ancestors(prefix).Append(prefix)).Distinct().Select(ToPartialToken));
    }

    /// <summary>Words of which each record that meets a span has one, and no other does; a span is open where it has no end.</summary>
    public static IEnumerable<string> Overlapping(string? from, string? to)
    {
        var cover = Cover("", from ?? MinDate, to ?? MaxDate).ToList();
        return cover.Select(ToPartialToken).Concat(cover.SelectMany(Ancestors).Distinct().Select(ToWholeToken));
    }

    private static string ToPartialToken(string prefix) => "in:" + prefix;

    private static string ToWholeToken(string prefix) => "all:" + prefix;

    /// <summary>What a part is itself a part of.</summary>
    private static IEnumerable<string> Ancestors(string prefix) => PrefixLengths.Where(length => length < prefix.Length).Select(length => prefix[..length]);

    /// <summary>The smallest part that both days are in. To begin with it rather than with all of time is most of the work of an import saved here.</summary>
    private static string CommonPrefix(string from, string to) =>
        from == to ? from : from[..PrefixLengths.LastOrDefault(length => string.CompareOrdinal(from, 0, to, 0, length) == 0)];

    /// <summary>The fewest parts of a part that make up its days from one to another.</summary>
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
            _ => Enumerable.Range(1, int.Parse(last[^2..], CultureInfo.InvariantCulture)).Select(day => string.Create(CultureInfo.InvariantCulture, $"{prefix}-{day:00}")),
        };
        return children.SelectMany(child => Cover(child, from, to));
    }

    /// <summary>The first and the last day that begin so.</summary>
    private static (string First, string Last) Bounds(string prefix)
    {
        if (prefix.Length > MonthLength)
            return (prefix, prefix);
        if (prefix.Length <= YearLength)
            return (prefix.PadRight(YearLength, '0') + "-01-01", prefix.PadRight(YearLength, '9') + "-12-31");
        var (year, month) = (int.Parse(prefix[..YearLength], CultureInfo.InvariantCulture), int.Parse(prefix[^2..], CultureInfo.InvariantCulture));
        return (prefix + "-01", string.Create(CultureInfo.InvariantCulture, $"{prefix}-{DateTime.DaysInMonth(Math.Max(year, 1), month):00}"));
    }
}
