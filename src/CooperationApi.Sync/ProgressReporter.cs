using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace CooperationApi.Sync;

/// <summary>Reports the progress of a run: on a terminal as one line that is overwritten, otherwise as one JSON object per line.</summary>
internal sealed class ProgressReporter(TextWriter output, bool isTerminal)
{
    private static readonly JsonSerializerOptions JsonOptions = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };
    private static readonly TimeSpan MinInterval = TimeSpan.FromMilliseconds(500);

    private DateTime lastProgress;
    private bool hasOpenLine;

    /// <summary>Creates a reporter for the standard output.</summary>
    public static ProgressReporter ToConsole() => new(Console.Out, !Console.IsOutputRedirected);

    /// <summary>Reports an event: the message on a terminal, otherwise the name and the fields.</summary>
    public void ReportEvent(string eventName, string message, params (string Name, object? Value)[] fields) =>
        Write(eventName, message, fields, isTransient: false);

    /// <summary>Reports the progress of a step in percent, at most twice a second.</summary>
    public void ReportProgress(string eventName, string message, long done, long total)
    {
        if (DateTime.UtcNow - lastProgress < MinInterval)
            return;
        lastProgress = DateTime.UtcNow;
        Write(eventName, string.Create(CultureInfo.InvariantCulture, $"{message}: {(total == 0 ? 100 : 100 * done / total)} %"),
            [("done", done), ("of", total)], isTransient: true);
    }

    /// <summary>Reports the reason of a failed run, also on the standard error.</summary>
    public void ReportFailure(int exitCode, string reason)
    {
        if (!isTerminal)
            Write("failed", reason, [("exit", exitCode), ("reason", reason)], isTransient: false);
        EndLine();
        Console.Error.WriteLine(reason);
    }

    private void Write(string eventName, string message, (string Name, object? Value)[] fields, bool isTransient)
    {
        if (isTerminal)
        {
            output.Write($"\r\e[K{message}");
            hasOpenLine = true;
            if (!isTransient)
                EndLine();
            return;
        }
        var line = new Dictionary<string, object?>
        {
            ["at"] = DateTime.UtcNow.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture),
            ["event"] = eventName,
        };
        foreach (var (key, value) in fields)
            line[key] = value;
        output.WriteLine(JsonSerializer.Serialize(line, JsonOptions));
        output.Flush();
    }

    private void EndLine()
    {
        if (hasOpenLine)
            output.WriteLine();
        hasOpenLine = false;
    }
}
