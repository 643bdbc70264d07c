using CooperationApi.Bench.Generated;
using CooperationApi.Bench.Loads;
using CooperationApi.Bench.Processes;
using CooperationApi.Contracts;

namespace CooperationApi.Bench;

/// <summary>Publishes the service, measures it on a seeded and a generated store, and writes the report.</summary>
internal sealed class Benchmark(BenchOptions options)
{
    /// <summary>The exit code if the service is too slow or sends a wrong response.</summary>
    private const int FailedExitCode = 1;

    /// <summary>The exit code if an option is invalid or wrk is missing.</summary>
    private const int UsageErrorExitCode = 2;

    public async Task<int> Run(CancellationToken cancel)
    {
        if (options.SyncStorePath is { } existing)
            return await RunInTempFolder(folder => MeasureSync(null, existing, folder, cancel));
        if (options.PostgreSqlServer is { } server)
            return await RunInTempFolder(folder => CompareEngines(server, folder, cancel));
        if (options.IsImportsOnly)
            return await RunInTempFolder(folder => MeasureImportsOnly(folder, cancel));
        if (options.IsFiltersOnly)
            return await RunInTempFolder(folder => MeasureFiltersOnly(folder, cancel));
        if (!Wrk.IsInstalled())
        {
            await Console.Error.WriteLineAsync("wrk (the load generator) is not installed. On Debian and Ubuntu: apt-get install wrk");
            return UsageErrorExitCode;
        }
        if (options.RecordCount is not 0 and < GeneratedRoutes.MinRecords)
        {
            await Console.Error.WriteLineAsync(
                $"--rows must be 0 or at least {GeneratedRoutes.MinRecords}: fewer records would fit into the service's cache.");
            return UsageErrorExitCode;
        }
        return await RunInTempFolder(folder => Measure(folder, cancel));
    }

    private static async Task<int> RunInTempFolder(Func<string, Task<int>> measure)
    {
        var folder = Directory.CreateTempSubdirectory("cooperation-bench-");
        try
        {
            return await measure(folder.FullName);
        }
        catch (MeasurementException failure)
        {
            await Console.Error.WriteLineAsync(failure.Message);
            return FailedExitCode;
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    private async Task<int> Measure(string folder, CancellationToken cancel)
    {
        Log("Publishing the service");
        var service = await PublishedService.Publish(Path.Combine(folder, "service"), cancel);
        var store = Path.Combine(folder, "seeded.db");

        Log("Starting the service");
        Report.WriteStartTimes(await StartTimes.Measure(service, store, options.StartCount, cancel));

        var comparisons = new List<Comparison>();
        using (var server = await service.StartServer(store, cancel))
            comparisons.AddRange(await MeasureComparisons(server, await SeededRoutes.Create(server, cancel), folder, cancel));
        if (options.RecordCount > 0)
            comparisons.AddRange(await MeasureGenerated(service, store, folder, cancel));

        var slow = comparisons.Where(comparison => comparison.Route.HasMinRatio && comparison.Ratio < options.MinRatio).ToList();
        foreach (var comparison in slow)
            await Console.Error.WriteLineAsync(
                $"{comparison.Route.Name}: the ratio {comparison.Ratio:0.00} is below {options.MinRatio:0.00}.");
        return slow.Count == 0 ? 0 : FailedExitCode;
    }

    private async Task<IReadOnlyList<Comparison>> MeasureGenerated(
        PublishedService service, string seededStore, string folder, CancellationToken cancel)
    {
        var store = await MeasureImports(service, seededStore, folder, cancel);

        using (var server = await service.StartServer(store.Path, cancel))
        {
            Log("Measuring a single caller");
            Report.WriteSingleCallerLatencies(
                [.. await GeneratedRoutes.MeasureSingleCaller(server, store, cancel),
                    .. await GeneratedFilters.MeasureSingleCaller(server, cancel),
                    .. await GeneratedStatistics.MeasureSingleCaller(server, cancel)]);
        }
        using (var server = await service.StartServer(store.Path, cancel))
        {
            Log("Downloading full lists");
            Report.WriteDownloads(await GeneratedRoutes.MeasureDownloads(server, cancel));
        }
        IReadOnlyList<Comparison> comparisons;
        using (var server = await service.StartServer(store.Path, cancel))
            comparisons = await MeasureComparisons(server, await GeneratedRoutes.CreateUncached(server, store, cancel), folder, cancel);
        await MeasureSync(service, store.Path, folder, cancel);
        return comparisons;
    }

    private async Task<int> MeasureImportsOnly(string folder, CancellationToken cancel)
    {
        var service = await PublishedService.Publish(Path.Combine(folder, "service"), cancel);
        await MeasureImports(service, Path.Combine(folder, "seeded.db"), folder, cancel);
        return 0;
    }

    private async Task<int> MeasureFiltersOnly(string folder, CancellationToken cancel)
    {
        var service = await PublishedService.Publish(Path.Combine(folder, "service"), cancel);
        IReadOnlyList<Province> provinces;
        using (var server = await service.StartServer(Path.Combine(folder, "seeded.db"), cancel))
            provinces = await ListPager.GetProvinces(server, cancel);
        Log($"Importing {options.RecordCount} typical records, seed {options.Seed}");
        var (store, _) = await GeneratedStore.Create(service, Path.Combine(folder, "generated.db"), provinces, options, cancel);
        using (var server = await service.StartServer(store.Path, cancel))
        {
            Log("Measuring a single caller");
            Report.WriteSingleCallerLatencies(
                [.. await GeneratedFilters.MeasureSingleCaller(server, cancel),
                    .. await GeneratedStatistics.MeasureSingleCaller(server, cancel)]);
        }
        return 0;
    }

    private async Task<int> CompareEngines(string postgreSqlServer, string folder, CancellationToken cancel)
    {
        var service = await PublishedService.Publish(Path.Combine(folder, "service"), cancel);
        await using var database = await PostgreSqlDatabase.Create(postgreSqlServer, cancel);
        var comparison = await EngineComparison.Measure(service, service.OnPostgreSql(database.ConnectionString), folder, options, Log,
            cancel);
        Report.WriteEngines(comparison);
        return comparison.Rows.All(row => row.FirstDifference is null) ? 0 : FailedExitCode;
    }

    private async Task<GeneratedStore> MeasureImports(PublishedService service, string seededStore, string folder, CancellationToken cancel)
    {
        IReadOnlyList<Province> provinces;
        using (var server = await service.StartServer(seededStore, cancel))
            provinces = await ListPager.GetProvinces(server, cancel);
        Log($"Importing {options.RecordCount} minimal records");
        var generator = new RecordGenerator(provinces, options.Seed);
        var smallStore = Path.Combine(folder, "small.db");
        var small = await ImportMeasurement.Measure("minimal records", service, smallStore, generator.Source,
            generator.NextMinimalRecords(options.RecordCount), cancel);
        foreach (var file in Directory.GetFiles(folder, "small.db*"))
            File.Delete(file);
        Log($"Importing {options.RecordCount} typical records, seed {options.Seed}");
        var (store, typical) = await GeneratedStore.Create(service, Path.Combine(folder, "generated.db"), provinces, options, cancel);
        Report.WriteImports([small, typical], store, options.Seed);
        return store;
    }

    private static async Task<int> MeasureSync(PublishedService? service, string store, string folder, CancellationToken cancel)
    {
        Log("Measuring export and sync");
        service ??= await PublishedService.Publish(Path.Combine(folder, "service"), cancel);
        Report.WriteSync(
            await SyncMeasurement.Measure(service, await SyncTool.Publish(Path.Combine(folder, "sync"), cancel), store, folder, cancel));
        return 0;
    }

    private async Task<IReadOnlyList<Comparison>> MeasureComparisons(
        Server server, IReadOnlyList<Route> routes, string folder, CancellationToken cancel)
    {
        var comparisons = new List<Comparison>();
        foreach (var route in routes)
        {
            Log($"Loading {route.Name}");
            comparisons.Add(await Comparison.Measure(route, server, options, folder, cancel));
        }
        Report.WriteComparisons(comparisons, server.GetResidentMegabytes());
        return comparisons;
    }

    private static void Log(string message) => Console.Error.WriteLine($"{DateTime.Now:HH:mm:ss} {message}");
}
