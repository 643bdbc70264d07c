using System.CommandLine;
using System.Runtime.InteropServices;
using CooperationApi.Client;
using CooperationApi.Sync;
using Microsoft.Data.Sqlite;

var from = new Option<Uri>("--from")
{
    Description = "The service: https://example.vn.",
    Required = true,
    CustomParser = given =>
    {
        if (Uri.TryCreate(given.Tokens[0].Value, UriKind.Absolute, out var address) && address.Scheme is "http" or "https")
            return address;
        given.AddError("--from takes an address such as https://example.vn.");
        return null;
    },
};
var to = new Option<FileInfo>("--to") { Description = "The copy, a SQLite file: made if it isn't there.", Required = true };
var ndjson = new Option<DirectoryInfo>("--ndjson") { Description = "A folder that is to have the records as NDJSON too, a file per type." };
var keyFile = new Option<FileInfo>("--key-file") { Description = "A file with a key alone, where reading takes one." };
var prove = new Option<bool>("--prove") { Description = "Hashes every record of the copy anew and compares it with the service, even if nothing is new." };
keyFile.AcceptExistingOnly();
var command = new RootCommand("Keeps an exact copy of the memory of cooperation between Vietnam's provinces, and proves it. Run it as often as the copy is to be in step; interrupted, it goes on the next time.")
{
    from, to, ndjson, keyFile, prove,
};

var parsed = command.Parse(args);
if (parsed.Errors.Count > 0)
{
    foreach (var error in parsed.Errors)
        Console.Error.WriteLine(error.Message);
    return Exit.Misused;
}
command.SetAction(async (_, stopped) =>
{
    using var ended = CancellationTokenSource.CreateLinkedTokenSource(stopped);
    using var terminated = PosixSignalRegistration.Create(PosixSignal.SIGTERM, signal => { signal.Cancel = true; ended.Cancel(); });
    var report = Report.ToConsole();
    var path = parsed.GetRequiredValue(to).FullName;
    try
    {
        var key = parsed.GetValue(keyFile) is { } file ? (await File.ReadAllTextAsync(file.FullName, ended.Token)).Trim() : null;
        using var http = CooperationClient.CreateHttp(parsed.GetRequiredValue(from), key);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        using var reserved = new FileStream(path + ".lock", FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        var exit = await new Synchronization(new(http), path, report).Run(parsed.GetValue(prove), ended.Token);
        if (exit == Exit.InStep && parsed.GetValue(ndjson) is { } folder)
            await new NdjsonFiles(path, folder.FullName, report).Write(ended.Token);
        return exit;
    }
    catch (Exception error) when (Exit.For(error, ended.IsCancellationRequested) is { } exit)
    {
        report.Failed(exit, error.Message);
        return exit;
    }
});
return await parsed.InvokeAsync(new() { EnableDefaultExceptionHandler = false, ProcessTerminationTimeout = TimeSpan.FromSeconds(30) });

namespace CooperationApi.Sync
{
    /// <summary>How a run ends, for whoever schedules it.</summary>
    internal static class Exit
    {
        /// <summary>The copy is what the service has, and that is proved.</summary>
        public const int InStep = 0;

        /// <summary>The copy differs, and could not be mended, or the service changed faster than could be compared.</summary>
        public const int Differs = 1;

        /// <summary>The command line makes no sense.</summary>
        public const int Misused = 2;

        /// <summary>The service was not reached, or refused.</summary>
        public const int NotServed = 3;

        /// <summary>The copy could not be written or read here: no room, no right, another run at it.</summary>
        public const int NotKept = 4;

        /// <summary>It was interrupted: run it again.</summary>
        public const int Interrupted = 130;

        /// <summary>What it is for this failure; null for one that has no business to happen.</summary>
        public static int? For(Exception error, bool isInterrupted) => error switch
        {
            OperationCanceledException when isInterrupted => Interrupted,
            OperationCanceledException or CooperationProblemException or HttpRequestException or HttpIOException or InvalidDataException => NotServed,
            NotAMirrorException or ArgumentException => Misused,
            IOException or UnauthorizedAccessException or SqliteException => NotKept,
            _ => null,
        };
    }
}
