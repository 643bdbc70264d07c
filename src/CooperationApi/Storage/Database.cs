using System.Data.Common;
using System.Diagnostics;
using CooperationApi.Contracts;
using CooperationApi.Storage.Writing;
using Dapper;

namespace CooperationApi.Storage;

/// <summary>
/// The store. <see cref="Read"/> runs concurrent read transactions. <see cref="Write"/> changes records, and <see cref="WriteAuxiliary"/>
/// changes other data, such as API keys and the compaction point; one write transaction runs at a time.
/// </summary>
internal sealed class Database : IDisposable
{
    /// <summary>A write waits this long for the writers before it, of this process or another.</summary>
    public static readonly TimeSpan WriteLockTimeout = TimeSpan.FromSeconds(5);

    /// <summary>A start waits this long for a process that migrates the same store or imports.</summary>
    public static readonly TimeSpan StartTimeout = TimeSpan.FromMinutes(10);

    // Interval at which `WaitForChange` polls for commits of other processes.
    private static readonly TimeSpan WaitPollInterval = TimeSpan.FromMilliseconds(100);

    private readonly IStorageEngine engine;
    // Null while a new store is created: nothing is acknowledged yet.
    private readonly HighWaterMarkFile? highWaterMarkFile;
    private readonly TimeProvider time;
    private readonly SemaphoreSlim writeLock = new(1);
    private readonly Lock pollLock = new(), cacheLock = new();
    private Task? runningPoll, nextPoll;
    private long lastPollTimestamp;
    // Replaced as a whole under `cacheLock`, so that readers need no lock.
    private volatile CachedVersion cachedVersion;

    static Database() => DefaultTypeMap.MatchNamesWithUnderscores = true;

    private Database(IStorageEngine engine, HighWaterMarkFile? highWaterMarkFile, TimeProvider time, PolledVersion version)
    {
        (this.engine, this.highWaterMarkFile, this.time) = (engine, highWaterMarkFile, time);
        cachedVersion = new(version);
    }

    /// <summary>The name of the store: a full path or a database.</summary>
    public string StoreName => engine.StoreName;

    /// <summary>The name of the database system: `sqlite` or `postgresql`.</summary>
    public string SystemName => engine.SystemName;

    /// <summary>The full-text indexes of the store.</summary>
    public IFullTextIndex FullText => engine.FullText;

    /// <summary>The hints for the query planner of the store.</summary>
    public IListHints ListHints => engine.ListHints;

    /// <summary>
    /// Opens the store. A missing store is created first, with the seed data. A store that lacks the change in the high-water mark starts a
    /// new epoch. Throws <see cref="InvalidStoreException"/> for a database that is not a store of this service or is not writable.
    /// </summary>
    public static async Task<Database> Open(StorageOptions options, TimeProvider time, ILogger logger, Func<Database, Task> seed)
    {
        EnsureTemporaryFolderIsWritable();
        var engine = StorageEngines.Create(options, logger);
        await engine.Open(async newEngine =>
        {
            using var database = await Open(newEngine, highWaterMarkFile: null, time);
            await seed(database);
        });
        return await Open(engine, new(options.EffectiveHighWaterMarkPath), time);
    }

    /// <summary>
    /// Restores a backup and starts a new epoch: revisions that were issued after the backup are not issued again, and clients with later
    /// cursors get `epoch_changed`. The store must not exist. Throws <see cref="InvalidStoreException"/>.
    /// </summary>
    public static async Task<StoreVersion> Restore(StorageOptions options, string backupPath, TimeProvider time, ILogger logger)
    {
        // Independent of the high-water mark, which may have been restored too.
        using (var engine = StorageEngines.Create(options, logger))
            await engine.Restore(backupPath, connection => connection.ExecuteAsync("UPDATE store_version SET epoch = @epoch",
                new { epoch = NewEpoch() }));
        using var database = await Open(options, time, logger, seed: _ => Task.CompletedTask);
        return database.Version;
    }

    /// <summary>
    /// Creates a file in the folder for temporary files, which a file database uses for large sorts, and the service for
    /// workbooks. Without this folder, such requests fail later.
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

    private static async Task<Database> Open(IStorageEngine engine, HighWaterMarkFile? highWaterMarkFile, TimeProvider time)
    {
        try
        {
            await Migrator.Migrate(engine, StartTimeout, time);
            if (highWaterMarkFile is not null && !await ContainsHighWaterMark(engine, highWaterMarkFile))
                await StartNewEpoch(engine, highWaterMarkFile);
            return new(engine, highWaterMarkFile, time, await engine.PollVersion(CancellationToken.None));
        }
        catch (Exception exception)
        {
            engine.Dispose();
            if (exception is DbException and not (StoreBusyException or HighWaterMarkException))
                throw new InvalidStoreException($"Cannot read '{engine.StoreName}': {exception.Message}", exception);
            throw;
        }
    }

    /// <summary>
    /// True if the store contains the last acknowledged change. If the process ended between commit and mark, the store is ahead, and the
    /// mark is updated.
    /// </summary>
    private static async Task<bool> ContainsHighWaterMark(IStorageEngine engine, HighWaterMarkFile highWaterMarkFile)
    {
        // The mark is read first: a store contains every change of an earlier mark.
        var savedMark = highWaterMarkFile.Read();
        if (savedMark is null && !engine.HasOtherInstances)
            return false;
        await using var session = await engine.BeginRead(CancellationToken.None);
        if (savedMark is not null && !await savedMark.IsContainedIn(session.Connection, engine.HasOtherInstances))
            return false;
        var storeMark = await HighWaterMark.ReadFrom(session.Connection);
        if (savedMark is null || storeMark.Head > savedMark.Head)
        {
            await using var lockedFile = highWaterMarkFile.Lock();
            if (HighWaterMarkFile.ReadLocked(lockedFile) is not { } latestMark
                || (latestMark.Epoch == storeMark.Epoch && latestMark.Head < storeMark.Head))
                highWaterMarkFile.Write(lockedFile, storeMark);
        }
        return true;
    }

    /// <summary>Starts a new epoch. Its revisions continue after the highest revision of the store and of the high-water mark.</summary>
    private static async Task StartNewEpoch(IStorageEngine engine, HighWaterMarkFile highWaterMarkFile)
    {
        await using var session = await engine.BeginWrite(StartTimeout, CancellationToken.None);
        await using var lockedFile = highWaterMarkFile.Lock();
        var savedMark = HighWaterMarkFile.ReadLocked(lockedFile);
        // Another process may have started it meanwhile.
        if (savedMark is not null && await savedMark.IsContainedIn(session.Connection, engine.HasOtherInstances))
            return;
        await session.Connection.ExecuteAsync(
            "UPDATE store_version SET epoch = @epoch, head = CASE WHEN head < @head THEN @head ELSE head END",
            new { epoch = NewEpoch(), head = savedMark?.Head ?? 0 });
        var storeMark = await HighWaterMark.ReadFrom(session.Connection);
        await session.Commit();
        highWaterMarkFile.Write(lockedFile, storeMark);
    }

    /// <summary>Creates a random epoch name.</summary>
    public static string NewEpoch() => Guid.NewGuid().ToString("N")[..12];

    /// <summary>The version of the store, not older than the last <see cref="RefreshVersion"/> before.</summary>
    public StoreVersion Version => cachedVersion.Polled.Store;

    /// <summary>The number of auxiliary writes by all processes, to validate caches of auxiliary data.</summary>
    public long AuxiliaryVersion => cachedVersion.Polled.Auxiliary;

    /// <summary>
    /// Waits for a poll of the version that starts after the call. Concurrent callers share a poll. There is no new poll within the minimum
    /// interval of the engine. Throws <see cref="StoreFileLostException"/> and <see cref="StoreMigratedException"/>.
    /// </summary>
    public Task RefreshVersion()
    {
        if (Stopwatch.GetElapsedTime(Volatile.Read(ref lastPollTimestamp)) < engine.MinPollInterval)
            return Task.CompletedTask;
        lock (pollLock)
        {
            // The running poll may have read the version before the call.
            if (runningPoll is { IsCompleted: false } running)
                return nextPoll ??= PollAfter(running);
            return runningPoll = Poll();
        }

        async Task PollAfter(Task running)
        {
            await running.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            Task poll;
            lock (pollLock)
            {
                nextPoll = null;
                poll = runningPoll = Poll();
            }
            await poll;
        }
    }

    /// <summary>Waits until the version differs from the known version, or until the timeout.</summary>
    public async Task WaitForChange(StoreVersion knownVersion, TimeSpan timeout, CancellationToken cancel)
    {
        for (var startTimestamp = Stopwatch.GetTimestamp(); ;)
        {
            await RefreshVersion();
            var cached = cachedVersion;
            var remaining = timeout - Stopwatch.GetElapsedTime(startTimestamp);
            if (cached.Polled.Store != knownVersion || remaining <= TimeSpan.Zero)
                return;
            await Task.WhenAny(cached.Replaced.Task, Task.Delay(remaining < WaitPollInterval ? remaining : WaitPollInterval, cancel));
            cancel.ThrowIfCancellationRequested();
        }
    }

    /// <summary>Throws <see cref="StoreFileLostException"/> if the store is not the one that was opened.</summary>
    public async Task EnsureIsIntact() => UpdateCachedVersion(await engine.PollVersion(CancellationToken.None));

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
    public Task<T> Read<T>(Func<DbConnection, Task<T>> query, CancellationToken cancel) =>
        StoreOperation.Run(engine.SystemName, StoreOperation.Read, async operation =>
        {
            await using var session = await engine.BeginRead(cancel);
            operation.EndWait();
            return await query(session.Connection);
        });

    /// <summary>
    /// Runs an edit in one transaction, which applies its changes with the writer. An unchanged record gets no new revision. Without
    /// <paramref name="commit"/>, the changes are checked and rolled back. An exception rolls the transaction back. Throws
    /// <see cref="StoreBusyException"/> if another writer does not finish before the timeout, <see cref="StoreFileLostException"/>, and
    /// <see cref="StoreMigratedException"/>.
    /// </summary>
    public Task<WriteResult> Write(string actor, Func<RecordWriter, Task> edit, CancellationToken cancel, bool commit = true) =>
        RunExclusively(async session =>
        {
            var connection = session.Connection;
            using var writer = new RecordWriter(engine, connection, await ReadVersion(connection), actor, await GetTimestamp(connection));
            await edit(writer);
            var result = await writer.Complete();
            if (!commit)
                return result;
            await Commit(session, hasChanges: result.Version.Revision > writer.StartVersion.Revision);
            UpdateCachedVersion(new(result.Version, Auxiliary: 0, MinimumProgram: 0));
            return result;
        }, cancel);

    /// <summary>
    /// Changes data outside the records, such as API keys, in one write transaction. It gets no revision and is not in the change feed. An
    /// exception rolls the transaction back. Throws <see cref="StoreBusyException"/> like <see cref="Write"/>.
    /// </summary>
    public Task<T> WriteAuxiliary<T>(Func<DbConnection, Task<T>> write, CancellationToken cancel) =>
        RunExclusively(async session =>
        {
            var result = await write(session.Connection);
            await session.Connection.ExecuteAsync("UPDATE store_version SET auxiliary_version = auxiliary_version + 1");
            await session.Commit();
            await EnsureIsIntact();
            return result;
        }, cancel);

    /// <summary>Runs work in a write transaction that excludes all other writers. The work commits.</summary>
    private Task<T> RunExclusively<T>(Func<StorageSession, Task<T>> work, CancellationToken cancel) =>
        StoreOperation.Run(engine.SystemName, StoreOperation.Write, async operation =>
        {
            if (!await writeLock.WaitAsync(WriteLockTimeout, cancel))
                throw new StoreBusyException();
            try
            {
                await using var session = await engine.BeginWrite(WriteLockTimeout, cancel);
                operation.EndWait();
                // A newer instance may have migrated the store since the last poll.
                if (await session.Connection.QuerySingleAsync<long>("SELECT minimum_program FROM store_version") > Migrator.ProgramVersion)
                    throw new StoreMigratedException();
                return await work(session);
            }
            finally
            {
                writeLock.Release();
            }
        });

    /// <summary>Runs a job that one instance runs at a time. Returns false without running it if another instance runs it.</summary>
    public Task<bool> RunJob(string name, Func<Task> run, CancellationToken cancel) => engine.RunJob(name, run, cancel);

    /// <summary>
    /// Rewrites the store until no redacted bytes remain. `store_version.unpurged_revision` survives a crash, so the purge resumes at
    /// start.
    /// </summary>
    public async Task PurgeRedacted(CancellationToken cancel)
    {
        while (true)
        {
            var redactionRevision = await Read(
                connection => connection.QuerySingleAsync<long>("SELECT unpurged_revision FROM store_version"), cancel);
            if (redactionRevision == 0)
                return;
            if (engine.CanEraseDuringWrites)
                await engine.EraseDeletedContent(cancel);
            else
                await EraseExclusively(cancel);
            await engine.EraseLog(cancel);
            // A later redaction has set another revision and requires another pass.
            await WriteAuxiliary(connection => connection.ExecuteAsync(
                "UPDATE store_version SET unpurged_revision = 0 WHERE unpurged_revision = @redactionRevision",
                new { redactionRevision }), cancel);
        }
    }

    private async Task EraseExclusively(CancellationToken cancel)
    {
        await writeLock.WaitAsync(cancel);
        try
        {
            await EnsureIsIntact();
            await engine.EraseDeletedContent(cancel);
        }
        finally
        {
            writeLock.Release();
        }
    }

    /// <summary>
    /// Writes a snapshot of the store to a new file, while the store is in use. Throws <see cref="InvalidStoreException"/>.
    /// </summary>
    public Task<StoreVersion> BackUp(string path) => engine.BackUp(path);

    public void Dispose()
    {
        writeLock.Dispose();
        engine.Dispose();
    }

    /// <summary>Commits, and writes the high-water mark before the change is acknowledged.</summary>
    private async Task Commit(StorageSession session, bool hasChanges)
    {
        if (highWaterMarkFile is null || !hasChanges)
        {
            await session.Commit();
            await EnsureIsIntact();
            return;
        }
        await using var lockedFile = highWaterMarkFile.Lock();
        var storeMark = await HighWaterMark.ReadFrom(session.Connection);
        await session.Commit();
        await EnsureIsIntact();
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

    private async Task Poll()
    {
        UpdateCachedVersion(await engine.PollVersion(CancellationToken.None));
        Volatile.Write(ref lastPollTimestamp, Stopwatch.GetTimestamp());
    }

    /// <summary>
    /// Caches versions that are later than the cached ones, and wakes the waiters. A poll that began before a commit may end after
    /// it and then has an earlier version. Throws <see cref="StoreMigratedException"/>.
    /// </summary>
    private void UpdateCachedVersion(PolledVersion polled)
    {
        if (polled.MinimumProgram > Migrator.ProgramVersion)
            throw new StoreMigratedException();
        lock (cacheLock)
        {
            var cached = cachedVersion.Polled;
            var latest = new PolledVersion(polled.Store.IsLaterThan(cached.Store) ? polled.Store : cached.Store,
                Math.Max(polled.Auxiliary, cached.Auxiliary), cached.MinimumProgram);
            if (latest == cached)
                return;
            var replaced = cachedVersion.Replaced;
            cachedVersion = new(latest);
            replaced.SetResult();
        }
    }

    /// <summary>The versions as last read or written by this process.</summary>
    private sealed record CachedVersion(PolledVersion Polled)
    {
        /// <summary>Completes when a later version replaces this one.</summary>
        public TaskCompletionSource Replaced { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
    }
}
