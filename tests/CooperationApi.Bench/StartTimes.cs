using CooperationApi.Bench.Processes;

namespace CooperationApi.Bench;

/// <summary>How long the service takes to its first answer, and what it holds in memory when nobody asks.</summary>
internal sealed record StartTimes(TimeSpan Seeding, TimeSpan Seeded, double IdleMegabytes)
{
    private const int FewRequests = 20;
    private static readonly TimeSpan Rest = TimeSpan.FromSeconds(5);

    /// <summary>Starts it once where there is no store, and several times on the store that it made.</summary>
    public static async Task<StartTimes> Measure(PublishedService service, string store, int starts, CancellationToken cancel)
    {
        TimeSpan seeding;
        using (var server = await service.Serve(store, cancel))
            seeding = server.TimeToFirstAnswer;
        var seeded = new List<double>();
        var idle = 0.0;
        for (var start = 0; start < Math.Max(1, starts); start++)
        {
            using var server = await service.Serve(store, cancel);
            seeded.Add(server.TimeToFirstAnswer.TotalMilliseconds);
            if (start == 0)
                idle = await IdleMemory(server, cancel);
        }
        return new(seeding, TimeSpan.FromMilliseconds(Median.Of(seeded)), idle);
    }

    private static async Task<double> IdleMemory(Server server, CancellationToken cancel)
    {
        for (var request = 0; request < FewRequests; request++)
        {
            foreach (var address in new[] { PublishedService.FirstAddress, "/v1/meetings?limit=50", "/v1/status" })
                await server.Client.GetByteArrayAsync(new Uri(server.Address, address), cancel);
        }
        await Task.Delay(Rest, cancel);
        return server.ResidentMegabytes();
    }
}
