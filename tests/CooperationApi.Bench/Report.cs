using CooperationApi.Bench.Generated;
using CooperationApi.Bench.Loads;

namespace CooperationApi.Bench;

/// <summary>What was measured, as Markdown on standard output, as soon as it is known.</summary>
internal static class Report
{
    public static void WriteStartTimes(StartTimes times) => WriteTable(
        "| what | measured |",
        [
            $"| first start, which seeds the store, to the first answer | {times.FirstStart.TotalMilliseconds:0} ms |",
            $"| start on the seeded store to the first answer (median) | {times.SeededStart.TotalMilliseconds:0} ms |",
            $"| memory when idle | {times.IdleMegabytes:0} MB |",
        ]);

    public static void WriteComparisons(IEnumerable<Comparison> comparisons, double megabytes)
    {
        WriteTable(
            "| route | requests/s | bare | ratio | p50 ms | bare | p99 ms | bare |",
            comparisons.Select(comparison =>
                $"| {comparison.Route.Name} | {comparison.MedianOfService(load => load.RequestsPerSecond):0} | {comparison.MedianOfBareHandler(load => load.RequestsPerSecond):0} "
                + $"| **{comparison.Ratio:0.00}** | {comparison.MedianOfService(load => load.P50Milliseconds):0.00} | {comparison.MedianOfBareHandler(load => load.P50Milliseconds):0.00} "
                + $"| {comparison.MedianOfService(load => load.P99Milliseconds):0.00} | {comparison.MedianOfBareHandler(load => load.P99Milliseconds):0.00} |"));
        Console.WriteLine($"Memory after it: {megabytes:0} MB.\n");
    }

    public static void WriteImports(IEnumerable<ImportMeasurement> imports, GeneratedStore store, int seed)
    {
        WriteTable(
            "| one bundle of generated records, refused with a fault in its last line, then imported without | records | MB | seconds | records/s | memory at most, MB |",
            imports.Select(import => $"| {import.Name} | {import.RecordCount} | {import.BundleMegabytes:0} | {import.Duration.TotalSeconds:0.0} | {import.RecordsPerSecond:0} | {import.PeakMemoryMegabytes:0} |"));
        Console.WriteLine($"The store of {store.RecordCount} records of usual size (seed {seed}) has {store.SizeMegabytes:0} MB.\n");
    }

    public static void WriteSingleCallerLatencies(IEnumerable<SingleCallerLatency> latencies) => WriteTable(
        "| one caller, nothing cached | requests | p50 ms | p99 ms | longest |",
        latencies.Select(latency => $"| {latency.Name} | {latency.Milliseconds.Count} | {latency.P50:0.00} | {latency.P99:0.00} | {latency.Max:0.0} |"));

    public static void WriteDownloads(IEnumerable<DownloadMeasurement> downloads) => WriteTable(
        "| four whole lists, one caller | rows | MB | MB/s | memory grew by, MB |",
        downloads.Select(download => $"| {download.Name} | {download.RowCount} | {download.ByteCount / 1e6:0} | {download.MegabytesPerSecond:0} | {download.GrowthMegabytes:0} |"));

    public static void WriteSync(SyncMeasurement sync) => WriteTable(
        $"| copies of {sync.RecordCount} records | measured |",
        [
            $"| export, all files | {sync.ExportDuration.TotalSeconds:0.0} s, {sync.ExportPeakMemoryMegabytes:0} MB of memory at most |",
            $"| NDJSON, before it is packed with gzip and with zstd | {sync.NdjsonMegabytesPerSecond:0} MB/s |",
            $"| first run of `cooperation-sync` | {sync.FirstSyncDuration.TotalSeconds:0.0} s |",
            $"| after 1,000 changes, proof included (median of {sync.SyncDurationsWithChanges.Count}) | {Percentiles.ComputeMedian(sync.SyncDurationsWithChanges.Select(time => time.TotalSeconds)):0.00} s |",
            $"| with nothing new (median) | {Percentiles.ComputeMedian(sync.SyncDurationsWithoutChanges.Select(time => time.TotalSeconds)):0.00} s |",
            $"| of that the request, a 304 (median; p99) | {Percentiles.ComputeMedian(sync.NotModifiedMilliseconds):0.00} ms; {Percentiles.ComputePercentile(sync.NotModifiedMilliseconds, 99):0.00} ms |",
            $"| a page of 1,000 changes at the start of the feed (median) | {Percentiles.ComputeMedian(sync.FirstPageMilliseconds):0.0} ms |",
            $"| and at its end | {Percentiles.ComputeMedian(sync.LastPageMilliseconds):0.0} ms |",
        ]);

    private static void WriteTable(string header, IEnumerable<string> rows)
    {
        Console.WriteLine(header);
        // The first column is words, the others are figures.
        Console.WriteLine("|---|" + string.Concat(Enumerable.Repeat("---:|", header.Count(character => character == '|') - 2)));
        foreach (var row in rows)
            Console.WriteLine(row);
        Console.WriteLine();
    }
}
