using System.Net;
using CooperationApi.Bench.Loads;
using CooperationApi.Bench.Processes;

namespace CooperationApi.Bench;

/// <summary>What is compared on the seeded store: answers that the service has in its cache.</summary>
internal static class SeededRoutes
{
    private const string Item = PublishedService.FirstAddress, List = "/v1/meetings?limit=50";

    public static async Task<IReadOnlyList<Route>> Of(Server server, CancellationToken cancel) =>
    [
        new("item", Item) { IsHeldToRatio = true },
        new("item, gzip", Item) { Header = ("Accept-Encoding", "gzip"), ContentEncoding = "gzip" },
        new("list page", List) { IsHeldToRatio = true },
        await Unchanged("item, 304", server, Item, cancel),
        await Unchanged("list page, 304", server, List, cancel),
        new("status", "/v1/status"),
    ];

    private static async Task<Route> Unchanged(string name, Server server, string address, CancellationToken cancel)
    {
        using var answer = await server.Client.GetAsync(new Uri(server.Address, address), cancel);
        var tag = answer.Headers.ETag ?? throw new MeasurementException($"{address} has no ETag.");
        return new(name, address)
        {
            Header = ("If-None-Match", tag.ToString()),
            Status = (int)HttpStatusCode.NotModified,
            IsHeldToRatio = true,
        };
    }
}
