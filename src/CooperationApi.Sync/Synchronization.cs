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
internal sealed class Synchronization(CooperationClient client, string path, Report report)
{
    // How often a run begins a copy anew, compares, and mends, before it says that it can't.
    private const int MostGenerations = 3, MostProofs = 5;

    // Where more differs, the whole copy is replaced.
    private const int MostRepairs = 5000, MostBuckets = 32;

    private static readonly TimeSpan LongestWaitForExport = TimeSpan.FromMinutes(15);

    // What the copy will be compared with, asked for while it is still being brought to that state.
    private Task<MirrorDigest>? digest;

    private readonly string next = path + ".new";
    private readonly string packed = path + ".download";
    private readonly string unpacked = path + ".unpacking";

    /// <summary>Runs, and tells how it ended.</summary>
    /// <param name="prove">Whether every record is hashed and compared even if nothing is new.</param>
    /// <param name="cancel">Ends it; the next run goes on.</param>
    public async Task<int> Run(bool prove, CancellationToken cancel)
    {
        for (var generation = 1; ; generation++)
        {
            // One that was begun beside the copy is gone on with.
            var working = File.Exists(next) ? next : path;
            string why;
            try
            {
                if (!File.Exists(working))
                    await Begin(cancel);
                else if (await Finish(working, prove, cancel) is { } exit)
                    return exit;
                else
                    await Replace("too much of it differs", cancel);
                continue;
            }
            catch (CooperationProblemException gone) when (gone.Code is "epoch_changed" or "cursor_ahead" or "cursor_expired" && generation <= MostGenerations)
            {
                why = gone.Code;
            }
            catch (SqliteException error) when (Mirror.IsBroken(error) && generation <= MostGenerations)
            {
                why = error.Message;
            }
            await Replace(why, cancel);
        }
    }

    /// <summary>Makes a new copy beside the one that is of no use any more.</summary>
    private async Task Replace(string why, CancellationToken cancel)
    {
        report.Done("replacing", $"The copy can't be brought forward ({why}): a new one is made.", ("why", why));
        File.Delete(next);
        await Begin(cancel);
    }

    /// <summary>Makes a copy of the latest export.</summary>
    private async Task Begin(CancellationToken cancel)
    {
        foreach (var left in (string[])[unpacked, unpacked + "-journal", next + "-journal"])
            File.Delete(left);
        if (await LatestExport(cancel) is not { } export)
        {
            report.Done("beginning", "The service makes no exports: the copy begins with the feed.");
            Mirror.Found(unpacked, isEmpty: true);
            File.Move(unpacked, next);
            return;
        }
        var database = export.Files.FirstOrDefault(file => file is { Content: "database", Format: "sqlite", Compression: "zstd" })
            ?? throw new InvalidDataException($"Export {export.Id} has no SQLite file that is packed with zstd.");
        if (!await IsThere(database, cancel))
        {
            await client.Download(database, packed, new Told(arrived => report.Progress("downloading", "Downloading the export", arrived, database.Bytes)), cancel);
            report.Done("downloaded", $"Export {export.Id} of {export.At}: {database.Bytes} bytes, SHA-256 {database.Sha256}.", ("export", export.Id), ("bytes", database.Bytes), ("sha256", database.Sha256));
        }
        await Unpack(database, cancel);
        Mirror.Found(unpacked, isEmpty: false);
        File.Move(unpacked, next);
        File.Delete(packed);
    }

    /// <summary>The latest export, waited for while it is being built; null where the service makes none.</summary>
    private async Task<ExportManifest?> LatestExport(CancellationToken cancel)
    {
        for (var until = DateTime.UtcNow + LongestWaitForExport; ;)
        {
            try
            {
                return await client.LatestExport(cancel);
            }
            catch (CooperationProblemException problem) when (problem.Code == "no_export")
            {
                return null;
            }
            catch (CooperationProblemException problem) when (problem.Code == "export_being_built" && DateTime.UtcNow < until)
            {
                report.Progress("waiting", "The service is making an export", 0, 1);
                await Task.Delay(problem.RetryAfter ?? TimeSpan.FromSeconds(5), cancel);
            }
        }
    }

    private async Task<bool> IsThere(ExportFile database, CancellationToken cancel)
    {
        if (!File.Exists(packed) || new FileInfo(packed).Length != database.Bytes)
            return false;
        await using var content = File.OpenRead(packed);
        return Convert.ToHexStringLower(await SHA256.HashDataAsync(content, cancel)) == database.Sha256;
    }

    private async Task Unpack(ExportFile database, CancellationToken cancel)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        await using (var content = File.OpenRead(packed))
        await using (var unpacking = new DecompressionStream(content, bufferSize: 1 << 18))
        await using (var file = new FileStream(unpacked, FileMode.Create, FileAccess.Write, FileShare.None, 1 << 18))
        {
            var buffer = new byte[1 << 20];
            while (file.Position <= database.UnpackedBytes && await unpacking.ReadAsync(buffer, cancel) is > 0 and var read)
            {
                hash.AppendData(buffer, 0, read);
                await file.WriteAsync(buffer.AsMemory(0, read), cancel);
                report.Progress("unpacking", "Unpacking the export", file.Position, database.UnpackedBytes);
            }
            file.Flush(flushToDisk: true);
        }
        if (Convert.ToHexStringLower(hash.GetHashAndReset()) == database.UnpackedSha256)
            return;
        File.Delete(packed);
        throw new InvalidDataException($"{database.Name} unpacks to something else than the manifest says. It was thrown away.");
    }

    /// <summary>Brings a copy forward, proves it, and puts it in its place. Null if it had better be replaced.</summary>
    private async Task<int?> Finish(string working, bool prove, CancellationToken cancel)
    {
        var isNew = working == next;
        string epoch;
        long revision, records, changes;
        using (var mirror = Mirror.Open(working))
        {
            changes = await Follow(mirror, cancel);
            if (prove || !mirror.IsProved)
            {
                // A file that nobody but this tool has written in has the hashes that were checked when it wrote them.
                switch (await Proven(mirror, prove || mirror.IsTouched, cancel))
                {
                    case false:
                        report.Failed(Exit.Differs, "The service changed again and again while the copy was compared with it.");
                        return Exit.Differs;
                    case null when isNew:
                        report.Failed(Exit.Differs, "A copy of the service's own export differs from what the service says of itself.");
                        File.Delete(next);
                        return Exit.Differs;
                    case null:
                        return null;
                }
            }
            (records, epoch, revision) = (mirror.Records, mirror.Epoch, mirror.Revision);
        }
        if (isNew)
        {
            // What an interrupted writing left beside the old one must not be applied to the new one.
            File.Delete(path + "-journal");
            File.Move(next, path, overwrite: true);
        }
        report.Done("in_step", string.Create(CultureInfo.InvariantCulture, $"In step with revision {revision} of epoch {epoch}, and proved: {changes} changes, {records} records."),
            ("epoch", epoch), ("revision", revision), ("changes", changes), ("records", records), ("exit", Exit.InStep));
        return Exit.InStep;
    }

    /// <summary>Applies the feed up to its head, transaction by transaction. Returns how many changes there were.</summary>
    private async Task<long> Follow(Mirror mirror, CancellationToken cancel)
    {
        var changes = 0L;
        string? epoch = null;
        if (mirror.Cursor is null)
            epoch = (await client.Head(cancel)).Epoch;
        var cursor = mirror.Cursor;
        while (await Page(mirror, cursor, cancel) is var (page, tag))
        {
            if (page is { More: false, Items.Count: > 0 })
                digest ??= client.Digest(cancel);
            mirror.Apply(page.Items);
            changes += page.Items.Count;
            cursor = page.Next;
            // A transaction that is longer than a page stands when it is here whole.
            if (page.Open != true)
                mirror.Advance(page, tag, epoch);
            if (page.Items.Count > 0)
                report.Progress("following", "Following the feed", mirror.Revision, page.Revision);
            else if (!page.More)
                break;
        }
        return changes;
    }

    private async Task<Tagged<ChangePage>?> Page(Mirror mirror, string? cursor, CancellationToken cancel)
    {
        if (cursor is null)
            return new(await client.Get<ChangePage>("/v1/changes", [("limit", "1000")], cancel), "");
        // Only of the page that begins where the copy stands is the tag known.
        return await client.ChangesUnless(cursor == mirror.Cursor && mirror.Tag is { Length: > 0 } tag ? tag : null, cursor, [("limit", "1000")], cancel);
    }

    /// <summary>
    /// Compares the copy with the service and mends what differs. True when they are the same; false if they could not be compared, because the service went on; null if
    /// too much differs, or can't be mended.
    /// </summary>
    private async Task<bool?> Proven(Mirror mirror, bool whole, CancellationToken cancel)
    {
        var mended = 0;
        for (var proof = 0; proof < MostProofs; proof++)
        {
            report.Progress("proving", "Comparing with the service", 0, 1);
            digest ??= client.Digest(cancel);
            var own = await Task.Run(() => mirror.Digests(byPart: false, whole), cancel);
            var theirs = await digest;
            digest = null;
            if (theirs.Revision != mirror.Revision || theirs.Epoch != mirror.Epoch)
            {
                // It goes on; or another life has begun, as the feed will say.
                await Follow(mirror, cancel);
                continue;
            }
            if (theirs.Types.Where(type => type.Rows > 0).Select(type => (type.Type, type.Rows, type.Digest)).OrderBy(type => type.Type, StringComparer.Ordinal).SequenceEqual(own.Where(type => type.Rows > 0)))
            {
                mirror.Prove(own.Sum(type => type.Rows));
                return true;
            }
            var parts = theirs.Buckets.Select(part => (Name: part.Bucket, part.Rows, part.Digest)).Except(mirror.Digests(byPart: true, whole)).Select(part => part.Name).ToList();
            report.Done("differs", $"{parts.Count} of 256 parts differ.", ("parts", parts));
            if (parts.Count > MostBuckets || proof == MostProofs - 1)
                return null;
            foreach (var part in parts)
            {
                if ((mended += await Mend(mirror, part, cancel)) > MostRepairs)
                    return null;
            }
            await Follow(mirror, cancel);
        }
        return false;
    }

    /// <summary>Puts right what differs in one part.</summary>
    private async Task<int> Mend(Mirror mirror, string part, CancellationToken cancel)
    {
        var theirs = (await client.Bucket(part, cancel)).Rows!.ToDictionary(row => (row.Type, row.Id));
        var own = mirror.RowsOf(part).ToDictionary(row => (row.Type, row.Id));
        var surplus = own.Keys.Except(theirs.Keys).ToList();
        var wrong = theirs.Values.Where(row => own.GetValueOrDefault((row.Type, row.Id)) != row).ToList();
        foreach (var (type, id) in surplus)
        {
            mirror.Take(type, id);
            report.Done("repaired", $"{type}/{id} is no record of the service's: taken out.", ("type", type), ("id", id));
        }
        foreach (var row in wrong.Take(MostRepairs))
        {
            try
            {
                var data = (await client.Get<JsonElement>($"/v1/{row.Type}/{Uri.EscapeDataString(row.Id)}", cancel: cancel)).GetRawText();
                mirror.Put(row.Type, row.Id, row.Revision, row.Hash, data);
                report.Done("repaired", $"{row.Type}/{row.Id} differed: fetched anew.", ("type", row.Type), ("id", row.Id));
            }
            catch (Exception changed) when (changed is InvalidDataException or CooperationProblemException { Status: 404 or 410 })
            {
                // It has changed since the part was read: the feed brings it.
            }
        }
        mirror.Keep();
        return surplus.Count + wrong.Count;
    }

    private sealed class Told(Action<long> tell) : IProgress<long>
    {
        public void Report(long value) => tell(value);
    }
}
