using System.Data.Common;
using System.Threading.Channels;
using CooperationApi.Storage;

namespace CooperationApi.Features.Records;

/// <summary>
/// Purges redacted data from the store file: on request, and at the start of the service if an earlier process did not complete a purge.
/// </summary>
internal sealed partial class RedactionPurge(Database database, ILogger<RedactionPurge> logger) : BackgroundService
{
    private static readonly TimeSpan RetryDelay = TimeSpan.FromSeconds(5);

    private readonly Channel<TaskCompletionSource> requests = Channel.CreateUnbounded<TaskCompletionSource>();

    /// <summary>
    /// Requests a purge and waits for at most <paramref name="timeout"/>. Returns true if it is complete; otherwise the purge continues in
    /// the background.
    /// </summary>
    public async Task<bool> RequestPurge(TimeSpan timeout)
    {
        var completion = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        requests.Writer.TryWrite(completion);
        return await Task.WhenAny(completion.Task, Task.Delay(timeout)) == completion.Task;
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await PurgeWithRetry(stoppingToken);
        await foreach (var completion in requests.Reader.ReadAllAsync(stoppingToken))
        {
            await PurgeWithRetry(stoppingToken);
            completion.SetResult();
        }
    }

    /// <summary>Retries until the purge succeeds: another process can hold the write lock, or the disk can be full.</summary>
    private async Task PurgeWithRetry(CancellationToken cancel)
    {
        while (true)
        {
            try
            {
                await database.PurgeRedacted(cancel);
                return;
            }
            catch (DbException exception)
            {
                LogPurgeFailed(exception, RetryDelay.TotalSeconds);
                await Task.Delay(RetryDelay, cancel);
            }
        }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "Purging redacted data failed; retrying in {Seconds} s")]
    private partial void LogPurgeFailed(Exception exception, double seconds);
}
