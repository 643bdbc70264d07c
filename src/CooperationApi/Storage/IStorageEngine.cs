using System.Data.Common;

namespace CooperationApi.Storage;

/// <summary>
/// The database engine of a store: its creation, connections, transactions and maintenance. The SQL of all other code runs on every engine.
/// </summary>
internal interface IStorageEngine : IDisposable
{
    /// <summary>The name of the store in messages: a path or a database.</summary>
    string StoreName { get; }

    /// <summary>
    /// The name of the database system in telemetry (`db.system.name`) and in the migration scripts for it alone: `0001_schema.{name}.sql`.
    /// </summary>
    string SystemName { get; }

    /// <summary>
    /// True if other instances can use the store without the high-water mark file of this instance: a missing file is then that of a new
    /// instance. Otherwise the store was restored or replaced.
    /// </summary>
    bool HasOtherInstances { get; }

    /// <summary>The minimum time between two polls of the store version; a poll is a lock and a statement.</summary>
    TimeSpan MinPollInterval { get; }

    /// <summary>The full-text indexes.</summary>
    IFullTextIndex FullText { get; }

    /// <summary>The hints for the query planner.</summary>
    IListHints ListHints { get; }

    /// <summary>
    /// Opens the store. A missing store is created first, with <paramref name="create"/>: after a kill at any moment, the store is complete
    /// or is created again at the next start. Throws <see cref="InvalidStoreException"/> for a database that is not a usable store.
    /// </summary>
    Task Open(Func<IStorageEngine, Task> create);

    /// <summary>Begins a read transaction, which sees one snapshot. Cancellation ends the running statement and each later one.</summary>
    Task<StorageSession> BeginRead(CancellationToken cancel);

    /// <summary>
    /// Begins a write transaction, which excludes other writers. Throws <see cref="StoreBusyException"/> if another writer does not finish
    /// before the timeout.
    /// </summary>
    Task<StorageSession> BeginWrite(TimeSpan timeout, CancellationToken cancel);

    /// <summary>Begins the transaction of a migration, which excludes other writers, also of a store without tables.</summary>
    Task<StorageSession> BeginMigration(TimeSpan timeout);

    /// <summary>Creates the prepared statements of a write transaction.</summary>
    IPreparedStatements CreateStatements(DbConnection connection);

    /// <summary>
    /// Reads the versions outside of a write transaction, and checks that the store is still the one that was opened. A database on another
    /// server has a new epoch then.
    /// </summary>
    Task<PolledVersion> PollVersion(CancellationToken cancel);

    /// <summary>Returns a migration script with the types and clauses of the engine.</summary>
    string AdaptSchema(string sql);

    /// <summary>Returns true if a table exists.</summary>
    Task<bool> HasTable(DbConnection connection, string name);

    /// <summary>Runs a job that one instance runs at a time. Returns false without running it if another instance runs it.</summary>
    Task<bool> RunJob(string name, Func<Task> run, CancellationToken cancel);

    /// <summary>True if writes can run during <see cref="EraseDeletedContent"/>; they wait for one table at a time.</summary>
    bool CanEraseDuringWrites { get; }

    /// <summary>Rewrites the tables without deleted content.</summary>
    Task EraseDeletedContent(CancellationToken cancel);

    /// <summary>Erases deleted content from the log of the database, while other writers run.</summary>
    Task EraseLog(CancellationToken cancel);

    /// <summary>Writes a copy of the store to a new file and returns its version. Throws <see cref="InvalidStoreException"/>.</summary>
    Task<StoreVersion> BackUp(string path);

    /// <summary>
    /// Creates the store from a copy, which <paramref name="edit"/> changes before it gets its name. Throws
    /// <see cref="InvalidStoreException"/>, for example if the store exists.
    /// </summary>
    Task Restore(string backupPath, Func<DbConnection, Task> edit);
}

/// <summary>
/// The versions of the records and of the auxiliary data, and the lowest version of the program that can use the store, from one poll.
/// </summary>
internal sealed record PolledVersion(StoreVersion Store, long Auxiliary, long MinimumProgram);
