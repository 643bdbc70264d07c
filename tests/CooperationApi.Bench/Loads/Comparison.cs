using CooperationApi.Bench.Processes;

namespace CooperationApi.Bench.Loads;

/// <summary>A route on the service and on the bare handler: rounds in pairs, one after the other in the same minute.</summary>
internal sealed record Comparison(Route Route, IReadOnlyList<(Load Service, Load Bare)> Rounds)
{
    /// <summary>The middle of the pairs' ratios of requests per second.</summary>
    public double Ratio => Median.Of(Rounds.Select(pair => pair.Service.RequestsPerSecond / pair.Bare.RequestsPerSecond));

    public double Service(Func<Load, double> figure) => Median.Of(Rounds.Select(pair => figure(pair.Service)));

    public double Bare(Func<Load, double> figure) => Median.Of(Rounds.Select(pair => figure(pair.Bare)));

    /// <summary>Loads both in turn.</summary>
    public static async Task<Comparison> Of(Route route, Server service, BenchOptions options, string folder, CancellationToken cancel)
    {
        using var bare = await BareHandler.Start(await StoredAnswer.Of(service, route, cancel), folder, cancel);
        var wrk = new Wrk(folder);
        await wrk.Run(service, route, options.WarmUp, cancel);
        await wrk.Run(bare, route, options.WarmUp, cancel);
        var rounds = new List<(Load, Load)>();
        for (var round = 0; round < options.Rounds; round++)
            rounds.Add((await wrk.Run(service, route, options.Round, cancel), await wrk.Run(bare, route, options.Round, cancel)));
        return new(route, rounds);
    }
}
