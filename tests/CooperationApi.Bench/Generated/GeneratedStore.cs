using System.Diagnostics;
using System.Text.Json;
using CooperationApi.Bench.Processes;
using CooperationApi.Contracts;

namespace CooperationApi.Bench.Generated;

/// <summary>A store that was filled with generated records through the service's own import.</summary>
internal sealed record GeneratedStore
{
    /// <summary>So many records are imported at once.</summary>
    private const int BundleSize = 20_000;

    public required string Path { get; init; }

    public required int Rows { get; init; }

    /// <summary>The ids of all of its generated meetings.</summary>
    public required IReadOnlyList<string> MeetingIds { get; init; }

    /// <summary>Names of its generated officials, each once.</summary>
    public required IReadOnlyList<string> Names { get; init; }

    /// <summary>How long the verb took for all bundles, its own starts included.</summary>
    public required TimeSpan ImportTime { get; init; }

    public double RecordsPerSecond => Rows / ImportTime.TotalSeconds;

    /// <summary>The size of its files, in MB.</summary>
    public double Megabytes => Directory.GetFiles(System.IO.Path.GetDirectoryName(Path)!, System.IO.Path.GetFileName(Path) + "*")
        .Sum(file => new FileInfo(file).Length) / (1024.0 * 1024);

    /// <summary>Generates and imports, a bundle at a time.</summary>
    public static async Task<GeneratedStore> Fill(
        PublishedService service, string path, IReadOnlyList<Province> provinces, BenchOptions options, CancellationToken cancel)
    {
        var generator = new RecordGenerator(provinces, options.Seed);
        var bundle = path + ".bundle.json";
        // Makes the store, so that the time below is the import's alone.
        await Write(bundle, new() { Sources = [generator.Source] }, cancel);
        await service.Import(path, bundle, cancel);
        var time = TimeSpan.Zero;
        for (var rows = 0; rows < options.Rows; rows += BundleSize)
        {
            await Write(bundle, generator.Next(Math.Min(BundleSize, options.Rows - rows)), cancel);
            var begun = Stopwatch.GetTimestamp();
            await service.Import(path, bundle, cancel);
            time += Stopwatch.GetElapsedTime(begun);
        }
        File.Delete(bundle);
        return new() { Path = path, Rows = options.Rows, MeetingIds = [.. generator.MeetingIds], Names = [.. generator.Names.Distinct().Take(1000)], ImportTime = time };
    }

    private static async Task Write(string file, Bundle bundle, CancellationToken cancel)
    {
        await using var stream = File.Create(file);
        await JsonSerializer.SerializeAsync(stream, bundle, Wire.Json, cancel);
    }
}
