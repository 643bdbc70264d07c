using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace CooperationApi.Sync;

/// <summary>Says how far a run is: on a terminal in one line that is written over, otherwise a JSON object per line.</summary>
internal sealed class Report(TextWriter output, bool isTerminal)
{
    private static readonly JsonSerializerOptions Json = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(500);

    private DateTime lastProgress;
    private bool isOnLine;

    /// <summary>On the standard output.</summary>
    public static Report ToConsole() => new(Console.Out, !Console.IsOutputRedirected);

    /// <summary>Says that something is done: in words, and as an event with what is to be known of it.</summary>
    public void Done(string name, string words, params (string Name, object? Value)[] details) => Write(name, words, details, isPassing: false);

    /// <summary>Says how much of something is done; not more than twice a second.</summary>
    public void Progress(string name, string words, long done, long all)
    {
        if (DateTime.UtcNow - lastProgress < Pause)
            return;
        lastProgress = DateTime.UtcNow;
        Write(name, string.Create(CultureInfo.InvariantCulture, $"{words}: {(all == 0 ? 100 : 100 * done / all)} %"), [("done", done), ("of", all)], isPassing: true);
    }

    /// <summary>Says why a run ends without what it was for.</summary>
    public void Failed(int exit, string why)
    {
        if (!isTerminal)
            Write("failed", why, [("exit", exit), ("why", why)], isPassing: false);
        EndLine();
        Console.Error.WriteLine(why);
    }

    private void Write(string name, string words, (string Name, object? Value)[] details, bool isPassing)
    {
        if (isTerminal)
        {
            output.Write($"\r\e[K{words}");
            isOnLine = true;
            if (!isPassing)
                EndLine();
            return;
        }
        var line = new Dictionary<string, object?> { ["at"] = DateTime.UtcNow.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture), ["event"] = name };
        foreach (var (of, value) in details)
            line[of] = value;
        output.WriteLine(JsonSerializer.Serialize(line, Json));
        output.Flush();
    }

    private void EndLine()
    {
        if (isOnLine)
            output.WriteLine();
        isOnLine = false;
    }
}
