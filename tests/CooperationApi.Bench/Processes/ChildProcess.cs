using System.Diagnostics;
using System.Globalization;
using System.Text;

namespace CooperationApi.Bench.Processes;

/// <summary>A program that this one started. It ends with this object at the latest, whatever went wrong meanwhile.</summary>
internal sealed class ChildProcess : IDisposable
{
    private static readonly TimeSpan PollInterval = TimeSpan.FromMilliseconds(200);

    private readonly Process process;
    private readonly StringBuilder output = new();

    public ChildProcess(string program, IEnumerable<string> arguments)
    {
        process = new()
        {
            StartInfo = new(program, arguments) { RedirectStandardOutput = true, RedirectStandardError = true },
        };
        process.OutputDataReceived += (_, line) => AppendOutput(line.Data);
        process.ErrorDataReceived += (_, line) => AppendOutput(line.Data);
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
    public double GetResidentMegabytes() => ReadMemoryMegabytes("VmRSS:");

    /// <summary>Runs a program to its end and returns what it wrote and the most memory that it took, in MB. Any other exit code fails the measurement.</summary>
    public static async Task<(string Output, double MostMegabytes)> Run(string program, IEnumerable<string> arguments, CancellationToken cancel, int expectedExitCode = 0)
    {
        using var child = new ChildProcess(program, arguments);
        var peak = 0.0;
        for (var exited = child.process.WaitForExitAsync(cancel); !exited.IsCompleted; await Task.WhenAny(exited, Task.Delay(PollInterval, cancel)))
            peak = Math.Max(peak, child.ReadMemoryMegabytes("VmHWM:"));
        return child.process.ExitCode == expectedExitCode
            ? (child.Output, peak)
            : throw new MeasurementException($"{program} ended with {child.process.ExitCode}:\n{child.Output}");
    }

    /// <summary>Ends it at once (SIGKILL).</summary>
    public void Kill()
    {
        process.Kill(entireProcessTree: true);
        process.WaitForExit();
    }

    public void Dispose()
    {
        if (!process.HasExited)
            process.Kill(entireProcessTree: true);
        process.WaitForExit();
        process.Dispose();
    }

    /// <summary>A line of what the kernel says of it; 0 if it has ended meanwhile.</summary>
    private double ReadMemoryMegabytes(string key)
    {
        try
        {
            var line = File.ReadLines($"/proc/{process.Id}/status").FirstOrDefault(line => line.StartsWith(key, StringComparison.Ordinal));
            return line is null ? 0 : double.Parse(line.Split(' ', StringSplitOptions.RemoveEmptyEntries)[^2], CultureInfo.InvariantCulture) / 1024;
        }
        catch (IOException)
        {
            return 0;
        }
    }

    private void AppendOutput(string? line)
    {
        if (line is null)
            return;
        lock (output)
            output.AppendLine(line);
    }
}
