using System.Diagnostics;
using System.Text.Json;
using CooperationApi.Bench.Processes;
using CooperationApi.Contracts;

namespace CooperationApi.Bench.Generated;

/// <summary>A store that was filled with generated records through the service's own import.</summary>
internal sealed record GeneratedStore
{
    /// <summary>So many records are made at once.</summary>
    private const int MadeAtOnce = 20_000;

    public required string Path { get; init; }

    public required int Rows { get; init; }

    /// <summary>The ids of all of its generated meetings.</summary>
    public required IReadOnlyList<string> MeetingIds { get; init; }

    /// <summary>Names of its generated officials, each once.</summary>
    public required IReadOnlyList<string> Names { get; init; }

    /// <summary>How long the verb took, its own start included.</summary>
    public required TimeSpan ImportTime { get; init; }

    /// <summary>The most memory that the verb took, in MB.</summary>
    public required double ImportMegabytes { get; init; }

    public double RecordsPerSecond => Rows / ImportTime.TotalSeconds;

    /// <summary>The size of its files, in MB.</summary>
    public double Megabytes => Directory.GetFiles(System.IO.Path.GetDirectoryName(Path)!, System.IO.Path.GetFileName(Path) + "*")
        .Sum(file => new FileInfo(file).Length) / (1024.0 * 1024);

    /// <summary>Generates, and imports all of it as one bundle.</summary>
    public static async Task<GeneratedStore> Fill(
        PublishedService service, string path, IReadOnlyList<Province> provinces, BenchOptions options, CancellationToken cancel)
    {
        var generator = new RecordGenerator(provinces, options.Seed);
        var bundle = path + ".bundle.ndjson";
        // Makes the store, so that the time below is the import's alone.
        await Write(bundle, [new() { Type = "sources", Data = generator.Source }], cancel);
        await service.Import(path, bundle, cancel);
        await Write(bundle, Lines(generator, options.Rows), cancel);
        var begun = Stopwatch.GetTimestamp();
        var most = await service.Import(path, bundle, cancel);
        var time = Stopwatch.GetElapsedTime(begun);
        File.Delete(bundle);
        return new()
        {
            Path = path,
            Rows = options.Rows,
            MeetingIds = [.. generator.MeetingIds],
            Names = [.. generator.Names.Distinct().Take(1000)],
            ImportTime = time,
            ImportMegabytes = most,
        };
    }

    private static IEnumerable<BundleLine> Lines(RecordGenerator generator, int rows)
    {
        for (var made = 0; made < rows; made += MadeAtOnce)
        {
            foreach (var line in generator.Next(Math.Min(MadeAtOnce, rows - made)))
                yield return line;
        }
    }

    private static async Task Write(string file, IEnumerable<BundleLine> lines, CancellationToken cancel)
    {
        await using var stream = File.Create(file);
        foreach (var line in lines)
        {
            await JsonSerializer.SerializeAsync(stream, line, Wire.Json, cancel);
            stream.WriteByte((byte)'\n');
        }
    }
}
