using System.Text.Json;
using CooperationApi.Contracts;
using CooperationApi.Http.Problems;
using CooperationApi.Jobs;
using CooperationApi.Resources;
using CooperationApi.Storage;
using Dapper;
using Microsoft.Data.Sqlite;

namespace CooperationApi.Features.Changes;

/// <summary>
/// Verifies the feed as a client with a copy does: takes a snapshot of the ids, revisions and hashes of all records, applies the feed to
/// it, and compares its digests with those of the store. A difference means that copies may be wrong, and is logged as critical.
/// </summary>
internal sealed partial class FeedSelfCheck(Database database, ChangeFeed feed, DigestCalculator calculator, ResourceCatalog catalog,
    SelfCheckOptions options, TimeProvider time, ILogger<FeedSelfCheck> logger) : BackgroundJob(logger)
{
    private readonly ILogger logger = logger;
    private readonly FeedFilter unfiltered = new(catalog, [], provinceId: null);
    private SqliteConnection? replica;
    private FeedCursor? cursor;

    /// <summary>The result of the last check; null before the first check.</summary>
    public SelfCheckReport? LastReport { get; private set; }

    protected override string Name => "Self-check";

    protected override bool IsEnabled => options.IntervalMinutes > 0;

    protected override TimeSpan RetryDelay => TimeSpan.FromMinutes(options.IntervalMinutes);

    protected override Task Run(CancellationToken cancel) => Check(cancel);

    protected override Task WaitUntilDue(CancellationToken cancel) => Task.Delay(RetryDelay, cancel);

    /// <summary>
    /// Runs a check. The first check, and a check after a difference, takes a new snapshot and compares the snapshot itself.
    /// </summary>
    public async Task Check(CancellationToken cancel)
    {
        try
        {
            if (cursor is null)
                await TakeSnapshot(cancel);
            var mismatchedTypes = await FindMismatchedTypes(cancel);
            // A redaction between the digest and the feed looks like a difference until its removal is applied.
            if (mismatchedTypes.Count > 0)
                mismatchedTypes = await FindMismatchedTypes(cancel);
            LastReport = new()
            {
                At = time.GetUtcNow().ToIso(),
                Revision = cursor!.Position,
                Passed = mismatchedTypes.Count == 0,
                MismatchedTypes = mismatchedTypes.Count == 0 ? null : mismatchedTypes,
            };
            if (mismatchedTypes.Count == 0)
                return;
            var types = string.Join(", ", mismatchedTypes);
            LogMismatch(types, cursor.Position);
            cursor = null;
        }
        catch (ProblemException problem) when (problem.Status == 410)
        {
            // The feed no longer has the position of the snapshot. The next check takes a new snapshot.
            cursor = null;
        }
    }

    /// <summary>Applies the feed up to the revision of a digest of the store, and returns the types with another digest.</summary>
    private async Task<IReadOnlyList<string>> FindMismatchedTypes(CancellationToken cancel)
    {
        var storeDigest = await calculator.Compute([], bucket: null, cancel);
        if ((storeDigest.Epoch, storeDigest.Revision) != (cursor!.Epoch, cursor.Position))
            await ApplyFeed(storeDigest.Revision, cancel);
        return [.. storeDigest.Types.Except(calculator.ComputeTypeDigests(replica!, cancel)).Select(type => type.Type)];
    }

    public override void Dispose()
    {
        replica?.Dispose();
        base.Dispose();
    }

    private async Task TakeSnapshot(CancellationToken cancel)
    {
        replica?.Dispose();
        // An empty file name is a temporary database, which SQLite deletes when the connection closes.
        replica = new SqliteConnection(new SqliteConnectionStringBuilder { DataSource = "", Pooling = false }.ToString());
        await replica.OpenAsync(cancel);
        await replica.ExecuteAsync(
            "PRAGMA synchronous = OFF; CREATE TABLE record (type TEXT, id TEXT, revision INTEGER, hash TEXT, PRIMARY KEY (type, id)) "
            + "WITHOUT ROWID");
        await using var transaction = await replica.BeginTransactionAsync(cancel);
        var version = await database.Read(async connection =>
        {
            await foreach (var (type, id, revision, hash) in connection.QueryUnbufferedAsync<(string, string, long, string)>(
                "SELECT type, id, revision, hash FROM record ORDER BY type, id").WithCancellation(cancel))
                Upsert(type, id, revision, hash);
            return await Database.ReadVersion(connection);
        }, cancel);
        await transaction.CommitAsync(cancel);
        cursor = new(version.Epoch, version.Revision);
    }

    private async Task ApplyFeed(long endRevision, CancellationToken cancel)
    {
        cursor = cursor! with { EndRevision = endRevision };
        for (var hasMore = true; hasMore;)
        {
            var page = await feed.ReadPage(unfiltered, cursor, Limits.MaxPageChanges, cancel);
            await using var transaction = await replica!.BeginTransactionAsync(cancel);
            foreach (var json in page.Changes)
            {
                var change = JsonSerializer.Deserialize<Change>(json, ApiJson.Options)!;
                if (change.Op == "upsert")
                    Upsert(change.Type, change.Id, change.Revision, RecordHash.Compute(change.Data!.Value.GetRawText()));
                else
                    await replica.ExecuteAsync("DELETE FROM record WHERE type = @Type AND id = @Id", change);
            }
            await transaction.CommitAsync(cancel);
            (cursor, hasMore) = (page.Next, page.HasMore);
        }
    }

    private void Upsert(string type, string id, long revision, string hash) =>
        replica!.Execute(
            "INSERT INTO record VALUES (@type, @id, @revision, @hash) ON CONFLICT DO UPDATE SET revision = excluded.revision, hash = "
            + "excluded.hash", new { type, id, revision, hash });

    [LoggerMessage(Level = LogLevel.Critical,
        Message = "Self-check failed at revision {Revision}: replaying the feed does not reproduce {Types}. Copies may be wrong. Restore "
            + "the store or have it examined")]
    private partial void LogMismatch(string types, long revision);
}
