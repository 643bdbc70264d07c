using System.Data.Common;
using System.Diagnostics;
using CooperationApi.Contracts;
using CooperationApi.Storage.Sqlite;
using CooperationApi.Storage.Writing;
using Dapper;

namespace CooperationApi.Storage;

/// <summary>
/// The record's store behind three verbs: <see cref="Read"/> for many at once, <see cref="Write"/> for one at a time, and <see cref="WriteAuxiliary"/>
/// for what the service keeps beside the record. Nothing else opens a connection, and only these two's can change anything.
/// </summary>
internal sealed class Database : IDisposable
{
    // A change by another process (the import verb, say) is seen this much later at most; one's own at once.
    private static readonly TimeSpan PollInterval = TimeSpan.FromMilliseconds(1);

    // As long as a lock that another process holds is waited for.
    private static readonly TimeSpan WriteLockTimeout = TimeSpan.FromSeconds(SqliteEngine.BusyTimeoutSeconds);

    // Who waits for a change sees one of another process this much later at most.
    private static readonly TimeSpan WaitPollInterval = TimeSpan.FromMilliseconds(100);

    // How often it is tried to empty the log.
    private static readonly TimeSpan CheckpointRetryDelay = TimeSpan.FromMilliseconds(100);

    private readonly SqliteEngine engine;
    // None while a store is made that nobody has seen.
    private readonly HighWaterMarkFile? highWaterMarkFile;
    private readonly TimeProvider time;
    private readonly DbConnection pollConnection;
    private readonly DbCommand pollCommand;
    private readonly SemaphoreSlim writeLock = new(1);
    private readonly Lock versionLock = new();
    private TaskCompletionSource versionChanged = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private StoreVersion version;
    private long auxiliaryVersion;
    private long lastPollTimestamp;
    private int isPolling;

    static Database() => DefaultTypeMap.MatchNamesWithUnderscores = true;

    private Database(SqliteEngine engine, HighWaterMarkFile? highWaterMarkFile, TimeProvider time)
    {
        (this.engine, this.highWaterMarkFile, this.time) = (engine, highWaterMarkFile, time);
        pollConnection = engine.OpenReader();
        pollCommand = pollConnection.CreateCommand();
        pollCommand.CommandText = "SELECT epoch, head, horizon, settled FROM feed";
        pollCommand.Prepare();
        version = PollVersion();
    }

    /// <summary>
    /// Opens the store, and first makes it if there is none: migrated and filled beside its place, then moved there in one step,
    /// so that there is a whole store or none. A store that lacks what its fence says was acknowledged begins a new epoch. Throws
    /// <see cref="InvalidStoreException"/> for a file that isn't this service's or can't be written.
    /// </summary>
    public static async Task<Database> Open(StorageOptions options, TimeProvider time, UpsertFactory createUpsert, Func<Database, Task> seed)
    {
        if (!File.Exists(options.Path))
        {
            await SqliteEngine.CreateAtomically(options.Path, async temporaryPath =>
            {
                SqliteEngine.CreateEmpty(temporaryPath);
                using var database = await OpenAt(temporaryPath, highWaterMarkFile: null, time, createUpsert);
                await seed(database);
            });
        }
        return await OpenAt(options.Path, new(options.EffectiveHighWaterMarkPath), time, createUpsert);
    }

    /// <summary>
    /// Puts a backup in the place of the store, where there must be none, and begins a new epoch: what was given out since the backup was made is not given
    /// out again, and who knows of it is told. Throws <see cref="InvalidStoreException"/>.
    /// </summary>
    public static async Task<StoreVersion> Restore(StorageOptions options, string backupPath, TimeProvider time, UpsertFactory createUpsert)
    {
        var isCreated = !File.Exists(options.Path) && await SqliteEngine.CreateAtomically(options.Path, async temporaryPath =>
        {
            SqliteEngine.CopyBackup(backupPath, temporaryPath);
            using var engine = SqliteEngine.Open(temporaryPath);
            await using var connection = engine.OpenWriter();
            // Whatever the fence says: it may have been restored as well.
            await connection.ExecuteAsync("UPDATE feed SET epoch = @epoch", new { epoch = NewEpoch() });
        });
        if (!isCreated)
            throw new InvalidStoreException($"'{options.Path}' is there already. Move it away first, with its '-wal' and '-shm' if there are any.");
        using var database = await OpenAt(options.Path, new(options.EffectiveHighWaterMarkPath), time, createUpsert);
        return database.Version;
    }

    private static async Task<Database> OpenAt(string path, HighWaterMarkFile? highWaterMarkFile, TimeProvider time, UpsertFactory createUpsert)
    {
        var engine = SqliteEngine.Open(path);
        try
        {
            await Migrator.Migrate(engine, path, time, createUpsert);
            if (highWaterMarkFile is not null && !await ContainsHighWaterMark(engine, highWaterMarkFile))
                await StartNewEpoch(engine, highWaterMarkFile);
            return new Database(engine, highWaterMarkFile, time);
        }
        catch (Exception exception)
        {
            engine.Dispose();
            if (exception is DbException and not StoreBusyException)
                throw new InvalidStoreException($"'{path}' can't be read: {exception.Message}", exception);
            throw;
        }
    }

    /// <summary>Whether the store has all that its fence says was acknowledged. What it has beyond that, as its process ended in between, the fence is told.</summary>
    private static async Task<bool> ContainsHighWaterMark(SqliteEngine engine, HighWaterMarkFile highWaterMarkFile)
    {
        // In this order: a store has what its fence said before.
        var savedMark = highWaterMarkFile.Read();
        await using var connection = engine.OpenReader();
        await using var snapshot = SqliteEngine.BeginRead(connection);
        if (savedMark is null || !await savedMark.IsContainedIn(connection))
            return false;
        var storeMark = await HighWaterMark.ReadFrom(connection);
        if (storeMark.Head > savedMark.Head)
        {
            await using var lockedFile = highWaterMarkFile.Lock();
            if (HighWaterMarkFile.ReadLocked(lockedFile) is { } latestMark && latestMark.Epoch == storeMark.Epoch && latestMark.Head < storeMark.Head)
                highWaterMarkFile.Write(lockedFile, storeMark);
        }
        return true;
    }

    /// <summary>Begins a new life of the store, numbered on from above all that it and the fence know of.</summary>
    private static async Task StartNewEpoch(SqliteEngine engine, HighWaterMarkFile highWaterMarkFile)
    {
        await using var connection = engine.OpenWriter();
        await using var transaction = await SqliteEngine.BeginWrite(connection, CancellationToken.None);
        await using var lockedFile = highWaterMarkFile.Lock();
        var savedMark = HighWaterMarkFile.ReadLocked(lockedFile);
        // Another process may have begun it meanwhile.
        if (savedMark is not null && await savedMark.IsContainedIn(connection))
            return;
        await connection.ExecuteAsync("UPDATE feed SET epoch = @epoch, head = max(head, @head)", new { epoch = NewEpoch(), head = savedMark?.Head ?? 0 });
        var storeMark = await HighWaterMark.ReadFrom(connection);
        await transaction.CommitAsync();
        highWaterMarkFile.Write(lockedFile, storeMark);
    }

    /// <summary>The name of a life of a store.</summary>
    public static string NewEpoch() => Guid.NewGuid().ToString("N")[..12];

    /// <summary>The state that the store is in. Costs no read when asked again within a millisecond.</summary>
    public StoreVersion Version
    {
        get
        {
            RefreshVersion();
            return Volatile.Read(ref version);
        }
    }

    /// <summary>
    /// How often anything was settled, by whichever process: who keeps what was settled in memory keeps this beside it. As cheap as <see cref="Version"/>.
    /// </summary>
    public long AuxiliaryVersion
    {
        get
        {
            RefreshVersion();
            return Volatile.Read(ref auxiliaryVersion);
        }
    }

    /// <summary>Waits until the store is in another state than this one, for so long at most.</summary>
    public async Task WaitForChange(StoreVersion knownVersion, TimeSpan timeout, CancellationToken cancel)
    {
        for (var startTimestamp = Stopwatch.GetTimestamp(); ;)
        {
            var changeSignal = Volatile.Read(ref versionChanged).Task;
            var remaining = timeout - Stopwatch.GetElapsedTime(startTimestamp);
            if (Version != knownVersion || remaining <= TimeSpan.Zero)
                return;
            await Task.WhenAny(changeSignal, Task.Delay(remaining < WaitPollInterval ? remaining : WaitPollInterval, cancel));
            cancel.ThrowIfCancellationRequested();
        }
    }

    /// <summary>The state that a connection's transaction sees.</summary>
    public static async Task<StoreVersion> ReadVersion(DbConnection connection)
    {
        var (epoch, head, compactedThrough) = await connection.QuerySingleAsync<(string, long, long)>("SELECT epoch, head, horizon FROM feed");
        return new(epoch, head, compactedThrough);
    }

    /// <summary>A record as a connection's transaction sees it; null if there is none. Throws <see cref="CorruptRecordException"/>.</summary>
    public static async Task<StoredRecord?> FindRecord(DbConnection connection, string type, string id)
    {
        var record = await connection.QuerySingleOrDefaultAsync<StoredRecord>(
            "SELECT number AS RowId, revision, CAST(body AS BLOB) AS body, hash FROM record WHERE type = @type AND id = @id", new { type, id });
        if (record is not null)
            RecordHash.Verify(id, record.Body, record.Hash);
        return record;
    }

    /// <summary>Runs queries that all see one state of the store. Stops the running statement when cancelled.</summary>
    public async Task<T> Read<T>(Func<DbConnection, Task<T>> query, CancellationToken cancel)
    {
        await using var connection = engine.OpenReader();
        await using var interrupt = SqliteEngine.InterruptOnCancel(connection, cancel);
        await using var snapshot = SqliteEngine.BeginRead(connection);
        return await query(connection);
    }

    /// <summary>
    /// Lets one writer in and carries out, in one transaction, all of the receipts that it returns as they come. What would leave a record as it stands
    /// takes no number. Without <paramref name="commit"/> all is done and checked, and then taken back. Throws <see cref="StoreBusyException"/> if another
    /// writer doesn't finish in time.
    /// </summary>
    public async Task<WriteResult> Write(string actor, Func<DbConnection, IAsyncEnumerable<RecordChange>> changes, CancellationToken cancel, bool commit = true)
    {
        if (!await writeLock.WaitAsync(WriteLockTimeout, cancel))
            throw new StoreBusyException();
        try
        {
            await using var connection = engine.OpenWriter();
            await using var transaction = await SqliteEngine.BeginWrite(connection, cancel);
            using var writer = new RecordWriter(connection, await ReadVersion(connection), actor, time.GetUtcNow().ToIso());
            await foreach (var change in changes(connection).WithCancellation(cancel))
                writer.Apply(change);
            var result = await writer.Complete();
            if (!commit)
                return result;
            await Commit(connection, transaction, hasChanges: result.Version.Revision > writer.StartVersion.Revision);
            PublishVersion(result.Version);
            return result;
        }
        finally
        {
            writeLock.Release();
        }
    }

    /// <summary>
    /// Changes, in one transaction and as the one writer, what the service keeps beside the record: rows that are in no feed, no search and no history.
    /// Keys, for example. Whatever the work throws takes all of it back. Throws <see cref="StoreBusyException"/> like <see cref="Write"/>.
    /// </summary>
    public async Task<T> WriteAuxiliary<T>(Func<DbConnection, Task<T>> write, CancellationToken cancel)
    {
        if (!await writeLock.WaitAsync(WriteLockTimeout, cancel))
            throw new StoreBusyException();
        try
        {
            await using var connection = engine.OpenWriter();
            await using var transaction = await SqliteEngine.BeginWrite(connection, cancel);
            var result = await write(connection);
            var newVersion = await connection.ExecuteScalarAsync<long>("UPDATE feed SET settled = settled + 1 RETURNING settled");
            await transaction.CommitAsync(CancellationToken.None);
            PublishVersion(ref auxiliaryVersion, newVersion);
            return result;
        }
        finally
        {
            writeLock.Release();
        }
    }

    /// <summary>
    /// Clears the file of what redactions took out of the record, which stays to be read in it otherwise. Done when nothing is left of it, however long somebody reads a
    /// state of before; what the store needs to remember of that outlives the process. Other writers wait while the file is written anew, and readers don't.
    /// </summary>
    public async Task PurgeRedacted(CancellationToken cancel)
    {
        while (true)
        {
            await writeLock.WaitAsync(cancel);
            long redactionRevision;
            try
            {
                await using var connection = engine.OpenWriter();
                redactionRevision = await connection.QuerySingleAsync<long>("SELECT unerased FROM feed");
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
                // Unless there was another one meanwhile.
                await checkpointConnection.ExecuteAsync("UPDATE feed SET unerased = 0 WHERE unerased = @redactionRevision", new { redactionRevision });
            }
            finally
            {
                writeLock.Release();
            }
        }
    }

    /// <summary>Writes the store as it stands now into a new file, while it is in use. Throws <see cref="InvalidStoreException"/>.</summary>
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

    /// <summary>Commits, and says so in the fence before anybody is told.</summary>
    private async Task Commit(DbConnection connection, DbTransaction transaction, bool hasChanges)
    {
        if (highWaterMarkFile is null || !hasChanges)
        {
            await transaction.CommitAsync(CancellationToken.None);
            return;
        }
        await using var lockedFile = highWaterMarkFile.Lock();
        var storeMark = await HighWaterMark.ReadFrom(connection);
        await transaction.CommitAsync(CancellationToken.None);
        highWaterMarkFile.Write(lockedFile, storeMark);
    }

    private void RefreshVersion()
    {
        if (Stopwatch.GetElapsedTime(Volatile.Read(ref lastPollTimestamp)) < PollInterval || Interlocked.Exchange(ref isPolling, 1) != 0)
            return;
        try
        {
            PublishVersion(PollVersion());
            Volatile.Write(ref lastPollTimestamp, Stopwatch.GetTimestamp());
        }
        finally
        {
            Volatile.Write(ref isPolling, 0);
        }
    }

    private StoreVersion PollVersion()
    {
        using var row = pollCommand.ExecuteReader();
        row.Read();
        PublishVersion(ref auxiliaryVersion, row.GetInt64(3));
        var (epoch, head, compactedThrough) = (row.GetString(0), row.GetInt64(1), row.GetInt64(2));
        return version is { } current && current.Revision == head && current.Epoch == epoch && current.CompactedThrough == compactedThrough ? current : new(epoch, head, compactedThrough);
    }

    /// <summary>Never goes back within an epoch: a look that began before a commit may end after it.</summary>
    private void PublishVersion(StoreVersion newVersion)
    {
        lock (versionLock)
        {
            if (newVersion.Epoch == version.Epoch && (newVersion.Revision < version.Revision || (newVersion.Revision == version.Revision && newVersion.CompactedThrough <= version.CompactedThrough)))
                return;
            Volatile.Write(ref version, newVersion);
            Interlocked.Exchange(ref versionChanged, new(TaskCreationOptions.RunContinuationsAsynchronously)).SetResult();
        }
    }

    private static void PublishVersion(ref long target, long newVersion)
    {
        for (var current = Volatile.Read(ref target); newVersion > current;)
            current = Interlocked.CompareExchange(ref target, newVersion, current) is var previous && previous == current ? newVersion : previous;
    }
}
