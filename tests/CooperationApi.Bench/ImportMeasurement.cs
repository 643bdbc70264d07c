using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using CooperationApi.Bench.Processes;
using CooperationApi.Contracts;

namespace CooperationApi.Bench;

/// <summary>What it took to import one bundle with the service's own verb: the time, its own start included, and the most memory, in MB.</summary>
internal sealed record ImportMeasurement(string Name, int RecordCount, double BundleMegabytes, TimeSpan Duration, double PeakMemoryMegabytes)
{
    public double RecordsPerSecond => RecordCount / Duration.TotalSeconds;

    /// <summary>Imports records into a new store: first with a line more, whose fault must be named and leave the store as it is, and then without, which is what is measured.</summary>
    public static async Task<ImportMeasurement> Measure(string name, PublishedService service, string storePath, Source source, IEnumerable<BundleLine> lines, CancellationToken cancel)
    {
        var bundle = storePath + ".bundle.ndjson";
        // Makes the store, so that the time is the import's alone.
        await WriteLines(bundle, [new() { Type = "sources", Data = source }], cancel);
        await service.Import(storePath, bundle, cancel);
        var records = await WriteLines(bundle, lines, cancel);

        await File.AppendAllTextAsync(bundle, "{\"type\":\"organizations\",\"data\":{\"id\":\"co-quan-sai\",\"name\":\"\",\"kind\":\"Nonsense\",\"citations\":[]}}\n", cancel);
        var (errorOutput, _) = await service.Import(storePath, bundle, cancel, shouldFail: true);
        var pointer = string.Create(CultureInfo.InvariantCulture, $"/{records}/data/kind: ");
        if (!errorOutput.Contains(pointer, StringComparison.Ordinal))
            throw new MeasurementException($"The fault at {pointer} wasn't named: {errorOutput}");

        var bytes = await RemoveLastLine(bundle, cancel);
        var startedAt = Stopwatch.GetTimestamp();
        var (output, megabytes) = await service.Import(storePath, bundle, cancel);
        var time = Stopwatch.GetElapsedTime(startedAt);
        // All of them are new: what was refused left nothing behind.
        if (!output.StartsWith(string.Create(CultureInfo.InvariantCulture, $"{records} created, 0 replaced, 0 unchanged"), StringComparison.Ordinal))
            throw new MeasurementException($"{records} records were to be made: {output}");
        File.Delete(bundle);
        return new(name, records, bytes / 1e6, time, megabytes);
    }

    private static async Task<int> WriteLines(string file, IEnumerable<BundleLine> lines, CancellationToken cancel)
    {
        await using var stream = File.Create(file);
        var count = 0;
        foreach (var line in lines)
        {
            await JsonSerializer.SerializeAsync(stream, line, ApiJson.Options, cancel);
            stream.WriteByte((byte)'\n');
            count++;
        }
        return count;
    }

    private static async Task<long> RemoveLastLine(string file, CancellationToken cancel)
    {
        await using var stream = new FileStream(file, FileMode.Open, FileAccess.ReadWrite);
        var tail = new byte[Math.Min(stream.Length, 1 << 12)];
        stream.Position = stream.Length - tail.Length;
        await stream.ReadExactlyAsync(tail, cancel);
        stream.SetLength(stream.Length - tail.Length + Array.LastIndexOf(tail, (byte)'\n', tail.Length - 2) + 1);
        return stream.Length;
    }
}
