namespace CooperationApi.Storage;

/// <summary>
/// Cancels the statements of a connection after a cancellation, until it is disposed: most commands get no token. One call of the action
/// ends only the running statement, so a statement that starts later is cancelled by the next.
/// </summary>
internal sealed class StatementCancellation : IAsyncDisposable
{
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(20);

    private readonly Action cancelStatement;
    private readonly CancellationTokenRegistration registration;
    private Timer? timer;

    public StatementCancellation(Action cancelStatement, CancellationToken cancel)
    {
        this.cancelStatement = cancelStatement;
        registration = cancel.UnsafeRegister(static state => ((StatementCancellation)state!).Start(), this);
    }

    private void Start()
    {
        cancelStatement();
        timer = new(_ => cancelStatement(), state: null, Interval, Interval);
    }

    /// <summary>Ends the calls. Waits for a running one, so that none reaches the next user of a pooled connection.</summary>
    public async ValueTask DisposeAsync()
    {
        await registration.DisposeAsync();
        if (timer is not null)
            await timer.DisposeAsync();
    }
}
