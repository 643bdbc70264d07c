using System.Globalization;
using System.Text.RegularExpressions;
using Microsoft.Extensions.Options;

namespace CooperationApi.Http;

/// <summary>The number of files that the process may open (`ulimit -n`), which sockets count towards.</summary>
internal static partial class OpenFileLimit
{
    // An idle process has 290 open files, of which 260 are assemblies (measured). Kestrel accepts a connection before it closes it, so
    // that a burst opens more: 512 is the length of its queue. An assembly that failed to open is never loaded later.
    private const int ReservedFiles = 290 + 512, MinOpenFiles = 1024;

    // The socket, and the database file and the WAL of the SQLite connection of its request.
    private const int FilesPerConnection = 3;

    /// <summary>
    /// Returns the number of connections for which the process can open enough files; null if the system has no such limit. Throws
    /// <see cref="OptionsValidationException"/> for a limit with which the process would end under load.
    /// </summary>
    public static long? DeriveMaxConnections()
    {
        if (!OperatingSystem.IsLinux()
            || MaxOpenFilesPattern().Match(File.ReadAllText("/proc/self/limits")) is not { Success: true } match)
            return null;
        var maxOpenFiles = long.Parse(match.Groups["soft"].ValueSpan, CultureInfo.InvariantCulture);
        if (maxOpenFiles < MinOpenFiles)
        {
            throw new OptionsValidationException(nameof(LimitsOptions.MaxConnections), typeof(LimitsOptions),
                [$"The process may open {maxOpenFiles} files, but needs at least {MinOpenFiles}. Raise the limit (`ulimit -n`)."]);
        }
        return (maxOpenFiles - ReservedFiles) / FilesPerConnection;
    }

    // The runtime raises the soft limit to the hard limit at its start. The value `unlimited` does not match.
    [GeneratedRegex("^Max open files +(?<soft>[0-9]+)", RegexOptions.Multiline)]
    private static partial Regex MaxOpenFilesPattern();
}
