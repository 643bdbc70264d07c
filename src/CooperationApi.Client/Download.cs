using System.Net;
using System.Net.Http.Headers;
using System.Security.Cryptography;
using CooperationApi.Contracts;

namespace CooperationApi.Client;

/// <summary>Fetches one file of an export to its end, from where the last attempt ended.</summary>
internal sealed class Download(Exchange exchange, ExportFile file, string path, IProgress<long>? progress)
{
    // How often in a row nothing more may arrive.
    private const int MostFutile = 3;

    // A connection on which nothing comes any more is as good as broken.
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    // Named after its content: what is left of another export's file is not gone on with.
    private readonly string part = $"{path}.{file.Sha256[..16]}.part";

    public async Task Run(CancellationToken cancel)
    {
        var folder = Path.GetDirectoryName(Path.GetFullPath(path))!;
        Directory.CreateDirectory(folder);
        foreach (var other in Directory.EnumerateFiles(folder, $"{Path.GetFileName(path)}.*.part").Where(other => other != Path.GetFullPath(part)))
            File.Delete(other);
        await using (var content = new FileStream(part, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.Read, 1 << 16, FileOptions.Asynchronous))
        {
            using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
            await Read(content, hash, cancel);
            for (var futile = 0; content.Length < file.Bytes;)
            {
                var had = content.Length;
                try
                {
                    await Fetch(content, hash, cancel);
                }
                catch (Exception cut) when (cut is HttpIOException or HttpRequestException { StatusCode: null } && (content.Length > had || ++futile < MostFutile))
                {
                    // The connection broke: the rest is asked for again, as long as some of it comes.
                    futile = content.Length > had ? 0 : futile;
                    continue;
                }
                if (content.Length == had)
                    break;
            }
            content.Flush(flushToDisk: true);
            if (content.Length == file.Bytes && Convert.ToHexStringLower(hash.GetHashAndReset()) == file.Sha256)
            {
                content.Close();
                File.Move(part, path, overwrite: true);
                return;
            }
        }
        File.Delete(part);
        throw new InvalidDataException($"What came as {file.Name} is not the file that the manifest speaks of: its SHA-256 is another. It was thrown away.");
    }

    /// <summary>Hashes what is there.</summary>
    private static async Task Read(FileStream content, IncrementalHash hash, CancellationToken cancel)
    {
        var buffer = new byte[1 << 18];
        while (await content.ReadAsync(buffer, cancel) is > 0 and var read)
            hash.AppendData(buffer, 0, read);
    }

    private async Task Fetch(FileStream content, IncrementalHash hash, CancellationToken cancel)
    {
        using var answer = await exchange.Get(file.Link, request =>
        {
            if (content.Length == 0)
                return;
            request.Headers.Range = new RangeHeaderValue(content.Length, null);
            // Its tag is its hash: another file is sent whole.
            request.Headers.IfRange = new RangeConditionHeaderValue(new EntityTagHeaderValue($"\"{file.Sha256}\""));
        }, cancel);
        if (answer.StatusCode != HttpStatusCode.PartialContent && content.Length > 0)
        {
            content.SetLength(0);
            hash.GetHashAndReset();
        }
        await using var arriving = await answer.Content.ReadAsStreamAsync(cancel);
        var buffer = new byte[1 << 18];
        while (content.Length <= file.Bytes && await Next(arriving, buffer, cancel) is > 0 and var read)
        {
            await content.WriteAsync(buffer.AsMemory(0, read), cancel);
            hash.AppendData(buffer, 0, read);
            progress?.Report(content.Length);
        }
    }

    private static async Task<int> Next(Stream arriving, byte[] buffer, CancellationToken cancel)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        patience.CancelAfter(Patience);
        try
        {
            return await arriving.ReadAsync(buffer, patience.Token);
        }
        catch (OperationCanceledException) when (!cancel.IsCancellationRequested)
        {
            throw new HttpIOException(HttpRequestError.ResponseEnded, $"Nothing came for {Patience.TotalSeconds} s.");
        }
    }
}
