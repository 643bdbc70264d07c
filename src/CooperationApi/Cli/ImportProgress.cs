using System.Diagnostics;

namespace CooperationApi.Cli;

/// <summary>Tells on a terminal, once a second and in one line, how far an import has come. To a file it tells nothing.</summary>
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
        terminal.Write($"\r{value:N0} records, {value / lastReport.TotalSeconds:N0} a second ");
    }

    /// <summary>Ends the line, if there is one.</summary>
    public void Dispose()
    {
        if (lastReport > TimeSpan.Zero)
            terminal.WriteLine();
    }
}
