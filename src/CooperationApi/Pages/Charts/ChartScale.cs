using System.Globalization;

namespace CooperationApi.Pages.Charts;

/// <summary>Positions in a chart. SVG resolves percentages by the width of the screen, so texts beside them keep their size.</summary>
internal static class ChartScale
{
    /// <summary>Formats a percentage for an attribute.</summary>
    public static string FormatPercent(decimal percent) => percent.ToString("0.##", CultureInfo.InvariantCulture) + "%";
}

/// <summary>A bar: its labels in the columns of the table, its value, and the value in words.</summary>
/// <param name="Labels">The labels, the first of which heads the row.</param>
/// <param name="Value">The value, in the same unit as the other bars.</param>
/// <param name="Text">The value in words.</param>
/// <param name="IsExcluded">True for a value that sums leave out; its bar is hatched.</param>
public sealed record Bar(IReadOnlyList<BarLabel> Labels, decimal Value, string Text, bool IsExcluded = false);

/// <summary>
/// A label of a bar: a text, which can link to a path, or a record by its name; of several types, the first that has the id.
/// </summary>
public sealed record BarLabel(string? Text, string? Types = null, string? Id = null)
{
    public string? Path { get; init; }
}

/// <summary>
/// Assigns counts to shades, so that each shade has about as many of the counts. Shade 0 is that of no records. If many counts are equal,
/// there are fewer shades.
/// </summary>
public sealed class ShadeScale
{
    private const int MaxShades = 4;

    private readonly List<long> sorted, minima;

    public ShadeScale(IEnumerable<long> counts)
    {
        sorted = [.. counts.Where(count => count > 0).Order()];
        minima = [.. Enumerable.Range(0, sorted.Count == 0 ? 0 : MaxShades).Select(i => sorted[i * sorted.Count / MaxShades]).Distinct()];
    }

    /// <summary>Returns the class of a count's shade.</summary>
    public string GetClass(long count) => $"shade-{minima.Count(minimum => minimum <= count)}";

    /// <summary>The classes with the counts of their shades.</summary>
    public IEnumerable<(string Class, long Minimum, long Maximum)> Legend => minima.Select((minimum, i) => (GetClass(minimum), minimum,
        sorted.Last(count => i + 1 == minima.Count || count < minima[i + 1])));
}
