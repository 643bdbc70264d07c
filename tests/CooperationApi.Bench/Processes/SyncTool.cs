using System.Diagnostics;

namespace CooperationApi.Bench.Processes;

/// <summary>`cooperation-sync` as it is delivered.</summary>
internal sealed class SyncTool
{
    private readonly string program;

    private SyncTool(string folder) => program = Path.Combine(folder, "CooperationApi.Sync");

    public static async Task<SyncTool> Publish(string folder, CancellationToken cancel)
    {
        await PublishedService.Publish("CooperationApi.Sync", folder, cancel);
        return new(folder);
    }

    /// <summary>Brings a copy into step, and tells how long that took. A copy that can't be proved fails the measurement.</summary>
    public async Task<TimeSpan> Run(Uri service, string copyPath, CancellationToken cancel)
    {
        var startedAt = Stopwatch.GetTimestamp();
        await ChildProcess.Run(program, ["--from", service.ToString(), "--to", copyPath], cancel);
        return Stopwatch.GetElapsedTime(startedAt);
    }
}
