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

    /// <summary>
    /// Syncs a copy and returns the duration. Throws if the tool fails, and if it repairs or replaces the copy.
    /// </summary>
    public async Task<TimeSpan> Run(Uri service, string copyPath, CancellationToken cancel, params string[] options)
    {
        var startedAt = Stopwatch.GetTimestamp();
        var (output, _) = await ChildProcess.Run(program, ["--from", service.ToString(), "--to", copyPath, .. options], cancel);
        var duration = Stopwatch.GetElapsedTime(startedAt);
        return HasRepair(output) ? throw new MeasurementException($"The copy was not equal:\n{output}") : duration;
    }

    /// <summary>Syncs a copy like <see cref="Run"/>. The service may change during every comparison of the tool.</summary>
    public async Task RunDuringChanges(Uri service, string copyPath, CancellationToken cancel)
    {
        try
        {
            await Run(service, copyPath, cancel);
        }
        catch (MeasurementException failure)
            when (failure.Message.Contains("The service changed during every comparison", StringComparison.Ordinal)
                && !HasRepair(failure.Message))
        {
            // The next run continues.
        }
    }

    private static bool HasRepair(string output) => output.Contains("\"event\":\"differs\"", StringComparison.Ordinal)
        || output.Contains("\"event\":\"replacing\"", StringComparison.Ordinal);
}
