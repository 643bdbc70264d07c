using System.Globalization;
using System.Security.Cryptography;
using System.Text.Json;
using CooperationApi.Client;
using CooperationApi.Contracts;
using Microsoft.Data.Sqlite;
using ZstdSharp;

namespace CooperationApi.Sync;

/// <summary>
/// One run: a copy is begun with the service's export, brought forward by the feed, and compared with the service's digest. What can't be brought forward, because the service
/// was restored or the copy is too old, is replaced by a new one that is made beside it; nothing is merged.
/// </summary>
internal sealed class SyncRun(CooperationClient client, string path, ProgressReporter reporter)
{
    // How often a run begins a copy anew, compares, and mends, before it says that it can't.
    private const int MaxGenerations = 3, MaxVerifications = 5;

    // Where more differs, the whole copy is replaced.
    private const int MaxRepairs = 5000, MaxDifferingBuckets = 32;

    private static readonly TimeSpan ExportTimeout = TimeSpan.FromMinutes(15);

    // What the copy will be compared with, asked for while it is still being brought to that state.
    private Task<MirrorDigest>? expectedDigest;

    private readonly string newPath = path + ".new";
    private readonly string downloadPath = path + ".download";
    private readonly string unpackedPath = path + ".unpacking";

    /// <summary>Runs, and tells how it ended.</summary>
    /// <param name="verify">Whether every record is hashed and compared even if nothing is new.</param>
    /// <param name="cancel">Ends it; the next run goes on.</param>
    public async Task<int> Run(bool verify, CancellationToken cancel)
    {
        for (var generation = 1; ; generation++)
        {
            // One that was begun beside the copy is gone on with.
            var workingPath = File.Exists(newPath) ? newPath : path;
            string reason;
            try
            {
                if (!File.Exists(workingPath))
                    await CreateFromExport(cancel);
                else if (await CatchUpAndVerify(workingPath, verify, cancel) is { } exitCode)
                    return exitCode;
                else
                    await Replace("too much of it differs", cancel);
                continue;
            }
            catch (CooperationProblemException problem) when (problem.Code is "epoch_changed" or "cursor_ahead" or "cursor_expired" && generation <= MaxGenerations)
            {
                reason = problem.Code;
            }
            catch (SqliteException error) when (ReplicaDatabase.IsCorruption(error) && generation <= MaxGenerations)
            {
                reason = error.Message;
            }
            await Replace(reason, cancel);
        }
    }

    /// <summary>Makes a new copy beside the one that is of no use any more.</summary>
    private async Task Replace(string reason, CancellationToken cancel)
    {
        reporter.ReportEvent("replacing", $"The copy can't be brought forward ({reason}): a new one is made.", ("why", reason));
        File.Delete(newPath);
        await CreateFromExport(cancel);
    }

    /// <summary>Makes a copy of the latest export.</summary>
    private async Task CreateFromExport(CancellationToken cancel)
    {
        foreach (var leftover in (string[])[unpackedPath, unpackedPath + "-journal", newPath + "-journal"])
            File.Delete(leftover);
        if (await GetLatestExport(cancel) is not { } export)
        {
            reporter.ReportEvent("beginning", "The service makes no exports: the copy begins with the feed.");
            ReplicaDatabase.Initialize(unpackedPath, isEmpty: true);
            File.Move(unpackedPath, newPath);
            return;
        }
        var database = export.Files.FirstOrDefault(file => file is { Content: "database", Format: "sqlite", Compression: "zstd" })
            ?? throw new InvalidDataException($"Export {export.Id} has no SQLite file that is packed with zstd.");
        if (!await IsDownloaded(database, cancel))
        {
            await client.DownloadAsync(database, downloadPath, new CallbackProgress(receivedBytes => reporter.ReportProgress("downloading", "Downloading the export", receivedBytes, database.Bytes)), cancel);
            reporter.ReportEvent("downloaded", $"Export {export.Id} of {export.At}: {database.Bytes} bytes, SHA-256 {database.Sha256}.", ("export", export.Id), ("bytes", database.Bytes), ("sha256", database.Sha256));
        }
        await Decompress(database, cancel);
        ReplicaDatabase.Initialize(unpackedPath, isEmpty: false);
        File.Move(unpackedPath, newPath);
        File.Delete(downloadPath);
    }

    /// <summary>The latest export, waited for while it is being built; null where the service makes none.</summary>
    private async Task<ExportManifest?> GetLatestExport(CancellationToken cancel)
    {
        for (var deadline = DateTime.UtcNow + ExportTimeout; ;)
        {
            try
            {
                return await client.GetLatestExportAsync(cancel);
            }
            catch (CooperationProblemException problem) when (problem.Code == "export_not_found")
            {
                return null;
            }
            catch (CooperationProblemException problem) when (problem.Code == "export_being_built" && DateTime.UtcNow < deadline)
            {
                reporter.ReportProgress("waiting", "The service is making an export", 0, 1);
                await Task.Delay(problem.RetryAfter ?? TimeSpan.FromSeconds(5), cancel);
            }
        }
    }

    private async Task<bool> IsDownloaded(ExportFile database, CancellationToken cancel)
    {
        if (!File.Exists(downloadPath) || new FileInfo(downloadPath).Length != database.Bytes)
            return false;
        await using var content = File.OpenRead(downloadPath);
        return Convert.ToHexStringLower(await SHA256.HashDataAsync(content, cancel)) == database.Sha256;
    }

    private async Task Decompress(ExportFile database, CancellationToken cancel)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        await using (var content = File.OpenRead(downloadPath))
        await using (var decompression = new DecompressionStream(content, bufferSize: 1 << 18))
        await using (var file = new FileStream(unpackedPath, FileMode.Create, FileAccess.Write, FileShare.None, 1 << 18))
        {
            var buffer = new byte[1 << 20];
            while (file.Position <= database.UncompressedBytes && await decompression.ReadAsync(buffer, cancel) is > 0 and var read)
            {
                hash.AppendData(buffer, 0, read);
                await file.WriteAsync(buffer.AsMemory(0, read), cancel);
                reporter.ReportProgress("unpacking", "Unpacking the export", file.Position, database.UncompressedBytes);
            }
            file.Flush(flushToDisk: true);
        }
        if (Convert.ToHexStringLower(hash.GetHashAndReset()) == database.UncompressedSha256)
            return;
        File.Delete(downloadPath);
        throw new InvalidDataException($"{database.Name} unpacks to something else than the manifest says. It was thrown away.");
    }

    /// <summary>Brings a copy forward, proves it, and puts it in its place. Null if it had better be replaced.</summary>
    private async Task<int?> CatchUpAndVerify(string workingPath, bool verify, CancellationToken cancel)
    {
        var isNew = workingPath == newPath;
        string epoch;
        long revision, records, changes;
        using (var replica = ReplicaDatabase.Open(workingPath))
        {
            changes = await ApplyFeed(replica, cancel);
            if (verify || !replica.IsVerified)
            {
                // A file that nobody but this tool has written in has the hashes that were checked when it wrote them.
                switch (await VerifyAndRepair(replica, verify || replica.IsModifiedByOthers, cancel))
                {
                    case false:
                        reporter.ReportFailure(ExitCode.Mismatch, "The service changed again and again while the copy was compared with it.");
                        return ExitCode.Mismatch;
                    case null when isNew:
                        reporter.ReportFailure(ExitCode.Mismatch, "A copy of the service's own export differs from what the service says of itself.");
                        File.Delete(newPath);
                        return ExitCode.Mismatch;
                    case null:
                        return null;
                }
            }
            (records, epoch, revision) = (replica.RecordCount, replica.Epoch, replica.Revision);
        }
        if (isNew)
        {
            // What an interrupted writing left beside the old one must not be applied to the new one.
            File.Delete(path + "-journal");
            File.Move(newPath, path, overwrite: true);
        }
        reporter.ReportEvent("in_step", string.Create(CultureInfo.InvariantCulture, $"In step with revision {revision} of epoch {epoch}, and proved: {changes} changes, {records} records."),
            ("epoch", epoch), ("revision", revision), ("changes", changes), ("records", records), ("exit", ExitCode.Success));
        return ExitCode.Success;
    }

    /// <summary>Applies the feed up to its head, transaction by transaction. Returns how many changes there were.</summary>
    private async Task<long> ApplyFeed(ReplicaDatabase replica, CancellationToken cancel)
    {
        var changes = 0L;
        string? epoch = null;
        if (replica.Cursor is null)
            epoch = (await client.GetChangeHeadAsync(cancel)).Epoch;
        var cursor = replica.Cursor;
        while (await GetPage(replica, cursor, cancel) is var (page, etag))
        {
            if (page is { More: false, Items.Count: > 0 })
                expectedDigest ??= client.GetMirrorDigestAsync(cancel);
            replica.Apply(page.Items);
            changes += page.Items.Count;
            cursor = page.Next;
            // A transaction that is longer than a page stands when it is here whole.
            if (page.Open != true)
                replica.CommitPage(page, etag, epoch);
            if (page.Items.Count > 0)
                reporter.ReportProgress("following", "Following the feed", replica.Revision, page.Revision);
            else if (!page.More)
                break;
        }
        return changes;
    }

    private async Task<ETagged<ChangePage>?> GetPage(ReplicaDatabase replica, string? cursor, CancellationToken cancel)
    {
        if (cursor is null)
            return new(await client.GetAsync<ChangePage>("/v1/changes", [("limit", "1000")], cancel), "");
        // Only of the page that begins where the copy stands is the tag known.
        return await client.GetChangesIfModifiedAsync(cursor == replica.Cursor && replica.ETag is { Length: > 0 } etag ? etag : null, cursor, [("limit", "1000")], cancel);
    }

    /// <summary>
    /// Compares the copy with the service and mends what differs. True when they are the same; false if they could not be compared, because the service went on; null if
    /// too much differs, or can't be mended.
    /// </summary>
    private async Task<bool?> VerifyAndRepair(ReplicaDatabase replica, bool hashBodies, CancellationToken cancel)
    {
        var repairs = 0;
        for (var attempt = 0; attempt < MaxVerifications; attempt++)
        {
            reporter.ReportProgress("proving", "Comparing with the service", 0, 1);
            expectedDigest ??= client.GetMirrorDigestAsync(cancel);
            var localDigests = await Task.Run(() => replica.ComputeDigests(byBucket: false, hashBodies), cancel);
            var serviceDigest = await expectedDigest;
            expectedDigest = null;
            if (serviceDigest.Revision != replica.Revision || serviceDigest.Epoch != replica.Epoch)
            {
                // It goes on; or another life has begun, as the feed will say.
                await ApplyFeed(replica, cancel);
                continue;
            }
            if (serviceDigest.Types.Where(type => type.Rows > 0).Select(type => (type.Type, type.Rows, type.Digest)).OrderBy(type => type.Type, StringComparer.Ordinal).SequenceEqual(localDigests.Where(type => type.Rows > 0)))
            {
                replica.MarkVerified(localDigests.Sum(type => type.Rows));
                return true;
            }
            var buckets = serviceDigest.Buckets.Select(bucket => (Name: bucket.Bucket, bucket.Rows, bucket.Digest)).Except(replica.ComputeDigests(byBucket: true, hashBodies)).Select(bucket => bucket.Name).ToList();
            reporter.ReportEvent("differs", $"{buckets.Count} of 256 parts differ.", ("parts", buckets));
            if (buckets.Count > MaxDifferingBuckets || attempt == MaxVerifications - 1)
                return null;
            foreach (var bucket in buckets)
            {
                if ((repairs += await RepairBucket(replica, bucket, cancel)) > MaxRepairs)
                    return null;
            }
            await ApplyFeed(replica, cancel);
        }
        return false;
    }

    /// <summary>Puts right what differs in one part.</summary>
    private async Task<int> RepairBucket(ReplicaDatabase replica, string bucket, CancellationToken cancel)
    {
        var serviceRows = (await client.GetBucketDigestAsync(bucket, cancel)).Rows!.ToDictionary(row => (row.Type, row.Id));
        var localRows = replica.ReadBucket(bucket).ToDictionary(row => (row.Type, row.Id));
        var surplus = localRows.Keys.Except(serviceRows.Keys).ToList();
        var differing = serviceRows.Values.Where(row => localRows.GetValueOrDefault((row.Type, row.Id)) != row).ToList();
        foreach (var (type, id) in surplus)
        {
            replica.Delete(type, id);
            reporter.ReportEvent("repaired", $"{type}/{id} is no record of the service's: taken out.", ("type", type), ("id", id));
        }
        foreach (var row in differing.Take(MaxRepairs))
        {
            try
            {
                var data = (await client.GetAsync<JsonElement>($"/v1/{row.Type}/{Uri.EscapeDataString(row.Id)}", cancel: cancel)).GetRawText();
                replica.Upsert(row.Type, row.Id, row.Revision, row.Hash, data);
                reporter.ReportEvent("repaired", $"{row.Type}/{row.Id} differed: fetched anew.", ("type", row.Type), ("id", row.Id));
            }
            catch (Exception error) when (error is InvalidDataException or CooperationProblemException { Status: 404 or 410 })
            {
                // It has changed since the part was read: the feed brings it.
            }
        }
        replica.Commit();
        return surplus.Count + differing.Count;
    }

    private sealed class CallbackProgress(Action<long> callback) : IProgress<long>
    {
        public void Report(long value) => callback(value);
    }
}
