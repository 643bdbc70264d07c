using System.Data.Common;
using CooperationApi.Contracts;
using CooperationApi.Jobs;
using CooperationApi.Storage;
using Dapper;

namespace CooperationApi.Features.Changes;

/// <summary>
/// Compacts the change feed. Up to the compaction point, only the newest change of each record is retained, so that a client that starts
/// there still gets all records. A cursor before the compaction point has expired.
/// </summary>
internal sealed class ChangeLogCompaction(Database database, ChangesOptions options, TimeProvider time,
    ILogger<ChangeLogCompaction> logger) : BackgroundJob(logger)
{
    private const int MinChangesPerBatch = 2000;

    protected override string Name => "Compaction of the change feed";

    protected override bool IsEnabled => options.RetentionDays > 0;

    protected override TimeSpan RetryDelay => TimeSpan.FromHours(1);

    protected override async Task Run(CancellationToken cancel)
    {
        await database.RunJob(Name, async () =>
        {
            // In batches, so that the write lock is held only briefly.
            while (await CompactBatch(time.GetUtcNow().AddDays(-options.RetentionDays).ToIso(), cancel))
            {
            }
        }, cancel);
    }

    protected override Task WaitUntilDue(CancellationToken cancel) => Task.Delay(TimeSpan.FromHours(1), cancel);

    /// <summary>Compacts one batch of transactions committed before <paramref name="cutoff"/>. Returns false if none is left.</summary>
    private async Task<bool> CompactBatch(string cutoff, CancellationToken cancel)
    {
        if (await database.Read(connection => FindNextCompactionPoint(connection, cutoff), cancel) is null)
            return false;
        return await database.WriteAuxiliary(async connection =>
        {
            var (from, to) = ((await Database.ReadVersion(connection)).CompactedThrough, await FindNextCompactionPoint(connection, cutoff));
            // Deletes changes that a later change up to the new compaction point replaces.
            await connection.ExecuteAsync(
                """
                DELETE FROM change WHERE revision IN (
                    SELECT former.revision FROM change later JOIN change former ON former.type = later.type AND former.id = later.id
                    AND former.revision < later.revision
                    WHERE later.revision > @from AND later.revision <= @to)
                """, new { from, to });
            await connection.ExecuteAsync("UPDATE store_version SET compacted_through = @to WHERE compacted_through < @to", new { to });
            return to is not null;
        }, cancel);
    }

    /// <summary>Returns the end of the last transaction of the next batch; null if the next transaction is to be retained.</summary>
    private static async Task<long?> FindNextCompactionPoint(DbConnection connection, string cutoff)
    {
        var version = await Database.ReadVersion(connection);
        long? compactionPoint = null;
        var count = 0;
        await foreach (var (revision, transactionStart, at) in connection.StreamAsync<(long, long, string)>(
            $"SELECT revision, transaction_start, changed_at FROM change WHERE revision > @CompactedThrough ORDER BY revision LIMIT "
            + $"{MinChangesPerBatch}", version))
        {
            if (revision == transactionStart && string.CompareOrdinal(at, cutoff) >= 0)
                break;
            compactionPoint = revision;
            count++;
        }
        // The batch ends with the transaction of its last change.
        if (count == MinChangesPerBatch)
        {
            return await connection.QuerySingleAsync<long>(
                """
                SELECT max(revision) FROM change WHERE revision < coalesce((SELECT following.revision FROM change following
                WHERE following.revision > @compactionPoint AND following.revision = following.transaction_start
                ORDER BY following.revision LIMIT 1), (SELECT max(last.revision) + 1 FROM change last))
                """, new { compactionPoint });
        }
        return compactionPoint;
    }
}
