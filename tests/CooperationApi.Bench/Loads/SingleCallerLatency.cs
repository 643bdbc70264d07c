using System.Diagnostics;
using CooperationApi.Bench.Processes;

namespace CooperationApi.Bench.Loads;

/// <summary>How long one caller waits when there is no other, with each address asked for once, so that no answer comes from the cache.</summary>
internal sealed record SingleCallerLatency(string Name, IReadOnlyList<double> Milliseconds)
{
    // The code is compiled by then; what these ask for isn't measured again.
    private const int DefaultWarmUps = 50;

    public double P50 => Percentiles.ComputeMedian(Milliseconds);

    public double P99 => Percentiles.ComputePercentile(Milliseconds, 99);

    public double Max => Milliseconds.Max();

    /// <summary>Asks for the addresses, one after the other over one connection; the first of them only to warm up.</summary>
    public static async Task<SingleCallerLatency> Measure(string name, Server service, IReadOnlyList<string> addresses, CancellationToken cancel, int warmUps = DefaultWarmUps)
    {
        var times = new List<double>();
        foreach (var (i, address) in addresses.Index())
        {
            var startedAt = Stopwatch.GetTimestamp();
            await service.Client.GetByteArrayAsync(new Uri(service.Address, address), cancel);
            if (i >= warmUps)
                times.Add(Stopwatch.GetElapsedTime(startedAt).TotalMilliseconds);
        }
        return new(name, times);
    }
}
