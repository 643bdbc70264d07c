using System.Collections.Concurrent;
using System.Diagnostics;
using System.Net;
using CooperationApi.Bench.Processes;

namespace CooperationApi.CrashTests;

/// <summary>Repeated kills of the service and its database on one store, with all writes that the service acknowledged.</summary>
internal sealed class CrashTrial(TrialStore store, Random random, IReadOnlyList<Writer> writers)
{
    private static readonly TimeSpan MinUptime = TimeSpan.FromMilliseconds(20), MaxUptime = TimeSpan.FromSeconds(2);

    // The other instances must acknowledge a write within this time after the restart.
    private static readonly TimeSpan MaxRecovery = TimeSpan.FromSeconds(10);

    // A client waits this long after a response 503.
    private static readonly TimeSpan RetryDelay = TimeSpan.FromMilliseconds(20);

    private volatile bool isDatabaseKilled;
    private volatile Server? killedServer;
    private int unavailableCount;

    private List<AcknowledgedWrite> AllWrites => [.. writers.SelectMany(writer => writer.Writes)];

    /// <summary>
    /// Kills an instance of the service, or the database, repeatedly during writes and reads (SIGKILL), and verifies the store after each
    /// restart.
    /// </summary>
    public async Task KillRepeatedly(int times, CancellationToken cancel)
    {
        var (databaseKills, longestRecovery) = (0, TimeSpan.Zero);
        using var servers = await store.StartInstances(cancel);
        var epoch = store.ReadEpoch();
        for (var kill = 1; kill <= times; kill++)
        {
            var uptime = MinUptime + random.NextDouble() * (MaxUptime - MinUptime);
            // Each second kill is of the database, if it has processes.
            var target = store.HasDatabaseServer && kill % 2 == 0 ? servers.Count : random.Next(servers.Count);
            var recovery = await KillDuringWrites(servers, target, uptime, cancel);
            AcknowledgedWrites.Verify(store, epoch, AllWrites);
            Console.WriteLine($"Kill {kill} of {(target < servers.Count ? $"instance {target + 1}" : "the database")} after "
                + $"{uptime.TotalMilliseconds:0} ms: {AllWrites.Count} writes acknowledged so far.");
            if (target == servers.Count)
                (databaseKills, longestRecovery) = (databaseKills + 1, recovery > longestRecovery ? recovery : longestRecovery);
        }
        Console.WriteLine($"{times} kills, {AllWrites.Count} acknowledged writes: none lost, database intact, revisions gapless and "
            + "unique, epoch unchanged.");
        if (databaseKills > 0)
            Console.WriteLine($"{databaseKills} kills of the database: {unavailableCount} responses 503 and no other error. All instances "
                + $"acknowledged writes again at most {longestRecovery.TotalMilliseconds:0} ms after its restart.");
    }

    /// <summary>Runs all writers concurrently, with concurrent readers and without kills. No request may fail.</summary>
    public async Task RunConcurrentWrites(int writes, CancellationToken cancel)
    {
        using var servers = await store.StartInstances(cancel);
        var epoch = store.ReadEpoch();
        var before = AllWrites.Count;
        using var stopping = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        var readDurations = new ConcurrentBag<TimeSpan>();
        var readTasks = Enumerable.Range(0, 4).Select(i => ReadUntilStopped(servers[i % servers.Count], readDurations, stopping.Token))
            .ToList();
        var startedAt = Stopwatch.GetTimestamp();
        await Task.WhenAll(writers.Select(async (writer, i) =>
        {
            writer.ForgetETag();
            for (var j = 0; j < writes; j++)
                await writer.Write(servers[i % servers.Count].Client, cancel);
        }));
        var duration = Stopwatch.GetElapsedTime(startedAt);
        await stopping.CancelAsync();
        await Task.WhenAll(readTasks);
        AcknowledgedWrites.Verify(store, epoch, AllWrites);
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

    /// <summary>
    /// Kills an instance, or the database if <paramref name="target"/> is the number of instances, and starts it again. The other instances
    /// keep running. Returns the time from the restart until each of them has acknowledged a write.
    /// </summary>
    private async Task<TimeSpan> KillDuringWrites(ServerGroup servers, int target, TimeSpan uptime, CancellationToken cancel)
    {
        using var stopping = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        var tasks = servers.SelectMany((server, i) => GetWriters(i).Select(writer => WriteUntilStopped(writer, server, stopping.Token))
            .Append(ReadUntilStopped(server, readDurations: null, stopping.Token))).ToList();
        await Task.Delay(uptime, cancel);
        if (target < servers.Count)
        {
            killedServer = servers[target];
            killedServer.Kill();
            servers[target] = await store.StartInstance(target, cancel);
            killedServer.Dispose();
        }
        else
        {
            isDatabaseKilled = true;
            await store.KillDatabase();
            await store.RestartDatabase();
        }
        var restartedAt = Stopwatch.GetTimestamp();
        List<int> others = [.. Enumerable.Range(0, servers.Count).Where(i => i != target)];
        var counts = others.ConvertAll(CountWrites);
        while (!HaveWritten() && Stopwatch.GetElapsedTime(restartedAt) < MaxRecovery && !tasks.Exists(task => task.IsFaulted))
            await Task.Delay(1, cancel);
        var (recovery, haveWritten) = (Stopwatch.GetElapsedTime(restartedAt), HaveWritten());
        await stopping.CancelAsync();
        await Task.WhenAll(tasks);
        AcknowledgedWrites.Ensure(haveWritten, $"An instance acknowledged no write for {MaxRecovery.TotalSeconds} s after the kill.");
        isDatabaseKilled = false;
        return recovery;

        IEnumerable<Writer> GetWriters(int instance) => writers.Where((_, i) => i % servers.Count == instance);

        int CountWrites(int instance) => GetWriters(instance).Sum(writer => writer.Writes.Count);

        bool HaveWritten() => others.Zip(counts).All(pair => CountWrites(pair.First) > pair.Second);
    }

    private Task WriteUntilStopped(Writer writer, Server server, CancellationToken stopping)
    {
        writer.ForgetETag();
        return RepeatUntilStopped(server, async () =>
        {
            if (await writer.TryWrite(server.Client, stopping) is not { } problem)
                return true;
            AcknowledgedWrites.Ensure(isDatabaseKilled, problem);
            writer.ForgetETag();
            return false;
        }, stopping);
    }

    /// <summary>
    /// Requests a record, a list page and a search result in turn; writes change the page and the search result all the time.
    /// </summary>
    private Task ReadUntilStopped(Server server, ConcurrentBag<TimeSpan>? readDurations, CancellationToken stopping)
    {
        string[] addresses = [PublishedService.FirstRequestAddress, "/v1/organizations?limit=50&sort=-name", "/v1/search?q=thu"];
        var i = 0;
        return RepeatUntilStopped(server, async () =>
        {
            var startedAt = Stopwatch.GetTimestamp();
            using var response = await server.Client.GetAsync(addresses[i++ % addresses.Length], stopping);
            await response.Content.ReadAsByteArrayAsync(stopping);
            if (response.StatusCode == HttpStatusCode.ServiceUnavailable && isDatabaseKilled)
                return false;
            AcknowledgedWrites.Ensure(response.IsSuccessStatusCode, $"A read returned status {(int)response.StatusCode}.");
            readDurations?.Add(Stopwatch.GetElapsedTime(startedAt));
            return true;
        }, stopping);
    }

    /// <summary>
    /// Sends requests until the cancellation or a kill of the server. <paramref name="send"/> returns false for a response 503.
    /// </summary>
    private async Task RepeatUntilStopped(Server server, Func<Task<bool>> send, CancellationToken stopping)
    {
        try
        {
            while (true)
            {
                if (await send())
                    continue;
                Interlocked.Increment(ref unavailableCount);
                await Task.Delay(RetryDelay, stopping);
            }
        }
        catch (OperationCanceledException) when (stopping.IsCancellationRequested)
        {
            // A write without an acknowledgment can be committed.
        }
        catch (Exception exception) when (exception is HttpRequestException or IOException && server == killedServer)
        {
            // The server was killed before it acknowledged this request.
        }
    }
}
