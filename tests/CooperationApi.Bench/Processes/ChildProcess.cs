using System.Diagnostics;
using System.Globalization;
using System.Text;

namespace CooperationApi.Bench.Processes;

/// <summary>A child process with its output. Disposing the object kills the process if it is still running.</summary>
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

    /// <summary>True if the process has exited.</summary>
    public bool HasExited => process.HasExited;

    /// <summary>The text that the process has written to standard output and standard error.</summary>
    public string Output
    {
        get
        {
            lock (output)
                return output.ToString();
        }
    }

    /// <summary>Returns the current resident memory (VmRSS), private and shared, in MB.</summary>
    public double GetResidentMegabytes() => ReadMemoryMegabytes("VmRSS:");

    /// <summary>Returns the processor time that the process has used so far.</summary>
    public TimeSpan GetProcessorTime()
    {
        process.Refresh();
        return process.TotalProcessorTime;
    }

    /// <summary>Returns the peak resident memory (VmHWM) in MB.</summary>
    public double GetPeakMegabytes() => ReadMemoryMegabytes("VmHWM:");

    /// <summary>
    /// Runs a program and returns its output and peak resident memory (VmHWM) in MB. Throws if the exit code is not the expected one.
    /// </summary>
    public static async Task<(string Output, double PeakMegabytes)> Run(string program, IEnumerable<string> arguments,
        CancellationToken cancel, int expectedExitCode = 0)
    {
        using var child = new ChildProcess(program, arguments);
        var peak = 0.0;
        for (var exited = child.process.WaitForExitAsync(cancel); !exited.IsCompleted; await Task.WhenAny(exited,
            Task.Delay(PollInterval, cancel)))
            peak = Math.Max(peak, child.GetPeakMegabytes());
        return child.process.ExitCode == expectedExitCode
            ? (child.Output, peak)
            : throw new MeasurementException($"{program} exited with code {child.process.ExitCode}:\n{child.Output}");
    }

    /// <summary>Kills the process and its children (SIGKILL).</summary>
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

    /// <summary>Returns a value of `/proc/PID/status` in MB; 0 if the process has exited.</summary>
    private double ReadMemoryMegabytes(string key)
    {
        try
        {
            var line = File.ReadLines($"/proc/{process.Id}/status").FirstOrDefault(line => line.StartsWith(key, StringComparison.Ordinal));
            return line is null
                ? 0
                : double.Parse(line.Split(' ', StringSplitOptions.RemoveEmptyEntries)[^2], CultureInfo.InvariantCulture) / 1024;
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
