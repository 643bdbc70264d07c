using System.Diagnostics;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using CooperationApi.Bench;
using CooperationApi.Bench.Processes;

namespace CooperationApi.CrashTests;

/// <summary>
/// Simulated power losses. The service runs under `strace` during writes and imports. The files of the store after a power loss are built
/// from its system calls by <see cref="DiskModel"/>, and the service starts on them. The seed determines the sizes and the choices, but not
/// the schedule of the threads, so two runs with one seed differ.
/// </summary>
internal sealed class PowerLossTrial
{
    private const int LossesPerRun = 10, WriterCount = 4, MaxSkippedLosses = 5;

    private static readonly TimeSpan ExitTimeout = TimeSpan.FromSeconds(60);

    private readonly PublishedService service;
    private readonly string folder, key, epoch;
    private readonly Random random;

    private PowerLossTrial(PublishedService service, string folder, string key, string epoch, Random random) =>
        (this.service, this.folder, this.key, this.epoch, this.random) = (service, folder, key, epoch, random);

    private string BaseFolder => Path.Combine(folder, "base");

    /// <summary>Publishes the service and creates a store with an API key for the writers.</summary>
    private static async Task<PowerLossTrial> Create(string folder, int seed, CancellationToken cancel)
    {
        Console.WriteLine($"Seed {seed}. Publishing the service.");
        var service = await PublishedService.Publish(Path.Combine(folder, "service"), cancel);
        // The copy that all runs begin with; the service is not running, so there is no WAL file.
        var key = await service.CreateKey(GetStore(Path.Combine(folder, "base")), cancel);
        // A reader creates the files `-wal` and `-shm`, so it gets a copy.
        CopyFolder(Path.Combine(folder, "base"), Path.Combine(folder, "read"));
        var epoch = new SqliteTrialStore(service, GetStore(Path.Combine(folder, "read"))).ReadEpoch();
        return new(service, folder, key, epoch, new(seed));
    }

    /// <summary>Runs the trial and returns the exit code. Throws <see cref="MeasurementException"/> if it fails.</summary>
    public static async Task<int> Run(string folder, int seed, int losses, bool skipUntraceable, CancellationToken cancel)
    {
        if (await FindTraceObstacle(cancel) is { } obstacle)
        {
            await Console.Error.WriteLineAsync(obstacle);
            return skipUntraceable && losses <= MaxSkippedLosses ? 0 : 1;
        }
        var trial = await Create(folder, seed, cancel);
        await trial.LosePowerRepeatedly(losses, cancel);
        return 0;
    }

    /// <summary>Returns the reason if `strace` may not trace a process here; otherwise null.</summary>
    private static async Task<string?> FindTraceObstacle(CancellationToken cancel)
    {
        try
        {
            await ChildProcess.Run("strace", ["-f", "-q", "-o", "/dev/null", "true"], cancel);
            return null;
        }
        catch (Exception exception) when (exception is MeasurementException or System.ComponentModel.Win32Exception)
        {
            return $"strace cannot trace a process, so power losses cannot be simulated: {exception.Message.Trim()}";
        }
    }

    /// <summary>Simulates power losses in traced runs of the service, and verifies the store after each.</summary>
    private async Task LosePowerRepeatedly(int times, CancellationToken cancel)
    {
        var (writes, imports) = (0, 0);
        for (var loss = 1; loss <= times;)
        {
            var runFolder = Path.Combine(folder, $"run{loss}");
            var run = await Trace(runFolder, loss, cancel);
            writes += run.Acknowledgments.Count(acknowledgment => acknowledgment.Writes.Count == 1);
            imports += run.Acknowledgments.Count(acknowledgment => acknowledgment.Writes.Count > 1);
            for (var i = 0; i < LossesPerRun && loss <= times; i++, loss++)
                await LosePower(loss, run, Path.Combine(runFolder, $"loss{loss}"), cancel);
            Directory.Delete(runFolder, recursive: true);
        }
        Console.WriteLine(
            $"{times} simulated power losses in runs with {writes} acknowledged writes and {imports} import(s): no acknowledged "
            + "change lost, database intact, revisions gapless and unique, epoch unchanged.");
    }

    /// <summary>Runs the service under `strace` during writes and an import, kills it afterwards and reads the trace.</summary>
    private async Task<TracedRun> Trace(string runFolder, int number, CancellationToken cancel)
    {
        var (storeFolder, tracePath) = (Path.Combine(runFolder, "store"), Path.Combine(runFolder, "trace"));
        CopyFolder(BaseFolder, storeFolder);
        var acknowledgments = new List<Acknowledgment>();
        // 4 writers with at least 20 writes each change more than 1,000 pages together with the import, so that SQLite checkpoints.
        var (writeCount, importCount) = (random.Next(20, 45), random.Next(100, 500));
        var importAfter = random.Next(WriterCount * writeCount);
        List<FeedEntry> feed;
        using (var server = await service.StartTracedServer(GetStore(storeFolder), tracePath, SystemCallTrace.Options, cancel))
        {
            var importStart = new TaskCompletionSource();
            var importTask = Import(importStart.Task);
            await Task.WhenAll(Enumerable.Range(1, WriterCount).Select(async i =>
            {
                var writer = new Writer($"{number}-{i}", key);
                for (var j = 0; j < writeCount; j++)
                {
                    await writer.Write(server.Client, cancel);
                    if (AddAcknowledgment(GetTime(), [writer.Writes[^1]]) > importAfter)
                        importStart.TrySetResult();
                }
            }).Append(importTask));
            feed = await ChangeFeed.Read(server.Client, cancel);
            // strace writes the rest of its buffer when the service has ended.
            using (var traced = Process.GetProcessById(SystemCallTrace.ReadProcessId(tracePath)))
                traced.Kill();
            for (var started = Stopwatch.GetTimestamp(); !server.HasExited; await Task.Delay(10, cancel))
                AcknowledgedWrites.Ensure(Stopwatch.GetElapsedTime(started) < ExitTimeout, "strace did not end after the service.");

            async Task Import(Task start)
            {
                await start;
                var (respondedAt, imported) = await WriteImport(server.Client, number, importCount, cancel);
                AddAcknowledgment(respondedAt, imported);
            }
        }
        foreach (var (id, revision, name) in acknowledgments.SelectMany(acknowledgment => acknowledgment.Writes))
            AcknowledgedWrites.Ensure(feed[(int)revision - 1] is var entry && entry.Id == id && entry.Name == name,
                $"The write of {id} was acknowledged as revision {revision}, which is '{feed[(int)revision - 1]}'.");
        var calls = SystemCallTrace.Read(tracePath, storeFolder);
        var store = GetStore(storeFolder);
        var disk = new DiskModel(BaseFolder, storeFolder, calls);
        VerifyModel(disk, storeFolder, Path.Combine(runFolder, "end"));
        var checkpoints = calls.Count(call => call.Operation == FileOperation.Sync && call.Path == store);
        AcknowledgedWrites.Ensure(calls.Any(call => call.Operation == FileOperation.Write && call.Path == store),
            "The traced run has no checkpoint.");
        Console.WriteLine(
            $"Traced {acknowledgments.Count - 1} writes and an import of {importCount} records: "
            + $"{calls.Count(call => call.Operation == FileOperation.Write)} file writes, "
            + $"{calls.Count(call => call.Operation == FileOperation.Sync)} flushes, {checkpoints} checkpoints.");
        return new(disk, calls, acknowledgments, feed, store);

        int AddAcknowledgment(double respondedAt, IReadOnlyList<AcknowledgedWrite> acknowledged)
        {
            lock (acknowledgments)
            {
                acknowledgments.Add(new(respondedAt, acknowledged));
                return acknowledgments.Count;
            }
        }
    }

    /// <summary>
    /// Verifies that the trace has every change of the files: all calls together must produce the files that the kill left.
    /// </summary>
    private static void VerifyModel(DiskModel disk, string storeFolder, string endFolder)
    {
        disk.Build(double.MaxValue, (_, _) => DiskModel.Fate.Kept, endFolder);
        foreach (var path in Directory.GetFiles(endFolder))
            AcknowledgedWrites.Ensure(
                File.ReadAllBytes(path).AsSpan().SequenceEqual(File.ReadAllBytes(Path.Combine(storeFolder, Path.GetFileName(path)))),
                $"The system calls of the trace do not produce '{Path.GetFileName(path)}'.");
        Directory.Delete(endFolder, recursive: true);
    }

    /// <summary>Simulates a power loss and verifies the store that the service opens afterwards.</summary>
    private async Task LosePower(int number, TracedRun run, string lossFolder, CancellationToken cancel)
    {
        var (moment, time) = ChooseTime(run);
        var (kept, lost, torn) = run.Disk.LosePower(time, random, lossFolder);
        var acknowledged = run.Acknowledgments.Where(acknowledgment => acknowledgment.Time <= time)
            .SelectMany(acknowledgment => acknowledgment.Writes).ToList();
        var description = $"Power loss {number} {moment}, {acknowledged.Count} records acknowledged, "
            + $"{kept} unflushed writes kept, {lost} lost, {torn} torn";
        try
        {
            var store = GetStore(lossFolder);
            using var server = await service.StartServer(store, cancel);
            AcknowledgedWrites.Verify(new SqliteTrialStore(service, store), epoch, acknowledged);
            var feed = await ChangeFeed.Read(server.Client, cancel);
            // The changes of the base copy were acknowledged before the run.
            var baseHead = run.Acknowledgments.Min(acknowledgment => acknowledgment.Writes[0].Revision) - 1;
            var acknowledgedHead = acknowledged.Select(write => write.Revision).Append(baseHead).Max();
            AcknowledgedWrites.Ensure(feed.Count >= acknowledgedHead,
                $"The feed ends at revision {feed.Count}; revision {acknowledgedHead} was acknowledged.");
            // Entries have consecutive revisions from 1, so this excludes gaps, duplicates and other content.
            for (var i = 0; i < feed.Count; i++)
                AcknowledgedWrites.Ensure(i < run.Feed.Count && feed[i] == run.Feed[i],
                    $"Change {i + 1} of the feed differs: {feed[i]}");
            foreach (var import in run.Acknowledgments.Select(acknowledgment => acknowledgment.Writes).Where(writes => writes.Count > 1))
                AcknowledgedWrites.Ensure(feed.Count < import[0].Revision || feed.Count >= import[^1].Revision,
                    $"The feed ends at revision {feed.Count}, in the middle of the import.");
            foreach (var id in acknowledged.Select(write => write.Id).Distinct())
                await VerifyRecord(server.Client, feed.Last(entry => entry.Id == id), cancel);
            var writer = new Writer("after", key);
            await writer.Write(server.Client, cancel);
            AcknowledgedWrites.Ensure(writer.Writes[0].Revision == feed.Count + 1,
                $"The next write got revision {writer.Writes[0].Revision} after {feed.Count}.");
            Console.WriteLine($"{description}: the feed ends at revision {feed.Count}, {feed.Count - acknowledgedHead} unacknowledged.");
        }
        catch (MeasurementException failure)
        {
            throw new MeasurementException($"{description}: {failure.Message}");
        }
        Directory.Delete(lossFolder, recursive: true);
    }

    /// <summary>Chooses the end of a response, the time after a file write or flush began, or a time in a checkpoint.</summary>
    private (string Moment, double Time) ChooseTime(TracedRun run)
    {
        var kind = random.Next(3);
        if (kind == 0)
            return ("after a response", run.Acknowledgments[random.Next(run.Acknowledgments.Count)].Time);
        var calls = kind == 1 ? run.Calls : [.. run.Calls.Where(call => call.Path == run.Store && call.Operation != FileOperation.Create)];
        var call = calls[random.Next(calls.Count)];
        // At the start a flush has not ended; at the end it has.
        return (kind == 1 ? "during a write" : "during a checkpoint", random.Next(2) == 0 ? call.Start : call.End);
    }

    /// <summary>Imports organizations in one request. Returns the time after the response and the records.</summary>
    private async Task<(double RespondedAt, IReadOnlyList<AcknowledgedWrite> Writes)> WriteImport(HttpClient client, int number,
        int count, CancellationToken cancel)
    {
        var body = new StringBuilder();
        for (var i = 1; i <= count; i++)
        {
            var record = JsonNode.Parse(Writer.CreateRecord($"Thử nhập {number} {i}"))!;
            record["id"] = $"thu-nhap-{number}-{i}";
            body.Append(new JsonObject { ["type"] = "organizations", ["data"] = record }.ToJsonString()).Append('\n');
        }
        using var request = new HttpRequestMessage(HttpMethod.Post, "/v1/imports")
        { Content = new StringContent(body.ToString(), Encoding.UTF8, "application/x-ndjson") };
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", key);
        using var response = await client.SendAsync(request, cancel);
        var report = await response.Content.ReadAsStringAsync(cancel);
        var respondedAt = GetTime();
        AcknowledgedWrites.Ensure(response.IsSuccessStatusCode, $"The import returned status {(int)response.StatusCode}: {report}");
        // The report has the last revision only. The feed has the revision of each record.
        var imported = (await ChangeFeed.Read(client, cancel))
            .Where(entry => entry.Id.StartsWith($"thu-nhap-{number}-", StringComparison.Ordinal))
            .Select(entry => new AcknowledgedWrite(entry.Id, entry.Revision, entry.Name)).ToList();
        using var parsed = JsonDocument.Parse(report);
        AcknowledgedWrites.Ensure(
            imported.Count == count && imported[^1].Revision == parsed.RootElement.GetProperty("revision").GetInt64()
            && imported[^1].Revision - imported[0].Revision == count - 1, $"The import is not {count} consecutive changes: {report}");
        return (respondedAt, imported);
    }

    private static async Task VerifyRecord(HttpClient client, FeedEntry entry, CancellationToken cancel)
    {
        using var response = await client.GetAsync($"/v1/{entry.Type}/{entry.Id}", cancel);
        var body = await response.Content.ReadAsStringAsync(cancel);
        AcknowledgedWrites.Ensure(response.IsSuccessStatusCode && body == entry.Data,
            $"{entry.Id} is not the record of revision {entry.Revision}: {(int)response.StatusCode} {body}");
    }

    // strace prints times of the same clock. A time taken after a response is later than every call that the response depends on.
    private static double GetTime() => (DateTime.UtcNow - DateTime.UnixEpoch).TotalSeconds;

    private static string GetStore(string storeFolder) => Path.Combine(storeFolder, "cooperation.db");

    private static void CopyFolder(string source, string target)
    {
        Directory.CreateDirectory(target);
        foreach (var path in Directory.GetFiles(source))
            File.Copy(path, Path.Combine(target, Path.GetFileName(path)));
    }

    /// <summary>An acknowledged request: the time after its response in seconds since 1970, and its records.</summary>
    private sealed record Acknowledgment(double Time, IReadOnlyList<AcknowledgedWrite> Writes);

    /// <summary>A run of the service: its system calls, its acknowledgments and its complete feed at the end.</summary>
    private sealed record TracedRun(DiskModel Disk, List<FileCall> Calls, List<Acknowledgment> Acknowledgments, List<FeedEntry> Feed,
        string Store);
}
