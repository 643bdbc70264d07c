using System.Data.Common;
using System.Text.Json;
using CooperationApi.Contracts;
using CooperationApi.Http.Problems;
using CooperationApi.Jobs;
using CooperationApi.Resources;
using CooperationApi.Storage;
using CooperationApi.Storage.Sqlite;
using Dapper;

namespace CooperationApi.Features.Changes;

/// <summary>
/// Verifies the feed as a client with a copy does: takes a snapshot of the ids, revisions and hashes of all records, applies the feed to
/// it, and compares its digests with those of the store. A difference means that copies may be wrong, and is logged as critical. Each check
/// also verifies the hashes of a sample of record versions, current and earlier. The next check continues after the sample.
/// </summary>
internal sealed partial class FeedSelfCheck(Database database, ChangeFeed feed, DigestCalculator calculator, ResourceCatalog catalog,
    SelfCheckOptions options, TimeProvider time, ILogger<FeedSelfCheck> logger) : BackgroundJob(logger)
{
    // Record versions per sample. With a body of 2 KB, a sample reads 2 MB.
    private const int MaxSampledVersions = 1000;

    private const int MaxReportedDamage = 100;

    private const string VersionsSql = "SELECT revision, hash, CAST(body AS BLOB) AS body FROM record_version WHERE body IS NOT NULL";

    private readonly ILogger logger = logger;
    private readonly FeedFilter unfiltered = new(catalog, [], provinceId: null);
    private DbConnection? replica;
    private FeedCursor? cursor;

    // The last revision of the previous sample. The first sample starts at a random revision, so that restarts do not repeat a sample.
    private long? sampledThrough;

    /// <summary>The result of the last check; null before the first check.</summary>
    public SelfCheckReport? LastReport { get; private set; }

    protected override string Name => "Self-check";

    protected override bool IsEnabled => options.IntervalMinutes > 0;

    protected override TimeSpan RetryDelay => TimeSpan.FromMinutes(options.IntervalMinutes);

    protected override Task Run(CancellationToken cancel) => database.RunJob(Name, () => Check(cancel), cancel);

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
            var damagedRevisions = await FindDamagedVersions(cancel);
            LastReport = new()
            {
                At = time.GetUtcNow().ToIso(),
                Revision = cursor!.Position,
                Passed = mismatchedTypes.Count + damagedRevisions.Count == 0,
                MismatchedTypes = mismatchedTypes.Count == 0 ? null : mismatchedTypes,
                DamagedRevisions = damagedRevisions.Count == 0 ? null : damagedRevisions,
            };
            if (damagedRevisions.Count > 0)
            {
                var revisions = string.Join(", ", damagedRevisions);
                LogDamage(revisions);
            }
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
        return [.. storeDigest.Types.Except(await calculator.ComputeTypeDigests(replica!, cancel)).Select(type => type.Type)];
    }

    public override void Dispose()
    {
        replica?.Dispose();
        base.Dispose();
    }

    private async Task TakeSnapshot(CancellationToken cancel)
    {
        replica?.Dispose();
        replica = await SqliteFile.OpenTemporary(cancel);
        await replica.ExecuteAsync(
            "CREATE TABLE record (type TEXT, id TEXT, revision INTEGER, hash TEXT, PRIMARY KEY (type, id)) "
            + "WITHOUT ROWID");
        await using var transaction = await replica.BeginTransactionAsync(cancel);
        var version = await database.Read(async connection =>
        {
            await foreach (var (type, id, revision, hash) in connection.StreamAsync<(string, string, long, string)>(
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

    /// <summary>
    /// Returns the revisions of the next sample whose body does not match its hash. The sample continues after the previous one, and with
    /// the oldest version after the newest.
    /// </summary>
    private Task<List<long>> FindDamagedVersions(CancellationToken cancel) => database.Read(async connection =>
    {
        var start = sampledThrough ?? Random.Shared.NextInt64((await Database.ReadVersion(connection)).Revision + 1);
        var damagedRevisions = new List<long>();
        await using var rows = await connection.ExecuteReaderAsync(
            $"""
            SELECT * FROM ({VersionsSql} AND revision > @start ORDER BY revision LIMIT {MaxSampledVersions}) following
            UNION ALL
            SELECT * FROM ({VersionsSql} AND revision <= @start ORDER BY revision LIMIT {MaxSampledVersions}) preceding
            LIMIT {MaxSampledVersions}
            """, new { start });
        while (await rows.ReadAsync(cancel))
        {
            sampledThrough = rows.GetInt64(0);
            var hash = rows.IsDBNull(1) ? null : rows.GetString(1);
            if (damagedRevisions.Count < MaxReportedDamage && RecordHash.Compute(rows.GetFieldValue<byte[]>(2)) != hash)
                damagedRevisions.Add(sampledThrough.Value);
        }
        return damagedRevisions;
    }, cancel);

    private void Upsert(string type, string id, long revision, string hash) =>
        replica!.Execute(
            "INSERT INTO record VALUES (@type, @id, @revision, @hash) ON CONFLICT DO UPDATE SET revision = excluded.revision, hash = "
            + "excluded.hash", new { type, id, revision, hash });

    [LoggerMessage(Level = LogLevel.Critical,
        Message = "Self-check failed at revision {Revision}: replaying the feed does not reproduce {Types}. Copies may be wrong. Restore "
            + "the store or have it examined")]
    private partial void LogMismatch(string types, long revision);

    [LoggerMessage(Level = LogLevel.Critical,
        Message = "Self-check failed: the record versions of revisions {Revisions} do not match their SHA-256. Restore a backup")]
    private partial void LogDamage(string revisions);
}
