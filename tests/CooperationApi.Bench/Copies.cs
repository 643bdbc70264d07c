using System.Diagnostics;
using System.Net;
using System.Text.Json;
using System.Text.Json.Nodes;
using CooperationApi.Bench.Processes;
using CooperationApi.Contracts;

namespace CooperationApi.Bench;

/// <summary>What it takes to copy a large store: the export, the first run of `cooperation-sync`, a night of a thousand changes, and a night of none.</summary>
internal sealed record Copies
{
    private const int Nights = 5, ChangesOfANight = 1000, Times = 100, Pages = 20;

    /// <summary>How many records there are.</summary>
    public required long Records { get; init; }

    /// <summary>How long the verb `export` took.</summary>
    public required TimeSpan Export { get; init; }

    /// <summary>The most memory that it took, in MB.</summary>
    public required double ExportMegabytes { get; init; }

    /// <summary>How much NDJSON it wrote a second, before it was packed, while it wrote NDJSON.</summary>
    public required double NdjsonMegabytesPerSecond { get; init; }

    /// <summary>How long the first run of the tool took.</summary>
    public required TimeSpan First { get; init; }

    /// <summary>How long its runs took, after a thousand changes each.</summary>
    public required IReadOnlyList<TimeSpan> Changed { get; init; }

    /// <summary>How long its runs took where nothing had changed.</summary>
    public required IReadOnlyList<TimeSpan> Unchanged { get; init; }

    /// <summary>How long the request took by which it learns that, in ms.</summary>
    public required IReadOnlyList<double> NotModified { get; init; }

    /// <summary>How long a page of a thousand changes took at the beginning of the feed, in ms.</summary>
    public required IReadOnlyList<double> FirstPage { get; init; }

    /// <summary>And at its end.</summary>
    public required IReadOnlyList<double> LastPage { get; init; }

    /// <summary>Measures on a store, which gets some thousand changes.</summary>
    public static async Task<Copies> Measure(PublishedService service, SyncTool tool, string store, string folder, CancellationToken cancel)
    {
        var begun = Stopwatch.GetTimestamp();
        var exportMegabytes = await service.Export(store, Path.Combine(folder, "exports"), cancel);
        var export = Stopwatch.GetElapsedTime(begun);
        using var server = await service.Serve(store, cancel, $"--Exports:Path={Path.Combine(folder, "exports")}");
        var manifest = (await Json(server, "/v1/exports/latest", cancel)).Deserialize<ExportManifest>(Wire.Json)!;

        var copy = Path.Combine(folder, "copy.db");
        var first = await tool.Run(server.Address, copy, cancel);
        var (changed, unchanged) = (new List<TimeSpan>(), new List<TimeSpan>());
        for (var night = 0; night < Nights; night++)
        {
            await Change(service, server, store, $"Night {night} of {DateTime.UtcNow:O}", folder, cancel);
            changed.Add(await tool.Run(server.Address, copy, cancel));
            unchanged.Add(await tool.Run(server.Address, copy, cancel));
        }
        var oldest = (string)(await Json(server, "/v1/status", cancel))["oldestCursor"]!;
        return new()
        {
            Records = manifest.Files.Single(file => file is { Content: "database", Compression: "zstd" }).Rows,
            Export = export,
            ExportMegabytes = exportMegabytes,
            NdjsonMegabytesPerSecond = NdjsonSpeed(manifest, Path.Combine(folder, "exports", manifest.Id)),
            First = first,
            Changed = changed,
            Unchanged = unchanged,
            NotModified = await AskUnchanged(server, cancel),
            FirstPage = await AskPages(server, oldest, cancel),
            LastPage = await AskPages(server, manifest.Cursor, cancel),
        };
    }

    /// <summary>The bytes of all NDJSON by the time that lay between the ends of the files: they are written one after the other, NDJSON and CSV by turns.</summary>
    private static double NdjsonSpeed(ExportManifest manifest, string folder)
    {
        var (bytes, time, before) = (0L, TimeSpan.Zero, (DateTime?)null);
        foreach (var files in manifest.Files.GroupBy(file => Path.GetFileNameWithoutExtension(file.Name)).OrderBy(files => End(files)))
        {
            if (before is { } begun && files.First() is { Content: "records", Format: "ndjson" } lines)
                (bytes, time) = (bytes + lines.UnpackedBytes, time + (End(files) - begun));
            before = End(files);
        }
        return bytes / 1e6 / time.TotalSeconds;

        DateTime End(IEnumerable<ExportFile> files) => files.Max(file => File.GetLastWriteTimeUtc(Path.Combine(folder, file.Name)));
    }

    private static async Task Change(PublishedService service, Server server, string store, string title, string folder, CancellationToken cancel)
    {
        var bundle = Path.Combine(folder, "night.ndjson");
        await using (var lines = new StreamWriter(bundle))
        {
            string? next = "";
            for (var changed = 0; changed < ChangesOfANight; changed += 200)
            {
                var page = await Json(server, $"/v1/results?limit=200{(next!.Length > 0 ? "&cursor=" + next : "")}", cancel);
                foreach (var record in page["items"]!.AsArray().Select(record => record!.AsObject()))
                {
                    record.Remove("revision");
                    record["titleEn"] = title;
                    await lines.WriteLineAsync(new JsonObject { ["type"] = "results", ["data"] = record.DeepClone() }.ToJsonString(Wire.Json));
                }
                next = (string?)page["next"] ?? throw new MeasurementException("The store has too few results for a night.");
            }
        }
        await service.Import(store, bundle, cancel);
    }

    private static async Task<IReadOnlyList<double>> AskUnchanged(Server server, CancellationToken cancel)
    {
        var address = "/v1/changes?limit=1000&cursor=" + (string)(await Json(server, "/v1/changes/head", cancel))["cursor"]!;
        using var head = await server.Client.GetAsync(new Uri(server.Address, address), cancel);
        var milliseconds = new List<double>();
        for (var time = 0; time < Times; time++)
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, new Uri(server.Address, address));
            request.Headers.IfNoneMatch.Add(head.Headers.ETag!);
            var begun = Stopwatch.GetTimestamp();
            using var answer = await server.Client.SendAsync(request, cancel);
            milliseconds.Add(Stopwatch.GetElapsedTime(begun).TotalMilliseconds);
            if (answer.StatusCode != HttpStatusCode.NotModified)
                throw new MeasurementException($"Nothing was new, and the feed answered {answer.StatusCode}.");
        }
        return milliseconds;
    }

    private static async Task<IReadOnlyList<double>> AskPages(Server server, string cursor, CancellationToken cancel)
    {
        var milliseconds = new List<double>();
        // Never the same address twice, which would be answered from the cache.
        for (var page = 0; page < Pages; page++)
        {
            var begun = Stopwatch.GetTimestamp();
            await server.Client.GetByteArrayAsync(new Uri(server.Address, $"/v1/changes?limit={1000 - page}&cursor={cursor}"), cancel);
            milliseconds.Add(Stopwatch.GetElapsedTime(begun).TotalMilliseconds);
        }
        return milliseconds;
    }

    private static async Task<JsonNode> Json(Server server, string address, CancellationToken cancel) =>
        JsonNode.Parse(await server.Client.GetStringAsync(new Uri(server.Address, address), cancel))!;
}
