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

    /// <summary>The size of its files, in MB.</summary>
    public double Megabytes => Directory.GetFiles(System.IO.Path.GetDirectoryName(Path)!, System.IO.Path.GetFileName(Path) + "*")
        .Sum(file => new FileInfo(file).Length) / (1024.0 * 1024);

    /// <summary>Generates, and imports all of it as one bundle.</summary>
    public static async Task<(GeneratedStore Store, Import Import)> Fill(
        PublishedService service, string path, IReadOnlyList<Province> provinces, BenchOptions options, CancellationToken cancel)
    {
        var generator = new RecordGenerator(provinces, options.Seed);
        var import = await Import.Of("records of usual size", service, path, generator.Source, Lines(generator, options.Rows), cancel);
        return (new()
        {
            Path = path,
            Rows = options.Rows,
            MeetingIds = [.. generator.MeetingIds],
            Names = [.. generator.Names.Distinct().Take(1000)],
        }, import);
    }

    private static IEnumerable<BundleLine> Lines(RecordGenerator generator, int rows)
    {
        for (var made = 0; made < rows; made += MadeAtOnce)
        {
            foreach (var line in generator.Next(Math.Min(MadeAtOnce, rows - made)))
                yield return line;
        }
    }
}
