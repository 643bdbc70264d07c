using System.Data.Common;
using System.Threading.Channels;
using CooperationApi.Storage;

namespace CooperationApi.Features.Records;

/// <summary>Clears the store's file of what was redacted: when asked, and at the start what an earlier process left undone.</summary>
internal sealed partial class RedactionPurge(Database database, ILogger<RedactionPurge> logger) : BackgroundService
{
    private static readonly TimeSpan RetryDelay = TimeSpan.FromSeconds(5);

    private readonly Channel<TaskCompletionSource> requests = Channel.CreateUnbounded<TaskCompletionSource>();

    /// <summary>Asks for it, and waits so long for its being done. True if it is; otherwise it goes on.</summary>
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

    /// <summary>Tries until it is done: another process may be writing, or the disk full.</summary>
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

    [LoggerMessage(Level = LogLevel.Warning, Message = "The file can't be cleared of what was redacted; trying again in {Seconds} s")]
    private partial void LogPurgeFailed(Exception exception, double seconds);
}
