using System.Diagnostics;
using System.Text.Json.Nodes;

namespace CooperationApi.Tests.Sync;

/// <summary>Runs `cooperation-sync` in a separate process.</summary>
internal static class SyncProcess
{
    /// <summary>Runs the tool to its end. Returns its exit code, the lines of its standard output, and its standard error.</summary>
    public static async Task<(int ExitCode, List<JsonNode> Lines, string Error)> Run(params string[] args)
    {
        var cancel = TestContext.Current.CancellationToken;
        using var process = Start(args);
        var (output, error) = (process.StandardOutput.ReadToEndAsync(cancel), process.StandardError.ReadToEndAsync(cancel));
        await process.WaitForExitAsync(cancel);
        return (process.ExitCode,
            [.. (await output).Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => JsonNode.Parse(line)!)], await error);
    }

    public static Process Start(params string[] args) =>
        Process.Start(new ProcessStartInfo("dotnet", [Path.Combine(AppContext.BaseDirectory, "CooperationApi.Sync.dll"), .. args])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        })!;
}
