using System.Collections.Concurrent;
using System.Diagnostics;
using CooperationApi.Bench.Processes;

namespace CooperationApi.Faults;

/// <summary>One store, the service that is started on it again and again, and all that it ever acknowledged.</summary>
internal sealed class Trial
{
    private static readonly TimeSpan ShortestLife = TimeSpan.FromMilliseconds(20), LongestLife = TimeSpan.FromSeconds(2);

    private readonly PublishedService service;
    private readonly string store;
    private readonly Random random;
    private readonly IReadOnlyList<Writer> writers;

    private Trial(PublishedService service, string store, Random random, IReadOnlyList<Writer> writers) =>
        (this.service, this.store, this.random, this.writers) = (service, store, random, writers);

    private List<Acknowledged> Acknowledged => [.. writers.SelectMany(writer => writer.Acknowledged)];

    /// <summary>Publishes the service and makes a store with a key to write with.</summary>
    public static async Task<Trial> Begin(string folder, int seed, int writers, CancellationToken cancel)
    {
        Console.WriteLine($"Seed {seed}. Publishing the service.");
        var service = await PublishedService.Publish(Path.Combine(folder, "service"), cancel);
        var store = Path.Combine(folder, "cooperation.db");
        var key = await service.AddKey(store, cancel);
        return new(service, store, new(seed), [.. Enumerable.Range(1, writers).Select(number => new Writer($"{number}", key))]);
    }

    /// <summary>Kills the service amid writes (SIGKILL), so many times, and after each holds the store against what was acknowledged.</summary>
    public async Task Kill(int times, CancellationToken cancel)
    {
        var epoch = Ledger.Epoch(store);
        for (var time = 1; time <= times; time++)
        {
            var life = ShortestLife + random.NextDouble() * (LongestLife - ShortestLife);
            var server = await service.Serve(store, cancel);
            Ledger.Check(store, Acknowledged);
            using var over = CancellationTokenSource.CreateLinkedTokenSource(cancel);
            var writing = writers.Select(writer => WriteUntilGone(writer, server.Client, over.Token)).ToList();
            await Task.Delay(life, cancel);
            server.Kill();
            await over.CancelAsync();
            await Task.WhenAll(writing);
            server.Dispose();
            Console.WriteLine($"Kill {time} after {life.TotalMilliseconds:0} ms: {Acknowledged.Count} writes acknowledged so far.");
        }
        using (await service.Serve(store, cancel))
            Ledger.Check(store, Acknowledged);
        Ledger.Demand(Ledger.Epoch(store) == epoch, "A kill was taken for a restored store: the epoch is another.");
        Console.WriteLine($"{times} kills, {Acknowledged.Count} acknowledged writes: none lost, the file sound, no number missing or given out twice.");
    }

    /// <summary>Has all writers make so many writes each, all at once and beside readers, with nothing going wrong.</summary>
    public async Task Crowd(int writes, CancellationToken cancel)
    {
        using var server = await service.Serve(store, cancel);
        var before = Acknowledged.Count;
        using var over = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        var times = new ConcurrentBag<TimeSpan>();
        var reading = Enumerable.Range(0, 4).Select(_ => ReadUntilOver(server.Client, times, over.Token)).ToList();
        var begun = Stopwatch.GetTimestamp();
        await Task.WhenAll(writers.Select(async writer =>
        {
            writer.Forget();
            for (var i = 0; i < writes; i++)
                await writer.Write(server.Client, cancel);
        }));
        var took = Stopwatch.GetElapsedTime(begun);
        await over.CancelAsync();
        await Task.WhenAll(reading);
        Ledger.Check(store, Acknowledged);
        var made = Acknowledged.Count - before;
        Ledger.Demand(made == writers.Count * writes, $"{made} writes were acknowledged.");
        var sorted = times.Order().ToList();
        Console.WriteLine($"{writers.Count} writers made {made} writes in {took.TotalSeconds:0.0} s ({made / took.TotalSeconds:0}/s): none lost or refused. "
            + $"{sorted.Count} reads beside them: half in {At(0.5):0.0} ms, 99 % in {At(0.99):0.0} ms.");

        double At(double part) => sorted[(int)(part * (sorted.Count - 1))].TotalMilliseconds;
    }

    private static async Task WriteUntilGone(Writer writer, HttpClient client, CancellationToken over)
    {
        writer.Forget();
        try
        {
            while (true)
                await writer.Write(client, over);
        }
        catch (Exception exception) when (exception is HttpRequestException or IOException or OperationCanceledException)
        {
            // Killed: this write was not acknowledged.
        }
    }

    /// <summary>Reads what writes change all the time: a record, a page and a search.</summary>
    private static async Task ReadUntilOver(HttpClient client, ConcurrentBag<TimeSpan> times, CancellationToken over)
    {
        string[] addresses = [PublishedService.FirstAddress, "/v1/organizations?limit=50&sort=-name", "/v1/search?q=thu"];
        try
        {
            for (var i = 0; ; i++)
            {
                var begun = Stopwatch.GetTimestamp();
                using var answer = await client.GetAsync(addresses[i % addresses.Length], over);
                await answer.Content.ReadAsByteArrayAsync(over);
                Ledger.Demand(answer.IsSuccessStatusCode, $"A reader was answered {(int)answer.StatusCode}.");
                times.Add(Stopwatch.GetElapsedTime(begun));
            }
        }
        catch (OperationCanceledException) when (over.IsCancellationRequested)
        {
            // That was all.
        }
    }
}
