using System.ComponentModel.DataAnnotations;
using System.Data.Common;
using CooperationApi.Contracts;
using CooperationApi.Storage;
using Dapper;

namespace CooperationApi.Changes;

/// <summary>How long changes are kept: the `Changes` section of the configuration.</summary>
internal sealed record ChangeOptions
{
    /// <summary>For how many days every change is kept; of what lies further back, the newest of each record. 0 for all, for ever.</summary>
    [Range(0, 36_500)]
    public int KeepDays { get; init; }
}

/// <summary>
/// Thins what is older than is to be kept: up to the horizon, only the newest change of each record stays, so that who begins there has all. A cursor before
/// the horizon has expired.
/// </summary>
internal sealed partial class Retention(Database database, ChangeOptions options, TimeProvider time, ILogger<Retention> logger) : BackgroundService
{
    private const int ChangesAtOnce = 2000;

    private static readonly TimeSpan Interval = TimeSpan.FromHours(1);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        if (options.KeepDays == 0)
            return;
        using var clock = new PeriodicTimer(Interval);
        do
        {
            try
            {
                // In steps, so that no writer waits for long.
                while (await Thin(time.GetUtcNow().AddDays(-options.KeepDays).ToIso(), stoppingToken))
                {
                }
            }
            catch (DbException exception)
            {
                LogPutOff(exception, Interval.TotalMinutes);
            }
        }
        while (await clock.WaitForNextTickAsync(stoppingToken));
    }

    /// <summary>Moves the horizon over some of the transactions that were before a moment. False if none is left.</summary>
    private async Task<bool> Thin(string before, CancellationToken cancel)
    {
        if (await database.Read(connection => Next(connection, before), cancel) is null)
            return false;
        return await database.Settle(async connection =>
        {
            var (from, to) = ((await Database.MarkOf(connection)).Horizon, await Next(connection, before));
            // What a later change up to the horizon took the place of.
            await connection.ExecuteAsync(
                """
                DELETE FROM change WHERE seq IN (
                    SELECT former.seq FROM change later JOIN change former ON former.type = later.type AND former.id = later.id AND former.seq < later.seq
                    WHERE later.seq > @from AND later.seq <= @to)
                """, new { from, to });
            await connection.ExecuteAsync("UPDATE feed SET horizon = @to WHERE horizon < @to", new { to });
            return to is not null;
        }, cancel);
    }

    /// <summary>To where the horizon can be moved at once: the end of a transaction; null if what comes next is to be kept.</summary>
    private static async Task<long?> Next(DbConnection connection, string before)
    {
        var mark = await Database.MarkOf(connection);
        long? next = null;
        await using var rows = await connection.ExecuteReaderAsync("SELECT seq, transaction_start, at FROM change WHERE seq > @Horizon ORDER BY seq", mark);
        for (var count = 0; await rows.ReadAsync(); count++)
        {
            var (number, start, at) = (rows.GetInt64(0), rows.GetInt64(1), rows.GetString(2));
            if (number == start && (count >= ChangesAtOnce || string.CompareOrdinal(at, before) >= 0))
                return next;
            next = number;
        }
        return next;
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "What is no longer to be kept of the changes can't be taken out; trying again in {Minutes} min")]
    private partial void LogPutOff(Exception exception, double minutes);
}
