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
