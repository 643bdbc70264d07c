using CooperationApi.Bench.Processes;

namespace CooperationApi.CrashTests;

/// <summary>The instances of the service on one store. Disposing the object stops them.</summary>
internal sealed class ServerGroup : List<Server>, IDisposable
{
    public void Dispose() => ForEach(server => server.Dispose());
}
