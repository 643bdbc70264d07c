using System.Data.Common;
using System.Diagnostics;
using CooperationApi.Contracts;
using CooperationApi.Storage.Sqlite;
using CooperationApi.Storage.Writing;
using Dapper;

namespace CooperationApi.Storage;

/// <summary>
/// The store. <see cref="Read"/> runs concurrent read transactions. <see cref="Write"/> changes records, and <see cref="WriteAuxiliary"/>
/// changes other data, such as API keys and the compaction point; one write transaction runs at a time.
/// </summary>
internal sealed class Database : IDisposable
{
    // Maximum age of the cached version. A commit of another process, such as the command `import`, is visible after this time; a commit of
    // this process is visible immediately.
    private static readonly TimeSpan PollInterval = TimeSpan.FromMilliseconds(1);

    // Equal to the timeout for a lock of another process.
    private static readonly TimeSpan WriteLockTimeout = TimeSpan.FromSeconds(SqliteEngine.BusyTimeoutSeconds);

    // Interval at which `WaitForChange` polls for commits of other processes.
    private static readonly TimeSpan WaitPollInterval = TimeSpan.FromMilliseconds(100);

    // Interval at which `PurgeRedacted` retries to truncate the WAL.
    private static readonly TimeSpan CheckpointRetryDelay = TimeSpan.FromMilliseconds(100);

    private readonly SqliteEngine engine;
    // Null while a new store is created: nothing is acknowledged yet.
    private readonly HighWaterMarkFile? highWaterMarkFile;
    private readonly TimeProvider time;
    private readonly DbConnection pollConnection;
    private readonly DbCommand pollCommand;
    private readonly SemaphoreSlim writeLock = new(1);
    private readonly Lock pollLock = new(), cacheLock = new();
    private long lastPollTimestamp;
    // Replaced as a whole under `cacheLock`, so that readers need no lock.
    private volatile CachedVersion cachedVersion;

    static Database() => DefaultTypeMap.MatchNamesWithUnderscores = true;

    private Database(SqliteEngine engine, HighWaterMarkFile? highWaterMarkFile, TimeProvider time)
    {
        (this.engine, this.highWaterMarkFile, this.time) = (engine, highWaterMarkFile, time);
        pollConnection = engine.OpenReader();
        pollCommand = pollConnection.CreateCommand();
        pollCommand.CommandText =
            """
            SELECT epoch, head, compacted_through, text_version, auxiliary_version, page_count * page_size
            FROM store_version, pragma_page_count, pragma_page_size
            """;
        pollCommand.Prepare();
        var (version, auxiliaryVersion) = PollVersion();
        cachedVersion = new(version, auxiliaryVersion);
    }

    /// <summary>
    /// Opens the store. A missing store is created first: migrated and seeded under a temporary name, then renamed. A store that lacks the
    /// change in the high-water mark starts a new epoch. Throws <see cref="InvalidStoreException"/> for a file that is not a store of this
    /// service or is not writable.
    /// </summary>
    public static async Task<Database> Open(StorageOptions options, TimeProvider time, Func<Database, Task> seed)
    {
        EnsureTemporaryFolderIsWritable();
        if (!File.Exists(options.Path))
        {
            await SqliteEngine.CreateAtomically(options.Path, async temporaryPath =>
            {
                SqliteEngine.CreateEmpty(temporaryPath);
                using var database = await OpenAt(temporaryPath, highWaterMarkFile: null, time);
                await seed(database);
            });
        }
        return await OpenAt(options.Path, new(options.EffectiveHighWaterMarkPath), time);
    }

    /// <summary>
    /// Restores a backup and starts a new epoch: revisions that were issued after the backup are not issued again, and clients with later
    /// cursors get `epoch_changed`. The store must not exist. Throws <see cref="InvalidStoreException"/>.
    /// </summary>
    public static async Task<StoreVersion> Restore(StorageOptions options, string backupPath, TimeProvider time)
    {
        var isCreated = !File.Exists(options.Path) && await SqliteEngine.CreateAtomically(options.Path, async temporaryPath =>
        {
            SqliteEngine.CopyBackup(backupPath, temporaryPath);
            using var engine = SqliteEngine.Open(temporaryPath);
            await using var connection = engine.OpenWriter();
            // Independent of the high-water mark, which may have been restored too.
            await connection.ExecuteAsync("UPDATE store_version SET epoch = @epoch", new { epoch = NewEpoch() });
        });
        if (!isCreated)
            throw new InvalidStoreException($"'{options.Path}' already exists. Move it away first, with its '-wal' and '-shm' files.");
        using var database = await OpenAt(options.Path, new(options.EffectiveHighWaterMarkPath), time);
        return database.Version;
    }

    /// <summary>
    /// Creates a file in the folder for temporary files, which SQLite uses for large sorts and VACUUM, and the service for workbooks.
    /// Without this folder, such requests fail later with "disk I/O error".
    /// </summary>
    private static void EnsureTemporaryFolderIsWritable()
    {
        var folder = Path.GetTempPath();
        try
        {
            Directory.CreateDirectory(folder);
            new FileStream(Path.Combine(folder, Path.GetRandomFileName()), FileMode.CreateNew, FileAccess.Write, FileShare.None, 1,
                FileOptions.DeleteOnClose).Dispose();
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new InvalidStoreException(
                $"Cannot write temporary files to '{folder}': {exception.Message} Set the environment variable TMPDIR to a folder on a "
                + "writable disk.", exception);
        }
    }

    private static async Task<Database> OpenAt(string path, HighWaterMarkFile? highWaterMarkFile, TimeProvider time)
    {
        var engine = SqliteEngine.Open(path);
        try
        {
            await Migrator.Migrate(engine, path, time);
            if (highWaterMarkFile is not null && !await ContainsHighWaterMark(engine, highWaterMarkFile))
                await StartNewEpoch(engine, highWaterMarkFile);
            return new Database(engine, highWaterMarkFile, time);
        }
        catch (Exception exception)
        {
            engine.Dispose();
            if (exception is DbException and not (StoreBusyException or HighWaterMarkException))
                throw new InvalidStoreException($"Cannot read '{path}': {exception.Message}", exception);
            throw;
        }
    }

    /// <summary>
    /// True if the store contains the last acknowledged change. If the process ended between commit and mark, the store is ahead, and the
    /// mark is updated.
    /// </summary>
    private static async Task<bool> ContainsHighWaterMark(SqliteEngine engine, HighWaterMarkFile highWaterMarkFile)
    {
        // The mark is read first: a store contains every change of an earlier mark.
        var savedMark = highWaterMarkFile.Read();
        await using var connection = engine.OpenReader();
        await using var snapshot = SqliteEngine.BeginRead(connection);
        if (savedMark is null || !await savedMark.IsContainedIn(connection))
            return false;
        var storeMark = await HighWaterMark.ReadFrom(connection);
        if (storeMark.Head > savedMark.Head)
        {
            await using var lockedFile = highWaterMarkFile.Lock();
            if (HighWaterMarkFile.ReadLocked(lockedFile) is { } latestMark && latestMark.Epoch == storeMark.Epoch
                && latestMark.Head < storeMark.Head)
                highWaterMarkFile.Write(lockedFile, storeMark);
        }
        return true;
    }

    /// <summary>Starts a new epoch. Its revisions continue after the highest revision of the store and of the high-water mark.</summary>
    private static async Task StartNewEpoch(SqliteEngine engine, HighWaterMarkFile highWaterMarkFile)
    {
        await using var connection = engine.OpenWriter();
        await using var transaction = await SqliteEngine.BeginWriteAtStart(connection);
        await using var lockedFile = highWaterMarkFile.Lock();
        var savedMark = HighWaterMarkFile.ReadLocked(lockedFile);
        // Another process may have started it meanwhile.
        if (savedMark is not null && await savedMark.IsContainedIn(connection))
            return;
        await connection.ExecuteAsync("UPDATE store_version SET epoch = @epoch, head = max(head, @head)",
            new { epoch = NewEpoch(), head = savedMark?.Head ?? 0 });
        var storeMark = await HighWaterMark.ReadFrom(connection);
        await transaction.CommitAsync();
        highWaterMarkFile.Write(lockedFile, storeMark);
    }

    /// <summary>Creates a random epoch name.</summary>
    public static string NewEpoch() => Guid.NewGuid().ToString("N")[..12];

    /// <summary>The current version of the store. Reads the store at most once per millisecond.</summary>
    public StoreVersion Version => GetCachedVersion().Store;

    /// <summary>
    /// The number of auxiliary writes by all processes, to validate caches of auxiliary data. Reads the store at most once per millisecond,
    /// like <see cref="Version"/>.
    /// </summary>
    public long AuxiliaryVersion => GetCachedVersion().Auxiliary;

    /// <summary>Waits until the version differs from the known version, or until the timeout.</summary>
    public async Task WaitForChange(StoreVersion knownVersion, TimeSpan timeout, CancellationToken cancel)
    {
        for (var startTimestamp = Stopwatch.GetTimestamp(); ;)
        {
            var cached = GetCachedVersion();
            var remaining = timeout - Stopwatch.GetElapsedTime(startTimestamp);
            if (cached.Store != knownVersion || remaining <= TimeSpan.Zero)
                return;
            await Task.WhenAny(cached.Replaced.Task, Task.Delay(remaining < WaitPollInterval ? remaining : WaitPollInterval, cancel));
            cancel.ThrowIfCancellationRequested();
        }
    }

    /// <summary>
    /// Throws <see cref="StoreFileLostException"/> if the store file was deleted, moved, replaced or truncated since it was opened.
    /// </summary>
    public void EnsureFileIsIntact()
    {
        lock (pollLock)
        {
            // If the poll fails, the next reader of the version polls too.
            Volatile.Write(ref lastPollTimestamp, 0);
            PollVersion();
        }
    }

    /// <summary>Reads the version in the transaction of a connection.</summary>
    public static async Task<StoreVersion> ReadVersion(DbConnection connection)
    {
        var (epoch, head, compactedThrough, textVersion) = await connection.QuerySingleAsync<(string, long, long, long)>(
            "SELECT epoch, head, compacted_through, text_version FROM store_version");
        return new(epoch, head, compactedThrough, textVersion);
    }

    /// <summary>
    /// Returns a record in the transaction of a connection; null if it does not exist. Throws <see cref="CorruptRecordException"/>.
    /// </summary>
    public static async Task<StoredRecord?> FindRecord(DbConnection connection, string type, string id)
    {
        var record = await connection.QuerySingleOrDefaultAsync<StoredRecord>(
            "SELECT row_id AS RowId, revision, CAST(body AS BLOB) AS body, hash FROM record WHERE type = @type AND id = @id",
            new { type, id });
        if (record is not null)
            RecordHash.Verify(id, record.Body, record.Hash);
        return record;
    }

    /// <summary>
    /// Runs queries on one snapshot of the store. Cancellation interrupts the running statement and each later one. A loop over rows in
    /// memory checks the token itself. Throws <see cref="StoreFileLostException"/>.
    /// </summary>
    public async Task<T> Read<T>(Func<DbConnection, Task<T>> query, CancellationToken cancel)
    {
        // A pooled connection still reads a deleted file, and a new one reads the file that replaced it.
        GetCachedVersion();
        await using var connection = engine.OpenReader();
        await using var snapshot = SqliteEngine.BeginRead(connection);
        await using var interrupt = new StatementInterrupt(connection, cancel);
        return await query(connection);
    }

    /// <summary>
    /// Runs an edit in one transaction, which applies its changes with the writer. An unchanged record gets no new revision. Without
    /// <paramref name="commit"/>, the changes are checked and rolled back. An exception rolls the transaction back. Throws
    /// <see cref="StoreBusyException"/> if another writer does not finish before the timeout, and <see cref="StoreFileLostException"/>.
    /// </summary>
    public Task<WriteResult> Write(string actor, Func<RecordWriter, Task> edit, CancellationToken cancel, bool commit = true) =>
        RunExclusively(async (connection, transaction) =>
        {
            using var writer = new RecordWriter(connection, await ReadVersion(connection), actor, await GetTimestamp(connection));
            await edit(writer);
            var result = await writer.Complete();
            if (!commit)
                return result;
            await Commit(connection, transaction, hasChanges: result.Version.Revision > writer.StartVersion.Revision);
            UpdateCachedVersion(result.Version, auxiliaryVersion: 0);
            return result;
        }, cancel);

    /// <summary>
    /// Changes data outside the records, such as API keys, in one write transaction. It gets no revision and is not in the change feed. An
    /// exception rolls the transaction back. Throws <see cref="StoreBusyException"/> like <see cref="Write"/>.
    /// </summary>
    public Task<T> WriteAuxiliary<T>(Func<DbConnection, Task<T>> write, CancellationToken cancel) =>
        RunExclusively(async (connection, transaction) =>
        {
            var result = await write(connection);
            var newVersion = await connection.ExecuteScalarAsync<long>(
                "UPDATE store_version SET auxiliary_version = auxiliary_version + 1 RETURNING auxiliary_version");
            await transaction.CommitAsync(CancellationToken.None);
            EnsureFileIsIntact();
            UpdateCachedVersion(version: null, newVersion);
            return result;
        }, cancel);

    /// <summary>Runs work in a write transaction that excludes all other writers. The work commits.</summary>
    private async Task<T> RunExclusively<T>(Func<DbConnection, DbTransaction, Task<T>> work, CancellationToken cancel)
    {
        if (!await writeLock.WaitAsync(WriteLockTimeout, cancel))
            throw new StoreBusyException();
        try
        {
            EnsureFileIsIntact();
            await using var connection = engine.OpenWriter();
            await using var transaction = await SqliteEngine.BeginWrite(connection, cancel);
            return await work(connection, transaction);
        }
        finally
        {
            writeLock.Release();
        }
    }

    /// <summary>
    /// VACUUMs the file and truncates the WAL until no redacted bytes remain. Waits for readers of earlier snapshots before the truncation.
    /// VACUUM blocks other writers, not readers. `store_version.unpurged_revision` survives a crash, so the purge resumes at start.
    /// </summary>
    public async Task PurgeRedacted(CancellationToken cancel)
    {
        while (true)
        {
            await writeLock.WaitAsync(cancel);
            long redactionRevision;
            try
            {
                EnsureFileIsIntact();
                await using var connection = engine.OpenWriter();
                redactionRevision = await connection.QuerySingleAsync<long>("SELECT unpurged_revision FROM store_version");
                if (redactionRevision == 0)
                    return;
                SqliteEngine.Vacuum(connection);
            }
            finally
            {
                writeLock.Release();
            }
            await using var checkpointConnection = engine.OpenWriter();
            while (!SqliteEngine.TryTruncateWal(checkpointConnection))
                await Task.Delay(CheckpointRetryDelay, cancel);
            await writeLock.WaitAsync(cancel);
            try
            {
                // A later redaction has set another revision and requires another pass.
                await checkpointConnection.ExecuteAsync(
                    "UPDATE store_version SET unpurged_revision = 0 WHERE unpurged_revision = @redactionRevision",
                    new { redactionRevision });
            }
            finally
            {
                writeLock.Release();
            }
        }
    }

    /// <summary>
    /// Writes a snapshot of the store to a new file, while the store is in use. Throws <see cref="InvalidStoreException"/>.
    /// </summary>
    public async Task<StoreVersion> BackUp(string path)
    {
        await using var connection = engine.OpenReader();
        SqliteEngine.BackUp(connection, path);
        await using var copy = SqliteEngine.OpenUnpooledReader(path);
        return await ReadVersion(copy);
    }

    public void Dispose()
    {
        pollCommand.Dispose();
        pollConnection.Dispose();
        writeLock.Dispose();
        engine.Dispose();
    }

    /// <summary>Commits, and writes the high-water mark before the change is acknowledged.</summary>
    private async Task Commit(DbConnection connection, DbTransaction transaction, bool hasChanges)
    {
        if (highWaterMarkFile is null || !hasChanges)
        {
            await transaction.CommitAsync(CancellationToken.None);
            EnsureFileIsIntact();
            return;
        }
        await using var lockedFile = highWaterMarkFile.Lock();
        var storeMark = await HighWaterMark.ReadFrom(connection);
        await transaction.CommitAsync(CancellationToken.None);
        EnsureFileIsIntact();
        highWaterMarkFile.Write(lockedFile, storeMark);
    }

    /// <summary>
    /// Returns the time for the changes of a write transaction: the current time, but not before the last change if the clock was set back.
    /// </summary>
    private async Task<string> GetTimestamp(DbConnection connection)
    {
        var now = time.GetUtcNow().ToIso();
        var last = await connection.ExecuteScalarAsync<string?>("SELECT changed_at FROM change ORDER BY revision DESC LIMIT 1");
        return string.CompareOrdinal(last, now) > 0 ? last! : now;
    }

    /// <summary>Returns the cached version, after a poll if the last one is older than the interval.</summary>
    private CachedVersion GetCachedVersion()
    {
        if (IsPollDue())
        {
            lock (pollLock)
            {
                // Another thread may have polled while this one waited.
                if (IsPollDue())
                {
                    var (version, auxiliaryVersion) = PollVersion();
                    UpdateCachedVersion(version, auxiliaryVersion);
                    Volatile.Write(ref lastPollTimestamp, Stopwatch.GetTimestamp());
                }
            }
        }
        return cachedVersion;

        bool IsPollDue() => Stopwatch.GetElapsedTime(Volatile.Read(ref lastPollTimestamp)) >= PollInterval;
    }

    /// <summary>Reads the version from the store. Throws <see cref="StoreFileLostException"/>.</summary>
    private (StoreVersion Version, long AuxiliaryVersion) PollVersion()
    {
        using var row = pollCommand.ExecuteReader();
        row.Read();
        engine.EnsureFileIsIntact(pollConnection, snapshotBytes: row.GetInt64(5));
        return (new(row.GetString(0), row.GetInt64(1), row.GetInt64(2), row.GetInt64(3)), row.GetInt64(4));
    }

    /// <summary>
    /// Caches versions that are later than the cached ones, and wakes the waiters. A poll that began before a commit may end after
    /// it and then has an earlier version.
    /// </summary>
    private void UpdateCachedVersion(StoreVersion? version, long auxiliaryVersion)
    {
        lock (cacheLock)
        {
            var cached = cachedVersion;
            var store = version?.IsLaterThan(cached.Store) == true ? version : cached.Store;
            var auxiliary = Math.Max(auxiliaryVersion, cached.Auxiliary);
            if (store == cached.Store && auxiliary == cached.Auxiliary)
                return;
            cachedVersion = new(store, auxiliary);
            cached.Replaced.SetResult();
        }
    }

    /// <summary>The versions of the records and of the auxiliary data, as last read or written by this process.</summary>
    private sealed record CachedVersion(StoreVersion Store, long Auxiliary)
    {
        /// <summary>Completes when a later version replaces this one.</summary>
        public TaskCompletionSource Replaced { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
    }
}
