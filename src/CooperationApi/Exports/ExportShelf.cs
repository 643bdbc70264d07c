using System.Data.Common;
using System.Text.Json;
using System.Text.RegularExpressions;
using CooperationApi.Contracts;
using CooperationApi.Storage;
using Dapper;

namespace CooperationApi.Exports;

/// <summary>
/// The exports that there are: a folder each, named by its id, which is there when it is whole. Of one that is no more an empty file tells why. What is in the
/// folders counts, whoever put it there.
/// </summary>
internal sealed partial class ExportShelf(Database database, ExportOptions options, StorageOptions storage, TimeProvider time)
{
    /// <summary>Why an export is no more: it holds what was redacted since, or is old or of an earlier life of the store.</summary>
    public const string Withdrawn = "withdrawn", Expired = "expired";

    private const string Manifest = "manifest.json", Building = ".building-", Lock = ".lock";

    // How long it is remembered that there was one.
    private static readonly TimeSpan Memory = TimeSpan.FromDays(400);

    private readonly string folder = Path.GetFullPath(string.IsNullOrEmpty(options.Path) ? Path.Combine(Path.GetDirectoryName(Path.GetFullPath(storage.Path))!, "exports") : options.Path);
    private Mark? checkedAt;

    /// <summary>Where the files of an export are.</summary>
    public string FolderOf(string id) => Path.Combine(folder, id);

    /// <summary>The latest export of the store's life; null if there is none yet.</summary>
    public async Task<ExportManifest?> Latest(CancellationToken cancel)
    {
        await Weed(cancel);
        var epoch = database.Mark.Epoch;
        return All().Where(export => export.Epoch == epoch).MaxBy(export => export.Revision);
    }

    /// <summary>An export by its id; null if there is none, or none any more.</summary>
    public async Task<ExportManifest?> Find(string id, CancellationToken cancel)
    {
        if (!Id().IsMatch(id))
            return null;
        await Weed(cancel);
        return Gone(id) is null ? Read(id) : null;
    }

    /// <summary>Why an export is no more; null if it is, or never was.</summary>
    public string? Gone(string id) => !Id().IsMatch(id) ? null : ((string[])[Withdrawn, Expired]).FirstOrDefault(why => File.Exists(FolderOf(id) + "." + why));

    /// <summary>Takes the only place to build in: null if another process has it. What an earlier one left half built is cleared away.</summary>
    public FileStream? Reserve()
    {
        Directory.CreateDirectory(folder);
        FileStream reserved;
        try
        {
            reserved = new(Path.Combine(folder, Lock), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        }
        catch (IOException)
        {
            return null;
        }
        foreach (var leftover in Directory.GetDirectories(folder, Building + "*"))
            Directory.Delete(leftover, recursive: true);
        return reserved;
    }

    /// <summary>A folder to build an export in.</summary>
    public string Begin() => Directory.CreateDirectory(Path.Combine(folder, Building + Guid.NewGuid().ToString("N"))).FullName;

    /// <summary>Puts an export that is whole where it is found, in one step.</summary>
    public void Publish(string building, ExportManifest manifest)
    {
        using (var file = new FileStream(Path.Combine(building, Manifest), FileMode.CreateNew))
        {
            JsonSerializer.Serialize(file, manifest, Wire.Json);
            file.Flush(flushToDisk: true);
        }
        Directory.Move(building, FolderOf(manifest.Id));
    }

    /// <summary>Takes out what is of an earlier life of the store, what holds a record that was redacted since, and what is old. Looks again when the store has changed.</summary>
    public async Task Weed(CancellationToken cancel)
    {
        var mark = database.Mark;
        if (mark == checkedAt)
            return;
        var there = All();
        foreach (var export in there.Where(export => export.Epoch != mark.Epoch))
            TakeOut(export.Id, Expired);
        var now = time.GetUtcNow();
        foreach (var export in there.Where(export => export.Epoch == mark.Epoch).OrderByDescending(export => export.Revision).Skip(1))
        {
            if (string.CompareOrdinal(export.At, now.AddDays(-options.KeepDays).ToIso()) < 0)
                TakeOut(export.Id, Expired);
        }
        foreach (var export in there.Where(export => export.Epoch == mark.Epoch))
        {
            if (await database.Read(connection => HoldsRedacted(connection, export.Revision), cancel))
                TakeOut(export.Id, Withdrawn);
        }
        if (Directory.Exists(folder))
        {
            foreach (var forgotten in Directory.GetFiles(folder).Where(file => Tombstone().IsMatch(Path.GetFileName(file)) && File.GetLastWriteTimeUtc(file) < now.UtcDateTime - Memory))
                File.Delete(forgotten);
        }
        checkedAt = mark;
    }

    // Where the past was thinned, what was in it then can't be told.
    private static async Task<bool> HoldsRedacted(DbConnection connection, long revision) => await connection.QuerySingleAsync<long>(
        """
        SELECT count(*) FROM change gone WHERE gone.reason = 'redacted' AND gone.seq > @revision AND (
            @revision < (SELECT horizon FROM feed)
            OR EXISTS (SELECT former.seq FROM change former WHERE former.type = gone.type AND former.id = gone.id AND former.seq <= @revision))
        """, new { revision }) > 0;

    /// <summary>Killed at any moment, it leaves an export that is no longer told of, or one that is still whole.</summary>
    private void TakeOut(string id, string why)
    {
        File.Create(FolderOf(id) + "." + why).Dispose();
        var leaving = Path.Combine(folder, Building + "gone-" + id);
        try
        {
            Directory.Move(FolderOf(id), leaving);
            Directory.Delete(leaving, recursive: true);
        }
        catch (DirectoryNotFoundException)
        {
            // Another process was quicker.
        }
    }

    private List<ExportManifest> All() => !Directory.Exists(folder) ? []
        : [.. Directory.GetDirectories(folder).Select(Path.GetFileName).Where(name => Id().IsMatch(name!) && Gone(name!) is null).Select(name => Read(name!)).OfType<ExportManifest>()];

    private ExportManifest? Read(string id)
    {
        try
        {
            using var file = File.OpenRead(Path.Combine(FolderOf(id), Manifest));
            return JsonSerializer.Deserialize<ExportManifest>(file, Wire.Json);
        }
        catch (Exception exception) when (exception is FileNotFoundException or DirectoryNotFoundException)
        {
            return null;
        }
    }

    [GeneratedRegex("^[0-9a-f]{1,64}-[0-9]{1,19}$", RegexOptions.NonBacktracking)]
    private static partial Regex Id();

    [GeneratedRegex("^[0-9a-f]{1,64}-[0-9]{1,19}\\.(withdrawn|expired)$", RegexOptions.NonBacktracking)]
    private static partial Regex Tombstone();
}
