using CooperationApi.Bench.Processes;
using CooperationApi.Contracts;

namespace CooperationApi.Bench.Generated;

/// <summary>A store of generated records, filled with the service's `import` command.</summary>
internal sealed record GeneratedStore
{
    /// <summary>The number of records that are generated at a time; their kinds have the same proportions in each batch.</summary>
    private const int BatchSize = 20_000;

    public required string Path { get; init; }

    public required int RecordCount { get; init; }

    /// <summary>The ids of all generated meetings.</summary>
    public required IReadOnlyList<string> MeetingIds { get; init; }

    /// <summary>Up to 1,000 distinct names of generated officials.</summary>
    public required IReadOnlyList<string> OfficialNames { get; init; }

    /// <summary>The size of the store's files, in MB.</summary>
    public double SizeMegabytes => Directory.GetFiles(System.IO.Path.GetDirectoryName(Path)!, System.IO.Path.GetFileName(Path) + "*")
        .Sum(file => new FileInfo(file).Length) / (1024.0 * 1024);

    /// <summary>Generates records and imports them as one bundle.</summary>
    public static async Task<(GeneratedStore Store, ImportMeasurement Import)> Create(
        PublishedService service, string path, IReadOnlyList<Province> provinces, BenchOptions options, CancellationToken cancel)
    {
        var generator = new RecordGenerator(provinces, options.Seed);
        var import = await ImportMeasurement.Measure("typical records", service, path, generator.Source,
            GenerateLines(generator, options.RecordCount), cancel);
        return (new()
        {
            Path = path,
            RecordCount = options.RecordCount,
            MeetingIds = [.. generator.MeetingIds],
            OfficialNames = [.. generator.OfficialNames.Distinct().Take(1000)],
        }, import);
    }

    private static IEnumerable<BundleLine> GenerateLines(RecordGenerator generator, int recordCount)
    {
        for (var generated = 0; generated < recordCount; generated += BatchSize)
        {
            foreach (var line in generator.NextRecords(Math.Min(BatchSize, recordCount - generated)))
                yield return line;
        }
    }
}
