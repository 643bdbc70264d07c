using System.CommandLine;
using System.Runtime.InteropServices;
using CooperationApi.Client;
using CooperationApi.Sync;
using Microsoft.Data.Sqlite;

var from = new Option<Uri>("--from")
{
    Description = "Base URL of the service, e.g. https://example.vn or https://example.vn/cooperation.",
    Required = true,
    CustomParser = argument =>
    {
        if (Uri.TryCreate(argument.Tokens[0].Value, UriKind.Absolute, out var address)
            && address is { Scheme: "http" or "https", UserInfo: "", Query: "", Fragment: "" })
            return address;
        argument.AddError("Option '--from' requires an http or https URL without user name, query and fragment, such as "
            + "https://example.vn.");
        return null;
    },
};
var to = new Option<FileInfo>("--to") { Description = "SQLite file of the copy. Created if it does not exist.", Required = true };
var ndjson = new Option<DirectoryInfo>("--ndjson") { Description = "Folder for NDJSON files, one per type." };
var keyFile = new Option<FileInfo>("--key-file") { Description = "File that contains only an API key, for a service that requires a key." };
var verify = new Option<bool>("--verify")
{ Description = "Hash every record of the copy and compare it with the service, even without new changes." };
keyFile.AcceptExistingOnly();
to.Validators.Add(option =>
{
    if (Path.EndsInDirectorySeparator(option.Tokens[0].Value))
        option.AddError("Option '--to' requires a file, not a folder.");
});
var command = new RootCommand(
    "Keeps an exact copy of the data set of CooperationApi in a SQLite file and verifies it. Run it at any interval; after an "
    + "interruption, the next run continues.")
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
        var key =
            parseResult.GetValue(keyFile) is { } file ? (await File.ReadAllTextAsync(file.FullName, cancellation.Token)).Trim() : null;
        using var http = CooperationClient.CreateHttpClient(parseResult.GetRequiredValue(from), key);
        ReplicaDatabase.EnsureIsReplicaIfExists(path);
        CreateFolder(Path.GetDirectoryName(path)!);
        using var lockFile = new FileStream(path + ".lock", FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        var exitCode = await new SyncRun(new(http), path, reporter).Run(parseResult.GetValue(verify), cancellation.Token);
        if (exitCode == ExitCode.Success && parseResult.GetValue(ndjson) is { } folder)
        {
            CreateFolder(folder.FullName);
            await new NdjsonOutput(path, folder.FullName, reporter).Write(cancellation.Token);
        }
        return exitCode;
    }
    catch (Exception error) when (ExitCode.FromException(error, cancellation.IsCancellationRequested) is { } exitCode)
    {
        reporter.ReportFailure(exitCode, error.Message);
        return exitCode;
    }

    void CreateFolder(string folder)
    {
        if (Directory.Exists(folder))
            return;
        Directory.CreateDirectory(folder);
        reporter.ReportEvent("folder_created", $"Folder {folder} created.", ("folder", folder));
    }
});
return await parseResult.InvokeAsync(new() { EnableDefaultExceptionHandler = false, ProcessTerminationTimeout = TimeSpan.FromSeconds(30) });

namespace CooperationApi.Sync
{
    /// <summary>The exit codes, and their mapping from exceptions.</summary>
    internal static class ExitCode
    {
        /// <summary>The copy equals the data set of the service, and the digests prove it.</summary>
        public const int Success = 0;

        /// <summary>The copy differs and could not be repaired, or the service changed during every comparison.</summary>
        public const int Mismatch = 1;

        /// <summary>The command line is invalid, or the file of the copy belongs to another program.</summary>
        public const int UsageError = 2;

        /// <summary>The service cannot be reached or returned an error.</summary>
        public const int ServiceError = 3;

        /// <summary>The copy cannot be read or written: the disk is full, a permission is missing, or another run is active.</summary>
        public const int LocalError = 4;

        /// <summary>The service rewrote its history: it contradicts intact records of the copy, which are not overwritten.</summary>
        public const int Contradicted = 5;

        /// <summary>The run was interrupted. The next run continues.</summary>
        public const int Interrupted = 130;

        /// <summary>Returns the exit code for an exception; null for an unexpected exception.</summary>
        public static int? FromException(Exception error, bool isInterrupted) => error switch
        {
            OperationCanceledException when isInterrupted => Interrupted,
            OperationCanceledException or CooperationProblemException or HttpRequestException or HttpIOException or InvalidDataException =>
                ServiceError,
            RewrittenHistoryException => Contradicted,
            NotAReplicaException or ArgumentException => UsageError,
            IOException or UnauthorizedAccessException or SqliteException => LocalError,
            _ => null,
        };
    }
}
