using System.Globalization;
using System.Security.Cryptography;
using System.Text.Json;
using CooperationApi.Client;
using CooperationApi.Contracts;
using Microsoft.Data.Sqlite;
using ZstdSharp;

namespace CooperationApi.Sync;

/// <summary>
/// One run of the tool: creates the copy from the latest export, applies the change feed, and compares the digests with the service. A copy
/// that cannot be updated, because the service was restored or the copy is too old, is replaced by a new one; the two are never merged.
/// </summary>
internal sealed class SyncRun(CooperationClient client, string path, ProgressReporter reporter)
{
    // Attempts per run to create a copy, and to verify and repair it, before the run fails.
    private const int MaxGenerations = 3, MaxVerifications = 5;

    // If more records or buckets differ, the copy is replaced.
    private const int MaxRepairs = 5000, MaxDifferingBuckets = 32;

    private static readonly TimeSpan ExportTimeout = TimeSpan.FromMinutes(15);

    // Digest of the service, requested while the copy is still being updated.
    private Task<MirrorDigest>? expectedDigest;

    private readonly RewrittenHistoryCheck historyCheck = new(client, path, reporter);
    private readonly string newPath = path + ".new";
    private readonly string downloadPath = path + ".download";
    private readonly string unpackedPath = path + ".unpacking";

    /// <summary>Runs the synchronization and returns the exit code.</summary>
    /// <param name="verify">True to hash and compare every record, even without new changes.</param>
    /// <param name="cancel">Interrupts the run; the next run continues.</param>
    public async Task<int> Run(bool verify, CancellationToken cancel)
    {
        for (var generation = 1; ; generation++)
        {
            // Continue with an unfinished new copy, if there is one.
            var workingPath = File.Exists(newPath) ? newPath : path;
            string reason;
            try
            {
                if (!File.Exists(workingPath))
                    await CreateFromExport(cancel);
                else if (await CatchUpAndVerify(workingPath, verify, cancel) is { } exitCode)
                    return exitCode;
                else
                    await Replace("too many differences", cancel);
                continue;
            }
            catch (CooperationProblemException problem)
                when (problem.Code is "epoch_changed" or "cursor_ahead" or "cursor_expired" && generation <= MaxGenerations)
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

    /// <summary>Creates a new copy to replace one that cannot be updated.</summary>
    private async Task Replace(string reason, CancellationToken cancel)
    {
        reporter.ReportEvent("replacing", $"The copy cannot be updated ({reason}). Creating a new copy.", ("reason", reason));
        File.Delete(newPath);
        await CreateFromExport(cancel);
    }

    /// <summary>Creates a copy from the latest export.</summary>
    private async Task CreateFromExport(CancellationToken cancel)
    {
        foreach (var leftover in (string[])[unpackedPath, unpackedPath + "-journal", newPath + "-journal"])
            File.Delete(leftover);
        if (await GetLatestExport(cancel) is not { } export)
        {
            reporter.ReportEvent("starting", "The service has no exports. Starting the copy from the change feed.");
            ReplicaDatabase.Initialize(unpackedPath, isEmpty: true);
            File.Move(unpackedPath, newPath);
            return;
        }
        var database = export.Files.FirstOrDefault(file => file is { Content: "database", Format: "sqlite", Compression: "zstd" })
            ?? throw new InvalidDataException($"Export {export.Id} has no SQLite file compressed with zstd.");
        if (!await IsDownloaded(database, cancel))
        {
            await client.DownloadAsync(database, downloadPath,
                new CallbackProgress(
                    receivedBytes => reporter.ReportProgress("downloading", "Downloading the export", receivedBytes, database.Bytes)),
                    cancel);
            reporter.ReportEvent("downloaded",
                $"Export {export.Id} of {export.At} downloaded: {database.Bytes} bytes, SHA-256 {database.Sha256}.", ("export", export.Id),
                ("bytes", database.Bytes), ("sha256", database.Sha256));
        }
        await Decompress(database, cancel);
        ReplicaDatabase.Initialize(unpackedPath, isEmpty: false);
        File.Move(unpackedPath, newPath);
        File.Delete(downloadPath);
    }

    /// <summary>Returns the latest export; waits while the service builds it. Returns null if the service creates no exports.</summary>
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
                reporter.ReportProgress("waiting", "Waiting for the export", 0, 1);
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
                reporter.ReportProgress("unpacking", "Decompressing the export", file.Position, database.UncompressedBytes);
            }
            file.Flush(flushToDisk: true);
        }
        if (Convert.ToHexStringLower(hash.GetHashAndReset()) == database.UncompressedSha256)
            return;
        File.Delete(downloadPath);
        throw new InvalidDataException(
            $"The decompressed SHA-256 of {database.Name} does not match the manifest. The download was deleted; run the tool again.");
    }

    /// <summary>
    /// Applies the feed to a copy, verifies it, and moves a new copy into place. Returns null if the copy is to be replaced.
    /// </summary>
    private async Task<int?> CatchUpAndVerify(string workingPath, bool verify, CancellationToken cancel)
    {
        var isNew = workingPath == newPath;
        string epoch;
        long revision, records, changes;
        using (var replica = ReplicaDatabase.Open(workingPath))
        {
            changes = await ApplyFeed(replica, cancel);
            // If no other program has written to the file, the stored hashes are valid: they were checked when they were written.
            switch (await VerifyAndRepair(replica, verify || replica.IsModifiedByOthers, cancel))
            {
                case false:
                    reporter.ReportFailure(ExitCode.Mismatch, "The service changed during every comparison. Run the tool again.");
                    return ExitCode.Mismatch;
                case null when isNew:
                    reporter.ReportFailure(ExitCode.Mismatch,
                        "The new copy differs from the service, although it was created from the service's export. Report this to the "
                        + "operator of the service.");
                    File.Delete(newPath);
                    return ExitCode.Mismatch;
                case null:
                    return null;
            }
            (records, epoch, revision) = (replica.RecordCount, replica.Epoch, replica.Revision);
        }
        if (isNew)
        {
            try
            {
                historyCheck.CheckReplacement(newPath);
            }
            catch (RewrittenHistoryException)
            {
                File.Delete(newPath);
                throw;
            }
            // A hot journal of the old copy must not be rolled back into the new one.
            File.Delete(path + "-journal");
            File.Move(newPath, path, overwrite: true);
        }
        reporter.ReportEvent("in_sync",
            string.Create(CultureInfo.InvariantCulture,
                $"In sync with revision {revision} of epoch {epoch}, verified: {changes} changes, {records} records."),
            ("epoch", epoch), ("revision", revision), ("changes", changes), ("records", records), ("exit", ExitCode.Success));
        return ExitCode.Success;
    }

    /// <summary>Applies the feed up to its head, one transaction at a time. Returns the number of changes.</summary>
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
            // A transaction that spans several pages is committed with its last page.
            if (page.Open != true)
                replica.CommitPage(page, etag, epoch);
            if (page.Items.Count > 0)
                reporter.ReportProgress("following", "Applying changes", replica.Revision, page.Revision);
            else if (!page.More)
                break;
        }
        return changes;
    }

    private async Task<ETagged<ChangePage>?> GetPage(ReplicaDatabase replica, string? cursor, CancellationToken cancel)
    {
        if (cursor is null)
            return new(await client.GetAsync<ChangePage>("/v1/changes", [("limit", "1000")], cancel), "");
        // The stored ETag is that of the page at the stored cursor.
        return await client.GetChangesIfModifiedAsync(cursor == replica.Cursor && replica.ETag is { Length: > 0 } etag ? etag : null,
            cursor, [("limit", "1000")], cancel);
    }

    /// <summary>
    /// Compares the copy with the service and repairs differences. Returns true if they are equal, false if the service changed during
    /// every comparison, and null if there are too many differences or the repair failed.
    /// </summary>
    private async Task<bool?> VerifyAndRepair(ReplicaDatabase replica, bool hashBodies, CancellationToken cancel)
    {
        var repairs = 0;
        for (var attempt = 0; attempt < MaxVerifications; attempt++)
        {
            reporter.ReportProgress("verifying", "Comparing with the service", 0, 1);
            expectedDigest ??= client.GetMirrorDigestAsync(cancel);
            var localDigests = await Task.Run(() => replica.ComputeTypeDigests(hashBodies), cancel);
            var serviceDigest = await expectedDigest;
            expectedDigest = null;
            if (serviceDigest.Revision != replica.Revision || serviceDigest.Epoch != replica.Epoch)
            {
                // The service has new changes, or a new epoch, which the feed reports as an error.
                await ApplyFeed(replica, cancel);
                continue;
            }
            if (serviceDigest.Types.Where(type => type.Rows > 0).ToHashSet().SetEquals(localDigests.Where(type => type.Rows > 0)))
            {
                if (!replica.IsVerified)
                    replica.MarkVerified(localDigests.Sum(type => type.Rows));
                return true;
            }
            var buckets = serviceDigest.Buckets.Except(replica.ComputeBucketDigests(hashBodies)).Select(bucket => bucket.Bucket).ToList();
            reporter.ReportEvent("differs", $"{buckets.Count} of 256 buckets differ.", ("parts", buckets));
            var differences = new List<RowDifference>();
            foreach (var bucket in buckets.Take(MaxDifferingBuckets))
                differences.AddRange(await FindDifferences(replica, bucket, cancel));
            await historyCheck.Check(replica, differences.Take(MaxRepairs), cancel);
            repairs += differences.Count;
            if (buckets.Count > MaxDifferingBuckets || repairs > MaxRepairs || attempt == MaxVerifications - 1)
                return null;
            await Repair(replica, differences, cancel);
            await ApplyFeed(replica, cancel);
        }
        return false;
    }

    /// <summary>Returns the differences in one bucket; none if the service has a new epoch, which the feed reports as an error.</summary>
    private async Task<IEnumerable<RowDifference>> FindDifferences(ReplicaDatabase replica, string bucket, CancellationToken cancel)
    {
        var digest = await client.GetBucketDigestAsync(bucket, cancel);
        if (digest.Epoch != replica.Epoch)
            return [];
        var serviceRows = digest.Rows!.ToDictionary(row => (row.Type, row.Id));
        var localRows = replica.ReadBucket(bucket).ToDictionary(row => (row.Type, row.Id));
        return localRows.Keys.Union(serviceRows.Keys)
            .Select(key => new RowDifference(localRows.GetValueOrDefault(key), serviceRows.GetValueOrDefault(key)))
            .Where(difference => difference.Copy != difference.Service);
    }

    private async Task Repair(ReplicaDatabase replica, IEnumerable<RowDifference> differences, CancellationToken cancel)
    {
        foreach (var (copy, service) in differences)
        {
            if (service is not { } row)
            {
                replica.Delete(copy!.Type, copy.Id);
                reporter.ReportEvent("repaired", $"{copy.Type}/{copy.Id} does not exist in the service: deleted.", ("type", copy.Type),
                    ("id", copy.Id));
                continue;
            }
            try
            {
                var data =
                    (await client.GetAsync<JsonElement>($"/v1/{row.Type}/{Uri.EscapeDataString(row.Id)}", cancel: cancel)).GetRawText();
                replica.Upsert(row.Type, row.Id, row.Revision, row.Hash, data);
                reporter.ReportEvent("repaired", $"{row.Type}/{row.Id} differed: replaced.", ("type", row.Type), ("id", row.Id));
            }
            catch (Exception error) when (error is InvalidDataException or CooperationProblemException { Status: 404 or 410 })
            {
                // The record has changed since the bucket was read. The feed brings the change.
            }
        }
        replica.Commit();
    }

    private sealed class CallbackProgress(Action<long> callback) : IProgress<long>
    {
        public void Report(long value) => callback(value);
    }
}
