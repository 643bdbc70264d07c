using System.Globalization;

namespace CooperationApi.Resources;

/// <summary>
/// Spans of days as words of a full-text index, so that it finds those that meet another span. Days are taken together by what they begin with: `2019-10-26`, `2019-10`,
/// `2019`, `201`, `20`, `2`. A record has the words `all:` of the fewest of these that make up its span, and `in:` of them and of all that they are part of. Two spans
/// meet if one is asked for something that the other has a day in, or that is part of something that the other has all of.
/// </summary>
internal static class DayTokens
{
    // The year 0, which isn't one, makes fewer parts of what came before another.
    private const string First = "0000-01-01", Last = "9999-12-31";
    private const int YearDigits = 4, MonthEnd = 7;

    // How long parts are, but for days.
    private static readonly int[] Lengths = [1, 2, 3, YearDigits, MonthEnd];

    /// <summary>The words of a record's span.</summary>
    public static IEnumerable<string> Of(string from, string to)
    {
        var parts = Parts(Shared(from, to), from, to).ToList();
        return parts.Select(All).Concat(parts.SelectMany(part => Wholes(part).Append(part)).Distinct().Select(In));
    }

    /// <summary>Words of which each record that meets a span has one, and no other does; a span is open where it has no end.</summary>
    public static IEnumerable<string> Meeting(string? from, string? to)
    {
        var parts = Parts("", from ?? First, to ?? Last).ToList();
        return parts.Select(In).Concat(parts.SelectMany(Wholes).Distinct().Select(All));
    }

    private static string In(string part) => "in:" + part;

    private static string All(string part) => "all:" + part;

    /// <summary>What a part is itself a part of.</summary>
    private static IEnumerable<string> Wholes(string part) => Lengths.Where(length => length < part.Length).Select(length => part[..length]);

    /// <summary>The smallest part that both days are in. To begin with it rather than with all of time is most of the work of an import saved here.</summary>
    private static string Shared(string from, string to) =>
        from == to ? from : from[..Lengths.LastOrDefault(length => string.CompareOrdinal(from, 0, to, 0, length) == 0)];

    /// <summary>The fewest parts of a part that make up its days from one to another.</summary>
    private static IEnumerable<string> Parts(string part, string from, string to)
    {
        var (first, last) = Ends(part);
        if (string.CompareOrdinal(last, from) < 0 || string.CompareOrdinal(first, to) > 0)
            return [];
        if (part.Length > 0 && string.CompareOrdinal(first, from) >= 0 && string.CompareOrdinal(last, to) <= 0)
            return [part];
        var next = part.Length switch
        {
            < YearDigits => Enumerable.Range(0, 10).Select(digit => part + digit.ToString(CultureInfo.InvariantCulture)),
            YearDigits => Enumerable.Range(1, 12).Select(month => string.Create(CultureInfo.InvariantCulture, $"{part}-{month:00}")),
            _ => Enumerable.Range(1, int.Parse(last[^2..], CultureInfo.InvariantCulture)).Select(day => string.Create(CultureInfo.InvariantCulture, $"{part}-{day:00}")),
        };
        return next.SelectMany(smaller => Parts(smaller, from, to));
    }

    /// <summary>The first and the last day that begin so.</summary>
    private static (string First, string Last) Ends(string part)
    {
        if (part.Length > MonthEnd)
            return (part, part);
        if (part.Length <= YearDigits)
            return (part.PadRight(YearDigits, '0') + "-01-01", part.PadRight(YearDigits, '9') + "-12-31");
        var (year, month) = (int.Parse(part[..YearDigits], CultureInfo.InvariantCulture), int.Parse(part[^2..], CultureInfo.InvariantCulture));
        return (part + "-01", string.Create(CultureInfo.InvariantCulture, $"{part}-{DateTime.DaysInMonth(Math.Max(year, 1), month):00}"));
    }
}
