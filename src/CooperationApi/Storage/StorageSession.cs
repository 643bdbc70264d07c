using System.Data.Common;

namespace CooperationApi.Storage;

/// <summary>A connection with a running transaction. Disposal rolls the transaction back, unless it was committed.</summary>
internal sealed class StorageSession(DbConnection connection, DbTransaction transaction, StatementCancellation? cancellation = null,
    Action? flush = null)
    : IAsyncDisposable
{
    /// <summary>The connection for queries.</summary>
    public DbConnection Connection => connection;

    /// <summary>Executes the deferred statements and commits the transaction.</summary>
    public Task Commit()
    {
        flush?.Invoke();
        return transaction.CommitAsync(CancellationToken.None);
    }

    public async ValueTask DisposeAsync()
    {
        // The statements end first: a cancelled statement must not reach the next user of a pooled connection.
        if (cancellation is not null)
            await cancellation.DisposeAsync();
        await transaction.DisposeAsync();
        await connection.DisposeAsync();
    }
}
