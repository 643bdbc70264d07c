using System.Data.Common;
using Microsoft.Data.Sqlite;
using SQLitePCL;

namespace CooperationApi.Storage.Sqlite;

/// <summary>
/// Interrupts the statements of a connection after a cancellation, until it is disposed: the commands of Microsoft.Data.Sqlite ignore the
/// token. One call of `sqlite3_interrupt` ends only the running statement, so a statement that starts later is interrupted by the next.
/// </summary>
internal sealed class StatementInterrupt : IAsyncDisposable
{
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(20);

    private readonly sqlite3 connectionHandle;
    private readonly CancellationTokenRegistration registration;
    private Timer? timer;

    public StatementInterrupt(DbConnection connection, CancellationToken cancel)
    {
        connectionHandle = ((SqliteConnection)connection).Handle!;
        registration = cancel.UnsafeRegister(static state => ((StatementInterrupt)state!).Start(), this);
    }

    private void Start()
    {
        raw.sqlite3_interrupt(connectionHandle);
        timer = new(_ => raw.sqlite3_interrupt(connectionHandle), state: null, Interval, Interval);
    }

    /// <summary>Ends the interrupts. Waits for a running one, so that none reaches the next user of a pooled connection.</summary>
    public async ValueTask DisposeAsync()
    {
        await registration.DisposeAsync();
        if (timer is not null)
            await timer.DisposeAsync();
    }
}
