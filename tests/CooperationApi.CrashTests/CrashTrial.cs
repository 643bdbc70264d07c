using System.Collections.Concurrent;
using System.Diagnostics;
using CooperationApi.Bench.Processes;

namespace CooperationApi.CrashTests;

/// <summary>Repeated runs of the service on one store, with all writes that the service acknowledged.</summary>
internal sealed class CrashTrial
{
    private static readonly TimeSpan MinUptime = TimeSpan.FromMilliseconds(20), MaxUptime = TimeSpan.FromSeconds(2);

    private readonly PublishedService service;
    private readonly string store;
    private readonly Random random;
    private readonly IReadOnlyList<Writer> writers;

    private CrashTrial(PublishedService service, string store, Random random, IReadOnlyList<Writer> writers) =>
        (this.service, this.store, this.random, this.writers) = (service, store, random, writers);

    private List<AcknowledgedWrite> AllWrites => [.. writers.SelectMany(writer => writer.Writes)];

    /// <summary>Publishes the service and creates a store with an API key for the writers.</summary>
    public static async Task<CrashTrial> Create(string folder, int seed, int writers, CancellationToken cancel)
    {
        Console.WriteLine($"Seed {seed}. Publishing the service.");
        var service = await PublishedService.Publish(Path.Combine(folder, "service"), cancel);
        var store = Path.Combine(folder, "cooperation.db");
        var key = await service.CreateKey(store, cancel);
        return new(service, store, new(seed), [.. Enumerable.Range(1, writers).Select(i => new Writer($"{i}", key))]);
    }

    /// <summary>Kills the service (SIGKILL) repeatedly during writes and verifies the store after each restart.</summary>
    public async Task KillRepeatedly(int times, CancellationToken cancel)
    {
        var epoch = AcknowledgedWrites.ReadEpoch(store);
        for (var kill = 1; kill <= times; kill++)
        {
            var uptime = MinUptime + random.NextDouble() * (MaxUptime - MinUptime);
            var server = await service.StartServer(store, cancel);
            AcknowledgedWrites.Verify(store, AllWrites);
            using var stopping = CancellationTokenSource.CreateLinkedTokenSource(cancel);
            var writeTasks = writers.Select(writer => WriteUntilKilled(writer, server.Client, stopping.Token)).ToList();
            await Task.Delay(uptime, cancel);
            server.Kill();
            await stopping.CancelAsync();
            await Task.WhenAll(writeTasks);
            server.Dispose();
            Console.WriteLine($"Kill {kill} after {uptime.TotalMilliseconds:0} ms: {AllWrites.Count} writes acknowledged so far.");
        }
        using (await service.StartServer(store, cancel))
            AcknowledgedWrites.Verify(store, AllWrites);
        AcknowledgedWrites.Ensure(AcknowledgedWrites.ReadEpoch(store) == epoch,
            "A kill was mistaken for a restored store: the epoch changed.");
        Console.WriteLine(
            $"{times} kills, {AllWrites.Count} acknowledged writes: none lost, database intact, revisions gapless and unique.");
    }

    /// <summary>Runs all writers concurrently, with concurrent readers and without kills. No request may fail.</summary>
    public async Task RunConcurrentWrites(int writes, CancellationToken cancel)
    {
        using var server = await service.StartServer(store, cancel);
        var before = AllWrites.Count;
        using var stopping = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        var readDurations = new ConcurrentBag<TimeSpan>();
        var readTasks = Enumerable.Range(0, 4).Select(_ => ReadUntilCancelled(server.Client, readDurations, stopping.Token)).ToList();
        var startedAt = Stopwatch.GetTimestamp();
        await Task.WhenAll(writers.Select(async writer =>
        {
            writer.ForgetETag();
            for (var i = 0; i < writes; i++)
                await writer.Write(server.Client, cancel);
        }));
        var duration = Stopwatch.GetElapsedTime(startedAt);
        await stopping.CancelAsync();
        await Task.WhenAll(readTasks);
        AcknowledgedWrites.Verify(store, AllWrites);
        var written = AllWrites.Count - before;
        AcknowledgedWrites.Ensure(written == writers.Count * writes,
            $"Expected {writers.Count * writes} acknowledged writes, got {written}.");
        var sorted = readDurations.Order().ToList();
        Console.WriteLine(
            $"{writers.Count} writers made {written} writes in {duration.TotalSeconds:0.0} s ({written / duration.TotalSeconds:0}/s): "
            + $"none lost or rejected. "
            + $"{sorted.Count} concurrent reads: p50 {GetPercentile(0.5):0.0} ms, p99 {GetPercentile(0.99):0.0} ms.");

        double GetPercentile(double fraction) => sorted[(int)(fraction * (sorted.Count - 1))].TotalMilliseconds;
    }

    private static async Task WriteUntilKilled(Writer writer, HttpClient client, CancellationToken stopping)
    {
        writer.ForgetETag();
        try
        {
            while (true)
                await writer.Write(client, stopping);
        }
        catch (Exception exception) when (exception is HttpRequestException or IOException or OperationCanceledException)
        {
            // The service was killed before it acknowledged this write.
        }
    }

    /// <summary>
    /// Requests a record, a list page and a search result in turn; writes change the page and the search result all the time.
    /// </summary>
    private static async Task ReadUntilCancelled(HttpClient client, ConcurrentBag<TimeSpan> readDurations, CancellationToken stopping)
    {
        string[] addresses = [PublishedService.FirstRequestAddress, "/v1/organizations?limit=50&sort=-name", "/v1/search?q=thu"];
        try
        {
            for (var i = 0; ; i++)
            {
                var startedAt = Stopwatch.GetTimestamp();
                using var response = await client.GetAsync(addresses[i % addresses.Length], stopping);
                await response.Content.ReadAsByteArrayAsync(stopping);
                AcknowledgedWrites.Ensure(response.IsSuccessStatusCode, $"A read returned status {(int)response.StatusCode}.");
                readDurations.Add(Stopwatch.GetElapsedTime(startedAt));
            }
        }
        catch (OperationCanceledException) when (stopping.IsCancellationRequested)
        {
            // The writers are done.
        }
    }
}
