using CooperationApi.Bench.Processes;

namespace CooperationApi.Bench;

/// <summary>The times from the start of the service to its first response, and its idle memory.</summary>
internal sealed record StartTimes(TimeSpan FirstStart, TimeSpan SeededStart, double IdleMegabytes)
{
    private const int RequestsBeforeIdle = 20;
    private static readonly TimeSpan IdleDelay = TimeSpan.FromSeconds(5);

    /// <summary>Starts the service once without a store, then several times on the store that the first start created.</summary>
    public static async Task<StartTimes> Measure(PublishedService service, string store, int starts, CancellationToken cancel)
    {
        TimeSpan firstStart;
        using (var server = await service.StartServer(store, cancel))
            firstStart = server.TimeToFirstResponse;
        var seededStarts = new List<double>();
        var idle = 0.0;
        for (var start = 0; start < Math.Max(1, starts); start++)
        {
            using var server = await service.StartServer(store, cancel);
            seededStarts.Add(server.TimeToFirstResponse.TotalMilliseconds);
            if (start == 0)
                idle = await MeasureIdleMemory(server, cancel);
        }
        return new(firstStart, TimeSpan.FromMilliseconds(Percentiles.ComputeMedian(seededStarts)), idle);
    }

    private static async Task<double> MeasureIdleMemory(Server server, CancellationToken cancel)
    {
        for (var request = 0; request < RequestsBeforeIdle; request++)
        {
            foreach (var address in new[] { PublishedService.FirstRequestAddress, "/v1/meetings?limit=50", "/v1/status" })
                await server.Client.GetByteArrayAsync(new Uri(server.Address, address), cancel);
        }
        await Task.Delay(IdleDelay, cancel);
        return server.GetResidentMegabytes();
    }
}
