using System.Buffers.Binary;
using System.Data.Common;
using Dapper;
using Microsoft.Data.Sqlite;
using SQLitePCL;

namespace CooperationApi.Storage.Sqlite;

/// <summary>All that is SQLite's own: the file and what is checked about it, connections, snapshots. A second engine would stand beside it.</summary>
internal sealed class SqliteEngine : IDisposable
{
    /// <summary>"COOP" in the file's header: how a store of this service is told from any other SQLite file.</summary>
    private const int ApplicationId = 0x434F4F50;

    /// <summary>How long a lock is waited for; the provider's own patience is 30 s.</summary>
    public const int BusyTimeoutSeconds = 5;

    private const int SortThreads = 2;

    // Twice SQLite's own: most records are some hundred bytes long, and a large import takes a sixth less time. A store keeps what it was made with.
    private const int PageSize = 8192;

    private const long QuickCheckMaxBytes = 256L << 20;

    private readonly string readerConnectionString, writerConnectionString;

    private SqliteEngine(string path)
    {
        // Readers' connections can't write.
        readerConnectionString = new SqliteConnectionStringBuilder { DataSource = path, Mode = SqliteOpenMode.ReadOnly, DefaultTimeout = BusyTimeoutSeconds }.ToString();
        writerConnectionString = new SqliteConnectionStringBuilder { DataSource = path, Mode = SqliteOpenMode.ReadWrite, DefaultTimeout = BusyTimeoutSeconds }.ToString();
    }

    /// <summary>Opens the store at a path. Refuses, and leaves as it is, what isn't a store of this service, is damaged or can't be written.</summary>
    public static SqliteEngine Open(string path)
    {
        CheckFile(path);
        var engine = new SqliteEngine(path);
        try
        {
            using var connection = engine.OpenWriter();
            using var checkCommand = connection.CreateCommand();
            // A large store isn't read whole at every start; the table that all else hangs on is.
            // A backup that was put here as it is keeps no log yet.
            connection.Execute("PRAGMA journal_mode = WAL");
            checkCommand.CommandText = new FileInfo(path).Length < QuickCheckMaxBytes ? "PRAGMA quick_check(1)" : "PRAGMA quick_check(feed)";
            if (checkCommand.ExecuteScalar() as string is not "ok" and var message)
                throw new InvalidStoreException($"'{path}' is damaged ({message?.ReplaceLineEndings(" ")}). Restore a backup; the file was left as it is.");
            return engine;
        }
        catch (SqliteException exception)
        {
            engine.Dispose();
            throw new InvalidStoreException($"'{path}' can't be opened: {exception.Message}", exception);
        }
    }

    /// <summary>
    /// Makes a store where there is none: at another name, and moves it to its place when it is whole. Killed at any moment, that leaves a whole store or none.
    /// False if another process has made it meanwhile.
    /// </summary>
    public static async Task<bool> CreateAtomically(string path, Func<string, Task> create)
    {
        try
        {
            Directory.CreateDirectory(Path.GetDirectoryName(Path.GetFullPath(path))!);
            await using var lockFile = await AcquireLockFile(path + ".lock");
            if (File.Exists(path))
                return false;
            if (Directory.Exists(path))
                throw new InvalidStoreException($"'{path}' is a folder.");
            // SQLite would play a log that was left behind into the new file.
            if (File.Exists(path + "-wal"))
                throw new InvalidStoreException($"'{path}' is missing, but its log '{path}-wal' is there. Put the store back, or move the log away.");
            var temporaryPath = path + ".new";
            foreach (var leftoverPath in new[] { temporaryPath, temporaryPath + "-wal", temporaryPath + "-shm", temporaryPath + "-journal" })
                File.Delete(leftoverPath);
            await create(temporaryPath);
            File.Move(temporaryPath, path);
            return true;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or SqliteException)
        {
            throw new InvalidStoreException($"'{path}' can't be made: {exception.Message}", exception);
        }
    }

    public DbConnection OpenReader() => Open(readerConnectionString, "");

    // FULL: with NORMAL a power loss takes back writes that were acknowledged. Set at every open, as the pool keeps what a connection had.
    public DbConnection OpenWriter() => Open(writerConnectionString, $"PRAGMA synchronous = FULL; PRAGMA cache_size = -131072; PRAGMA threads = {SortThreads}");

    /// <summary>
    /// Makes a writer's connection ready to sort much, until it is opened again: on both processors, which it does only where that is more than the cache has room for.
    /// </summary>
    public static void ReduceCacheForSorting(DbConnection connection) => connection.Execute("PRAGMA cache_size = -16384");

    /// <summary>Begins a transaction that only reads, so that its statements see one state.</summary>
    public static DbTransaction BeginRead(DbConnection connection) => ((SqliteConnection)connection).BeginTransaction(deferred: true);

    /// <summary>Begins a transaction that writes. Throws <see cref="StoreBusyException"/> if another process doesn't finish its own in time.</summary>
    public static async Task<DbTransaction> BeginWrite(DbConnection connection, CancellationToken cancel)
    {
        try
        {
            return await connection.BeginTransactionAsync(cancel);
        }
        catch (SqliteException exception) when (exception.SqliteErrorCode == raw.SQLITE_BUSY)
        {
            throw new StoreBusyException();
        }
    }

    /// <summary>Stops the connection's running statement when cancelled: SQLite's commands don't look at the token themselves.</summary>
    public static CancellationTokenRegistration InterruptOnCancel(DbConnection connection, CancellationToken cancel) =>
        cancel.Register(state => raw.sqlite3_interrupt((sqlite3)state!), ((SqliteConnection)connection).Handle);

    /// <summary>
    /// Writes the whole file anew, with nothing in it but what is there. SQLite leaves what was deleted in pages that are free, and even with `secure_delete` copies of what
    /// it moved in the unused parts of others: of 610 names deleted with it, 3 were still to be read (measured). What was there before stays in the log until that is emptied.
    /// </summary>
    public static void Vacuum(DbConnection connection) => connection.Execute("VACUUM");

    /// <summary>
    /// Writes the state that a connection sees into a new file, which is checked whole and on the disk when it gets its name. It holds all that the store does, the keys'
    /// hashes and the sources' texts too, and is for the service's own user.
    /// </summary>
    public static void BackUp(DbConnection connection, string path)
    {
        var partialPath = path + ".partial";
        if (File.Exists(path))
            throw new InvalidStoreException($"'{path}' is there already: a backup replaces nothing.");
        try
        {
            File.Delete(partialPath);
            if (!OperatingSystem.IsWindows())
                new FileStream(partialPath, new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write, UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite }).Dispose();
            connection.Execute("VACUUM INTO @partialPath", new { partialPath });
            CheckIntegrity(partialPath);
            FlushToDisk(partialPath);
            File.Move(partialPath, path, overwrite: false);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or SqliteException)
        {
            throw new InvalidStoreException($"The backup '{path}' can't be made: {exception.Message}", exception);
        }
        finally
        {
            File.Delete(partialPath);
        }
    }

    /// <summary>Copies a backup, after a check of the whole. Refuses what isn't a store of this service.</summary>
    public static void CopyBackup(string backupPath, string path)
    {
        CheckFile(backupPath);
        if (File.Exists(backupPath + "-wal"))
            throw new InvalidStoreException($"'{backupPath}' has a log beside it, '{backupPath}-wal': it is a store that is or was in use, and no backup. Make one with the verb `backup`.");
        File.Copy(backupPath, path);
        CheckIntegrity(path);
        FlushToDisk(path);
    }

    /// <summary>Opens a file that is nobody else's, to read it.</summary>
    public static DbConnection OpenUnpooledReader(string path) => Open(new SqliteConnectionStringBuilder { DataSource = path, Mode = SqliteOpenMode.ReadOnly, Pooling = false }.ToString(), "");

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

    /// <summary>Takes the log into the file and empties it. False while anybody reads a state that is only there.</summary>
    public static bool TryTruncateWal(DbConnection connection) => connection.QuerySingle<(long Busy, long Log, long Taken)>("PRAGMA wal_checkpoint(TRUNCATE)").Busy == 0;

    /// <summary>Whether the store has a table: there is none of the common ways to ask.</summary>
    public static bool HasTable(DbConnection connection, string name)
    {
        using var command = connection.CreateCommand();
        command.CommandText = "SELECT count(*) FROM sqlite_schema WHERE type = 'table' AND name = @name";
        command.Parameters.Add(new SqliteParameter("@name", name));
        return command.ExecuteScalar() is 1L;
    }

    public void Dispose()
    {
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
            {
                using var command = connection.CreateCommand();
                command.CommandText = pragmas;
                command.ExecuteNonQuery();
            }
            return connection;
        }
        catch
        {
            connection.Dispose();
            throw;
        }
    }

    /// <summary>Makes an empty store, which is still to be migrated.</summary>
    public static void CreateEmpty(string path)
    {
        using var connection = Open(new SqliteConnectionStringBuilder { DataSource = path, Pooling = false }.ToString(),
            $"PRAGMA page_size = {PageSize}; PRAGMA application_id = {ApplicationId}; PRAGMA journal_mode = WAL");
    }

    /// <summary>Looks at the bytes alone: SQLite itself would already make files beside a foreign one.</summary>
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
            throw new InvalidStoreException($"'{path}' can't be written: {exception.Message}", exception);
        }
        if (length == 0)
            throw new InvalidStoreException($"'{path}' is empty. A store is never empty: restore a backup, or move the file away to begin anew.");
        if (length < header.Length || !header.StartsWith("SQLite format 3\0"u8))
            throw new InvalidStoreException($"'{path}' is not a SQLite database.");
        if (BinaryPrimitives.ReadInt32BigEndian(header[68..]) != ApplicationId)
            throw new InvalidStoreException($"'{path}' is a SQLite database, but not a store of this service.");
    }

    /// <summary>A lock that ends with the process, however it ends. Waits 10 s for another that is making the same store.</summary>
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
