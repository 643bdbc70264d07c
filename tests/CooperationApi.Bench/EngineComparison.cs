using System.Net.Http.Json;
using System.Text.Json.Nodes;
using CooperationApi.Bench.Generated;
using CooperationApi.Bench.Loads;
using CooperationApi.Bench.Processes;
using CooperationApi.Contracts;

namespace CooperationApi.Bench;

/// <summary>The same bundle and the same requests on SQLite and on PostgreSQL: imports, latencies, and responses that differ.</summary>
internal sealed record EngineComparison(ImportMeasurement SqliteImport, ImportMeasurement PostgreSqlImport,
    IReadOnlyList<EngineComparison.Row> Rows)
{
    // A page deep in a list is found page by page, for each filter and sort order, so the row is less deep than with one engine.
    private const int FeedPages = 200, FeedPageSize = 500, DeepRow = 2000;

    /// <summary>The latencies of a group of requests. <see cref="FirstDifference"/> is the first address with different bytes.</summary>
    internal sealed record Row(SingleCallerLatency Sqlite, SingleCallerLatency PostgreSql)
    {
        public double Ratio => PostgreSql.P50 / Sqlite.P50;

        public string? FirstDifference => Sqlite.Responses.Zip(PostgreSql.Responses)
            .Where(pair => pair.First.Hash != pair.Second.Hash).Select(pair => pair.First.Address).FirstOrDefault();
    }

    public static async Task<EngineComparison> Measure(PublishedService sqlite, PublishedService postgreSql, string folder,
        BenchOptions options, Action<string> log, CancellationToken cancel)
    {
        var imports = new List<ImportMeasurement>();
        var latencies = new List<List<SingleCallerLatency>>();
        foreach (var (name, service) in new[] { ("SQLite", sqlite), ("PostgreSQL", postgreSql) })
        {
            var path = Path.Combine(folder, name + ".db");
            IReadOnlyList<Province> provinces;
            using (var server = await service.StartServer(path, cancel))
                provinces = await ListPager.GetProvinces(server, cancel);
            log($"{name}: importing {options.RecordCount} records, seed {options.Seed}");
            var (store, import) = await GeneratedStore.Create(service, path, provinces, options, cancel);
            imports.Add(import);
            using (var server = await service.StartServer(path, cancel))
            {
                log($"{name}: measuring a single caller");
                latencies.Add([.. await GeneratedRoutes.MeasureSingleCaller(server, store, cancel),
                    .. await GeneratedFilters.MeasureSingleCaller(server, cancel, DeepRow), await MeasureFeed(server, cancel),
                    await MeasureDigests(server, cancel),
                    await SingleCallerLatency.Measure("whole lists as NDJSON", server,
                        [.. RecordTypes.Select(type => $"/v1/{type}?format=ndjson")], cancel, warmUps: 0)]);
            }
        }
        // A short list has no page deep in it.
        return new(imports[0], imports[1], [.. latencies[0].Zip(latencies[1], (first, second) => new Row(first, second))
            .Where(row => row.Sqlite.Milliseconds.Count > 0)]);
    }

    private static readonly string[] RecordTypes =
        ["provinces", "organizations", "officials", "meetings", "agreements", "cooperation-groups", "commitments", "results", "indicators",
            "statements", "sources"];

    // Each store has an epoch of its own, so the digests are compared without it.
    private static async Task<SingleCallerLatency> MeasureDigests(Server server, CancellationToken cancel)
    {
        string[] addresses = [.. RecordTypes.Select(type => $"/v1/mirror/digest?types={type}")];
        var latency = await SingleCallerLatency.Measure("digests", server, addresses, cancel, warmUps: 0);
        var digests = new List<(string, string)>();
        foreach (var address in addresses)
        {
            var digest = (await server.Client.GetFromJsonAsync<JsonObject>(new Uri(server.Address, address), cancel))!;
            digest.Remove("epoch");
            digests.Add((address, digest.ToJsonString()));
        }
        return latency with { Responses = digests };
    }

    // The epoch is in each cursor, so the bytes of the pages differ.
    private static async Task<SingleCallerLatency> MeasureFeed(Server server, CancellationToken cancel)
    {
        var addresses = new List<string> { $"/v1/changes?limit={FeedPageSize}&cursor=*" };
        while (addresses.Count < FeedPages
            && await server.Client.GetFromJsonAsync<JsonNode>(new Uri(server.Address, addresses[^1]), cancel) is { } page
            && (bool?)page["more"] == true)
            addresses.Add($"/v1/changes?limit={FeedPageSize}&cursor={page["next"]}");
        // The first requests filled the cache; another limit has other addresses.
        var latency = await SingleCallerLatency.Measure($"feed, pages of {FeedPageSize}", server,
            [.. addresses.Select(address =>
                address.Replace($"limit={FeedPageSize}", $"limit={FeedPageSize - 1}", StringComparison.Ordinal))], cancel, warmUps: 0);
        return latency with { Responses = [] };
    }
}
