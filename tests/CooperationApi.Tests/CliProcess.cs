using System.Diagnostics;
using System.Text.Json.Nodes;

namespace CooperationApi.Tests;

/// <summary>Runs the service executable in a separate process.</summary>
internal static class CliProcess
{
    private const string StorePathOption = "--Storage:Path=";

    /// <summary>Runs a command, or a service that exits by itself, for at most 3 minutes.</summary>
    public static async Task<ProcessResult> Run(params string[] args)
    {
        using var process = Start(args);
        var (output, error) = (process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
        using var timeout = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        timeout.CancelAfter(TimeSpan.FromMinutes(3));
        try
        {
            await process.WaitForExitAsync(timeout.Token);
        }
        catch (OperationCanceledException)
        {
            process.Kill();
            throw new TimeoutException($"'{string.Join(' ', args)}' did not exit within 3 minutes: {await output}{await error}");
        }
        return new(process.ExitCode, await output, await error);
    }

    /// <summary>Starts a service on a store that it must reject, and waits for its exit.</summary>
    public static Task<ProcessResult> RunService(string storePath) => Run($"--Storage:Path={storePath}", "--urls", "http://127.0.0.1:0");

    /// <summary>Imports a bundle into a store with the `import` command.</summary>
    public static async Task<ProcessResult> Import(string storePath, JsonNode bundle, params string[] options)
    {
        var file = Path.GetTempFileName();
        try
        {
            await File.WriteAllTextAsync(file, bundle.ToJsonString());
            return await Run(["import", $"--Storage:Path={storePath}", file, .. options]);
        }
        finally
        {
            File.Delete(file);
        }
    }

    public static Process Start(params string[] args) => StartWithEnvironment([], args);

    /// <summary>Starts the executable with additional environment variables.</summary>
    public static Process StartWithEnvironment((string Name, string Value)[] variables, params string[] args)
    {
        var startInfo = new ProcessStartInfo("dotnet", [Path.Combine(AppContext.BaseDirectory, "CooperationApi.dll"), .. args])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            RedirectStandardInput = true,
        };
        // Settings of the test process must not reach the child process.
        foreach (var name in startInfo.Environment.Keys.Where(
            name => name.StartsWith("ASPNETCORE_", StringComparison.Ordinal) || name.StartsWith("Storage__", StringComparison.Ordinal))
            .ToList())
            startInfo.Environment.Remove(name);
        // Tests of exports and of the self-check turn them on.
        startInfo.Environment["Exports__Enabled"] = "false";
        startInfo.Environment["SelfCheck__IntervalMinutes"] = "0";
        if (args.FirstOrDefault(arg => arg.StartsWith(StorePathOption, StringComparison.Ordinal)) is { } storePath)
        {
            TestStore.EnsureDatabaseExists(storePath[StorePathOption.Length..]);
            foreach (var (name, value) in TestStore.GetSettings(storePath[StorePathOption.Length..]))
                startInfo.Environment[name.Replace(":", "__", StringComparison.Ordinal)] = value;
        }
        foreach (var (name, value) in variables)
            startInfo.Environment[name] = value;
        return Process.Start(startInfo)!;
    }
}
