using CooperationApi.Bench.Generated;
using CooperationApi.Bench.Loads;
using CooperationApi.Bench.Processes;
using CooperationApi.Contracts;

namespace CooperationApi.Bench;

/// <summary>One run: publishes the service, measures it on a seeded and on a generated store, and writes the report.</summary>
internal sealed class Bench(BenchOptions options)
{
    /// <summary>Measured, and found too slow or answering wrongly.</summary>
    private const int Failed = 1;

    /// <summary>Nothing could be measured.</summary>
    private const int Misused = 2;

    public async Task<int> Run(CancellationToken cancel)
    {
        if (options.CopiesOf is { } existing)
            return await InFolder(folder => MeasureCopies(null, existing, folder, cancel));
        if (options.ImportsOnly)
            return await InFolder(folder => MeasureImportsOnly(folder, cancel));
        if (!Wrk.IsInstalled())
        {
            await Console.Error.WriteLineAsync("wrk, which makes the load, is missing. On Debian and Ubuntu: apt-get install wrk");
            return Misused;
        }
        if (options.Rows is not 0 and < GeneratedRoutes.FewestRows)
        {
            await Console.Error.WriteLineAsync($"--rows is 0 or at least {GeneratedRoutes.FewestRows}: fewer fit into the service's cache.");
            return Misused;
        }
        return await InFolder(folder => Measure(folder, cancel));
    }

    private static async Task<int> InFolder(Func<string, Task<int>> measure)
    {
        var folder = Directory.CreateTempSubdirectory("cooperation-bench-");
        try
        {
            return await measure(folder.FullName);
        }
        catch (MeasurementException failure)
        {
            await Console.Error.WriteLineAsync(failure.Message);
            return Failed;
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    private async Task<int> Measure(string folder, CancellationToken cancel)
    {
        Say("Publishing the service");
        var service = await PublishedService.Publish(Path.Combine(folder, "service"), cancel);
        var store = Path.Combine(folder, "seeded.db");

        Say("Starting it");
        Report.Starts(await StartTimes.Measure(service, store, options.Starts, cancel));

        var comparisons = new List<Comparison>();
        using (var server = await service.Serve(store, cancel))
            comparisons.AddRange(await Compare(server, await SeededRoutes.Of(server, cancel), folder, cancel));
        if (options.Rows > 0)
            comparisons.AddRange(await MeasureGenerated(service, store, folder, cancel));

        var slow = comparisons.Where(pair => pair.Route.IsHeldToRatio && pair.Ratio < options.RatioAtLeast).ToList();
        foreach (var pair in slow)
            await Console.Error.WriteLineAsync($"{pair.Route.Name}: a ratio of {pair.Ratio:0.00} is below {options.RatioAtLeast:0.00}.");
        return slow.Count == 0 ? 0 : Failed;
    }

    private async Task<IReadOnlyList<Comparison>> MeasureGenerated(
        PublishedService service, string seeded, string folder, CancellationToken cancel)
    {
        var store = await MeasureImports(service, seeded, folder, cancel);

        using (var server = await service.Serve(store.Path, cancel))
        {
            Say("Asking alone");
            Report.Alone([.. await GeneratedRoutes.Alone(server, store, cancel), .. await GeneratedFilters.Alone(server, cancel), .. await GeneratedFigures.Alone(server, cancel)]);
        }
        using (var server = await service.Serve(store.Path, cancel))
        {
            Say("Taking whole lists");
            Report.Files(await GeneratedRoutes.Files(server, cancel));
        }
        IReadOnlyList<Comparison> comparisons;
        using (var server = await service.Serve(store.Path, cancel))
            comparisons = await Compare(server, await GeneratedRoutes.Uncached(server, store, cancel), folder, cancel);
        await MeasureCopies(service, store.Path, folder, cancel);
        return comparisons;
    }

    private async Task<int> MeasureImportsOnly(string folder, CancellationToken cancel)
    {
        var service = await PublishedService.Publish(Path.Combine(folder, "service"), cancel);
        await MeasureImports(service, Path.Combine(folder, "seeded.db"), folder, cancel);
        return 0;
    }

    private async Task<GeneratedStore> MeasureImports(PublishedService service, string seeded, string folder, CancellationToken cancel)
    {
        IReadOnlyList<Province> provinces;
        using (var server = await service.Serve(seeded, cancel))
            provinces = await Lists.Provinces(server, cancel);
        Say($"Importing {options.Rows} of the smallest records");
        var generator = new RecordGenerator(provinces, options.Seed);
        var smallStore = Path.Combine(folder, "small.db");
        var small = await Import.Of("the smallest records", service, smallStore, generator.Source, generator.Smallest(options.Rows), cancel);
        foreach (var file in Directory.GetFiles(folder, "small.db*"))
            File.Delete(file);
        Say($"Importing {options.Rows} generated records, seed {options.Seed}");
        var (store, usual) = await GeneratedStore.Fill(service, Path.Combine(folder, "generated.db"), provinces, options, cancel);
        Report.Imports([small, usual], store, options.Seed);
        return store;
    }

    private static async Task<int> MeasureCopies(PublishedService? service, string store, string folder, CancellationToken cancel)
    {
        Say("Copying");
        service ??= await PublishedService.Publish(Path.Combine(folder, "service"), cancel);
        Report.Copies(await Copies.Measure(service, await SyncTool.Publish(Path.Combine(folder, "sync"), cancel), store, folder, cancel));
        return 0;
    }

    private async Task<IReadOnlyList<Comparison>> Compare(
        Server server, IReadOnlyList<Route> routes, string folder, CancellationToken cancel)
    {
        var comparisons = new List<Comparison>();
        foreach (var route in routes)
        {
            Say($"Loading {route.Name}");
            comparisons.Add(await Comparison.Of(route, server, options, folder, cancel));
        }
        Report.Comparisons(comparisons, server.ResidentMegabytes());
        return comparisons;
    }

    private static void Say(string what) => Console.Error.WriteLine($"{DateTime.Now:HH:mm:ss} {what}");
}
