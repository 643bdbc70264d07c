using System.Diagnostics;
using System.Net;
using System.Text.Json;
using CooperationApi.Bench.Processes;

namespace CooperationApi.CrashTests;

/// <summary>
/// Writes to the instances of a store in turn, with mirrors that runs of `cooperation-sync` update from the instances in turn. After each
/// write, each instance must send the acknowledged state or a later one. At the end, each mirror must equal the data set.
/// </summary>
internal sealed class MirrorTrial(TrialStore store, SyncTool sync, string folder, IReadOnlyList<Writer> writers)
{
    private int busyCount, readCount, syncCount;

    /// <summary>Runs the trial. Throws <see cref="Bench.MeasurementException"/> if it fails.</summary>
    public async Task Run(int writes, int mirrors, CancellationToken cancel)
    {
        using var servers = await store.StartInstances(cancel);
        var epoch = store.ReadEpoch();
        var startedAt = Stopwatch.GetTimestamp();
        var writing = Task.WhenAll(writers.Select((writer, i) => WriteAndRead(writer, i, writes, servers, cancel)));
        var mirroring = Task.WhenAll(Enumerable.Range(0, mirrors).Select(i => UpdateMirror(i, servers, writing, cancel)));
        await writing;
        var duration = Stopwatch.GetElapsedTime(startedAt);
        await mirroring;
        List<AcknowledgedWrite> acknowledged = [.. writers.SelectMany(writer => writer.Writes)];
        AcknowledgedWrites.Verify(store, epoch, acknowledged);
        await ChangeFeed.Read(servers[0].Client, cancel);
        var pages = await Task.WhenAll(servers.Select(server => ChangeFeed.ReadPages(server.Client, cancel)));
        AcknowledgedWrites.Ensure(pages.All(other => other.SequenceEqual(pages[0])), "The instances send different feeds.");
        Console.WriteLine($"{servers.Count} instance(s), {writers.Count} writers: {acknowledged.Count} writes in "
            + $"{duration.TotalSeconds:0.0} s ({acknowledged.Count / duration.TotalSeconds:0}/s), {busyCount} times `store_busy`, "
            + $"revisions gapless and unique; {readCount} reads checked, none stale; {syncCount} runs of cooperation-sync, {mirrors} "
            + "mirrors equal; feeds equal.");
    }

    private async Task WriteAndRead(Writer writer, int index, int writes, ServerGroup servers, CancellationToken cancel)
    {
        for (var i = 0; i < writes; i++)
        {
            // On a busy machine, the writers of all instances together can take longer than the write lock timeout of 5 s.
            while (await writer.TryWrite(servers[(index + i) % servers.Count].Client, cancel) is { } problem)
            {
                AcknowledgedWrites.Ensure(problem.Contains("\"code\":\"store_busy\"", StringComparison.Ordinal), problem);
                Interlocked.Increment(ref busyCount);
            }
            // Every instance, so that it has the response in its cache when another instance replaces the record.
            foreach (var server in servers)
                await VerifyIsCurrent(writer, server.Client, cancel);
        }
    }

    private async Task VerifyIsCurrent(Writer writer, HttpClient client, CancellationToken cancel)
    {
        var (id, revision, _) = writer.Writes[^1];
        foreach (var address in (string[])[$"/v1/organizations/{id}", "/v1/changes/head"])
        {
            using var state = JsonDocument.Parse(await client.GetStringAsync(address, cancel));
            var read = state.RootElement.GetProperty("revision").GetInt64();
            AcknowledgedWrites.Ensure(read >= revision, $"{address} has revision {read} after revision {revision} was acknowledged.");
        }
        // No other writer replaces the record.
        using var request = new HttpRequestMessage(HttpMethod.Get, $"/v1/organizations/{id}");
        request.Headers.TryAddWithoutValidation("If-None-Match", writer.ETag);
        using var response = await client.SendAsync(request, cancel);
        AcknowledgedWrites.Ensure(response.StatusCode == HttpStatusCode.NotModified,
            $"{id}: status {(int)response.StatusCode} for the ETag {writer.ETag} of the acknowledged write.");
        Interlocked.Add(ref readCount, 3);
    }

    private async Task UpdateMirror(int index, ServerGroup servers, Task writing, CancellationToken cancel)
    {
        var path = Path.Combine(folder, $"mirror-{index}.db");
        for (var i = index; !writing.IsCompleted; i++)
        {
            await sync.RunDuringChanges(servers[i % servers.Count].Address, path, cancel);
            Interlocked.Increment(ref syncCount);
        }
        foreach (var server in servers)
        {
            await sync.Run(server.Address, path, cancel, "--verify");
            Interlocked.Increment(ref syncCount);
        }
    }
}
