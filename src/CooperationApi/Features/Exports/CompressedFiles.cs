using System.IO.Compression;
using System.IO.Pipelines;
using CooperationApi.Contracts;
using ZstdSharp;

namespace CooperationApi.Features.Exports;

/// <summary>Writes the same content as one file per compression, all at the same time.</summary>
internal static class CompressedFiles
{
    private static readonly (string Name, string Extension, Func<Stream, Stream> CreateStream)[] Codecs =
    [
        ("zstd", ".zst", file => new CompressionStream(file, level: 1, leaveOpen: true)),
        ("gzip", ".gz", file => new GZipStream(file, CompressionLevel.Fastest, leaveOpen: true)),
    ];

    /// <summary>
    /// Writes the files into a folder and flushes them to disk. Returns the manifest entry of each file.
    /// <paramref name="writeContent"/> returns the number of rows.
    /// </summary>
    public static async Task<IReadOnlyList<ExportFile>> Write(string folder, string name, ExportContent description,
        Func<HashingStream, Task<long>> writeContent, CancellationToken cancel)
    {
        var pipes = Codecs.Select(
            _ => new Pipe(new(pauseWriterThreshold: 4 << 20, resumeWriterThreshold: 2 << 20, minimumSegmentSize: 64 << 10))).ToList();
        var compressionTasks = Codecs.Zip(pipes)
            .Select(codec => Task.Run(
                () => Compress(Path.Combine(folder, name + codec.First.Extension), codec.First.CreateStream, codec.Second.Reader, cancel),
                CancellationToken.None)).ToList();
        using var content = new HashingStream([.. pipes.Select(pipe => pipe.Writer.AsStream(leaveOpen: true))]);
        long rows;
        try
        {
            rows = await writeContent(content);
            foreach (var pipe in pipes)
                await pipe.Writer.CompleteAsync();
        }
        catch (Exception exception)
        {
            // A pipe passes a failure to its other end: this one stops all compressions. The failure of a compression was thrown by its
            // pipe and is this exception.
            foreach (var pipe in pipes)
                await pipe.Writer.CompleteAsync(exception);
            await ((Task)Task.WhenAll(compressionTasks)).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            throw;
        }
        var compressedFiles = await Task.WhenAll(compressionTasks);
        var sha256 = content.GetSha256();
        return
        [
            .. Codecs.Zip(compressedFiles).Select(codec => new ExportFile
            {
                Name = name + codec.First.Extension,
                Link = $"/v1/exports/{description.ExportId}/{name}{codec.First.Extension}",
                Content = description.Content,
                Type = description.Type,
                Format = description.Format,
                Compression = codec.First.Name,
                Rows = rows,
                Bytes = codec.Second.Length,
                Sha256 = codec.Second.Sha256,
                UncompressedBytes = content.Length,
                UncompressedSha256 = sha256,
            }),
        ];
    }

    private static async Task<(long Length, string Sha256)> Compress(string path, Func<Stream, Stream> createCompressor, PipeReader content,
        CancellationToken cancel)
    {
        try
        {
            await using var file = new FileStream(path, FileMode.CreateNew, FileAccess.Write, FileShare.None, bufferSize: 1 << 18);
            using var hashing = new HashingStream(file);
            await using (var compressor = createCompressor(hashing))
                await content.CopyToAsync(compressor, cancel);
            file.Flush(flushToDisk: true);
            await content.CompleteAsync();
            return (hashing.Length, hashing.GetSha256());
        }
        catch (Exception exception)
        {
            await content.CompleteAsync(exception);
            throw;
        }
    }
}
