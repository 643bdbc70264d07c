using System.Net;
using CooperationApi.Bench.Loads;
using CooperationApi.Bench.Processes;

namespace CooperationApi.Bench;

/// <summary>The routes to compare on the seeded store; the service responds to them from its cache.</summary>
internal static class SeededRoutes
{
    private const string Item = PublishedService.FirstRequestAddress, List = "/v1/meetings?limit=50";

    public static async Task<IReadOnlyList<Route>> Create(Server server, CancellationToken cancel) =>
    [
        new("item", Item) { HasMinRatio = true },
        new("item, gzip", Item) { Header = ("Accept-Encoding", "gzip"), ExpectedContentEncoding = "gzip" },
        new("list page", List) { HasMinRatio = true },
        await CreateNotModified("item, 304", server, Item, cancel),
        await CreateNotModified("list page, 304", server, List, cancel),
        new("status", "/v1/status"),
    ];

    private static async Task<Route> CreateNotModified(string name, Server server, string address, CancellationToken cancel)
    {
        using var response = await server.Client.GetAsync(new Uri(server.Address, address), cancel);
        var eTag = response.Headers.ETag ?? throw new MeasurementException($"{address} has no ETag.");
        return new(name, address)
        {
            Header = ("If-None-Match", eTag.ToString()),
            ExpectedStatus = (int)HttpStatusCode.NotModified,
            HasMinRatio = true,
        };
    }
}
