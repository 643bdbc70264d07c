using System.Diagnostics;
using System.Security.Cryptography;
using CooperationApi.Bench.Processes;

namespace CooperationApi.Bench.Loads;

/// <summary>The latencies of a single caller. Each address is requested once, so that no response comes from the cache.</summary>
internal sealed record SingleCallerLatency(string Name, IReadOnlyList<double> Milliseconds, string SlowestAddress,
    IReadOnlyList<(string Address, string Hash)> Responses)
{
    // The first requests include JIT compilation and are not measured.
    private const int DefaultWarmUps = 50;

    public double P50 => Percentiles.ComputeMedian(Milliseconds);

    public double P99 => Percentiles.ComputePercentile(Milliseconds, 99);

    public double Max => Milliseconds.Max();

    /// <summary>
    /// Requests the addresses one after another over one connection; the first ones are the warm-up and are not measured.
    /// </summary>
    public static async Task<SingleCallerLatency> Measure(string name, Server service, IReadOnlyList<string> addresses,
        CancellationToken cancel, int warmUps = DefaultWarmUps)
    {
        var times = new List<double>();
        var responses = new List<(string, string)>();
        var (slowest, slowestAddress) = (0.0, "");
        foreach (var (i, address) in addresses.Index())
        {
            var startedAt = Stopwatch.GetTimestamp();
            var body = await service.Client.GetByteArrayAsync(new Uri(service.Address, address), cancel);
            var milliseconds = Stopwatch.GetElapsedTime(startedAt).TotalMilliseconds;
            responses.Add((address, Convert.ToHexStringLower(SHA256.HashData(body))));
            if (i < warmUps)
                continue;
            times.Add(milliseconds);
            if (milliseconds > slowest)
                (slowest, slowestAddress) = (milliseconds, address);
        }
        return new(name, times, slowestAddress, responses);
    }
}
