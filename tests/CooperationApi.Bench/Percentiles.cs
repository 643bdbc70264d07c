namespace CooperationApi.Bench;

/// <summary>Computes medians and percentiles. On a shared machine single measurements can be outliers; the median rarely is.</summary>
internal static class Percentiles
{
    public static double ComputeMedian(IEnumerable<double> values) => ComputePercentile(values, 50);

    /// <summary>
    /// Returns the nearest-rank percentile: the smallest value that at least this percentage of the values do not exceed.
    /// </summary>
    public static double ComputePercentile(IEnumerable<double> values, int percent)
    {
        var ordered = values.Order().ToList();
        return ordered[Math.Max(0, (int)Math.Ceiling(ordered.Count * percent / 100.0) - 1)];
    }
}
