using CooperationApi.Bench.Generated;
using CooperationApi.Bench.Loads;

namespace CooperationApi.Bench;

/// <summary>Writes each result to standard output as a Markdown table as soon as it is available.</summary>
internal static class Report
{
    public static void WriteStartTimes(StartTimes times) => WriteTable(
        "| metric | value |",
        [
            $"| first start (seeds the store) to first response | {times.FirstStart.TotalMilliseconds:0} ms |",
            $"| start on the seeded store to first response (median) | {times.SeededStart.TotalMilliseconds:0} ms |",
            $"| idle memory | {times.IdleMegabytes:0} MB |",
        ]);

    public static void WriteComparisons(IEnumerable<Comparison> comparisons, double megabytes)
    {
        WriteTable(
            "| route | requests/s | bare | ratio | p50 ms | bare | p99 ms | bare |",
            comparisons.Select(comparison =>
                $"| {comparison.Route.Name} | {comparison.MedianOfService(load => load.RequestsPerSecond):0} | "
                + $"{comparison.MedianOfBareHandler(load => load.RequestsPerSecond):0} "
                + $"| **{comparison.Ratio:0.00}** | {comparison.MedianOfService(load => load.P50Milliseconds):0.00} | "
                + $"{comparison.MedianOfBareHandler(load => load.P50Milliseconds):0.00} "
                + $"| {comparison.MedianOfService(load => load.P99Milliseconds):0.00} | "
                + $"{comparison.MedianOfBareHandler(load => load.P99Milliseconds):0.00} |"));
        Console.WriteLine($"Memory afterwards: {megabytes:0} MB.\n");
    }

    public static void WriteImports(IEnumerable<ImportMeasurement> imports, GeneratedStore store, int seed)
    {
        WriteTable(
            "| import of one bundle (after a rejected one with an error in its last line) | records | MB | seconds | records/s | peak "
            + "memory, MB |",
            imports.Select(
                import => $"| {import.Name} | {import.RecordCount} | {import.BundleMegabytes:0} | {import.Duration.TotalSeconds:0.0} "
                    + $"| {import.RecordsPerSecond:0} | {import.PeakMemoryMegabytes:0} |"));
        Console.WriteLine($"The store of {store.RecordCount} typical records (seed {seed}) has {store.SizeMegabytes:0} MB.\n");
    }

    public static void WriteSingleCallerLatencies(IEnumerable<SingleCallerLatency> latencies) => WriteTable(
        "| single caller, uncached | requests | p50 ms | p99 ms | max ms | slowest |",
        latencies.Select(
            latency => $"| {latency.Name} | {latency.Milliseconds.Count} | {latency.P50:0.00} | {latency.P99:0.00} | {latency.Max:0.0} | "
                + $"`{latency.SlowestAddress}` |"));

    public static void WriteDownloads(IEnumerable<DownloadMeasurement> downloads) => WriteTable(
        "| download of four full lists, single caller | rows | MB | MB/s | memory growth, MB |",
        downloads.Select(
            download => $"| {download.Name} | {download.RowCount} | {download.ByteCount / 1e6:0} | {download.MegabytesPerSecond:0} "
                + $"| {download.GrowthMegabytes:0} |"));

    public static void WriteEngines(EngineComparison comparison)
    {
        WriteTable("| import | records/s |",
            new[] { ("SQLite", comparison.SqliteImport), ("PostgreSQL", comparison.PostgreSqlImport) }
                .Select(row => $"| {row.Item1} | {row.Item2.RecordsPerSecond:0} |"));
        WriteTable("| requests | number | SQLite p50 ms | PostgreSQL p50 ms | ratio | SQLite max | PostgreSQL max | first difference |",
            comparison.Rows.Select(row => $"| {row.Sqlite.Name} | {row.Sqlite.Milliseconds.Count} | {row.Sqlite.P50:0.00} | "
                + $"{row.PostgreSql.P50:0.00} | {row.Ratio:0.0} | {row.Sqlite.Max:0} | {row.PostgreSql.Max:0} | "
                + $"{row.FirstDifference ?? "none"} |"));
        foreach (var row in comparison.Rows)
            Console.WriteLine($"slowest on PostgreSQL, {row.PostgreSql.Name}: {row.PostgreSql.SlowestAddress}");
    }

    public static void WriteSync(SyncMeasurement sync) => WriteTable(
        $"| export and sync of {sync.RecordCount} records | value |",
        [
            $"| export, all files | {sync.ExportDuration.TotalSeconds:0.0} s, {sync.ExportPeakMemoryMegabytes:0} MB peak memory |",
            $"| NDJSON before compression (gzip and zstd) | {sync.NdjsonMegabytesPerSecond:0} MB/s |",
            $"| first run of `cooperation-sync` | {sync.FirstSyncDuration.TotalSeconds:0.0} s |",
            $"| sync after 1,000 changes, including verification (median of {sync.SyncDurationsWithChanges.Count}) | "
            + $"{Percentiles.ComputeMedian(sync.SyncDurationsWithChanges.Select(time => time.TotalSeconds)):0.00} s |",
            $"| sync without changes (median) | "
            + $"{Percentiles.ComputeMedian(sync.SyncDurationsWithoutChanges.Select(time => time.TotalSeconds)):0.00} s |",
            $"| of which the 304 request (median; p99) | {Percentiles.ComputeMedian(sync.NotModifiedMilliseconds):0.00} ms; "
            + $"{Percentiles.ComputePercentile(sync.NotModifiedMilliseconds, 99):0.00} ms |",
            $"| a page of 1,000 changes at the start of the feed (median) | "
            + $"{Percentiles.ComputeMedian(sync.FirstPageMilliseconds):0.0} ms |",
            $"| a page of 1,000 changes at the end of the feed (median) | {Percentiles.ComputeMedian(sync.LastPageMilliseconds):0.0} ms |",
        ]);

    private static void WriteTable(string header, IEnumerable<string> rows)
    {
        Console.WriteLine(header);
        // The first column is text, the others are right-aligned numbers.
        Console.WriteLine("|---|" + string.Concat(Enumerable.Repeat("---:|", header.Count(character => character == '|') - 2)));
        foreach (var row in rows)
            Console.WriteLine(row);
        Console.WriteLine();
    }
}
