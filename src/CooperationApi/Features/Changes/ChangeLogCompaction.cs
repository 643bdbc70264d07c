using System.Data.Common;
using CooperationApi.Contracts;
using CooperationApi.Storage;
using Dapper;

namespace CooperationApi.Features.Changes;

/// <summary>
/// Compacts the change feed. Up to the compaction point, only the newest change of each record is retained, so that a client that starts
/// there still gets all records. A cursor before the compaction point has expired.
/// </summary>
internal sealed partial class ChangeLogCompaction(Database database, ChangesOptions options, TimeProvider time,
    ILogger<ChangeLogCompaction> logger) : BackgroundService
{
    private const int MinChangesPerBatch = 2000;

    private static readonly TimeSpan Interval = TimeSpan.FromHours(1);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        if (options.RetentionDays == 0)
            return;
        using var timer = new PeriodicTimer(Interval);
        do
        {
            try
            {
                // In batches, so that the write lock is held only briefly.
                while (await CompactBatch(time.GetUtcNow().AddDays(-options.RetentionDays).ToIso(), stoppingToken))
                {
                }
            }
            catch (DbException exception)
            {
                LogCompactionFailed(exception, Interval.TotalMinutes);
            }
        }
        while (await timer.WaitForNextTickAsync(stoppingToken));
    }

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
        await using var rows = await connection.ExecuteReaderAsync(
            "SELECT revision, transaction_start, changed_at FROM change WHERE revision > @CompactedThrough ORDER BY revision", version);
        for (var count = 0; await rows.ReadAsync(); count++)
        {
            var (revision, transactionStart, at) = (rows.GetInt64(0), rows.GetInt64(1), rows.GetString(2));
            if (revision == transactionStart && (count >= MinChangesPerBatch || string.CompareOrdinal(at, cutoff) >= 0))
                return compactionPoint;
            compactionPoint = revision;
        }
        return compactionPoint;
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "Compaction of the change feed failed; retrying in {Minutes} min")]
    private partial void LogCompactionFailed(Exception exception, double minutes);
}
