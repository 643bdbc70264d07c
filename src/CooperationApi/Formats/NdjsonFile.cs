using System.Buffers;

namespace CooperationApi.Formats;

/// <summary>Writes newline-delimited JSON: a row a line, as it stands.</summary>
internal static class NdjsonFile
{
    private const int Chunk = 64 << 10;

    /// <summary>Writes the rows. What fails leaves the file without its end.</summary>
    public static async Task Write(Stream body, IAsyncEnumerable<Row> rows, CancellationToken cancel)
    {
        var buffer = new ArrayBufferWriter<byte>(Chunk);
        await foreach (var row in rows)
        {
            buffer.Write(row.Json.Span);
            buffer.Write("\n"u8);
            if (buffer.WrittenCount < Chunk)
                continue;
            await body.WriteAsync(buffer.WrittenMemory, cancel);
            buffer.ResetWrittenCount();
        }
        await body.WriteAsync(buffer.WrittenMemory, cancel);
    }
}
