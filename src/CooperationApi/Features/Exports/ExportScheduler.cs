using System.Threading.Channels;
using CooperationApi.Contracts;
using CooperationApi.Jobs;
using CooperationApi.Storage;

namespace CooperationApi.Features.Exports;

/// <summary>
/// Builds exports: at the start if the current epoch has none, daily at the configured time, and after a withdrawal or a request.
/// </summary>
internal sealed partial class ExportScheduler(Database database, ExportDirectory exports, ExportBuilder builder, ExportsOptions options,
    TimeProvider time, ILogger<ExportScheduler> logger) : BackgroundJob(logger)
{
    private static readonly TimeSpan PollInterval = TimeSpan.FromMinutes(1);

    private readonly ILogger logger = logger;
    private readonly Channel<bool> requests =
        Channel.CreateBounded<bool>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });

    /// <summary>Requests an export without delay, for a client that found none.</summary>
    public void RequestNow() => requests.Writer.TryWrite(true);

    protected override string Name => "Export";

    protected override bool IsEnabled => options.Enabled;

    protected override TimeSpan RetryDelay => TimeSpan.FromMinutes(10);

    protected override async Task Run(CancellationToken cancel)
    {
        await database.RefreshVersion();
        var latest = await exports.FindLatest(cancel);
        if (latest is null
            || (latest.Revision != database.Version.Revision
                && string.CompareOrdinal(latest.At, options.GetLastScheduledTime(time.GetUtcNow()).ToIso()) < 0))
        {
            await database.RunJob(Name, async () =>
            {
                if (await builder.Build(cancel) is { } manifest)
                    LogBuilt(manifest.Id);
            }, cancel);
        }
    }

    protected override async Task WaitUntilDue(CancellationToken cancel)
    {
        using var timeout = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        timeout.CancelAfter(PollInterval);
        try
        {
            await requests.Reader.ReadAsync(timeout.Token);
        }
        catch (OperationCanceledException) when (!cancel.IsCancellationRequested)
        {
            // No request within the interval.
        }
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "Export {Id} built")]
    private partial void LogBuilt(string id);
}
