using System.Diagnostics;
using System.Text.Json.Nodes;
using CooperationApi.Bench;
using CooperationApi.Bench.Processes;

namespace CooperationApi.CrashTests;

/// <summary>
/// Searches for the most expensive request. The service runs with a limited heap on records with crowded references, and answers one
/// request at a time. No request may end the process, fail with 5xx, or take longer than the maximum.
/// </summary>
internal static class WorstRequestTrial
{
    private const string HeapLimit = "0x20000000", Day = "2019-10-26", SourceId = "ha-noi-thai-binh-2019-10-26",
        OfficialId = "dao-duc-toan";

    private const int ReportedCount = 15, IdsPerType = 20;

    private static readonly TimeSpan MaxDuration = TimeSpan.FromSeconds(5);

    private sealed record Result(string Address, int Status, TimeSpan Duration, long Bytes, double Megabytes);

    /// <summary>Runs the trial. Throws <see cref="MeasurementException"/> if it fails.</summary>
    public static async Task Run(string folder, int seed, int recordCount, int requestCount, CancellationToken cancel)
    {
        Console.WriteLine($"Seed {seed}. Publishing the service.");
        var service = await PublishedService.Publish(Path.Combine(folder, "service"), cancel);
        var store = Path.Combine(folder, "cooperation.db");
        await Import(service, store, Path.Combine(folder, "bundle.ndjson"), recordCount, cancel);
        // The service inherits the limit of 512 MiB; this process read its own environment at its start.
        Environment.SetEnvironmentVariable("DOTNET_GCHeapHardLimit", HeapLimit);
        using var server = await service.StartServer(store, cancel);
        var results = new List<Result>();
        foreach (var address in await CreateRequests(server.Client, requestCount, new(seed), cancel))
            results.Add(await Send(server, address, cancel));
        Print("Slowest", results.OrderByDescending(result => result.Duration));
        Print("Largest", results.OrderByDescending(result => result.Bytes));
        var statuses = results.CountBy(result => result.Status).OrderBy(count => count.Key).Select(count => $"{count.Value} × {count.Key}");
        Console.WriteLine($"{results.Count} requests on {recordCount} generated records under a heap limit of 512 MiB, at most "
            + $"{results.Max(result => result.Duration).TotalSeconds:0.00} s and {results.Max(result => result.Megabytes):0} MB of memory; "
            + $"{string.Join(", ", statuses)}.");
        if (results.Find(result => result.Status >= 500 || result.Duration > MaxDuration) is { } failure)
            throw new MeasurementException($"{failure.Address}: {failure.Status} after {failure.Duration.TotalSeconds:0.00} s.");
    }

    private static async Task Import(PublishedService service, string store, string bundle, int recordCount, CancellationToken cancel)
    {
        IReadOnlyList<string> provinceIds;
        using (var server = await service.StartServer(store, cancel))
            provinceIds = await ReadIds(server.Client, $"/v1/provinces?at={Day}&limit=200", cancel);
        await CrowdedBundle.Write(bundle, recordCount, SourceId, OfficialId, provinceIds, Day, cancel);
        await service.Import(store, bundle, cancel);
    }

    private static async Task<IReadOnlyList<string>> CreateRequests(HttpClient client, int requestCount, Random random,
        CancellationToken cancel)
    {
        var document = JsonNode.Parse(await client.GetStringAsync(new Uri("/v1/openapi.json", UriKind.Relative), cancel))!;
        var ids = new Dictionary<string, IReadOnlyList<string>>();
        foreach (var type in document["components"]!["schemas"]!["Bundle"]!["properties"]!.AsObject().Select(list => list.Key)
            .Where(type => type != "additions"))
            ids[type] = await ReadIds(client, $"/v1/{type}?limit={IdsPerType}", cancel);
        // The records to which most others refer.
        ids["officials"] = [OfficialId, .. ids["officials"]];
        ids["sources"] = [SourceId, .. ids["sources"]];
        var generator = new RequestGenerator(document, ids, random);
        return [.. generator.EachParameter(), .. generator.RandomCombinations().Take(requestCount)];
    }

    private static async Task<IReadOnlyList<string>> ReadIds(HttpClient client, string address, CancellationToken cancel) =>
        [.. JsonNode.Parse(await client.GetStringAsync(new Uri(address, UriKind.Relative), cancel))!["items"]!.AsArray()
            .Select(item => (string)item!["id"]!)];

    private static async Task<Result> Send(Server server, string address, CancellationToken cancel)
    {
        var start = Stopwatch.GetTimestamp();
        try
        {
            using var response = await server.Client.GetAsync(new Uri(address, UriKind.Relative), HttpCompletionOption.ResponseHeadersRead,
                cancel);
            await using var body = await response.Content.ReadAsStreamAsync(cancel);
            var (buffer, bytes) = (new byte[1 << 16], 0L);
            for (int count; (count = await body.ReadAsync(buffer, cancel)) > 0;)
                bytes += count;
            return new(address, (int)response.StatusCode, Stopwatch.GetElapsedTime(start), bytes, server.GetResidentMegabytes());
        }
        catch (Exception exception) when (exception is HttpRequestException or IOException)
        {
            throw new MeasurementException($"{address}: {exception.Message} The process {(server.HasExited ? "ended" : "still runs")}.");
        }
    }

    private static void Print(string title, IEnumerable<Result> results)
    {
        Console.WriteLine($"\n{title}:\n| s | MB sent | MB of memory | status | request |\n|---:|---:|---:|---|---|");
        foreach (var result in results.Take(ReportedCount))
            Console.WriteLine($"| {result.Duration.TotalSeconds:0.00} | {result.Bytes / 1e6:0.0} | {result.Megabytes:0} | {result.Status} "
                + $"| {(result.Address.Length > 200 ? result.Address[..200] + "…" : result.Address)} |");
    }
}
