using System.Threading.Channels;
using CooperationApi.Contracts;
using CooperationApi.Storage;

namespace CooperationApi.Features.Exports;

/// <summary>
/// Builds exports: at the start if the current epoch has none, daily at the configured time, and after a withdrawal or a request.
/// </summary>
internal sealed partial class ExportScheduler(Database database, ExportDirectory exports, ExportBuilder builder, ExportsOptions options,
    TimeProvider time, ILogger<ExportScheduler> logger) : BackgroundService
{
    private static readonly TimeSpan PollInterval = TimeSpan.FromMinutes(1), FailureDelay = TimeSpan.FromMinutes(10);

    private readonly Channel<bool> requests =
        Channel.CreateBounded<bool>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });

    /// <summary>Requests an export without delay, for a client that found none.</summary>
    public void RequestNow() => requests.Writer.TryWrite(true);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        if (!options.Enabled)
            return;
        // The start of the service does not wait for the first export.
        await Task.Yield();
        while (true)
        {
            var delay = PollInterval;
            try
            {
                var latest = await exports.FindLatest(stoppingToken);
                if (latest is null
                    || (latest.Revision != database.Version.Revision
                        && string.CompareOrdinal(latest.At, options.GetLastScheduledTime(time.GetUtcNow()).ToIso()) < 0))
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

    [LoggerMessage(Level = LogLevel.Information, Message = "Export {Id} built")]
    private partial void LogBuilt(string id);

    [LoggerMessage(Level = LogLevel.Error, Message = "Export failed; retrying in {Minutes} min")]
    private partial void LogExportFailed(Exception exception, double minutes);
}
