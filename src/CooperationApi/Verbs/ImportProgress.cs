using System.Diagnostics;

namespace CooperationApi.Verbs;

/// <summary>Tells on a terminal, once a second and in one line, how far an import has come. To a file it tells nothing.</summary>
internal sealed class ImportProgress(TextWriter terminal) : IProgress<long>, IDisposable
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(1);

    private readonly Stopwatch time = Stopwatch.StartNew();
    private TimeSpan told;

    public void Report(long value)
    {
        if (Console.IsErrorRedirected || time.Elapsed - told < Interval)
            return;
        told = time.Elapsed;
        terminal.Write($"\r{value:N0} records, {value / told.TotalSeconds:N0} a second ");
    }

    /// <summary>Ends the line, if there is one.</summary>
    public void Dispose()
    {
        if (told > TimeSpan.Zero)
            terminal.WriteLine();
    }
}
