using System.Threading.Channels;
using CooperationApi.Jobs;
using CooperationApi.Storage;

namespace CooperationApi.Features.Records;

/// <summary>
/// Purges redacted data from the store file: on request, and at the start of the service if an earlier process did not complete a purge.
/// </summary>
internal sealed class RedactionPurge(Database database, ILogger<RedactionPurge> logger) : BackgroundJob(logger)
{
    private readonly Channel<TaskCompletionSource> requests = Channel.CreateUnbounded<TaskCompletionSource>();
    private readonly List<TaskCompletionSource> startedRequests = [];

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

    protected override string Name => "Purge of redacted data";

    // Another process can hold the write lock, a reader an older snapshot, or the disk can be full. Shorter than the time for which a
    // redaction waits for its purge.
    protected override TimeSpan RetryDelay => TimeSpan.FromSeconds(1);

    protected override async Task Run(CancellationToken cancel)
    {
        while (requests.Reader.TryRead(out var request))
            startedRequests.Add(request);
        // A purge of another instance may have begun before the redaction, so this one runs after it.
        if (!await database.RunJob(Name, () => database.PurgeRedacted(cancel), cancel))
            throw new StoreBusyException();
        startedRequests.ForEach(request => request.SetResult());
        startedRequests.Clear();
    }

    protected override Task WaitUntilDue(CancellationToken cancel) => requests.Reader.WaitToReadAsync(cancel).AsTask();
}
