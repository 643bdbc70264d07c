using System.Net;
using System.Net.Http.Headers;
using System.Security.Cryptography;
using CooperationApi.Contracts;

namespace CooperationApi.Client;

/// <summary>Downloads one file of an export and resumes after an interruption.</summary>
internal sealed class FileDownload(ApiTransport transport, ExportFile file, string path, IProgress<long>? progress)
{
    // Consecutive attempts without a new byte after which the download fails.
    private const int MaxStalledAttempts = 3;

    // Time without data after which the connection counts as broken.
    private static readonly TimeSpan StallTimeout = TimeSpan.FromSeconds(30);

    // The name has the hash of the file, so that a partial download of another export is not resumed.
    private readonly string partPath = $"{path}.{file.Sha256[..16]}.part";

    public async Task Run(CancellationToken cancel)
    {
        var folder = Path.GetDirectoryName(Path.GetFullPath(path))!;
        Directory.CreateDirectory(folder);
        foreach (var stalePart in Directory.EnumerateFiles(folder, $"{Path.GetFileName(path)}.*.part")
            .Where(stalePart => stalePart != Path.GetFullPath(partPath)))
            File.Delete(stalePart);
        await using (var content =
            new FileStream(partPath, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.Read, 1 << 16, FileOptions.Asynchronous))
        {
            using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
            await HashExisting(content, hash, cancel);
            for (var stalledAttempts = 0; content.Length < file.Bytes;)
            {
                var previousLength = content.Length;
                try
                {
                    await FetchRemaining(content, hash, cancel);
                }
                catch (Exception error)
                    when (error is HttpIOException or HttpRequestException { StatusCode: null }
                        && (content.Length > previousLength || ++stalledAttempts < MaxStalledAttempts))
                {
                    // The connection broke: request the rest. An attempt that received data resets the count.
                    stalledAttempts = content.Length > previousLength ? 0 : stalledAttempts;
                    continue;
                }
                if (content.Length == previousLength)
                    break;
            }
            content.Flush(flushToDisk: true);
            if (content.Length == file.Bytes
                && Convert.ToHexString(hash.GetHashAndReset()).Equals(file.Sha256, StringComparison.OrdinalIgnoreCase))
            {
                content.Close();
                File.Move(partPath, path, overwrite: true);
                return;
            }
        }
        File.Delete(partPath);
        throw new InvalidDataException($"The SHA-256 of {file.Name} does not match the manifest. The download was deleted; run it again.");
    }

    /// <summary>Hashes the bytes of the partial download.</summary>
    private static async Task HashExisting(FileStream content, IncrementalHash hash, CancellationToken cancel)
    {
        var buffer = new byte[1 << 18];
        while (await content.ReadAsync(buffer, cancel) is > 0 and var read)
            hash.AppendData(buffer, 0, read);
    }

    private async Task FetchRemaining(FileStream content, IncrementalHash hash, CancellationToken cancel)
    {
        using var response = await transport.SendGet(file.Link, request =>
        {
            if (content.Length == 0)
                return;
            request.Headers.Range = new RangeHeaderValue(content.Length, null);
            // The ETag is the hash of the file: if the file differs, the service sends all of it.
            request.Headers.IfRange = new RangeConditionHeaderValue(new EntityTagHeaderValue($"\"{file.Sha256}\""));
        }, cancel);
        if (response.StatusCode != HttpStatusCode.PartialContent && content.Length > 0)
        {
            content.SetLength(0);
            hash.GetHashAndReset();
        }
        await using var responseBody = await response.Content.ReadAsStreamAsync(cancel);
        var buffer = new byte[1 << 18];
        while (content.Length <= file.Bytes && await ReadWithTimeout(responseBody, buffer, cancel) is > 0 and var read)
        {
            await content.WriteAsync(buffer.AsMemory(0, read), cancel);
            hash.AppendData(buffer, 0, read);
            progress?.Report(content.Length);
        }
    }

    private static async Task<int> ReadWithTimeout(Stream responseBody, byte[] buffer, CancellationToken cancel)
    {
        using var timeout = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        timeout.CancelAfter(StallTimeout);
        try
        {
            return await responseBody.ReadAsync(buffer, timeout.Token);
        }
        catch (OperationCanceledException) when (!cancel.IsCancellationRequested)
        {
            throw new HttpIOException(HttpRequestError.ResponseEnded, $"No data was received for {StallTimeout.TotalSeconds} s.");
        }
    }
}
