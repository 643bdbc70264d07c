using System.Threading.Channels;
using CooperationApi.Contracts;
using CooperationApi.Storage;

namespace CooperationApi.Exports;

/// <summary>Makes exports by itself: at the start if there is none of the store's life, every day at its time, and when one had to be withdrawn.</summary>
internal sealed partial class Exporting(Database database, ExportShelf shelf, ExportBuilder builder, ExportOptions options, TimeProvider time, ILogger<Exporting> logger) : BackgroundService
{
    private static readonly TimeSpan BetweenLooks = TimeSpan.FromMinutes(1), AfterFailure = TimeSpan.FromMinutes(10);

    private readonly Channel<bool> missed = Channel.CreateBounded<bool>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });

    /// <summary>Tells that somebody wants one, and there is none.</summary>
    public void Miss() => missed.Writer.TryWrite(true);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        if (!options.AreScheduled)
            return;
        // Who starts is not to wait for the first.
        await Task.Yield();
        while (true)
        {
            var pause = BetweenLooks;
            try
            {
                var latest = await shelf.Latest(stoppingToken);
                if (latest is null || (latest.Revision != database.Mark.Revision && string.CompareOrdinal(latest.At, options.LastDue(time.GetUtcNow()).ToIso()) < 0))
                {
                    if (await builder.Build(stoppingToken) is { } built)
                        LogBuilt(built.Id);
                }
            }
            catch (Exception exception) when (exception is not OperationCanceledException)
            {
                pause = AfterFailure;
                LogPutOff(exception, pause.TotalMinutes);
            }
            if (pause == AfterFailure)
                await Task.Delay(pause, stoppingToken);
            else
                await Task.WhenAny(missed.Reader.WaitToReadAsync(stoppingToken).AsTask(), Task.Delay(pause, stoppingToken));
            stoppingToken.ThrowIfCancellationRequested();
            missed.Reader.TryRead(out _);
        }
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "Made the export {Id}")]
    private partial void LogBuilt(string id);

    [LoggerMessage(Level = LogLevel.Error, Message = "No export could be made; trying again in {Minutes} min")]
    private partial void LogPutOff(Exception exception, double minutes);
}
