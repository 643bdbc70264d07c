namespace CooperationApi.Bench;

/// <summary>What stands for several measurements: on a shared machine one of them may be far off, the middle rarely is.</summary>
internal static class Percentiles
{
    public static double ComputeMedian(IEnumerable<double> values) => ComputePercentile(values, 50);

    /// <summary>The smallest of the values that so many percent of them don't exceed.</summary>
    public static double ComputePercentile(IEnumerable<double> values, int percent)
    {
        var ordered = values.Order().ToList();
        return ordered[Math.Max(0, (int)Math.Ceiling(ordered.Count * percent / 100.0) - 1)];
    }
}
