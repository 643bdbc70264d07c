using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;
using CooperationApi.Bench;

namespace CooperationApi.CrashTests;

/// <summary>The kind of a traced system call that changes a file or flushes it.</summary>
internal enum FileOperation
{
    Create,
    Write,
    Truncate,
    Sync,
}

/// <summary>
/// A system call on a file or folder. Times are seconds since 1970. <paramref name="Offset"/> is the new length for
/// <see cref="FileOperation.Truncate"/>.
/// </summary>
internal sealed record FileCall(FileOperation Operation, string Path, double Start, double End, long Offset, byte[] Bytes);

/// <summary>Reads the system calls on the files of one folder from the output of `strace`.</summary>
internal static partial class SystemCallTrace
{
    // A call that a file system model must know but this class cannot interpret is traced too, so that it is an error and not a gap.
    private const string Calls = "openat,?open,?creat,write,writev,pwrite64,pwritev,?pwritev2,fsync,fdatasync,ftruncate,truncate,fallocate,"
        + "sync_file_range,copy_file_range,?rename,renameat,?renameat2,?unlink,unlinkat,?link,linkat,?sendfile";

    /// <summary>
    /// The options of `strace`: all threads, microseconds since 1970, durations, paths of file descriptors, and all bytes as hexadecimal.
    /// The seccomp filter stops a thread only at the calls above.
    /// </summary>
    public static IReadOnlyList<string> Options { get; } =
        ["-f", "-q", "-ttt", "-T", "-y", "-xx", "-s", "100000000", "--seccomp-bpf", "-e", "trace=" + Calls, "-e", "signal=none"];

    /// <summary>
    /// Returns the process id of the traced program: the first line of the trace is its `execve` or its first call.
    /// </summary>
    public static int ReadProcessId(string tracePath)
    {
        using var file = new FileStream(tracePath, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
        using var reader = new StreamReader(file);
        return int.Parse(reader.ReadLine()!.Split(' ')[0], CultureInfo.InvariantCulture);
    }

    /// <summary>
    /// Reads the successful calls on files of a folder, in the order of their start. Throws <see cref="MeasurementException"/> for a call
    /// on such a file that the model does not have. The memory-mapped `-shm` file and lock files are left out.
    /// </summary>
    public static List<FileCall> Read(string tracePath, string folder)
    {
        // In a folder without special characters: strace writes each character of a path as `\xNN`.
        var folderPattern = Escape(folder);
        var calls = new List<FileCall>();
        var unfinished = new Dictionary<string, string>();
        foreach (var line in File.ReadLines(tracePath))
        {
            var match = LineRegex().Match(line);
            if (!match.Success)
                continue;
            var (thread, time, text) = (match.Groups[1].Value, match.Groups[2].Value, line[match.Length..]);
            if (text.EndsWith("<unfinished ...>", StringComparison.Ordinal))
            {
                unfinished[thread] = time + " " + text[..^"<unfinished ...>".Length].TrimEnd();
                continue;
            }
            var end = (double?)null;
            if (text.StartsWith("<... ", StringComparison.Ordinal) && unfinished.Remove(thread, out var begin))
            {
                end = ParseSeconds(time);
                (time, text) = (begin[..begin.IndexOf(' ')], begin[(begin.IndexOf(' ') + 1)..] + text[(text.IndexOf('>') + 1)..]);
            }
            if (text.Contains(folderPattern, StringComparison.Ordinal) && Parse(text, folder, ParseSeconds(time), end) is { } call)
                calls.Add(call);
        }
        // A call that was interrupted by SIGKILL never ended. No acknowledgment depends on it.
        return [.. calls.OrderBy(call => call.Start)];
    }

    private static FileCall? Parse(string text, string folder, double start, double? resumedAt)
    {
        // The kill of the service at the end interrupted this call.
        if (text.EndsWith("= ?", StringComparison.Ordinal))
            return null;
        var result = ResultRegex().Match(text);
        if (!result.Success)
            throw new MeasurementException($"The trace has an incomplete call: {Shorten(text)}");
        var value = long.Parse(result.Groups[1].Value, CultureInfo.InvariantCulture);
        var end = resumedAt ?? start + ParseSeconds(result.Groups[2].Value);
        var name = text[..text.IndexOf('(')];
        if (name is "openat")
        {
            var opened = OpenRegex().Match(text);
            var openedPath = Unescape(opened.Groups[1].Value);
            var isWrite = opened.Groups[2].Value is var flags && (flags.Contains("O_CREAT", StringComparison.Ordinal)
                || flags.Contains("O_TRUNC", StringComparison.Ordinal));
            if (value < 0 || !isWrite || !IsModelled(openedPath, folder))
                return null;
            return flags.Contains("O_TRUNC", StringComparison.Ordinal)
                ? throw new MeasurementException($"The model does not have this call: {Shorten(text)}")
                : new(FileOperation.Create, openedPath, start, end, 0, []);
        }
        var match = DescriptorRegex().Match(text);
        var path = Unescape(match.Groups[1].Value);
        if (!match.Success)
            return value < 0 || text.Contains(Escape("-shm"), StringComparison.Ordinal)
                || text.Contains(Escape(".lock"), StringComparison.Ordinal)
                ? null
                : throw new MeasurementException($"The model does not have this call: {Shorten(text)}");
        if (!IsModelled(path, folder))
            return null;
        if (value < 0)
            throw new MeasurementException($"A call failed during the trace: {Shorten(text)}");
        switch (name)
        {
            case "fsync" or "fdatasync":
                return new(FileOperation.Sync, path, start, end, 0, []);
            case "ftruncate":
                return new(FileOperation.Truncate, path, start, end,
                    long.Parse(LastArgumentRegex().Match(text).Groups[1].Value, CultureInfo.InvariantCulture), []);
            case "pwrite64":
                var first = text.IndexOf('"') + 1;
                var bytes = UnescapeBytes(text.AsSpan(first, text.IndexOf('"', first) - first));
                if (bytes.Length < value)
                    throw new MeasurementException($"The trace has a shortened write: {Shorten(text)}");
                return new(FileOperation.Write, path, start, end,
                    long.Parse(LastArgumentRegex().Match(text).Groups[1].Value, CultureInfo.InvariantCulture), bytes[..(int)value]);
            default:
                throw new MeasurementException($"The model does not have this call: {Shorten(text)}");
        }
    }

    private static bool IsModelled(string path, string folder) =>
        path == folder || path.StartsWith(folder + "/", StringComparison.Ordinal)
        && !path.EndsWith("-shm", StringComparison.Ordinal) && !path.EndsWith(".lock", StringComparison.Ordinal);

    private static double ParseSeconds(string text) => double.Parse(text, CultureInfo.InvariantCulture);

    private static string Escape(string text) =>
        string.Concat(Encoding.UTF8.GetBytes(text).Select(value => string.Create(CultureInfo.InvariantCulture, $"\\x{value:x2}")));

    private static string Unescape(string text) => Encoding.UTF8.GetString(UnescapeBytes(text));

    private static byte[] UnescapeBytes(ReadOnlySpan<char> text)
    {
        var bytes = new byte[text.Length / 4];
        for (var i = 0; i < bytes.Length; i++)
            bytes[i] = byte.Parse(text.Slice(i * 4 + 2, 2), NumberStyles.HexNumber, CultureInfo.InvariantCulture);
        return bytes;
    }

    private static string Shorten(string text) => text.Length < 300 ? text : text[..200] + " … " + text[^80..];

    [GeneratedRegex(@"^(\d+) +(\d+\.\d+) ")]
    private static partial Regex LineRegex();

    [GeneratedRegex(@" = (-?\d+)\b[^""]*<(\d+\.\d+)>$", RegexOptions.RightToLeft)]
    private static partial Regex ResultRegex();

    [GeneratedRegex(@"^\w+\([^""]*""((?:\\x[0-9a-f]{2})*)"", ([A-Z_|]+)")]
    private static partial Regex OpenRegex();

    [GeneratedRegex(@"^\w+\(\d+<((?:\\x[0-9a-f]{2})*)>")]
    private static partial Regex DescriptorRegex();

    [GeneratedRegex(@", (\d+)\) += -?\d+\b[^""]*$", RegexOptions.RightToLeft)]
    private static partial Regex LastArgumentRegex();
}
