namespace CooperationApi.Pages.Charts;

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
