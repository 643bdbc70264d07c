using System.CommandLine;
using System.Runtime.InteropServices;
using CooperationApi.Client;
using CooperationApi.Sync;
using Microsoft.Data.Sqlite;

var from = new Option<Uri>("--from")
{
    Description = "The service: https://example.vn.",
    Required = true,
    CustomParser = argument =>
    {
        if (Uri.TryCreate(argument.Tokens[0].Value, UriKind.Absolute, out var address) && address.Scheme is "http" or "https")
            return address;
        argument.AddError("--from takes an address such as https://example.vn.");
        return null;
    },
};
var to = new Option<FileInfo>("--to") { Description = "The copy, a SQLite file: made if it isn't there.", Required = true };
var ndjson = new Option<DirectoryInfo>("--ndjson") { Description = "A folder that is to have the records as NDJSON too, a file per type." };
var keyFile = new Option<FileInfo>("--key-file") { Description = "A file with a key alone, where reading takes one." };
var verify = new Option<bool>("--verify") { Description = "Hashes every record of the copy anew and compares it with the service, even if nothing is new." };
keyFile.AcceptExistingOnly();
var command = new RootCommand("Keeps an exact copy of the memory of cooperation between Vietnam's provinces, and proves it. Run it as often as the copy is to be in step; interrupted, it goes on the next time.")
{
    from, to, ndjson, keyFile, verify,
};

var parseResult = command.Parse(args);
if (parseResult.Errors.Count > 0)
{
    foreach (var error in parseResult.Errors)
        Console.Error.WriteLine(error.Message);
    return ExitCode.UsageError;
}
command.SetAction(async (_, hostCancel) =>
{
    using var cancellation = CancellationTokenSource.CreateLinkedTokenSource(hostCancel);
    using var sigterm = PosixSignalRegistration.Create(PosixSignal.SIGTERM, signal => { signal.Cancel = true; cancellation.Cancel(); });
    var reporter = ProgressReporter.ToConsole();
    var path = parseResult.GetRequiredValue(to).FullName;
    try
    {
        var key = parseResult.GetValue(keyFile) is { } file ? (await File.ReadAllTextAsync(file.FullName, cancellation.Token)).Trim() : null;
        using var http = CooperationClient.CreateHttpClient(parseResult.GetRequiredValue(from), key);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        using var lockFile = new FileStream(path + ".lock", FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        var exitCode = await new SyncRun(new(http), path, reporter).Run(parseResult.GetValue(verify), cancellation.Token);
        if (exitCode == ExitCode.Success && parseResult.GetValue(ndjson) is { } folder)
            await new NdjsonOutput(path, folder.FullName, reporter).Write(cancellation.Token);
        return exitCode;
    }
    catch (Exception error) when (ExitCode.FromException(error, cancellation.IsCancellationRequested) is { } exitCode)
    {
        reporter.ReportFailure(exitCode, error.Message);
        return exitCode;
    }
});
return await parseResult.InvokeAsync(new() { EnableDefaultExceptionHandler = false, ProcessTerminationTimeout = TimeSpan.FromSeconds(30) });

namespace CooperationApi.Sync
{
    /// <summary>How a run ends, for whoever schedules it.</summary>
    internal static class ExitCode
    {
        /// <summary>The copy is what the service has, and that is proved.</summary>
        public const int Success = 0;

        /// <summary>The copy differs, and could not be mended, or the service changed faster than could be compared.</summary>
        public const int Mismatch = 1;

        /// <summary>The command line makes no sense.</summary>
        public const int UsageError = 2;

        /// <summary>The service was not reached, or refused.</summary>
        public const int ServiceError = 3;

        /// <summary>The copy could not be written or read here: no room, no right, another run at it.</summary>
        public const int LocalError = 4;

        /// <summary>It was interrupted: run it again.</summary>
        public const int Interrupted = 130;

        /// <summary>What it is for this failure; null for one that has no business to happen.</summary>
        public static int? FromException(Exception error, bool isInterrupted) => error switch
        {
            OperationCanceledException when isInterrupted => Interrupted,
            OperationCanceledException or CooperationProblemException or HttpRequestException or HttpIOException or InvalidDataException => ServiceError,
            NotAReplicaException or ArgumentException => UsageError,
            IOException or UnauthorizedAccessException or SqliteException => LocalError,
            _ => null,
        };
    }
}
