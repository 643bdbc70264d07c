using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using CooperationApi.Bench.Processes;
using CooperationApi.Contracts;

namespace CooperationApi.Bench;

/// <summary>The duration of the service's `import` command for one bundle, startup included, and its peak memory in MB.</summary>
internal sealed record ImportMeasurement(string Name, int RecordCount, double BundleMegabytes, TimeSpan Duration,
    double PeakMemoryMegabytes)
{
    public double RecordsPerSecond => RecordCount / Duration.TotalSeconds;

    /// <summary>
    /// Imports records into a new store: first with an additional invalid line, which must be reported and leave the store unchanged, then
    /// without this line. Only the second import is timed.
    /// </summary>
    public static async Task<ImportMeasurement> Measure(string name, PublishedService service, string storePath, Source source,
        IEnumerable<BundleLine> lines, CancellationToken cancel)
    {
        var bundle = storePath + ".bundle.ndjson";
        // Creates and seeds the store, so that the measured time does not include this.
        await WriteLines(bundle, [new() { Type = "sources", Data = source }], cancel);
        await service.Import(storePath, bundle, cancel);
        var records = await WriteLines(bundle, lines, cancel);

        await File.AppendAllTextAsync(bundle,
            "{\"type\":\"organizations\",\"data\":{\"id\":\"co-quan-sai\",\"name\":\"\",\"kind\":\"Nonsense\",\"citations\":[]}}\n",
            cancel);
        var (errorOutput, _) = await service.Import(storePath, bundle, cancel, shouldFail: true);
        var pointer = string.Create(CultureInfo.InvariantCulture, $"/{records}/data/kind: ");
        if (!errorOutput.Contains(pointer, StringComparison.Ordinal))
            throw new MeasurementException($"The error at {pointer} was not reported: {errorOutput}");

        var bytes = await RemoveLastLine(bundle, cancel);
        var startedAt = Stopwatch.GetTimestamp();
        var (output, peakMegabytes) = await service.Import(storePath, bundle, cancel);
        var duration = Stopwatch.GetElapsedTime(startedAt);
        // All records must be new: the rejected import must not have stored any.
        if (!output.StartsWith(string.Create(CultureInfo.InvariantCulture, $"{records} created, 0 replaced, 0 extended, 0 unchanged"),
            StringComparison.Ordinal))
            throw new MeasurementException($"Expected {records} records to be created: {output}");
        File.Delete(bundle);
        return new(name, records, bytes / 1e6, duration, peakMegabytes);
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
