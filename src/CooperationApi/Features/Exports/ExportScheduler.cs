using System.Threading.Channels;
using CooperationApi.Contracts;
using CooperationApi.Storage;

namespace CooperationApi.Features.Exports;

/// <summary>Makes exports by itself: at the start if there is none of the store's life, every day at its time, and when one had to be withdrawn.</summary>
internal sealed partial class ExportScheduler(Database database, ExportDirectory exports, ExportBuilder builder, ExportsOptions options, TimeProvider time, ILogger<ExportScheduler> logger) : BackgroundService
{
    private static readonly TimeSpan PollInterval = TimeSpan.FromMinutes(1), FailureDelay = TimeSpan.FromMinutes(10);

    private readonly Channel<bool> requests = Channel.CreateBounded<bool>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });

    /// <summary>Tells that somebody wants one, and there is none.</summary>
    public void RequestNow() => requests.Writer.TryWrite(true);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        if (!options.Enabled)
            return;
        // Who starts is not to wait for the first.
        await Task.Yield();
        while (true)
        {
            var delay = PollInterval;
            try
            {
                var latest = await exports.FindLatest(stoppingToken);
                if (latest is null || (latest.Revision != database.Version.Revision && string.CompareOrdinal(latest.At, options.GetLastScheduledTime(time.GetUtcNow()).ToIso()) < 0))
                {
                    if (await builder.Build(stoppingToken) is { } manifest)
                        LogBuilt(manifest.Id);
                }
            }
            catch (Exception exception) when (exception is not OperationCanceledException)
            {
                delay = FailureDelay;
                LogExportFailed(exception, delay.TotalMinutes);
            }
            if (delay == FailureDelay)
                await Task.Delay(delay, stoppingToken);
            else
                await Task.WhenAny(requests.Reader.WaitToReadAsync(stoppingToken).AsTask(), Task.Delay(delay, stoppingToken));
            stoppingToken.ThrowIfCancellationRequested();
            requests.Reader.TryRead(out _);
        }
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "Made the export {Id}")]
    private partial void LogBuilt(string id);

    [LoggerMessage(Level = LogLevel.Error, Message = "No export could be made; trying again in {Minutes} min")]
    private partial void LogExportFailed(Exception exception, double minutes);
}
