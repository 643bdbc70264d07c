using CooperationApi.Bench.Processes;

namespace CooperationApi.Bench.Loads;

/// <summary>The results of a route in pairs of rounds: one on the service, and immediately afterwards one on the bare handler.</summary>
internal sealed record Comparison(Route Route, IReadOnlyList<(LoadResult Service, LoadResult Bare)> Rounds)
{
    /// <summary>The median of the pairs' ratios of requests per second.</summary>
    public double Ratio => Percentiles.ComputeMedian(Rounds.Select(pair => pair.Service.RequestsPerSecond / pair.Bare.RequestsPerSecond));

    public double MedianOfService(Func<LoadResult, double> figure) =>
        Percentiles.ComputeMedian(Rounds.Select(pair => figure(pair.Service)));

    public double MedianOfBareHandler(Func<LoadResult, double> figure) =>
        Percentiles.ComputeMedian(Rounds.Select(pair => figure(pair.Bare)));

    /// <summary>Loads the service and the bare handler alternately, after a warm-up of both.</summary>
    public static async Task<Comparison> Measure(Route route, Server service, BenchOptions options, string folder, CancellationToken cancel)
    {
        using var bare = await BareHandler.Start(await RecordedResponse.Record(service, route, cancel), folder, cancel);
        var wrk = new Wrk(folder);
        await wrk.Run(service, route, options.WarmUpDuration, cancel);
        await wrk.Run(bare, route, options.WarmUpDuration, cancel);
        var rounds = new List<(LoadResult, LoadResult)>();
        for (var round = 0; round < options.Rounds; round++)
            rounds.Add(
                (await wrk.Run(service, route, options.RoundDuration, cancel), await wrk.Run(bare, route, options.RoundDuration, cancel)));
        return new(route, rounds);
    }
}
