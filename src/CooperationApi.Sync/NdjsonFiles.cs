using System.Buffers;
using System.Security.Cryptography;
using System.Text.Json;
using CooperationApi.Contracts;

namespace CooperationApi.Sync;

/// <summary>
/// The copy as NDJSON, a file per type, to the byte what the service exports: a line per record and a footer. `mirror.json` beside them says which state they are of; it is
/// written last, and is not there while they are being replaced.
/// </summary>
internal sealed class NdjsonFiles(string mirrorPath, string folder, Report report)
{
    private string StatePath => Path.Combine(folder, "mirror.json");

    /// <summary>Writes the files of the types that have changed.</summary>
    public async Task Write(CancellationToken cancel)
    {
        using var mirror = Mirror.Open(mirrorPath);
        Directory.CreateDirectory(folder);
        var before = await Before(cancel);
        if (before is not null && (before.Epoch, before.Revision) == (mirror.Epoch, mirror.Revision))
            return;
        var digests = mirror.Digests(byPart: false, whole: false).ToDictionary(type => type.Name, type => type.Digest);
        File.Delete(StatePath);
        var written = new List<string>();
        foreach (var (type, digest) in digests)
        {
            var path = Path.Combine(folder, type + ".ndjson");
            if (before?.Digests.GetValueOrDefault(type) == digest && File.Exists(path))
                continue;
            await Write(mirror, type, path, cancel);
            written.Add(type);
        }
        var state = JsonSerializer.SerializeToUtf8Bytes(new State(mirror.Epoch, mirror.Revision, digests), Wire.Json);
        await Put(StatePath, file => file.WriteAsync(state, cancel).AsTask());
        report.Done("written", $"{written.Count} files of NDJSON in {folder}.", ("folder", folder), ("types", written));
    }

    private async Task<State?> Before(CancellationToken cancel)
    {
        try
        {
            return File.Exists(StatePath) ? JsonSerializer.Deserialize<State>(await File.ReadAllBytesAsync(StatePath, cancel), Wire.Json) : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private static Task Write(Mirror mirror, string type, string path, CancellationToken cancel) => Put(path, async file =>
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        var buffer = new ArrayBufferWriter<byte>(1 << 18);
        await using var json = new Utf8JsonWriter(buffer, new() { Encoder = Wire.Json.Encoder, SkipValidation = true });
        var rows = 0L;
        foreach (var (id, revision, itsHash, data) in mirror.Read(type))
        {
            json.Reset();
            json.WriteStartObject();
            json.WriteString("type", type);
            json.WriteString("id", id);
            json.WriteNumber("revision", revision);
            json.WriteString("hash", itsHash);
            json.WritePropertyName("data");
            json.WriteRawValue(data, skipInputValidation: true);
            json.WriteEndObject();
            json.Flush();
            buffer.Write("\n"u8);
            rows++;
            if (buffer.WrittenCount > 1 << 17)
                await HandOn();
        }
        await HandOn();
        await file.WriteAsync((byte[])[.. JsonSerializer.SerializeToUtf8Bytes(new ExportFooter { Rows = rows, Sha256 = Convert.ToHexStringLower(hash.GetHashAndReset()) }, Wire.Json), (byte)'\n'], cancel);

        async Task HandOn()
        {
            hash.AppendData(buffer.WrittenSpan);
            await file.WriteAsync(buffer.WrittenMemory, cancel);
            buffer.ResetWrittenCount();
        }
    });

    /// <summary>Writes a file beside its place, and puts it there when it is whole.</summary>
    private static async Task Put(string path, Func<FileStream, Task> write)
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
