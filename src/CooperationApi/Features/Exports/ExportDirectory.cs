using System.Data.Common;
using System.Text.Json;
using System.Text.RegularExpressions;
using CooperationApi.Contracts;
using CooperationApi.Http.Problems;
using CooperationApi.Storage;
using Dapper;

namespace CooperationApi.Features.Exports;

/// <summary>
/// The directory of the exports of one store: one folder per export, named by its id, which appears when the export is complete. An empty
/// file `{id}.withdrawn` or `{id}.expired` is the tombstone of a removed export, and the file `.store` has the name of the store. All state
/// is in the directory, so several processes and instances on the store can use it.
/// </summary>
internal sealed partial class ExportDirectory(Database database, ExportsOptions options, StorageOptions storage, TimeProvider time,
    ILogger<ExportDirectory> logger)
{
    /// <summary>
    /// The reasons for the removal of an export: it has a record that was redacted since, or it is too old or of an earlier epoch.
    /// </summary>
    public const string Withdrawn = "withdrawn", Expired = "expired";

    /// <summary>The problem code if the directory cannot be read or written.</summary>
    public const string UnusableDirectory = "exports_unavailable";

    /// <summary>The file name of the manifest in the folder of an export.</summary>
    public const string ManifestName = "manifest.json";

    private const string WorkFolderPrefix = ".building-", LockFileName = ".lock", OwnerFileName = ".store";

    private static readonly string[] RemovalReasons = [Withdrawn, Expired];

    // Time after which the tombstone of a removed export is deleted, and between two searches for exports to remove in an unchanged store.
    private static readonly TimeSpan TombstoneLifetime = TimeSpan.FromDays(400), RemovalInterval = TimeSpan.FromMinutes(1);

    private readonly string folder = Path.GetFullPath(string.IsNullOrEmpty(options.Path) ? storage.Path + ".exports" : options.Path);
    private (StoreVersion Version, DateTimeOffset At)? lastRemoval;

    /// <summary>Returns the folder with the files of an export.</summary>
    public string GetFolder(string id) => Path.Combine(folder, id);

    /// <summary>The latest export that this process has found or published. The scheduler looks for another one each minute.</summary>
    public ExportManifest? LatestKnown { get; private set; }

    /// <summary>
    /// Returns the latest export of the current epoch; null if there is none. Throws a 503 problem if the directory cannot be used.
    /// </summary>
    public async Task<ExportManifest?> FindLatest(CancellationToken cancel)
    {
        await EnsureExpiredAreRemoved(cancel);
        var epoch = database.Version.Epoch;
        return LatestKnown = ListIds().Select(ReadManifest).Where(export => export?.Epoch == epoch).MaxBy(export => export!.Revision);
    }

    /// <summary>
    /// Returns an export by its id; null if it does not exist or was removed. Throws a 503 problem if the directory cannot be used.
    /// </summary>
    public async Task<ExportManifest?> Find(string id, CancellationToken cancel)
    {
        if (!ExportIdPattern().IsMatch(id))
            return null;
        await EnsureExpiredAreRemoved(cancel);
        return FindRemovalReason(id) is null && ReadManifest(id) is { } export && export.Epoch == database.Version.Epoch ? export : null;
    }

    /// <summary>Returns the reason for the removal of an export; null if it exists or never existed.</summary>
    public string? FindRemovalReason(string id) =>
        !ExportIdPattern().IsMatch(id)
            ? null
            : RemovalReasons.FirstOrDefault(reason => File.Exists(GetTombstonePath(id, reason)));

    /// <summary>
    /// Locks the directory for a build and deletes incomplete builds. Returns null if another process has the lock. Throws
    /// <see cref="IOException"/> if the directory has the exports of another store.
    /// </summary>
    public FileStream? TryLock()
    {
        if (FindOtherOwner() is { } owner)
            throw new IOException($"'{folder}' has the exports of the store '{owner}'. Set Exports:Path to another folder.");
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
        File.WriteAllText(Path.Combine(folder, OwnerFileName), database.StoreName);
        foreach (var leftover in Directory.GetDirectories(folder, WorkFolderPrefix + "*"))
            Directory.Delete(leftover, recursive: true);
        return lockFile;
    }

    /// <summary>Creates a folder for the build of an export.</summary>
    public string CreateWorkFolder() => Directory.CreateDirectory(CreateWorkFolderName()).FullName;

    /// <summary>
    /// Publishes a complete export with one rename. Replaces a damaged export of the same id, and deletes a tombstone of this id.
    /// </summary>
    public void Publish(string workFolder, ExportManifest manifest)
    {
        using (var file = new FileStream(Path.Combine(workFolder, ManifestName), FileMode.CreateNew))
        {
            JsonSerializer.Serialize(file, manifest, ApiJson.Options);
            file.Flush(flushToDisk: true);
        }
        DeleteFolder(manifest.Id);
        foreach (var reason in RemovalReasons)
            File.Delete(GetTombstonePath(manifest.Id, reason));
        Directory.Move(workFolder, GetFolder(manifest.Id));
        LatestKnown = manifest;
    }

    // An export that should be removed but cannot be, for example in a read-only folder, is not served: it may have redacted records.
    private async Task EnsureExpiredAreRemoved(CancellationToken cancel)
    {
        try
        {
            await RemoveExpired(cancel);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            LogUnusable(exception, folder);
            throw new ProblemException(503, UnusableDirectory);
        }
    }

    /// <summary>
    /// Removes exports of an earlier epoch, damaged exports, exports with a record that was redacted since, and exports older than the
    /// retention period. Does nothing within a minute while the store version is unchanged, or if the directory belongs to another store.
    /// </summary>
    private async Task RemoveExpired(CancellationToken cancel)
    {
        var (version, now) = (database.Version, time.GetUtcNow());
        if ((lastRemoval is var (checkedVersion, at) && checkedVersion == version && (now - at).Duration() < RemovalInterval)
            || !Directory.Exists(folder) || FindOtherOwner() is not null)
            return;
        var exports = new List<ExportManifest>();
        foreach (var id in ListIds())
        {
            if (ReadManifest(id) is not { } export || !HasAllFiles(export))
            {
                LogDamaged(id);
                Remove(id, Expired);
            }
            else if (export.Epoch != version.Epoch)
                Remove(id, Expired);
            else
                exports.Add(export);
        }
        var oldest = now.AddDays(-options.RetentionDays).ToIso();
        foreach (var export in exports.OrderByDescending(export => export.Revision).Skip(1))
        {
            if (string.CompareOrdinal(export.At, oldest) < 0)
                Remove(export.Id, Expired);
        }
        foreach (var export in exports)
        {
            if (await database.Read(connection => ContainsRedacted(connection, export.Revision), cancel))
                Remove(export.Id, Withdrawn);
        }
        foreach (var tombstoneFile in Directory.GetFiles(folder)
            .Where(file => TombstonePattern().IsMatch(Path.GetFileName(file))
                && File.GetLastWriteTimeUtc(file) < now.UtcDateTime - TombstoneLifetime))
            File.Delete(tombstoneFile);
        lastRemoval = (version, now);
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
        // Several processes may create it at the same time.
        new FileStream(GetTombstonePath(id, reason), FileMode.OpenOrCreate, FileAccess.Write, FileShare.ReadWrite).Dispose();
        DeleteFolder(id);
    }

    private void DeleteFolder(string id)
    {
        var removedFolder = CreateWorkFolderName();
        try
        {
            Directory.Move(GetFolder(id), removedFolder);
            Directory.Delete(removedFolder, recursive: true);
        }
        catch (DirectoryNotFoundException)
        {
            // There is no such export, or another process has removed it.
        }
    }

    /// <summary>Returns the name of another store that has its exports here, if it is not a deleted file; null otherwise.</summary>
    private string? FindOtherOwner()
    {
        var ownerFile = Path.Combine(folder, OwnerFileName);
        var owner = File.Exists(ownerFile) ? File.ReadAllText(ownerFile) : null;
        return owner is not null && owner != database.StoreName && (File.Exists(owner) || !Path.IsPathFullyQualified(owner)) ? owner : null;
    }

    private string CreateWorkFolderName() => Path.Combine(folder, WorkFolderPrefix + Guid.NewGuid().ToString("N"));

    private string GetTombstonePath(string id, string reason) => $"{GetFolder(id)}.{reason}";

    private List<string> ListIds() => !Directory.Exists(folder) ? []
        : [.. Directory.GetDirectories(folder).Select(path => Path.GetFileName(path))
            .Where(name => ExportIdPattern().IsMatch(name) && FindRemovalReason(name) is null)];

    private bool HasAllFiles(ExportManifest export) =>
        export.Files.All(file => new FileInfo(Path.Combine(GetFolder(export.Id), file.Name)) is { Exists: true } stored
            && stored.Length == file.Bytes);

    /// <summary>Returns the manifest of an export; null if it is missing or damaged.</summary>
    private ExportManifest? ReadManifest(string id)
    {
        try
        {
            using var file = File.OpenRead(Path.Combine(GetFolder(id), ManifestName));
            return JsonSerializer.Deserialize<ExportManifest>(file, ApiJson.Options);
        }
        catch (Exception exception) when (exception is FileNotFoundException or DirectoryNotFoundException or JsonException)
        {
            return null;
        }
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "Export {Id} is damaged and was removed; the next export replaces it")]
    private partial void LogDamaged(string id);

    [LoggerMessage(Level = LogLevel.Error, Message = "Exports in {Folder} cannot be read or removed, so no export is served")]
    private partial void LogUnusable(Exception exception, string folder);

    [GeneratedRegex(Patterns.ExportId, RegexOptions.NonBacktracking)]
    private static partial Regex ExportIdPattern();

    [GeneratedRegex("^[0-9a-f]{1,64}-[0-9]{1,19}\\.(withdrawn|expired)$", RegexOptions.NonBacktracking)]
    private static partial Regex TombstonePattern();
}
