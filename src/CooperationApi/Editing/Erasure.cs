using System.Data.Common;
using System.Threading.Channels;
using CooperationApi.Storage;

namespace CooperationApi.Editing;

/// <summary>Clears the store's file of what was redacted: when asked, and at the start what an earlier process left undone.</summary>
internal sealed partial class Erasure(Database database, ILogger<Erasure> logger) : BackgroundService
{
    private static readonly TimeSpan BetweenAttempts = TimeSpan.FromSeconds(5);

    private readonly Channel<TaskCompletionSource> asked = Channel.CreateUnbounded<TaskCompletionSource>();

    /// <summary>Asks for it, and waits so long for its being done. True if it is; otherwise it goes on.</summary>
    public async Task<bool> Ask(TimeSpan patience)
    {
        var done = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        asked.Writer.TryWrite(done);
        return await Task.WhenAny(done.Task, Task.Delay(patience)) == done.Task;
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await Erase(stoppingToken);
        await foreach (var done in asked.Reader.ReadAllAsync(stoppingToken))
        {
            await Erase(stoppingToken);
            done.SetResult();
        }
    }

    /// <summary>Tries until it is done: another process may be writing, or the disk full.</summary>
    private async Task Erase(CancellationToken stop)
    {
        while (true)
        {
            try
            {
                await database.Erase(stop);
                return;
            }
            catch (DbException exception)
            {
                LogPutOff(exception, BetweenAttempts.TotalSeconds);
                await Task.Delay(BetweenAttempts, stop);
            }
        }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "The file can't be cleared of what was redacted; trying again in {Seconds} s")]
    private partial void LogPutOff(Exception exception, double seconds);
}
