using System.Diagnostics;
using System.Globalization;
using System.Text;

namespace CooperationApi.Bench.Processes;

/// <summary>A program that this one started. It ends with this object at the latest, whatever went wrong meanwhile.</summary>
internal sealed class ChildProcess : IDisposable
{
    private static readonly TimeSpan LookInterval = TimeSpan.FromMilliseconds(200);

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
    public double ResidentMegabytes() => Megabytes("VmRSS:");

    /// <summary>Runs a program to its end and returns what it wrote and the most memory that it took, in MB. Any other exit code fails the measurement.</summary>
    public static async Task<(string Output, double MostMegabytes)> Run(string program, IEnumerable<string> arguments, CancellationToken cancel, int exit = 0)
    {
        using var child = new ChildProcess(program, arguments);
        var most = 0.0;
        for (var end = child.process.WaitForExitAsync(cancel); !end.IsCompleted; await Task.WhenAny(end, Task.Delay(LookInterval, cancel)))
            most = Math.Max(most, child.Megabytes("VmHWM:"));
        return child.process.ExitCode == exit
            ? (child.Output, most)
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
    private double Megabytes(string what)
    {
        try
        {
            var line = File.ReadLines($"/proc/{process.Id}/status").FirstOrDefault(line => line.StartsWith(what, StringComparison.Ordinal));
            return line is null ? 0 : double.Parse(line.Split(' ', StringSplitOptions.RemoveEmptyEntries)[^2], CultureInfo.InvariantCulture) / 1024;
        }
        catch (IOException)
        {
            return 0;
        }
    }

    private void Keep(string? line)
    {
        if (line is null)
            return;
        lock (output)
            output.AppendLine(line);
    }
}
