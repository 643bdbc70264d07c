using System.Text.Json;
using CooperationApi.Contracts;

namespace CooperationApi.Sync;

/// <summary>
/// Writes the copy as NDJSON, one file per type with one line per record and a footer, byte-identical with the export of the service.
/// `mirror.json` has the epoch and revision of the files. It is deleted before the files are replaced and written after them.
/// </summary>
internal sealed class NdjsonOutput(string replicaPath, string folder, ProgressReporter reporter)
{
    private string StatePath => Path.Combine(folder, "mirror.json");

    /// <summary>Writes the files of the types with changes.</summary>
    public async Task Write(CancellationToken cancel)
    {
        using var replica = ReplicaDatabase.Open(replicaPath);
        var previous = await ReadPreviousState(cancel);
        if (previous is not null && (previous.Epoch, previous.Revision) == (replica.Epoch, replica.Revision))
            return;
        var digests = replica.ComputeTypeDigests(hashBodies: false).ToDictionary(type => type.Type, type => type.Digest);
        File.Delete(StatePath);
        var writtenTypes = new List<string>();
        foreach (var (type, digest) in digests)
        {
            var path = Path.Combine(folder, type + ".ndjson");
            if (previous?.Digests.GetValueOrDefault(type) == digest && File.Exists(path))
                continue;
            await WriteType(replica, type, path, cancel);
            writtenTypes.Add(type);
        }
        var state = JsonSerializer.SerializeToUtf8Bytes(new State(replica.Epoch, replica.Revision, digests), ApiJson.Options);
        await WriteAtomically(StatePath, file => file.WriteAsync(state, cancel).AsTask());
        reporter.ReportEvent("written", $"{writtenTypes.Count} NDJSON files written to {folder}.", ("folder", folder),
            ("types", writtenTypes));
    }

    private async Task<State?> ReadPreviousState(CancellationToken cancel)
    {
        try
        {
            return File.Exists(StatePath)
                ? JsonSerializer.Deserialize<State>(await File.ReadAllBytesAsync(StatePath, cancel), ApiJson.Options)
                : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private static Task WriteType(ReplicaDatabase replica, string type, string path, CancellationToken cancel) =>
        WriteAtomically(path, async file =>
        {
            using var content = new HashingStream(file);
            using var lines = new NdjsonLineWriter(content);
            foreach (var (id, revision, hash, data) in replica.ReadRecords(type))
                await lines.WriteRecord(type, id, revision, hash, data, cancel);
            await lines.Complete(cancel);
        });

    /// <summary>Writes a temporary file and renames it when it is complete.</summary>
    private static async Task WriteAtomically(string path, Func<FileStream, Task> write)
    {
        await using (var file = new FileStream(path + ".new", FileMode.Create, FileAccess.Write))
        {
            await write(file);
            file.Flush(flushToDisk: true);
        }
        File.Move(path + ".new", path, overwrite: true);
    }

    private sealed record State(string Epoch, long Revision, Dictionary<string, string> Digests);
}
