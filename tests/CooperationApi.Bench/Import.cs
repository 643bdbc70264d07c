using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using CooperationApi.Bench.Processes;
using CooperationApi.Contracts;

namespace CooperationApi.Bench;

/// <summary>What it took to import one bundle with the service's own verb: the time, its own start included, and the most memory, in MB.</summary>
internal sealed record Import(string Name, int Records, double BundleMegabytes, TimeSpan Time, double Megabytes)
{
    public double RecordsPerSecond => Records / Time.TotalSeconds;

    /// <summary>Imports records into a new store: first with a line more, whose fault must be named and leave the store as it is, and then without, which is what is measured.</summary>
    public static async Task<Import> Of(string name, PublishedService service, string store, Source source, IEnumerable<BundleLine> lines, CancellationToken cancel)
    {
        var bundle = store + ".bundle.ndjson";
        // Makes the store, so that the time is the import's alone.
        await Write(bundle, [new() { Type = "sources", Data = source }], cancel);
        await service.Import(store, bundle, cancel);
        var records = await Write(bundle, lines, cancel);

        await File.AppendAllTextAsync(bundle, "{\"type\":\"organizations\",\"data\":{\"id\":\"co-quan-sai\",\"name\":\"\",\"kind\":\"Nonsense\",\"citations\":[]}}\n", cancel);
        var (refused, _) = await service.Import(store, bundle, cancel, isRefused: true);
        var place = string.Create(CultureInfo.InvariantCulture, $"/{records}/data/kind: ");
        if (!refused.Contains(place, StringComparison.Ordinal))
            throw new MeasurementException($"The fault at {place} wasn't named: {refused}");

        var bytes = await WithoutLastLine(bundle, cancel);
        var begun = Stopwatch.GetTimestamp();
        var (said, megabytes) = await service.Import(store, bundle, cancel);
        var time = Stopwatch.GetElapsedTime(begun);
        // All of them are new: what was refused left nothing behind.
        if (!said.StartsWith(string.Create(CultureInfo.InvariantCulture, $"{records} created, 0 replaced, 0 unchanged"), StringComparison.Ordinal))
            throw new MeasurementException($"{records} records were to be made: {said}");
        File.Delete(bundle);
        return new(name, records, bytes / 1e6, time, megabytes);
    }

    private static async Task<int> Write(string file, IEnumerable<BundleLine> lines, CancellationToken cancel)
    {
        await using var stream = File.Create(file);
        var count = 0;
        foreach (var line in lines)
        {
            await JsonSerializer.SerializeAsync(stream, line, Wire.Json, cancel);
            stream.WriteByte((byte)'\n');
            count++;
        }
        return count;
    }

    private static async Task<long> WithoutLastLine(string file, CancellationToken cancel)
    {
        await using var stream = new FileStream(file, FileMode.Open, FileAccess.ReadWrite);
        var end = new byte[Math.Min(stream.Length, 1 << 12)];
        stream.Position = stream.Length - end.Length;
        await stream.ReadExactlyAsync(end, cancel);
        stream.SetLength(stream.Length - end.Length + Array.LastIndexOf(end, (byte)'\n', end.Length - 2) + 1);
        return stream.Length;
    }
}
