using System.Diagnostics;

namespace CooperationApi.Cli;

/// <summary>
/// Writes the progress of an import to a terminal, once per second and in one line; writes nothing if standard error is redirected.
/// </summary>
internal sealed class ImportProgress(TextWriter terminal) : IProgress<long>, IDisposable
{
    private static readonly TimeSpan ReportInterval = TimeSpan.FromSeconds(1);

    private readonly Stopwatch stopwatch = Stopwatch.StartNew();
    private TimeSpan lastReport;

    public void Report(long value)
    {
        if (Console.IsErrorRedirected || stopwatch.Elapsed - lastReport < ReportInterval)
            return;
        lastReport = stopwatch.Elapsed;
        terminal.Write($"\r{value:N0} records, {value / lastReport.TotalSeconds:N0} per second ");
    }

    /// <summary>Ends the line if one was written.</summary>
    public void Dispose()
    {
        if (lastReport > TimeSpan.Zero)
            terminal.WriteLine();
    }
}
