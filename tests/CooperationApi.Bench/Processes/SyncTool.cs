using System.Diagnostics;

namespace CooperationApi.Bench.Processes;

/// <summary>The tool `cooperation-sync`, published in Release configuration into a folder.</summary>
internal sealed class SyncTool
{
    private readonly string program;

    private SyncTool(string folder) => program = Path.Combine(folder, "CooperationApi.Sync");

    public static async Task<SyncTool> Publish(string folder, CancellationToken cancel)
    {
        await PublishedService.Publish("CooperationApi.Sync", folder, cancel);
        return new(folder);
    }

    /// <summary>Syncs a copy and returns the duration. Throws if the tool fails, for example because the copy cannot be verified.</summary>
    public async Task<TimeSpan> Run(Uri service, string copyPath, CancellationToken cancel)
    {
        var startedAt = Stopwatch.GetTimestamp();
        await ChildProcess.Run(program, ["--from", service.ToString(), "--to", copyPath], cancel);
        return Stopwatch.GetElapsedTime(startedAt);
    }
}
