using System.Data.Common;
using System.Diagnostics;
using CooperationApi.Contracts;
using Dapper;

namespace CooperationApi.Storage;

/// <summary>
/// The record's store behind three verbs: <see cref="Read"/> for many at once, <see cref="Write"/> for one at a time, and <see cref="Settle"/>
/// for what the service keeps beside the record. Nothing else opens a connection, and only these two's can change anything.
/// </summary>
internal sealed class Database : IDisposable
{
    // A change by another process (the import verb, say) is seen this much later at most; one's own at once.
    private static readonly TimeSpan LookInterval = TimeSpan.FromMilliseconds(1);

    // As long as a lock that another process holds is waited for.
    private static readonly TimeSpan WriterPatience = TimeSpan.FromSeconds(SqliteEngine.PatienceSeconds);

    // Who waits for a change sees one of another process this much later at most.
    private static readonly TimeSpan WaitingInterval = TimeSpan.FromMilliseconds(100);

    // How often it is tried to empty the log.
    private static readonly TimeSpan LogPatience = TimeSpan.FromMilliseconds(100);

    private readonly SqliteEngine engine;
    // None while a store is made that nobody has seen.
    private readonly Fence? fence;
    private readonly TimeProvider time;
    private readonly DbConnection watch;
    private readonly DbCommand look;
    private readonly SemaphoreSlim oneWriter = new(1);
    private readonly Lock marking = new();
    private TaskCompletionSource changing = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private Mark mark;
    private long settled;
    private long lookedAt;
    private int looking;

    static Database() => DefaultTypeMap.MatchNamesWithUnderscores = true;

    private Database(SqliteEngine engine, Fence? fence, TimeProvider time)
    {
        (this.engine, this.fence, this.time) = (engine, fence, time);
        watch = engine.OpenReader();
        look = watch.CreateCommand();
        look.CommandText = "SELECT epoch, head, horizon, settled FROM feed";
        look.Prepare();
        mark = Look();
    }

    /// <summary>
    /// Opens the store, and first makes it if there is none: migrated and filled beside its place, then moved there in one step,
    /// so that there is a whole store or none. A store that lacks what its fence says was acknowledged begins a new epoch. Throws
    /// <see cref="StoreRefusedException"/> for a file that isn't this service's or can't be written.
    /// </summary>
    public static async Task<Database> Open(StorageOptions options, TimeProvider time, Derivation derive, Func<Database, Task> fill)
    {
        if (!File.Exists(options.Path))
        {
            await SqliteEngine.Create(options.Path, async building =>
            {
                SqliteEngine.CreateEmpty(building);
                using var database = await OpenAt(building, fence: null, time, derive);
                await fill(database);
            });
        }
        return await OpenAt(options.Path, new(options.FencePath), time, derive);
    }

    /// <summary>
    /// Puts a backup in the place of the store, where there must be none, and begins a new epoch: what was given out since the backup was made is not given
    /// out again, and who knows of it is told. Throws <see cref="StoreRefusedException"/>.
    /// </summary>
    public static async Task<Mark> Restore(StorageOptions options, string backup, TimeProvider time, Derivation derive)
    {
        var isMade = !File.Exists(options.Path) && await SqliteEngine.Create(options.Path, async building =>
        {
            SqliteEngine.Copy(backup, building);
            using var engine = SqliteEngine.Open(building);
            await using var connection = engine.OpenWriter();
            // Whatever the fence says: it may have been restored as well.
            await connection.ExecuteAsync("UPDATE feed SET epoch = @epoch", new { epoch = NewEpoch() });
        });
        if (!isMade)
            throw new StoreRefusedException($"'{options.Path}' is there already. Move it away first, with its '-wal' and '-shm' if there are any.");
        using var database = await OpenAt(options.Path, new(options.FencePath), time, derive);
        return database.Mark;
    }

    private static async Task<Database> OpenAt(string path, Fence? fence, TimeProvider time, Derivation derive)
    {
        var engine = SqliteEngine.Open(path);
        try
        {
            await Migrator.Migrate(engine, path, time, derive);
            if (fence is not null && !await Passes(engine, fence))
                await BeginEpoch(engine, fence);
            return new Database(engine, fence, time);
        }
        catch (Exception exception)
        {
            engine.Dispose();
            if (exception is DbException and not StoreBusyException)
                throw new StoreRefusedException($"'{path}' can't be read: {exception.Message}", exception);
            throw;
        }
    }

    /// <summary>Whether the store has all that its fence says was acknowledged. What it has beyond that, as its process ended in between, the fence is told.</summary>
    private static async Task<bool> Passes(SqliteEngine engine, Fence fence)
    {
        // In this order: a store has what its fence said before.
        var known = fence.Read();
        await using var connection = engine.OpenReader();
        await using var snapshot = SqliteEngine.BeginRead(connection);
        if (known is null || !await known.StandsIn(connection))
            return false;
        var standing = await Landmark.Of(connection);
        if (standing.Head > known.Head)
        {
            await using var held = fence.Hold();
            if (Fence.ReadIn(held) is { } latest && latest.Epoch == standing.Epoch && latest.Head < standing.Head)
                fence.Put(held, standing);
        }
        return true;
    }

    /// <summary>Begins a new life of the store, numbered on from above all that it and the fence know of.</summary>
    private static async Task BeginEpoch(SqliteEngine engine, Fence fence)
    {
        await using var connection = engine.OpenWriter();
        await using var transaction = await SqliteEngine.BeginWrite(connection, CancellationToken.None);
        await using var held = fence.Hold();
        var known = Fence.ReadIn(held);
        // Another process may have begun it meanwhile.
        if (known is not null && await known.StandsIn(connection))
            return;
        await connection.ExecuteAsync("UPDATE feed SET epoch = @epoch, head = max(head, @head)", new { epoch = NewEpoch(), head = known?.Head ?? 0 });
        var landmark = await Landmark.Of(connection);
        await transaction.CommitAsync();
        fence.Put(held, landmark);
    }

    /// <summary>The name of a life of a store.</summary>
    public static string NewEpoch() => Guid.NewGuid().ToString("N")[..12];

    /// <summary>The state that the store is in. Costs no read when asked again within a millisecond.</summary>
    public Mark Mark
    {
        get
        {
            LookAgain();
            return Volatile.Read(ref mark);
        }
    }

    /// <summary>
    /// How often anything was settled, by whichever process: who keeps what was settled in memory keeps this beside it. As cheap as <see cref="Mark"/>.
    /// </summary>
    public long Settled
    {
        get
        {
            LookAgain();
            return Volatile.Read(ref settled);
        }
    }

    /// <summary>Waits until the store is in another state than this one, for so long at most.</summary>
    public async Task WaitForChange(Mark seen, TimeSpan patience, CancellationToken cancel)
    {
        for (var began = Stopwatch.GetTimestamp(); ;)
        {
            var next = Volatile.Read(ref changing).Task;
            var left = patience - Stopwatch.GetElapsedTime(began);
            if (Mark != seen || left <= TimeSpan.Zero)
                return;
            await Task.WhenAny(next, Task.Delay(left < WaitingInterval ? left : WaitingInterval, cancel));
            cancel.ThrowIfCancellationRequested();
        }
    }

    /// <summary>The state that a connection's transaction sees.</summary>
    public static async Task<Mark> MarkOf(DbConnection connection)
    {
        var (epoch, head, horizon) = await connection.QuerySingleAsync<(string, long, long)>("SELECT epoch, head, horizon FROM feed");
        return new(epoch, head, horizon);
    }

    /// <summary>A record as a connection's transaction sees it; null if there is none. Throws <see cref="DamagedRecordException"/>.</summary>
    public static async Task<Standing?> StandingOf(DbConnection connection, string type, string id)
    {
        var standing = await connection.QuerySingleOrDefaultAsync<Standing>(
            "SELECT number, revision, CAST(body AS BLOB) AS body, hash FROM record WHERE type = @type AND id = @id", new { type, id });
        if (standing is not null)
            BodyHash.Checked(id, standing.Body, standing.Hash);
        return standing;
    }

    /// <summary>Runs queries that all see one state of the store. Stops the running statement when cancelled.</summary>
    public async Task<T> Read<T>(Func<DbConnection, Task<T>> query, CancellationToken cancel)
    {
        await using var connection = engine.OpenReader();
        await using var interrupt = SqliteEngine.InterruptOn(connection, cancel);
        await using var snapshot = SqliteEngine.BeginRead(connection);
        return await query(connection);
    }

    /// <summary>
    /// Lets one writer in and carries out, in one transaction, all of the receipts that it returns as they come. What would leave a record as it stands
    /// takes no number. Without <paramref name="keep"/> all is done and checked, and then taken back. Throws <see cref="StoreBusyException"/> if another
    /// writer doesn't finish in time.
    /// </summary>
    public async Task<Written> Write(string actor, Func<DbConnection, IAsyncEnumerable<Receipt>> work, CancellationToken cancel, bool keep = true)
    {
        if (!await oneWriter.WaitAsync(WriterPatience, cancel))
            throw new StoreBusyException();
        try
        {
            await using var connection = engine.OpenWriter();
            await using var transaction = await SqliteEngine.BeginWrite(connection, cancel);
            using var door = new Door(connection, await MarkOf(connection), actor, time.GetUtcNow().ToIso());
            await foreach (var receipt in work(connection).WithCancellation(cancel))
                door.Admit(receipt);
            var written = await door.Close();
            if (!keep)
                return written;
            await Commit(connection, transaction, changes: written.Mark.Revision > door.Before.Revision);
            Advance(written.Mark);
            return written;
        }
        finally
        {
            oneWriter.Release();
        }
    }

    /// <summary>
    /// Changes, in one transaction and as the one writer, what the service keeps beside the record: rows that are in no feed, no search and no history.
    /// Keys, for example. Whatever the work throws takes all of it back. Throws <see cref="StoreBusyException"/> like <see cref="Write"/>.
    /// </summary>
    public async Task<T> Settle<T>(Func<DbConnection, Task<T>> work, CancellationToken cancel)
    {
        if (!await oneWriter.WaitAsync(WriterPatience, cancel))
            throw new StoreBusyException();
        try
        {
            await using var connection = engine.OpenWriter();
            await using var transaction = await SqliteEngine.BeginWrite(connection, cancel);
            var done = await work(connection);
            var number = await connection.ExecuteScalarAsync<long>("UPDATE feed SET settled = settled + 1 RETURNING settled");
            await transaction.CommitAsync(CancellationToken.None);
            Advance(ref settled, number);
            return done;
        }
        finally
        {
            oneWriter.Release();
        }
    }

    /// <summary>
    /// Clears the file of what redactions took out of the record, which stays to be read in it otherwise. Done when nothing is left of it, however long somebody reads a
    /// state of before; what the store needs to remember of that outlives the process. Other writers wait while the file is written anew, and readers don't.
    /// </summary>
    public async Task Erase(CancellationToken cancel)
    {
        while (true)
        {
            await oneWriter.WaitAsync(cancel);
            long redaction;
            try
            {
                await using var connection = engine.OpenWriter();
                redaction = await connection.QuerySingleAsync<long>("SELECT unerased FROM feed");
                if (redaction == 0)
                    return;
                SqliteEngine.Rewrite(connection);
            }
            finally
            {
                oneWriter.Release();
            }
            await using var keeper = engine.OpenWriter();
            while (!SqliteEngine.EmptyLog(keeper))
                await Task.Delay(LogPatience, cancel);
            await oneWriter.WaitAsync(cancel);
            try
            {
                // Unless there was another one meanwhile.
                await keeper.ExecuteAsync("UPDATE feed SET unerased = 0 WHERE unerased = @redaction", new { redaction });
            }
            finally
            {
                oneWriter.Release();
            }
        }
    }

    /// <summary>Writes the store as it stands now into a new file, while it is in use. Throws <see cref="StoreRefusedException"/>.</summary>
    public async Task<Mark> BackUp(string path)
    {
        await using var connection = engine.OpenReader();
        SqliteEngine.BackUp(connection, path);
        await using var copy = SqliteEngine.OpenCopy(path);
        return await MarkOf(copy);
    }

    public void Dispose()
    {
        look.Dispose();
        watch.Dispose();
        oneWriter.Dispose();
        engine.Dispose();
    }

    /// <summary>Commits, and says so in the fence before anybody is told.</summary>
    private async Task Commit(DbConnection connection, DbTransaction transaction, bool changes)
    {
        if (fence is null || !changes)
        {
            await transaction.CommitAsync(CancellationToken.None);
            return;
        }
        await using var held = fence.Hold();
        var landmark = await Landmark.Of(connection);
        await transaction.CommitAsync(CancellationToken.None);
        fence.Put(held, landmark);
    }

    private void LookAgain()
    {
        if (Stopwatch.GetElapsedTime(Volatile.Read(ref lookedAt)) < LookInterval || Interlocked.Exchange(ref looking, 1) != 0)
            return;
        try
        {
            Advance(Look());
            Volatile.Write(ref lookedAt, Stopwatch.GetTimestamp());
        }
        finally
        {
            Volatile.Write(ref looking, 0);
        }
    }

    private Mark Look()
    {
        using var row = look.ExecuteReader();
        row.Read();
        Advance(ref settled, row.GetInt64(3));
        var (epoch, head, horizon) = (row.GetString(0), row.GetInt64(1), row.GetInt64(2));
        return mark is { } known && known.Revision == head && known.Epoch == epoch && known.Horizon == horizon ? known : new(epoch, head, horizon);
    }

    /// <summary>Never goes back within an epoch: a look that began before a commit may end after it.</summary>
    private void Advance(Mark seen)
    {
        lock (marking)
        {
            if (seen.Epoch == mark.Epoch && (seen.Revision < mark.Revision || (seen.Revision == mark.Revision && seen.Horizon <= mark.Horizon)))
                return;
            Volatile.Write(ref mark, seen);
            Interlocked.Exchange(ref changing, new(TaskCreationOptions.RunContinuationsAsynchronously)).SetResult();
        }
    }

    private static void Advance(ref long number, long seen)
    {
        for (var known = Volatile.Read(ref number); seen > known;)
            known = Interlocked.CompareExchange(ref number, seen, known) is var found && found == known ? seen : found;
    }
}
