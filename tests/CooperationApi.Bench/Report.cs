using CooperationApi.Bench.Generated;
using CooperationApi.Bench.Loads;

namespace CooperationApi.Bench;

/// <summary>What was measured, as Markdown on standard output, as soon as it is known.</summary>
internal static class Report
{
    public static void Starts(StartTimes times) => Table(
        "| what | measured |",
        [
            $"| first start, which seeds the store, to the first answer | {times.Seeding.TotalMilliseconds:0} ms |",
            $"| start on the seeded store to the first answer (median) | {times.Seeded.TotalMilliseconds:0} ms |",
            $"| memory when idle | {times.IdleMegabytes:0} MB |",
        ]);

    public static void Comparisons(IEnumerable<Comparison> comparisons, double megabytes)
    {
        Table(
            "| route | requests/s | bare | ratio | p50 ms | bare | p99 ms | bare |",
            comparisons.Select(pair =>
                $"| {pair.Route.Name} | {pair.Service(load => load.RequestsPerSecond):0} | {pair.Bare(load => load.RequestsPerSecond):0} "
                + $"| **{pair.Ratio:0.00}** | {pair.Service(load => load.P50Milliseconds):0.00} | {pair.Bare(load => load.P50Milliseconds):0.00} "
                + $"| {pair.Service(load => load.P99Milliseconds):0.00} | {pair.Bare(load => load.P99Milliseconds):0.00} |"));
        Console.WriteLine($"Memory after it: {megabytes:0} MB.\n");
    }

    public static void Imports(IEnumerable<Import> imports, GeneratedStore store, int seed)
    {
        Table(
            "| one bundle of generated records, refused with a fault in its last line, then imported without | records | MB | seconds | records/s | memory at most, MB |",
            imports.Select(import => $"| {import.Name} | {import.Records} | {import.BundleMegabytes:0} | {import.Time.TotalSeconds:0.0} | {import.RecordsPerSecond:0} | {import.Megabytes:0} |"));
        Console.WriteLine($"The store of {store.Rows} records of usual size (seed {seed}) has {store.Megabytes:0} MB.\n");
    }

    public static void Alone(IEnumerable<Alone> all) => Table(
        "| one caller, nothing cached | requests | p50 ms | p99 ms | longest |",
        all.Select(alone => $"| {alone.Name} | {alone.Milliseconds.Count} | {alone.P50:0.00} | {alone.P99:0.00} | {alone.Longest:0.0} |"));

    public static void Files(IEnumerable<Download> all) => Table(
        "| four whole lists, one caller | rows | MB | MB/s | memory grew by, MB |",
        all.Select(download => $"| {download.Name} | {download.Rows} | {download.Bytes / 1e6:0} | {download.MegabytesPerSecond:0} | {download.GrowthMegabytes:0} |"));

    public static void Copies(Copies copies) => Table(
        $"| copies of {copies.Records} records | measured |",
        [
            $"| export, all files | {copies.Export.TotalSeconds:0.0} s, {copies.ExportMegabytes:0} MB of memory at most |",
            $"| NDJSON, before it is packed with gzip and with zstd | {copies.NdjsonMegabytesPerSecond:0} MB/s |",
            $"| first run of `cooperation-sync` | {copies.First.TotalSeconds:0.0} s |",
            $"| after 1,000 changes, proof included (median of {copies.Changed.Count}) | {Median.Of(copies.Changed.Select(time => time.TotalSeconds)):0.00} s |",
            $"| with nothing new (median) | {Median.Of(copies.Unchanged.Select(time => time.TotalSeconds)):0.00} s |",
            $"| of that the request, a 304 (median; p99) | {Median.Of(copies.NotModified):0.00} ms; {Median.Percentile(copies.NotModified, 99):0.00} ms |",
            $"| a page of 1,000 changes at the start of the feed (median) | {Median.Of(copies.FirstPage):0.0} ms |",
            $"| and at its end | {Median.Of(copies.LastPage):0.0} ms |",
        ]);

    private static void Table(string head, IEnumerable<string> rows)
    {
        Console.WriteLine(head);
        // The first column is words, the others are figures.
        Console.WriteLine("|---|" + string.Concat(Enumerable.Repeat("---:|", head.Count(character => character == '|') - 2)));
        foreach (var row in rows)
            Console.WriteLine(row);
        Console.WriteLine();
    }
}
