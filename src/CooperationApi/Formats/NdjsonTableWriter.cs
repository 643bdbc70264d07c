using System.Buffers;

namespace CooperationApi.Formats;

/// <summary>Writes newline-delimited JSON with one row per line.</summary>
internal static class NdjsonTableWriter
{
    private const int BufferSize = 64 << 10;

    /// <summary>Writes the rows. On an exception the file remains incomplete.</summary>
    public static async Task Write(Stream body, IAsyncEnumerable<JsonRow> rows, CancellationToken cancel)
    {
        var buffer = new ArrayBufferWriter<byte>(BufferSize);
        await foreach (var row in rows.WithCancellation(cancel))
        {
            buffer.Write(row.Json.Span);
            buffer.Write("\n"u8);
            if (buffer.WrittenCount < BufferSize)
                continue;
            await body.WriteAsync(buffer.WrittenMemory, cancel);
            buffer.ResetWrittenCount();
        }
        await body.WriteAsync(buffer.WrittenMemory, cancel);
    }
}
