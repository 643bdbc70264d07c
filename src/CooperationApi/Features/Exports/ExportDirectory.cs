using System.Data.Common;
using System.Text.Json;
using System.Text.RegularExpressions;
using CooperationApi.Contracts;
using CooperationApi.Storage;
using Dapper;

namespace CooperationApi.Features.Exports;

/// <summary>
/// The directory of exports: one folder per export, named by its id, which appears when the export is complete. An empty file
/// `{id}.withdrawn` or `{id}.expired` is the tombstone of a removed export. All state is in the directory, so several processes can use it.
/// </summary>
internal sealed partial class ExportDirectory(Database database, ExportsOptions options, StorageOptions storage, TimeProvider time)
{
    /// <summary>
    /// The reasons for the removal of an export: it has a record that was redacted since, or it is too old or of an earlier epoch.
    /// </summary>
    public const string Withdrawn = "withdrawn", Expired = "expired";

    private const string ManifestName = "manifest.json", WorkFolderPrefix = ".building-", LockFileName = ".lock";

    // Time after which the tombstone of a removed export is deleted.
    private static readonly TimeSpan TombstoneLifetime = TimeSpan.FromDays(400);

    private readonly string folder = Path.GetFullPath(
        string.IsNullOrEmpty(options.Path)
            ? Path.Combine(Path.GetDirectoryName(Path.GetFullPath(storage.Path))!, "exports")
            : options.Path);
    private StoreVersion? checkedVersion;

    /// <summary>Returns the folder with the files of an export.</summary>
    public string GetFolder(string id) => Path.Combine(folder, id);

    /// <summary>Returns the latest export of the current epoch; null if there is none.</summary>
    public async Task<ExportManifest?> FindLatest(CancellationToken cancel)
    {
        await RemoveExpired(cancel);
        var epoch = database.Version.Epoch;
        return ReadManifests().Where(export => export.Epoch == epoch).MaxBy(export => export.Revision);
    }

    /// <summary>Returns an export by its id; null if it does not exist or was removed.</summary>
    public async Task<ExportManifest?> Find(string id, CancellationToken cancel)
    {
        if (!ExportIdPattern().IsMatch(id))
            return null;
        await RemoveExpired(cancel);
        return FindRemovalReason(id) is null ? ReadManifest(id) : null;
    }

    /// <summary>Returns the reason for the removal of an export; null if it exists or never existed.</summary>
    public string? FindRemovalReason(string id) =>
        !ExportIdPattern().IsMatch(id)
            ? null
            : ((string[])[Withdrawn, Expired]).FirstOrDefault(reason => File.Exists(GetFolder(id) + "." + reason));

    /// <summary>Locks the directory for a build and deletes incomplete builds. Returns null if another process has the lock.</summary>
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

    /// <summary>Creates a folder for the build of an export.</summary>
    public string CreateWorkFolder() =>
        Directory.CreateDirectory(Path.Combine(folder, WorkFolderPrefix + Guid.NewGuid().ToString("N"))).FullName;

    /// <summary>Publishes a complete export with one rename.</summary>
    public void Publish(string workFolder, ExportManifest manifest)
    {
        using (var file = new FileStream(Path.Combine(workFolder, ManifestName), FileMode.CreateNew))
        {
            JsonSerializer.Serialize(file, manifest, ApiJson.Options);
            file.Flush(flushToDisk: true);
        }
        Directory.Move(workFolder, GetFolder(manifest.Id));
    }

    /// <summary>
    /// Removes exports of an earlier epoch, exports with a record that was redacted since, and exports older than the retention period.
    /// Does nothing while the store version is unchanged.
    /// </summary>
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
            foreach (var tombstoneFile in Directory.GetFiles(folder)
                .Where(file => TombstonePattern().IsMatch(Path.GetFileName(file))
                    && File.GetLastWriteTimeUtc(file) < now.UtcDateTime - TombstoneLifetime))
                File.Delete(tombstoneFile);
        }
        checkedVersion = version;
    }

    // If the log has been compacted past the export's revision, the content at that revision is unknown: the export counts as affected.
    private static async Task<bool> ContainsRedacted(DbConnection connection, long revision) => await connection.QuerySingleAsync<long>(
        """
        SELECT count(*) FROM change removal WHERE removal.reason = 'redacted' AND removal.revision > @revision AND (
            @revision < (SELECT compacted_through FROM store_version)
            OR EXISTS (SELECT former.revision FROM change former WHERE former.type = removal.type AND former.id = removal.id
            AND former.revision <= @revision))
        """, new { revision }) > 0;

    /// <summary>Removes an export. The tombstone comes first: a crash leaves a complete export, or one that is no longer listed.</summary>
    private void Remove(string id, string reason)
    {
        File.Create(GetFolder(id) + "." + reason).Dispose();
        var removedFolder = Path.Combine(folder, WorkFolderPrefix + "removed-" + id);
        try
        {
            Directory.Move(GetFolder(id), removedFolder);
            Directory.Delete(removedFolder, recursive: true);
        }
        catch (DirectoryNotFoundException)
        {
            // Another process has already removed the export.
        }
    }

    private List<ExportManifest> ReadManifests() => !Directory.Exists(folder) ? []
        : [.. Directory.GetDirectories(folder).Select(Path.GetFileName)
            .Where(name => ExportIdPattern().IsMatch(name!) && FindRemovalReason(name!) is null).Select(name => ReadManifest(name!))
            .OfType<ExportManifest>()];

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

    [GeneratedRegex(Patterns.ExportId, RegexOptions.NonBacktracking)]
    private static partial Regex ExportIdPattern();

    [GeneratedRegex("^[0-9a-f]{1,64}-[0-9]{1,19}\\.(withdrawn|expired)$", RegexOptions.NonBacktracking)]
    private static partial Regex TombstonePattern();
}
