using System.Data.Common;
using CooperationApi.Bench.Processes;
using Dapper;

namespace CooperationApi.CrashTests;

/// <summary>The store of a trial. Each instance of the service on it has a path of its own.</summary>
internal abstract class TrialStore(PublishedService service, IReadOnlyList<string> paths) : IAsyncDisposable
{
    /// <summary>True if the database has processes of its own, which <see cref="KillDatabase"/> kills.</summary>
    public virtual bool HasDatabaseServer => false;

    /// <summary>Opens a connection in a read transaction, after a check that the store is not damaged.</summary>
    public abstract DbConnection OpenSnapshot();

    /// <summary>Kills the processes of the database (SIGKILL).</summary>
    public virtual Task KillDatabase() => throw new NotSupportedException();

    /// <summary>Starts the killed database again.</summary>
    public virtual Task RestartDatabase() => throw new NotSupportedException();

    public virtual ValueTask DisposeAsync() => ValueTask.CompletedTask;

    /// <summary>Creates an API key for the writers; creates and seeds a missing store.</summary>
    public Task<string> CreateKey(CancellationToken cancel) => service.CreateKey(paths[0], cancel);

    /// <summary>Starts an instance of the service.</summary>
    public Task<Server> StartInstance(int index, CancellationToken cancel) => service.StartServer(paths[index], cancel);

    /// <summary>Starts all instances of the service.</summary>
    public async Task<ServerGroup> StartInstances(CancellationToken cancel)
    {
        var servers = new ServerGroup();
        for (var i = 0; i < paths.Count; i++)
            servers.Add(await StartInstance(i, cancel));
        return servers;
    }

    /// <summary>Reads the epoch of the store.</summary>
    public string ReadEpoch()
    {
        using var connection = OpenSnapshot();
        return connection.QuerySingle<string>("SELECT epoch FROM store_version");
    }
}
