using System.Buffers.Binary;
using System.Data.Common;
using System.Diagnostics;
using Dapper;
using Microsoft.Data.Sqlite;
using SQLitePCL;

namespace CooperationApi.Storage.Sqlite;

/// <summary>The store as a SQLite file: creation and checks, connections, transactions and backups.</summary>
internal sealed class SqliteEngine : IStorageEngine
{
    /// <summary>The `application_id` "COOP" in the file header. Distinguishes a store of this service from other SQLite files.</summary>
    private const int ApplicationId = 0x434F4F50;

    /// <summary>The lock timeout in seconds. The default of Microsoft.Data.Sqlite is 30 s.</summary>
    public const int BusyTimeoutSeconds = 5;

    private const int SortThreads = 2;

    // Bytes, twice the SQLite default: most records have some hundred bytes, and a large import takes a sixth less time.
    // An existing store keeps the page size of its creation.
    private const int PageSize = 8192;

    private const long QuickCheckMaxBytes = 256L << 20;

    // Interval at which `EraseLog` retries to truncate the WAL.
    private static readonly TimeSpan CheckpointRetryDelay = TimeSpan.FromMilliseconds(100);

    private readonly string path, readerConnectionString, writerConnectionString;
    private readonly Lock pollLock = new();
    private DbConnection? pollConnection;
    private DbCommand? pollCommand;
    private long lastCheckTimestamp;

    /// <summary>Creates the engine of the store at a path, which <see cref="Open(Func{IStorageEngine, Task})"/> opens.</summary>
    public SqliteEngine(string path)
    {
        this.path = path;
        readerConnectionString = BuildConnectionString(path, SqliteOpenMode.ReadOnly);
        writerConnectionString = BuildConnectionString(path, SqliteOpenMode.ReadWrite);
    }

    public string StoreName => Path.GetFullPath(path);

    public string SystemName => "sqlite";

    public bool HasOtherInstances => false;

    public bool CanEraseDuringWrites => false;

    public TimeSpan MinPollInterval => TimeSpan.FromMilliseconds(1);

    public IFullTextIndex FullText { get; } = new Fts5Index();

    public IListHints ListHints { get; } = new SqliteListHints();

    private static string BuildConnectionString(string path, SqliteOpenMode mode, bool isPooled = true) => new SqliteConnectionStringBuilder
    {
        DataSource = path,
        Mode = mode,
        Pooling = isPooled,
        DefaultTimeout = BusyTimeoutSeconds,
    }.ToString();

    public async Task Open(Func<IStorageEngine, Task> create)
    {
        if (!File.Exists(path))
        {
            await CreateAtomically(async temporaryPath =>
            {
                CreateEmpty(temporaryPath);
                using var engine = new SqliteEngine(temporaryPath);
                engine.OpenFile();
                await create(engine);
            });
        }
        OpenFile();
    }

    /// <summary>
    /// Checks the file and prepares the polls of the version. Throws <see cref="InvalidStoreException"/> if the file is not a store of this
    /// service, is damaged or is not writable.
    /// </summary>
    private void OpenFile()
    {
        CheckFile(path);
        try
        {
            using var connection = OpenWriter();
            // `quick_check` reads the whole file; above 256 MiB only the table `store_version` is checked.
            var message = connection.QueryFirst<string>(
                new FileInfo(path).Length < QuickCheckMaxBytes ? "PRAGMA quick_check(1)" : "PRAGMA quick_check(store_version)");
            if (message != "ok")
                throw new InvalidStoreException(
                    $"'{path}' is damaged ({message.ReplaceLineEndings(" ")}). Restore a backup; the file was not changed.");
            // A backup file that was copied here is not in WAL mode yet.
            connection.Execute("PRAGMA journal_mode = WAL");
        }
        catch (SqliteException exception)
        {
            throw new InvalidStoreException($"Cannot open '{path}': {exception.Message}", exception);
        }
    }

    /// <summary>
    /// Creates a store under a temporary name and renames the file when it is complete. After a kill at any moment there is a complete
    /// store or none. Returns false if the store exists already, for example because another process created it meanwhile.
    /// </summary>
    private async Task<bool> CreateAtomically(Func<string, Task> create)
    {
        try
        {
            Directory.CreateDirectory(Path.GetDirectoryName(Path.GetFullPath(path))!);
            await using var lockFile = await AcquireLockFile(path + ".lock");
            if (File.Exists(path))
                return false;
            if (Directory.Exists(path))
                throw new InvalidStoreException($"'{path}' is a directory.");
            // SQLite would replay a leftover WAL file into the new store.
            if (File.Exists(path + "-wal"))
                throw new InvalidStoreException(
                    $"'{path}' is missing, but its WAL file '{path}-wal' exists. Put the store file back, or move the WAL file away.");
            var temporaryPath = path + ".new";
            foreach (var leftoverPath in new[] { temporaryPath, temporaryPath + "-wal", temporaryPath + "-shm",
                temporaryPath + "-journal" })
                File.Delete(leftoverPath);
            await create(temporaryPath);
            File.Move(temporaryPath, path);
            return true;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or SqliteException)
        {
            throw new InvalidStoreException($"Cannot create '{path}': {exception.Message}", exception);
        }
    }

    public Task<StorageSession> BeginRead(CancellationToken cancel)
    {
        // A pooled connection still reads a deleted file, and a new one reads the file that replaced it.
        if (pollCommand is not null && Stopwatch.GetElapsedTime(Volatile.Read(ref lastCheckTimestamp)) >= MinPollInterval)
            PollVersion();
        var connection = OpenReader();
        return Task.FromResult(new StorageSession(connection, connection.BeginTransaction(deferred: true),
            new StatementCancellation(() => raw.sqlite3_interrupt(connection.Handle!), cancel)));
    }

    public async Task<StorageSession> BeginWrite(TimeSpan timeout, CancellationToken cancel)
    {
        if (pollCommand is not null)
            PollVersion();
        var connection = OpenWriter();
        for (var startTimestamp = Stopwatch.GetTimestamp(); ;)
        {
            try
            {
                return new(connection, await connection.BeginTransactionAsync(cancel));
            }
            catch (SqliteException exception) when (exception.SqliteErrorCode == raw.SQLITE_BUSY)
            {
                // Each attempt waits for `BusyTimeoutSeconds`.
                if (Stopwatch.GetElapsedTime(startTimestamp) < timeout)
                    continue;
                await connection.DisposeAsync();
                throw new StoreBusyException();
            }
            catch
            {
                await connection.DisposeAsync();
                throw;
            }
        }
    }

    public Task<StorageSession> BeginMigration(TimeSpan timeout) => BeginWrite(timeout, CancellationToken.None);

    public IPreparedStatements CreateStatements(DbConnection connection) => new SqlitePreparedStatements(connection);

    public Task<PolledVersion> PollVersion(CancellationToken cancel) => Task.FromResult(PollVersion());

    /// <summary>Reads the version from the store. Throws <see cref="StoreFileLostException"/>.</summary>
    private PolledVersion PollVersion()
    {
        lock (pollLock)
        {
            pollConnection ??= OpenReader();
            if (pollCommand is null)
            {
                pollCommand = pollConnection.CreateCommand();
                pollCommand.CommandText =
                    """
                    SELECT epoch, head, compacted_through, text_version, auxiliary_version, minimum_program,
                        page_count * page_size
                    FROM store_version, pragma_page_count, pragma_page_size
                    """;
                pollCommand.Prepare();
            }
            // If the check fails, the next read checks again.
            Volatile.Write(ref lastCheckTimestamp, 0);
            using var row = pollCommand.ExecuteReader();
            row.Read();
            EnsureFileIsIntact(pollConnection, snapshotBytes: row.GetInt64(6));
            Volatile.Write(ref lastCheckTimestamp, Stopwatch.GetTimestamp());
            return new(new(row.GetString(0), row.GetInt64(1), row.GetInt64(2), row.GetInt64(3)), row.GetInt64(4), row.GetInt64(5));
        }
    }

    private SqliteConnection OpenReader() => Open(readerConnectionString, "");

    // FULL: with NORMAL, a power loss can lose acknowledged commits. Set at every open, because a pooled connection keeps earlier
    // settings, such as a reduced cache. A WAL file that grew while a reader held a snapshot is cut to 64 MiB when it is reused.
    private SqliteConnection OpenWriter() =>
        Open(writerConnectionString,
            $"PRAGMA synchronous = FULL; PRAGMA cache_size = -131072; PRAGMA threads = {SortThreads}; "
            + "PRAGMA journal_size_limit = 67108864");

    /// <summary>
    /// Throws <see cref="StoreFileLostException"/> if the path no longer names the file that the connection has open, or if the file and
    /// the WAL are too small for the pages of the current snapshot. SQLite itself continues on a deleted file, and on an emptied file while
    /// the WAL or a cache has the pages that a statement needs.
    /// </summary>
    private void EnsureFileIsIntact(DbConnection connection, long snapshotBytes)
    {
        // The files are not opened: on POSIX, closing a second descriptor of the database releases the locks of the process.
        var (database, wal) = (new FileInfo(path), new FileInfo(path + "-wal"));
        if (FileControl.HasMoved(((SqliteConnection)connection).Handle!) || !database.Exists || !wal.Exists || !File.Exists(path + "-shm"))
            throw new StoreFileLostException($"'{path}' or one of its files '-wal' and '-shm' was deleted, moved or replaced.");
        if (database.Length == 0 || database.Length + wal.Length < snapshotBytes)
            throw new StoreFileLostException($"'{path}' was truncated to {database.Length} bytes.");
    }

    /// <summary>
    /// Rewrites the whole file without deleted content. SQLite leaves deleted content in free pages, and even with `secure_delete` copies
    /// of moved content in unused parts of other pages: of 610 deleted names, 3 were still readable (measured). The WAL file has the
    /// earlier pages until it is truncated.
    /// </summary>
    public async Task EraseDeletedContent(CancellationToken cancel)
    {
        await using var connection = OpenWriter();
        await connection.ExecuteAsync("VACUUM");
    }

    /// <summary>Copies the WAL into the database file and truncates it, after the readers of snapshots in the WAL.</summary>
    public async Task EraseLog(CancellationToken cancel)
    {
        await using var connection = OpenWriter();
        while (connection.QuerySingle<(long Busy, long Log, long Checkpointed)>("PRAGMA wal_checkpoint(TRUNCATE)").Busy != 0)
            await Task.Delay(CheckpointRetryDelay, cancel);
    }

    public async Task<StoreVersion> BackUp(string path)
    {
        await using (var connection = OpenReader())
            BackUp(connection, path);
        await using var copy = OpenUnpooledReader(path);
        return await Database.ReadVersion(copy);
    }

    /// <summary>
    /// Writes the snapshot of a connection to a new file. The file is checked and flushed to disk before it gets its name. It contains the
    /// whole store, including key hashes and source texts, so only the user of the service may read it.
    /// </summary>
    private static void BackUp(DbConnection connection, string path)
    {
        var partialPath = path + ".partial";
        if (File.Exists(path))
            throw new InvalidStoreException($"'{path}' already exists. Choose another path for the backup.");
        try
        {
            File.Delete(partialPath);
            if (!OperatingSystem.IsWindows())
                new FileStream(partialPath,
                    new FileStreamOptions
                    {
                        Mode = FileMode.CreateNew,
                        Access = FileAccess.Write,
                        UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite,
                    }).Dispose();
            connection.Execute("VACUUM INTO @partialPath", new { partialPath });
            CheckIntegrity(partialPath);
            FlushToDisk(partialPath);
            File.Move(partialPath, path, overwrite: false);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or SqliteException)
        {
            throw new InvalidStoreException($"Cannot create backup '{path}': {exception.Message}", exception);
        }
        finally
        {
            File.Delete(partialPath);
        }
    }

    public async Task Restore(string backupPath, Func<DbConnection, Task> edit)
    {
        var isCreated = !File.Exists(path) && await CreateAtomically(async temporaryPath =>
        {
            CopyBackup(backupPath, temporaryPath);
            using var engine = new SqliteEngine(temporaryPath);
            engine.OpenFile();
            await using var connection = engine.OpenWriter();
            await edit(connection);
        });
        if (!isCreated)
            throw new InvalidStoreException($"'{path}' already exists. Move it away first, with its '-wal' and '-shm' files.");
    }

    /// <summary>
    /// Copies a backup and checks the copy. Throws <see cref="InvalidStoreException"/> if it is not a store of this service.
    /// </summary>
    private static void CopyBackup(string backupPath, string path)
    {
        CheckFile(backupPath);
        if (File.Exists(backupPath + "-wal"))
            throw new InvalidStoreException(
                $"'{backupPath}' is not a backup: its WAL file '{backupPath}-wal' shows that it is or was in use. Create a backup with "
                + $"the command `backup`.");
        File.Copy(backupPath, path);
        CheckIntegrity(path);
        FlushToDisk(path);
    }

    /// <summary>Opens a file for reading, outside the connection pool.</summary>
    private static SqliteConnection OpenUnpooledReader(string path) =>
        Open(BuildConnectionString(path, SqliteOpenMode.ReadOnly, isPooled: false), "");

    private static void CheckIntegrity(string path)
    {
        using var connection = OpenUnpooledReader(path);
        if (connection.QuerySingle<string>("PRAGMA integrity_check(1)") is not "ok" and var message)
            throw new InvalidStoreException($"'{path}' is damaged ({message.ReplaceLineEndings(" ")}).");
    }

    private static void FlushToDisk(string path)
    {
        using var file = new FileStream(path, FileMode.Open, FileAccess.ReadWrite);
        file.Flush(flushToDisk: true);
    }

    public async Task<bool> RunJob(string name, Func<Task> run, CancellationToken cancel)
    {
        await run();
        return true;
    }

    public string AdaptSchema(string sql) => sql;

    public Task<bool> HasTable(DbConnection connection, string name) => connection.QuerySingleAsync<bool>(
        "SELECT count(*) FROM sqlite_schema WHERE type = 'table' AND name = @name", new { name });

    public void Dispose()
    {
        pollCommand?.Dispose();
        pollConnection?.Dispose();
        foreach (var connectionString in new[] { readerConnectionString, writerConnectionString })
        {
            using var connection = new SqliteConnection(connectionString);
            SqliteConnection.ClearPool(connection);
        }
    }

    private static SqliteConnection Open(string connectionString, string pragmas)
    {
        var connection = new SqliteConnection(connectionString);
        try
        {
            connection.Open();
            if (pragmas.Length > 0)
                connection.Execute(pragmas);
            return connection;
        }
        catch
        {
            connection.Dispose();
            throw;
        }
    }

    /// <summary>Creates an empty store, without tables.</summary>
    private static void CreateEmpty(string path)
    {
        using var connection = Open(BuildConnectionString(path, SqliteOpenMode.ReadWriteCreate, isPooled: false),
            $"PRAGMA page_size = {PageSize}; PRAGMA application_id = {ApplicationId}; PRAGMA journal_mode = WAL");
    }

    /// <summary>
    /// Checks that the file is writable and has the header of a store. Reads bytes only: SQLite would create files beside a foreign file.
    /// </summary>
    private static void CheckFile(string path)
    {
        Span<byte> header = stackalloc byte[100];
        int length;
        try
        {
            using var file = new FileStream(path, FileMode.Open, FileAccess.ReadWrite, FileShare.ReadWrite | FileShare.Delete);
            length = file.ReadAtLeast(header, header.Length, throwOnEndOfStream: false);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new InvalidStoreException($"Cannot write '{path}': {exception.Message}", exception);
        }
        if (length == 0)
            throw new InvalidStoreException(
                $"'{path}' is empty, so it is not a valid store. Restore a backup, or move the file away to create a new store.");
        if (length < header.Length || !header.StartsWith("SQLite format 3\0"u8))
            throw new InvalidStoreException($"'{path}' is not a SQLite database.");
        if (BinaryPrimitives.ReadInt32BigEndian(header[68..]) != ApplicationId)
            throw new InvalidStoreException($"'{path}' is a SQLite database, but not a store of this service.");
    }

    /// <summary>
    /// Acquires a lock file, which the operating system releases when the process ends. Waits up to 10 s for a process that creates the
    /// same store.
    /// </summary>
    private static async Task<FileStream> AcquireLockFile(string path)
    {
        for (var attempt = 0; ; attempt++)
        {
            try
            {
                return new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None, 1, FileOptions.DeleteOnClose);
            }
            catch (IOException) when (attempt < 100)
            {
                await Task.Delay(100);
            }
        }
    }
}
