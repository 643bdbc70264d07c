using System.Diagnostics;
using System.Net;
using System.Text.Json;
using System.Text.Json.Nodes;
using CooperationApi.Bench.Processes;
using CooperationApi.Contracts;

namespace CooperationApi.Bench;

/// <summary>
/// The durations of an export, the first run of `cooperation-sync`, its runs after 1,000 changes each, and its runs without changes.
/// </summary>
internal sealed record SyncMeasurement
{
    private const int SyncRounds = 5, ChangesPerRound = 1000, NotModifiedRequests = 100, PageRequests = 20;

    /// <summary>The number of records in the store.</summary>
    public required long RecordCount { get; init; }

    /// <summary>The duration of the `export` command.</summary>
    public required TimeSpan ExportDuration { get; init; }

    /// <summary>The peak memory of the `export` command, in MB.</summary>
    public required double ExportPeakMemoryMegabytes { get; init; }

    /// <summary>The uncompressed MB of NDJSON per second, while the export wrote NDJSON.</summary>
    public required double NdjsonMegabytesPerSecond { get; init; }

    /// <summary>The duration of the tool's first run, which creates the copy.</summary>
    public required TimeSpan FirstSyncDuration { get; init; }

    /// <summary>The durations of the tool's runs after 1,000 changes each.</summary>
    public required IReadOnlyList<TimeSpan> SyncDurationsWithChanges { get; init; }

    /// <summary>The durations of the tool's runs without changes.</summary>
    public required IReadOnlyList<TimeSpan> SyncDurationsWithoutChanges { get; init; }

    /// <summary>The durations of the feed request that returns 304 if there are no changes, in ms.</summary>
    public required IReadOnlyList<double> NotModifiedMilliseconds { get; init; }

    /// <summary>The durations of requests for 1,000 changes at the start of the feed, in ms.</summary>
    public required IReadOnlyList<double> FirstPageMilliseconds { get; init; }

    /// <summary>The durations of requests for 1,000 changes at the end of the feed, in ms.</summary>
    public required IReadOnlyList<double> LastPageMilliseconds { get; init; }

    /// <summary>Measures with this store and writes 5,000 changes to it.</summary>
    public static async Task<SyncMeasurement> Measure(PublishedService service, SyncTool tool, string storePath, string folder,
        CancellationToken cancel)
    {
        var startedAt = Stopwatch.GetTimestamp();
        var exportMegabytes = await service.Export(storePath, Path.Combine(folder, "exports"), cancel);
        var export = Stopwatch.GetElapsedTime(startedAt);
        using var server = await service.StartServer(storePath, cancel, $"--Exports:Path={Path.Combine(folder, "exports")}");
        var manifest = (await GetJson(server, "/v1/exports/latest", cancel)).Deserialize<ExportManifest>(ApiJson.Options)!;

        var copy = Path.Combine(folder, "copy.db");
        var first = await tool.Run(server.Address, copy, cancel);
        var (changed, unchanged) = (new List<TimeSpan>(), new List<TimeSpan>());
        for (var round = 0; round < SyncRounds; round++)
        {
            await ImportChanges(service, server, storePath, $"Round {round} of {DateTime.UtcNow:O}", folder, cancel);
            changed.Add(await tool.Run(server.Address, copy, cancel));
            unchanged.Add(await tool.Run(server.Address, copy, cancel));
        }
        var oldest = (string)(await GetJson(server, "/v1/status", cancel))["oldestCursor"]!;
        return new()
        {
            RecordCount = manifest.Files.Single(file => file is { Content: "database", Compression: "zstd" }).Rows,
            ExportDuration = export,
            ExportPeakMemoryMegabytes = exportMegabytes,
            NdjsonMegabytesPerSecond = ComputeNdjsonSpeed(manifest, Path.Combine(folder, "exports", manifest.Id)),
            FirstSyncDuration = first,
            SyncDurationsWithChanges = changed,
            SyncDurationsWithoutChanges = unchanged,
            NotModifiedMilliseconds = await MeasureNotModified(server, cancel),
            FirstPageMilliseconds = await MeasurePages(server, oldest, cancel),
            LastPageMilliseconds = await MeasurePages(server, manifest.Cursor, cancel),
        };
    }

    /// <summary>
    /// Returns the bytes of all NDJSON files, divided by the time between the end of the previous file and the end of each. The export
    /// writes its files one after another, NDJSON and CSV in alternation.
    /// </summary>
    private static double ComputeNdjsonSpeed(ExportManifest manifest, string folder)
    {
        var (bytes, time, previousEnd) = (0L, TimeSpan.Zero, (DateTime?)null);
        foreach (var files in manifest.Files.GroupBy(file => Path.GetFileNameWithoutExtension(file.Name))
            .OrderBy(files => GetEndTime(files)))
        {
            if (previousEnd is { } start && files.First() is { Content: "records", Format: "ndjson" } lines)
                (bytes, time) = (bytes + lines.UncompressedBytes, time + (GetEndTime(files) - start));
            previousEnd = GetEndTime(files);
        }
        return bytes / 1e6 / time.TotalSeconds;

        DateTime GetEndTime(IEnumerable<ExportFile> files) => files.Max(file => File.GetLastWriteTimeUtc(Path.Combine(folder, file.Name)));
    }

    private static async Task ImportChanges(PublishedService service, Server server, string storePath, string title, string folder,
        CancellationToken cancel)
    {
        var bundle = Path.Combine(folder, "changes.ndjson");
        await using (var lines = new StreamWriter(bundle))
        {
            string? next = "";
            for (var changed = 0; changed < ChangesPerRound; changed += 200)
            {
                var page = await GetJson(server, $"/v1/results?limit=200{(next!.Length > 0 ? "&cursor=" + next : "")}", cancel);
                foreach (var record in page["items"]!.AsArray().Select(record => record!.AsObject()))
                {
                    record.Remove("revision");
                    record["titleEn"] = title;
                    await lines.WriteLineAsync(
                        new JsonObject { ["type"] = "results", ["data"] = record.DeepClone() }.ToJsonString(ApiJson.Options));
                }
                next = (string?)page["next"] ?? throw new MeasurementException($"The store must have more than {ChangesPerRound} results.");
            }
        }
        await service.Import(storePath, bundle, cancel);
    }

    private static async Task<IReadOnlyList<double>> MeasureNotModified(Server server, CancellationToken cancel)
    {
        var address = "/v1/changes?limit=1000&cursor=" + (string)(await GetJson(server, "/v1/changes/head", cancel))["cursor"]!;
        using var head = await server.Client.GetAsync(new Uri(server.Address, address), cancel);
        var milliseconds = new List<double>();
        for (var i = 0; i < NotModifiedRequests; i++)
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, new Uri(server.Address, address));
            request.Headers.IfNoneMatch.Add(head.Headers.ETag!);
            var startedAt = Stopwatch.GetTimestamp();
            using var response = await server.Client.SendAsync(request, cancel);
            milliseconds.Add(Stopwatch.GetElapsedTime(startedAt).TotalMilliseconds);
            if (response.StatusCode != HttpStatusCode.NotModified)
                throw new MeasurementException($"Expected 304 from the feed, got {(int)response.StatusCode}.");
        }
        return milliseconds;
    }

    private static async Task<IReadOnlyList<double>> MeasurePages(Server server, string cursor, CancellationToken cancel)
    {
        var milliseconds = new List<double>();
        // A different limit per request: the same address would be served from the cache.
        for (var page = 0; page < PageRequests; page++)
        {
            var startedAt = Stopwatch.GetTimestamp();
            await server.Client.GetByteArrayAsync(new Uri(server.Address, $"/v1/changes?limit={1000 - page}&cursor={cursor}"), cancel);
            milliseconds.Add(Stopwatch.GetElapsedTime(startedAt).TotalMilliseconds);
        }
        return milliseconds;
    }

    private static async Task<JsonNode> GetJson(Server server, string address, CancellationToken cancel) =>
        JsonNode.Parse(await server.Client.GetStringAsync(new Uri(server.Address, address), cancel))!;
}
