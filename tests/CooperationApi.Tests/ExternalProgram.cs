using System.Diagnostics;

namespace CooperationApi.Tests;

/// <summary>Runs programs other than the service, such as python3, bash and curl.</summary>
internal static class ExternalProgram
{
    /// <summary>Runs a program to its end, in a folder or in the current one.</summary>
    public static async Task<ProcessResult> Run(string program, IEnumerable<string> args, string folder = "",
        params (string Name, string Value)[] variables)
    {
        var startInfo =
            new ProcessStartInfo(program, args) { WorkingDirectory = folder, RedirectStandardOutput = true, RedirectStandardError = true };
        foreach (var (name, value) in variables)
            startInfo.Environment[name] = value;
        using var process = Process.Start(startInfo)!;
        var cancel = TestContext.Current.CancellationToken;
        var (output, error) = (process.StandardOutput.ReadToEndAsync(cancel), process.StandardError.ReadToEndAsync(cancel));
        await process.WaitForExitAsync(cancel);
        return new(process.ExitCode, await output, await error);
    }

    /// <summary>True if all programs are in a folder of PATH.</summary>
    public static bool AreInstalled(params string[] programs)
    {
        var folders = (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator);
        return programs.All(
            program =>
                folders.Any(folder => File.Exists(Path.Combine(folder, program)) || File.Exists(Path.Combine(folder, program + ".exe"))));
    }
}
