using System.Data.Common;
using System.Text.Json;
using System.Text.RegularExpressions;
using CooperationApi.Contracts;
using CooperationApi.Storage;
using Dapper;

namespace CooperationApi.Features.Exports;

/// <summary>
/// The exports that there are: a folder each, named by its id, which is there when it is whole. Of one that is no more an empty file tells why. What is in the
/// folders counts, whoever put it there.
/// </summary>
internal sealed partial class ExportDirectory(Database database, ExportsOptions options, StorageOptions storage, TimeProvider time)
{
    /// <summary>Why an export is no more: it holds what was redacted since, or is old or of an earlier life of the store.</summary>
    public const string Withdrawn = "withdrawn", Expired = "expired";

    private const string ManifestName = "manifest.json", WorkFolderPrefix = ".building-", LockFileName = ".lock";

    // How long it is remembered that there was one.
    private static readonly TimeSpan TombstoneLifetime = TimeSpan.FromDays(400);

    private readonly string folder = Path.GetFullPath(string.IsNullOrEmpty(options.Path) ? Path.Combine(Path.GetDirectoryName(Path.GetFullPath(storage.Path))!, "exports") : options.Path);
    private StoreVersion? checkedVersion;

    /// <summary>Where the files of an export are.</summary>
    public string GetFolder(string id) => Path.Combine(folder, id);

    /// <summary>The latest export of the store's life; null if there is none yet.</summary>
    public async Task<ExportManifest?> FindLatest(CancellationToken cancel)
    {
        await RemoveExpired(cancel);
        var epoch = database.Version.Epoch;
        return ReadManifests().Where(export => export.Epoch == epoch).MaxBy(export => export.Revision);
    }

    /// <summary>An export by its id; null if there is none, or none any more.</summary>
    public async Task<ExportManifest?> Find(string id, CancellationToken cancel)
    {
        if (!ExportIdPattern().IsMatch(id))
            return null;
        await RemoveExpired(cancel);
        return FindRemovalReason(id) is null ? ReadManifest(id) : null;
    }

    /// <summary>Why an export is no more; null if it is, or never was.</summary>
    public string? FindRemovalReason(string id) => !ExportIdPattern().IsMatch(id) ? null : ((string[])[Withdrawn, Expired]).FirstOrDefault(reason => File.Exists(GetFolder(id) + "." + reason));

    /// <summary>Takes the only place to build in: null if another process has it. What an earlier one left half built is cleared away.</summary>
    public FileStream? TryLock()
    {
        Directory.CreateDirectory(folder);
        FileStream lockFile;
        try
        {
            lockFile = new(Path.Combine(folder, LockFileName), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        }
        catch (IOException)
        {
            return null;
        }
        foreach (var leftover in Directory.GetDirectories(folder, WorkFolderPrefix + "*"))
            Directory.Delete(leftover, recursive: true);
        return lockFile;
    }

    /// <summary>A folder to build an export in.</summary>
    public string CreateWorkFolder() => Directory.CreateDirectory(Path.Combine(folder, WorkFolderPrefix + Guid.NewGuid().ToString("N"))).FullName;

    /// <summary>Puts an export that is whole where it is found, in one step.</summary>
    public void Publish(string workFolder, ExportManifest manifest)
    {
        using (var file = new FileStream(Path.Combine(workFolder, ManifestName), FileMode.CreateNew))
        {
            JsonSerializer.Serialize(file, manifest, ApiJson.Options);
            file.Flush(flushToDisk: true);
        }
        Directory.Move(workFolder, GetFolder(manifest.Id));
    }

    /// <summary>Takes out what is of an earlier life of the store, what holds a record that was redacted since, and what is old. Looks again when the store has changed.</summary>
    public async Task RemoveExpired(CancellationToken cancel)
    {
        var version = database.Version;
        if (version == checkedVersion)
            return;
        var exports = ReadManifests();
        foreach (var export in exports.Where(export => export.Epoch != version.Epoch))
            Remove(export.Id, Expired);
        var now = time.GetUtcNow();
        foreach (var export in exports.Where(export => export.Epoch == version.Epoch).OrderByDescending(export => export.Revision).Skip(1))
        {
            if (string.CompareOrdinal(export.At, now.AddDays(-options.RetentionDays).ToIso()) < 0)
                Remove(export.Id, Expired);
        }
        foreach (var export in exports.Where(export => export.Epoch == version.Epoch))
        {
            if (await database.Read(connection => ContainsRedacted(connection, export.Revision), cancel))
                Remove(export.Id, Withdrawn);
        }
        if (Directory.Exists(folder))
        {
            foreach (var tombstoneFile in Directory.GetFiles(folder).Where(file => TombstonePattern().IsMatch(Path.GetFileName(file)) && File.GetLastWriteTimeUtc(file) < now.UtcDateTime - TombstoneLifetime))
                File.Delete(tombstoneFile);
        }
        checkedVersion = version;
    }

    // Where the past was thinned, what was in it then can't be told.
    private static async Task<bool> ContainsRedacted(DbConnection connection, long revision) => await connection.QuerySingleAsync<long>(
        """
        SELECT count(*) FROM change gone WHERE gone.reason = 'redacted' AND gone.seq > @revision AND (
            @revision < (SELECT horizon FROM feed)
            OR EXISTS (SELECT former.seq FROM change former WHERE former.type = gone.type AND former.id = gone.id AND former.seq <= @revision))
        """, new { revision }) > 0;

    /// <summary>Killed at any moment, it leaves an export that is no longer told of, or one that is still whole.</summary>
    private void Remove(string id, string reason)
    {
        File.Create(GetFolder(id) + "." + reason).Dispose();
        var removedFolder = Path.Combine(folder, WorkFolderPrefix + "gone-" + id);
        try
        {
            Directory.Move(GetFolder(id), removedFolder);
            Directory.Delete(removedFolder, recursive: true);
        }
        catch (DirectoryNotFoundException)
        {
            // Another process was quicker.
        }
    }

    private List<ExportManifest> ReadManifests() => !Directory.Exists(folder) ? []
        : [.. Directory.GetDirectories(folder).Select(Path.GetFileName).Where(name => ExportIdPattern().IsMatch(name!) && FindRemovalReason(name!) is null).Select(name => ReadManifest(name!)).OfType<ExportManifest>()];

    private ExportManifest? ReadManifest(string id)
    {
        try
        {
            using var file = File.OpenRead(Path.Combine(GetFolder(id), ManifestName));
            return JsonSerializer.Deserialize<ExportManifest>(file, ApiJson.Options);
        }
        catch (Exception exception) when (exception is FileNotFoundException or DirectoryNotFoundException)
        {
            return null;
        }
    }

    [GeneratedRegex("^[0-9a-f]{1,64}-[0-9]{1,19}$", RegexOptions.NonBacktracking)]
    private static partial Regex ExportIdPattern();

    [GeneratedRegex("^[0-9a-f]{1,64}-[0-9]{1,19}\\.(withdrawn|expired)$", RegexOptions.NonBacktracking)]
    private static partial Regex TombstonePattern();
}
