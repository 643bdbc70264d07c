using System.IO.Compression;
using System.IO.Pipelines;
using CooperationApi.Contracts;
using ZstdSharp;

namespace CooperationApi.Exports;

/// <summary>Writes one content packed in each of the ways that exports come in, all at once, and says what came of it.</summary>
internal static class PackedFile
{
    private static readonly (string Name, string Ending, Func<Stream, Stream> Pack)[] Ways =
    [
        ("zstd", ".zst", file => new CompressionStream(file, level: 1, leaveOpen: true)),
        ("gzip", ".gz", file => new GZipStream(file, CompressionLevel.Fastest, leaveOpen: true)),
    ];

    /// <summary>
    /// Writes the files into a folder, and returns when they are on the disk: an entry of the manifest for each. The content says how many rows it has; what
    /// the entries say of it besides is <paramref name="described"/>.
    /// </summary>
    public static async Task<IReadOnlyList<ExportFile>> Write(string folder, string name, ExportFile described, Func<MeasuredStream, Task<long>> write, CancellationToken cancel)
    {
        // If one stops, so do the others.
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        var pipes = Ways.Select(_ => new Pipe(new(pauseWriterThreshold: 4 << 20, resumeWriterThreshold: 2 << 20, minimumSegmentSize: 64 << 10))).ToList();
        var packing = Ways.Zip(pipes).Select(way => Task.Run(() => Pack(Path.Combine(folder, name + way.First.Ending), way.First.Pack, way.Second.Reader, stop), CancellationToken.None)).ToList();
        using var content = new MeasuredStream(new Fork(pipes, stop.Token));
        long rows;
        try
        {
            rows = await write(content);
            await content.FlushAsync(cancel);
            foreach (var pipe in pipes)
                await pipe.Writer.CompleteAsync();
        }
        catch (Exception exception)
        {
            foreach (var pipe in pipes)
                await pipe.Writer.CompleteAsync(exception);
            await stop.CancelAsync();
            // What stopped them, if one of them did, is the cause.
            await Task.WhenAll(packing);
            throw;
        }
        var packed = await Task.WhenAll(packing);
        var sha256 = content.Sha256();
        return
        [
            .. Ways.Zip(packed).Select(way => described with
            {
                Name = name + way.First.Ending,
                Link = described.Link + name + way.First.Ending,
                Compression = way.First.Name,
                Rows = rows,
                Bytes = way.Second.Length,
                Sha256 = way.Second.Sha256,
                UnpackedBytes = content.Length,
                UnpackedSha256 = sha256,
            }),
        ];
    }

    private static async Task<(long Length, string Sha256)> Pack(string path, Func<Stream, Stream> pack, PipeReader content, CancellationTokenSource stop)
    {
        try
        {
            await using var file = new FileStream(path, FileMode.CreateNew, FileAccess.Write, FileShare.None, bufferSize: 1 << 18);
            using var measured = new MeasuredStream(file);
            await using (var packed = pack(measured))
                await content.CopyToAsync(packed, stop.Token);
            file.Flush(flushToDisk: true);
            await content.CompleteAsync();
            return (measured.Length, measured.Sha256());
        }
        catch (Exception exception)
        {
            await content.CompleteAsync(exception);
            await stop.CancelAsync();
            throw;
        }
    }

    /// <summary>What is written to it goes into each of the pipes.</summary>
    private sealed class Fork(IReadOnlyList<Pipe> pipes, CancellationToken stop) : OutStream
    {
        public override async ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
        {
            foreach (var pipe in pipes)
                await pipe.Writer.WriteAsync(buffer, stop);
        }

        public override void Write(byte[] buffer, int offset, int count) => WriteAsync(buffer.AsMemory(offset, count)).AsTask().GetAwaiter().GetResult();
    }
}
