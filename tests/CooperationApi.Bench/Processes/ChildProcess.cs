using System.Diagnostics;
using System.Globalization;
using System.Text;

namespace CooperationApi.Bench.Processes;

/// <summary>A program that this one started. It ends with this object at the latest, whatever went wrong meanwhile.</summary>
internal sealed class ChildProcess : IDisposable
{
    private readonly Process process;
    private readonly StringBuilder output = new();

    public ChildProcess(string program, IEnumerable<string> arguments)
    {
        process = new()
        {
            StartInfo = new(program, arguments) { RedirectStandardOutput = true, RedirectStandardError = true },
        };
        process.OutputDataReceived += (_, line) => Keep(line.Data);
        process.ErrorDataReceived += (_, line) => Keep(line.Data);
        process.Start();
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
    }

    /// <summary>Whether it has ended.</summary>
    public bool HasExited => process.HasExited;

    /// <summary>All that it has written, to both of its outputs.</summary>
    public string Output
    {
        get
        {
            lock (output)
                return output.ToString();
        }
    }

    /// <summary>The memory that is its own or shared and in RAM now, in MB.</summary>
    public double ResidentMegabytes()
    {
        var line = File.ReadLines($"/proc/{process.Id}/status").First(line => line.StartsWith("VmRSS:", StringComparison.Ordinal));
        return double.Parse(line.Split(' ', StringSplitOptions.RemoveEmptyEntries)[^2], CultureInfo.InvariantCulture) / 1024;
    }

    /// <summary>Runs a program to its end and returns what it wrote. Any exit code but 0 fails the measurement.</summary>
    public static async Task<string> Run(string program, IEnumerable<string> arguments, CancellationToken cancel)
    {
        using var child = new ChildProcess(program, arguments);
        await child.process.WaitForExitAsync(cancel);
        return child.process.ExitCode == 0
            ? child.Output
            : throw new MeasurementException($"{program} ended with {child.process.ExitCode}:\n{child.Output}");
    }

    public void Dispose()
    {
        if (!process.HasExited)
            process.Kill(entireProcessTree: true);
        process.WaitForExit();
        process.Dispose();
    }

    private void Keep(string? line)
    {
        if (line is null)
            return;
        lock (output)
            output.AppendLine(line);
    }
}
