using System.Data.Common;

namespace CooperationApi.Jobs;

/// <summary>
/// A job that runs in the background at the start of the service and whenever it is due. A failed run is logged and repeated after a delay:
/// an exception that left <see cref="ExecuteAsync"/> would stop the service.
/// </summary>
internal abstract partial class BackgroundJob(ILogger logger) : BackgroundService
{
    /// <summary>The name in the log.</summary>
    protected abstract string Name { get; }

    /// <summary>False if the configuration disables the job.</summary>
    protected virtual bool IsEnabled => true;

    /// <summary>The delay after a failed run.</summary>
    protected abstract TimeSpan RetryDelay { get; }

    /// <summary>Runs the job once.</summary>
    protected abstract Task Run(CancellationToken cancel);

    /// <summary>Completes when the job is due again after a successful run.</summary>
    protected abstract Task WaitUntilDue(CancellationToken cancel);

    protected sealed override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        if (!IsEnabled)
            return;
        // The start of the service does not wait for the first run.
        await Task.Yield();
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                await Run(stoppingToken);
                await WaitUntilDue(stoppingToken);
            }
            catch (Exception exception) when (!stoppingToken.IsCancellationRequested)
            {
                // A busy store is normal during an import.
                LogFailed(exception is DbException { IsTransient: true } ? LogLevel.Warning : LogLevel.Error, exception, Name, RetryDelay);
                await Task.Delay(RetryDelay, stoppingToken);
            }
        }
    }

    [LoggerMessage(Message = "{Name} failed; retrying in {Delay}")]
    private partial void LogFailed(LogLevel level, Exception exception, string name, TimeSpan delay);
}
