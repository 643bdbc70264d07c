using System.Buffers;
using System.Text.Json;

namespace CooperationApi.Contracts;

/// <summary>
/// Writes an NDJSON file of an export, in blocks of 256 KiB: the lines of the records or changes, then the footer. Each line is a JSON
/// object in UTF-8 without white space between its tokens, with the members in the order of <see cref="ExportLine"/>,
/// <see cref="Change"/> or <see cref="ExportFooter"/>, and ends with a line feed. Strings escape only what JSON requires, and `data` has
/// the bytes that the hash of the record covers, so that two writers of the same records write the same bytes.
/// </summary>
/// <param name="file">The file, without bytes. It computes the SHA-256 of the footer.</param>
public sealed class NdjsonLineWriter(HashingStream file) : IDisposable
{
    private const int BlockSize = 256 << 10;

    private readonly ArrayBufferWriter<byte> buffer = new(2 * BlockSize);
    private readonly Utf8JsonWriter json = new(Stream.Null, new() { Encoder = ApiJson.Options.Encoder, SkipValidation = true });
    private long rows;

    /// <summary>Writes the line of a record.</summary>
    public ValueTask WriteRecord(string type, string id, long revision, string hash, ReadOnlySpan<byte> data, CancellationToken cancel)
    {
        json.Reset(buffer);
        json.WriteStartObject();
        json.WriteString("type", type);
        json.WriteString("id", id);
        json.WriteNumber("revision", revision);
        json.WriteString("hash", hash);
        json.WritePropertyName("data");
        json.WriteRawValue(data, skipInputValidation: true);
        json.WriteEndObject();
        json.Flush();
        return EndLine(cancel);
    }

    /// <summary>Writes the line of a change, from its JSON.</summary>
    public ValueTask WriteChange(ReadOnlySpan<byte> change, CancellationToken cancel)
    {
        buffer.Write(change);
        return EndLine(cancel);
    }

    /// <summary>Writes the footer and returns the number of lines before it.</summary>
    public async Task<long> Complete(CancellationToken cancel)
    {
        await WriteBlock(cancel);
        buffer.Write(JsonSerializer.SerializeToUtf8Bytes(new ExportFooter { Rows = rows, Sha256 = file.GetSha256() }, ApiJson.Options));
        buffer.Write("\n"u8);
        await WriteBlock(cancel);
        return rows;
    }

    /// <inheritdoc/>
    public void Dispose() => json.Dispose();

    private ValueTask EndLine(CancellationToken cancel)
    {
        buffer.Write("\n"u8);
        rows++;
        return buffer.WrittenCount < BlockSize ? ValueTask.CompletedTask : WriteBlock(cancel);
    }

    private async ValueTask WriteBlock(CancellationToken cancel)
    {
        await file.WriteAsync(buffer.WrittenMemory, cancel);
        buffer.ResetWrittenCount();
    }
}
