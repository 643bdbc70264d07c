using System.Data;
using System.Data.Common;
using System.Diagnostics;
using System.Text.RegularExpressions;
using Dapper;
using Npgsql;

namespace CooperationApi.Storage.PostgreSql;

/// <summary>The store as a PostgreSQL database, which several instances of the service can use at once.</summary>
internal sealed partial class PostgreSqlEngine : IStorageEngine
{
    private static readonly Version MinVersion = new(15, 0);

    // A purge waits this long for readers, then it is retried.
    private static readonly TimeSpan SnapshotTimeout = TimeSpan.FromSeconds(5);

    // A server that sends nothing for this time is down, also without the end of the connection: its host lost power, or its address moved.
    private const int ResponseTimeoutSeconds = 10;

    // The first key of the advisory locks, "COOP" in ASCII. The second key is 0 for migrations, 1 for the creation, and a hash for a job.
    private const int LockKey = 0x434F4F50;

    // The system identifier changes with a new database cluster, the object identifier of the database with a restored dump, and the
    // timeline with a promotion or a recovery. `pg_control_checkpoint` has the earlier timeline until the next checkpoint.
    public const string CurrentServerSql =
        """
        (SELECT system_identifier FROM pg_control_system()) || '/' || (SELECT oid FROM pg_database WHERE datname = current_database())
        || '/' || substr(pg_walfile_name(pg_current_wal_lsn()), 1, 8)
        """;

    // Memory and solid-state disks read pages in any order. By default, a random page costs four times as much as the next one: the plan
    // then reads a whole table for 1,000 of its rows. A page of a list never repays the time to compile its plan.
    private const string PlannerCostsSql = "SET random_page_cost = 1.1; SET jit = off";

    // A server that was promoted or restored may lack changes that other servers acknowledged. The new epoch begins after their revisions.
    private const long LostRevisionsLimit = 1 << 20;

    private readonly NpgsqlDataSource readers, writers;
    private readonly StorageOptions options;
    private readonly ILogger logger;

    /// <summary>
    /// Creates the engine of the store in a database, which <see cref="Open"/> opens. Throws <see cref="InvalidStoreException"/> if the
    /// connection string is not valid.
    /// </summary>
    public PostgreSqlEngine(StorageOptions options, ILogger logger)
    {
        (this.options, this.logger) = (options, logger);
        try
        {
            var settings = new NpgsqlConnectionStringBuilder(options.Connection)
            {
                CommandTimeout = 0,
                // Ends a statement that waits for a host without power.
                TcpKeepAlive = true,
                TcpKeepAliveTime = ResponseTimeoutSeconds,
                TcpKeepAliveInterval = 1,
                ApplicationName = "cooperation-api",
                // Queries are not prepared: a plan for all values took 3,006 ms for a search that takes 51 ms with a plan for its values.
                MaxAutoPrepare = 0,
            };
            StoreName = settings.Database ?? "";
            // A read leaves no state in the session.
            var readerSettings = new NpgsqlConnectionStringBuilder(settings.ConnectionString) { NoResetOnClose = true };
            readers = new NpgsqlDataSourceBuilder(readerSettings.ConnectionString)
                .UsePhysicalConnectionInitializer(SetPlannerCosts, SetPlannerCostsAsync).Build();
            // Not in the same pool: waiting writers must not block readers.
            writers = NpgsqlDataSource.Create(new NpgsqlConnectionStringBuilder(settings.ConnectionString)
            {
                MaxAutoPrepare = 200,
                AutoPrepareMinUsages = 2,
            });
        }
        catch (ArgumentException exception)
        {
            throw new InvalidStoreException($"Storage:Connection is not valid: {exception.Message}", exception);
        }
    }

    public string StoreName { get; }

    public string SystemName => "postgresql";

    public bool HasOtherInstances => true;

    public bool CanEraseDuringWrites => true;

    // Waiting requests share a poll, so there are never more than two at once.
    public TimeSpan MinPollInterval => TimeSpan.Zero;

    public IFullTextIndex FullText { get; } = new TsVectorIndex();

    public IListHints ListHints { get; } = new PostgreSqlListHints();

    public async Task Open(Func<IStorageEngine, Task> create)
    {
        try
        {
            // The folder of the high-water mark file, before anything is created.
            Directory.CreateDirectory(Path.GetDirectoryName(Path.GetFullPath(options.EffectiveHighWaterMarkPath))!);
            await using var connection = await writers.OpenConnectionAsync();
            await EnsureIsSupported(connection);
            if (await IsComplete(connection))
                return;
            // The lock ends with the transaction, also if this process ends. Another instance waits for it, and finds a complete store.
            await using var transaction = await connection.BeginTransactionAsync();
            await connection.ExecuteAsync($"SELECT pg_advisory_xact_lock({LockKey}, 1)");
            if (await IsComplete(connection))
                return;
            await create(new PostgreSqlEngine(options, logger));
            await connection.ExecuteAsync("UPDATE store_origin SET is_complete = 1");
            await transaction.CommitAsync();
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new InvalidStoreException($"Cannot open database '{StoreName}': the folder of the high-water mark file "
                + $"'{options.EffectiveHighWaterMarkPath}' cannot be created: {exception.Message}", exception);
        }
        catch (NpgsqlException exception)
        {
            throw new InvalidStoreException($"Cannot open database '{StoreName}': {exception.Message}", exception);
        }
    }

    public async Task<StorageSession> BeginRead(CancellationToken cancel)
    {
        var connection = new PostgreSqlConnection(await readers.OpenConnectionAsync(cancel));
        return await Begin(connection, async () => new(connection,
            await connection.Inner.BeginTransactionAsync(IsolationLevel.RepeatableRead, cancel),
            new StatementCancellation(connection.CancelStatement, cancel)));
    }

    public async Task<StorageSession> BeginWrite(TimeSpan timeout, CancellationToken cancel)
    {
        var connection = new PostgreSqlConnection(await writers.OpenConnectionAsync(cancel));
        return await Begin(connection, async () =>
        {
            var transaction = await connection.Inner.BeginTransactionAsync(IsolationLevel.ReadCommitted, cancel);
            try
            {
                // The row locks order the writers of all instances: revisions are numbered in the order of the commits.
                var (knownServer, server) = await connection.QuerySingleAsync<(string, string)>(
                    $"""
                    SET LOCAL lock_timeout = {(long)timeout.TotalMilliseconds};
                    SELECT store_origin.server, {CurrentServerSql} FROM store_version, store_origin FOR UPDATE
                    """, commandTimeout: (int)timeout.TotalSeconds + ResponseTimeoutSeconds);
                if (server != knownServer)
                    await AdoptServer(connection, knownServer, server);
            }
            catch (PostgresException exception) when (exception.SqlState == PostgresErrorCodes.LockNotAvailable)
            {
                throw new StoreBusyException();
            }
            return new(connection, transaction, flush: () => connection.Statements?.Flush());
        });
    }

    public async Task<StorageSession> BeginMigration(TimeSpan timeout)
    {
        var connection = new PostgreSqlConnection(await writers.OpenConnectionAsync());
        return await Begin(connection, async () =>
        {
            var transaction = await connection.Inner.BeginTransactionAsync(IsolationLevel.ReadCommitted);
            await connection.ExecuteAsync(
                $"SET LOCAL lock_timeout = {(long)timeout.TotalMilliseconds}; SELECT pg_advisory_xact_lock({LockKey}, 0)");
            return new(connection, transaction);
        });
    }

    public IPreparedStatements CreateStatements(DbConnection connection) => new PostgreSqlStatements((PostgreSqlConnection)connection);

    public async Task<PolledVersion> PollVersion(CancellationToken cancel)
    {
        while (true)
        {
            await using (var command = readers.CreateCommand(
                $"""
                SELECT epoch, head, compacted_through, text_version, auxiliary_version, minimum_program, server = {CurrentServerSql}
                FROM store_version, store_origin
                """))
            {
                command.CommandTimeout = ResponseTimeoutSeconds;
                await using var row = await command.ExecuteReaderAsync(cancel);
                await row.ReadAsync(cancel);
                var minimumProgram = row.GetInt64(5);
                // An older program does not change the store.
                if (row.GetBoolean(6) || minimumProgram > Migrator.ProgramVersion)
                    return new(new(row.GetString(0), row.GetInt64(1), row.GetInt64(2), row.GetInt64(3)), row.GetInt64(4), minimumProgram);
            }
            // A write transaction adopts the server, so that no response has the epoch of another server.
            await using var session = await BeginWrite(Storage.Database.WriteLockTimeout, cancel);
            await session.Commit();
        }
    }

    public Task<bool> HasTable(DbConnection connection, string name) =>
        connection.QuerySingleAsync<bool>("SELECT to_regclass(@name) IS NOT NULL", new { name });

    /// <summary>
    /// PostgreSQL has no 32-bit row ids and no tables without a row id of their own. Each index of SQLite has the row id, so that a query
    /// for row ids reads the index only.
    /// </summary>
    public string AdaptSchema(string sql) => IndexPattern().Replace(
        sql.Replace("INTEGER", "BIGINT", StringComparison.Ordinal).Replace(") WITHOUT ROWID", ")", StringComparison.Ordinal),
        "$& INCLUDE (row_id)");

    // The lock of the session ends with the instance. A transaction would keep the snapshot of its last statement, for which a purge waits.
    public async Task<bool> RunJob(string name, Func<Task> run, CancellationToken cancel)
    {
        await using var connection = await writers.OpenConnectionAsync(cancel);
        if (!await connection.QuerySingleAsync<bool>($"SELECT pg_try_advisory_lock({LockKey}, hashtext(@name))", new { name }))
            return false;
        try
        {
            await run();
            return true;
        }
        finally
        {
            await connection.ExecuteAsync($"SELECT pg_advisory_unlock({LockKey}, hashtext(@name))", new { name });
        }
    }

    /// <summary>
    /// Rewrites all tables, and the statistics, which have samples of the columns. Readers and writers wait for one table at a time. The
    /// lock timeout ends the attempt if a reader or writer does not finish, so that no later one waits for it.
    /// </summary>
    public async Task EraseDeletedContent(CancellationToken cancel)
    {
        // Waits for a running import here: in the queue for the lock of a table, the rewrite would block all readers of the table.
        await (await BeginWrite(Storage.Database.WriteLockTimeout, cancel)).DisposeAsync();
        await using var connection = await writers.OpenConnectionAsync(cancel);
        await connection.ExecuteAsync("SET lock_timeout = 5000");
        await WaitForEarlierTransactions(connection, cancel);
        var tables = await connection.QueryAsync<string>(
            """
            SELECT quote_ident(pg_class.relname) FROM pg_class
            WHERE pg_class.relkind = 'r' AND pg_class.relnamespace = current_schema()::regnamespace
            """);
        foreach (var table in tables)
            await connection.ExecuteAsync($"VACUUM (FULL, ANALYZE) {table}");
        // The earlier samples are deleted rows of the catalog.
        await connection.ExecuteAsync("VACUUM FULL pg_statistic");
    }

    /// <summary>
    /// Waits for the transactions that may see deleted rows: VACUUM copies such rows. Throws <see cref="StoreBusyException"/> after 5 s.
    /// A prepared transaction, and a standby server through its connection or its replication slot, can see them too.
    /// </summary>
    private static async Task WaitForEarlierTransactions(DbConnection connection, CancellationToken cancel)
    {
        var transaction = await connection.QuerySingleAsync<string>("SELECT CAST(pg_current_xact_id() AS text)");
        for (var startTimestamp = Stopwatch.GetTimestamp(); await connection.QuerySingleAsync<bool>(
            """
            SELECT max(age(earlier.xid)) > age(CAST(CAST(@transaction AS xid8) AS xid)) FROM (
            SELECT backend_xmin FROM pg_stat_activity WHERE datname = current_database() OR datname IS NULL
            UNION ALL SELECT backend_xid FROM pg_stat_activity WHERE datname = current_database()
            UNION ALL SELECT transaction FROM pg_prepared_xacts WHERE database = current_database()
            UNION ALL SELECT xmin FROM pg_replication_slots) AS earlier (xid)
            """, new { transaction });)
        {
            if (Stopwatch.GetElapsedTime(startTimestamp) > SnapshotTimeout)
                throw new StoreBusyException();
            await Task.Delay(50, cancel);
        }
    }

    // The WAL and its archive keep the words until they expire: docs/operations/postgresql.md.
    public Task EraseLog(CancellationToken cancel) => Task.CompletedTask;

    public Task<StoreVersion> BackUp(string path) => throw new InvalidStoreException(
        "A PostgreSQL store is backed up with its own tools, such as pg_basebackup or pgBackRest: docs/operations/postgresql.md.");

    public Task Restore(string backupPath, Func<DbConnection, Task> edit) => throw new InvalidStoreException(
        "A PostgreSQL store is restored with its own tools, such as pgBackRest or pg_restore: docs/operations/postgresql.md.");

    public void Dispose()
    {
        readers.Dispose();
        writers.Dispose();
    }

    private static void SetPlannerCosts(NpgsqlConnection connection) => connection.Execute(PlannerCostsSql);

    private static Task SetPlannerCostsAsync(NpgsqlConnection connection) => connection.ExecuteAsync(PlannerCostsSql);

    private static async Task<StorageSession> Begin(PostgreSqlConnection connection, Func<Task<StorageSession>> begin)
    {
        try
        {
            return await begin();
        }
        catch
        {
            await connection.DisposeAsync();
            throw;
        }
    }

    private async Task<bool> IsComplete(DbConnection connection) => await HasTable(connection, "store_origin")
        && await connection.QuerySingleAsync<bool>("SELECT is_complete = 1 FROM store_origin");

    /// <summary>
    /// Saves that the store is on another server. Begins a new epoch, unless the server cannot lack an acknowledged change: it is the
    /// first, or it was promoted with synchronous replication.
    /// </summary>
    private async Task AdoptServer(DbConnection connection, string knownServer, string server)
    {
        await connection.ExecuteAsync("UPDATE store_origin SET server = @server", new { server });
        var isSameDatabase = knownServer[..(knownServer.LastIndexOf('/') + 1)] == server[..(server.LastIndexOf('/') + 1)];
        if (knownServer == "" || (isSameDatabase && options.Failover == StorageOptions.LosslessFailover))
            return;
        LogNewEpoch(StoreName, knownServer, server);
        await connection.ExecuteAsync("UPDATE store_version SET epoch = @epoch, head = head + @LostRevisionsLimit",
            new { epoch = Storage.Database.NewEpoch(), LostRevisionsLimit });
    }

    /// <summary>
    /// Throws <see cref="InvalidStoreException"/> if the database would sort texts differently or could lose a commit, if the role could
    /// not purge redacted data, or if a connection pooler mixes up prepared statements.
    /// </summary>
    private async Task EnsureIsSupported(NpgsqlConnection connection)
    {
        if (connection.PostgreSqlVersion < MinVersion)
            throw new InvalidStoreException($"The server of the database '{StoreName}' has version {connection.PostgreSqlVersion}. "
                + $"PostgreSQL {MinVersion.Major} or later is required.");
        var (encoding, collation, commit, standbys, checksums, role, canPurge) = await connection
            .QuerySingleAsync<(string, string, string, string, string, string, bool)>(
            """
            SELECT pg_encoding_to_char(encoding), CASE datlocprovider WHEN 'i' THEN 'ICU' ELSE datcollate END,
                current_setting('synchronous_commit'), current_setting('synchronous_standby_names'),
                current_setting('data_checksums'), CAST(current_user AS text),
                pg_has_role(datdba, 'USAGE') AND pg_has_role('pg_read_all_stats', 'USAGE')
            FROM pg_database WHERE datname = current_database()
            """);
        if (encoding != "UTF8" || collation is not ("C" or "POSIX"))
            throw new InvalidStoreException($"The database '{StoreName}' has the encoding {encoding} and the collation {collation}. Create "
                + "it with ENCODING 'UTF8' LOCALE_PROVIDER libc LC_COLLATE 'C' TEMPLATE template0: lists are in the byte order of UTF-8.");
        // A purge rewrites the statistics, and waits for the transactions of all roles.
        if (!canPurge)
            throw new InvalidStoreException($"The role '{role}' must own the database '{StoreName}' and be a member of pg_read_all_stats. "
                + "Otherwise it cannot purge redacted data.");
        if (commit == "off")
            throw new InvalidStoreException(
                $"The database '{StoreName}' has synchronous_commit = off: it can lose an acknowledged change. Set it to on.");
        if (options.Failover == StorageOptions.LosslessFailover && (standbys == "" || commit is not ("on" or "remote_apply")))
            throw new InvalidStoreException($"Storage:Failover is {options.Failover}, but the server has synchronous_standby_names = "
                + $"'{standbys}' and synchronous_commit = {commit}: a promoted standby can lack acknowledged changes.");
        // A pooler in transaction mode gives the same server process to both sessions. A write could then run a prepared statement of
        // another session: both are named `_auto1`.
        await using var otherConnection = await readers.OpenConnectionAsync();
        const string ProcessSql = "SELECT pg_backend_pid()";
        if (await connection.QuerySingleAsync<int>(ProcessSql) == await otherConnection.QuerySingleAsync<int>(ProcessSql))
            throw new InvalidStoreException($"The database '{StoreName}' is behind a connection pooler in transaction mode, which mixes up "
                + "prepared statements. Set pool_mode = session in PgBouncer.");
        if (checksums != "on")
            LogNoChecksums(StoreName);
    }

    // Indexes without the row id. The table `change` has none.
    [GeneratedRegex(@"CREATE INDEX \w+ ON (?!change )\w+ \((?!.*\brow_id\b)[^)]*\)")]
    private static partial Regex IndexPattern();

    [LoggerMessage(Level = LogLevel.Warning, Message = "The store '{Database}' moved from server {KnownServer} to {Server}, which may lack "
        + "acknowledged changes. A new epoch begins")]
    private partial void LogNewEpoch(string database, string knownServer, string server);

    [LoggerMessage(Level = LogLevel.Warning,
        Message = "The database '{Database}' has no data checksums, so damaged pages are not detected. Enable them with pg_checksums")]
    private partial void LogNoChecksums(string database);
}
