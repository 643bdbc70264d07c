using System.Diagnostics;
using System.Text;
using System.Text.Json.Nodes;
using CooperationApi.Bench;
using CooperationApi.Bench.Processes;

namespace CooperationApi.CrashTests;

/// <summary>
/// Searches for the most expensive request. The service runs with a limited heap on records with crowded references, and answers one
/// request at a time, with some of the next pages of its lists. No request may end the process, fail with 5xx, or take longer than the
/// maximum.
/// </summary>
internal static class WorstRequestTrial
{
    private const string HeapLimit = "0x20000000", Day = "2019-10-26", SourceId = "ha-noi-thai-binh-2019-10-26",
        OfficialId = "dao-duc-toan", LargeMeetingId = "cuoc-hop-lon";

    private const int ReportedCount = 20, IdsPerType = 200, RecordsPerLargeRevision = 100, MaxNextPages = 3, MaxAbortAttempts = 10;

    // The share of the lists whose next pages are read.
    private const double NextPageShare = 0.05;

    // A request with less time can end before the abort.
    private static readonly TimeSpan MinAbortedDuration = TimeSpan.FromMilliseconds(200);

    // An aborted request stops within `StopDelay`. The service is then observed; a running query would use all of the time.
    private static readonly TimeSpan StopDelay = TimeSpan.FromMilliseconds(100), ObservedDuration = TimeSpan.FromMilliseconds(500),
        MaxIdleProcessorTime = TimeSpan.FromMilliseconds(250);

    private sealed record Result(string Address, int Status, TimeSpan Duration, long Bytes, double Megabytes, string? NextAddress);

    /// <summary>Runs the trial. Throws <see cref="MeasurementException"/> if it fails.</summary>
    public static async Task Run(string folder, int seed, int recordCount, int requestCount, TimeSpan maxDuration, CancellationToken cancel)
    {
        Console.WriteLine($"Seed {seed}. Publishing the service.");
        var service = await PublishedService.Publish(Path.Combine(folder, "service"), cancel);
        var store = Path.Combine(folder, "cooperation.db");
        await CreateStore(service, store, Path.Combine(folder, "bundle.ndjson"), recordCount, cancel);
        // The service inherits the limit of 512 MiB; this process read its own environment at its start.
        Environment.SetEnvironmentVariable("DOTNET_GCHeapHardLimit", HeapLimit);
        using var server = await service.StartServer(store, cancel);
        var (results, random) = (new List<Result>(), new Random(seed));
        try
        {
            foreach (var address in await CreateRequests(server.Client, recordCount, requestCount, random, cancel))
            {
                results.Add(await Send(server, address, cancel));
                var pageCount = random.NextDouble() < NextPageShare ? MaxNextPages : 0;
                for (var i = 0; i < pageCount && results[^1].NextAddress is { } next; i++)
                    results.Add(await Send(server, next, cancel));
            }
        }
        finally
        {
            Print("Slowest", results.OrderByDescending(result => result.Duration));
            Print("Largest", results.OrderByDescending(result => result.Bytes));
        }
        var statuses = results.CountBy(result => result.Status).OrderBy(count => count.Key).Select(count => $"{count.Value} × {count.Key}");
        Console.WriteLine($"{results.Count} requests on {recordCount} generated records under a heap limit of 512 MiB, at most "
            + $"{results.Max(result => result.Duration).TotalSeconds:0.00} s and {server.GetPeakMegabytes():0} MB of memory; "
            + $"{string.Join(", ", statuses)}.");
        await AbortSlowest(server, results, cancel);
        if (results.Find(result => result.Status >= 500 || result.Duration > maxDuration) is { } failure)
            throw new MeasurementException($"{failure.Address}: {failure.Status} after {failure.Duration.TotalSeconds:0.00} s.");
    }

    /// <summary>Creates the store with the crowded records and with a meeting of almost the maximum size and many revisions.</summary>
    private static async Task CreateStore(PublishedService service, string store, string bundle, int recordCount, CancellationToken cancel)
    {
        var key = await service.CreateKey(store, cancel);
        IReadOnlyList<string> provinceIds;
        using (var server = await service.StartServer(store, cancel))
        {
            provinceIds = await ReadIds(server.Client, $"/v1/provinces?at={Day}&limit=200", cancel);
            for (var i = 0; i < recordCount / RecordsPerLargeRevision; i++)
                await PutLargeMeeting(server.Client, key, $"Cuộc họp {i}", provinceIds[0], isNew: i == 0, cancel);
        }
        await CrowdedBundle.Write(bundle, recordCount, SourceId, OfficialId, provinceIds, Day, cancel);
        await service.Import(store, bundle, cancel);
    }

    private static async Task PutLargeMeeting(HttpClient client, string key, string title, string provinceId, bool isNew,
        CancellationToken cancel)
    {
        using var request = new HttpRequestMessage(HttpMethod.Put, $"/v1/meetings/{LargeMeetingId}")
        {
            Content = new StringContent(CrowdedBundle.CreateLargeMeeting(title, SourceId, OfficialId, provinceId, Day), Encoding.UTF8,
                "application/json"),
        };
        request.Headers.Authorization = new("Bearer", key);
        request.Headers.TryAddWithoutValidation(isNew ? "If-None-Match" : "If-Match", "*");
        using var response = await client.SendAsync(request, cancel);
        if (!response.IsSuccessStatusCode)
            throw new MeasurementException($"PUT: {(int)response.StatusCode} {await response.Content.ReadAsStringAsync(cancel)}");
    }

    private static async Task<IReadOnlyList<string>> CreateRequests(HttpClient client, int recordCount, int requestCount, Random random,
        CancellationToken cancel)
    {
        var document = JsonNode.Parse(await client.GetStringAsync(new Uri("/v1/openapi.json", UriKind.Relative), cancel))!;
        var ids = new Dictionary<string, IReadOnlyList<string>>();
        foreach (var type in document["components"]!["schemas"]!["Bundle"]!["properties"]!.AsObject().Select(list => list.Key)
            .Where(type => type != "additions"))
            ids[type] = await ReadIds(client, $"/v1/{type}?limit={IdsPerType}", cancel);
        // The records to which most others refer, a unit in the middle of a chain, and the record with large revisions.
        foreach (var (type, id) in new[] { ("officials", OfficialId), ("sources", SourceId), ("meetings", LargeMeetingId),
            ("provinces", CrowdedBundle.GetMiddleUnitId(recordCount)) })
            ids[type] = [id, .. ids[type].Where(otherId => otherId != id).Take(IdsPerType - 1)];
        var status = JsonNode.Parse(await client.GetStringAsync(new Uri("/v1/status", UriKind.Relative), cancel))!;
        var generator = new RequestGenerator(document, ids, (long)status["revision"]!, random);
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
            return new(address, (int)response.StatusCode, Stopwatch.GetElapsedTime(start), bytes, server.GetResidentMegabytes(),
                response.Headers.TryGetValues("Link", out var links) ? FindNextAddress(links.First()) : null);
        }
        // The timeout of the client cancels the request after 100 s.
        catch (Exception exception) when (exception is HttpRequestException or IOException or OperationCanceledException
            && !cancel.IsCancellationRequested)
        {
            throw new MeasurementException($"{address}: {exception.Message} The process {(server.HasExited ? "ended" : "still runs")}.");
        }
    }

    /// <summary>Aborts the slowest requests halfway. Throws if the service still works on one of them 100 ms later.</summary>
    private static async Task AbortSlowest(Server server, IReadOnlyList<Result> results, CancellationToken cancel)
    {
        var slowest = results.Where(result => result.Duration > MinAbortedDuration).DistinctBy(result => result.Address)
            .OrderByDescending(result => result.Duration).Take(ReportedCount).ToList();
        var longest = TimeSpan.Zero;
        foreach (var result in slowest)
        {
            var used = await Abort(server, result, cancel);
            // In an attempt, the runtime may collect garbage or compile methods again in the background. A request that the abort does
            // not end uses as much time in each attempt.
            for (var attempt = 1; attempt < MaxAbortAttempts && used > MaxIdleProcessorTime; attempt++)
                used = await Abort(server, result, cancel);
            longest = used > longest ? used : longest;
            if (used > MaxIdleProcessorTime)
                throw new MeasurementException($"{result.Address}: {used.TotalMilliseconds:0} ms of processor time after the abort.");
        }
        Console.WriteLine($"The {slowest.Count} slowest requests were aborted halfway. {StopDelay.TotalMilliseconds:0} ms later, the "
            + $"service used at most {longest.TotalMilliseconds:0} ms of processor time in {ObservedDuration.TotalMilliseconds:0} ms.");
    }

    /// <summary>Aborts a request halfway and returns the processor time that the service uses from 100 ms later on.</summary>
    private static async Task<TimeSpan> Abort(Server server, Result result, CancellationToken cancel)
    {
        using (var abort = CancellationTokenSource.CreateLinkedTokenSource(cancel))
        {
            abort.CancelAfter(result.Duration / 2);
            try
            {
                await Send(server, result.Address, abort.Token);
            }
            catch (OperationCanceledException) when (!cancel.IsCancellationRequested)
            {
            }
        }
        await Task.Delay(StopDelay, cancel);
        var start = server.GetProcessorTime();
        await Task.Delay(ObservedDuration, cancel);
        return server.GetProcessorTime() - start;
    }

    /// <summary>Returns the URL in `&lt;URL&gt;; rel="next"`; null for another relation.</summary>
    private static string? FindNextAddress(string link) =>
        link.EndsWith("rel=\"next\"", StringComparison.Ordinal) ? link[1..link.IndexOf('>', StringComparison.Ordinal)] : null;

    private static void Print(string title, IEnumerable<Result> results)
    {
        Console.WriteLine($"\n{title}:\n| s | MB sent | MB of memory | status | request |\n|---:|---:|---:|---|---|");
        foreach (var result in results.Take(ReportedCount))
            Console.WriteLine($"| {result.Duration.TotalSeconds:0.00} | {result.Bytes / 1e6:0.0} | {result.Megabytes:0} | {result.Status} "
                + $"| {(result.Address.Length > 200 ? result.Address[..200] + "…" : result.Address)} |");
    }
}
