using System.CommandLine;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Text.RegularExpressions;
using CooperationApi.Contracts;
using CooperationApi.Features.Citations;
using CooperationApi.Features.Import;
using CooperationApi.Http.Problems;

namespace CooperationApi.Cli;

/// <summary>The commands of the executable. Results go to standard output, everything else to standard error.</summary>
internal static partial class Cli
{
    /// <summary>The command succeeded.</summary>
    public const int Success = 0;

    /// <summary>The command found an error in its input, such as an invalid bundle or a quote that does not match.</summary>
    public const int Failure = 1;

    /// <summary>The command line or the configuration is invalid.</summary>
    public const int UsageError = 2;

    /// <summary>The store cannot be used.</summary>
    public const int StoreError = 3;

    /// <summary>
    /// Returns true if the arguments run a command in place of the web server: the first one is no option, or asks for help or the version.
    /// </summary>
    public static bool IsCommand(string[] args) =>
        args is [var first, ..] && (!first.StartsWith('-') || first is "--help" or "-h" or "-?" or "--version");

    /// <summary>
    /// Returns the arguments that are settings. With a command, only `--Section:Key=value` is passed on: the configuration provider would
    /// also read `/a/file` as a key and the next argument as its value.
    /// </summary>
    public static string[] GetConfigurationArguments(string[] args) =>
        IsCommand(args) ? [.. args.Where(arg => ConfigurationArgumentPattern().IsMatch(arg))] : args;

    /// <summary>Runs the command and returns the exit code. Settings (`--Storage:Path=…`) are accepted, as for the web server.</summary>
    public static async Task<int> Run(string[] args, IServiceProvider services)
    {
        var root = new RootCommand("Data on cooperation between Vietnam's provinces. Without a command, starts the web server.")
        {
            CreateImportCommand(services), CreateVerifyCommand(services), KeyCommands.CreateCommand(services),
            StoreCommands.CreateBackupCommand(services), StoreCommands.CreateRestoreCommand(services),
            StoreCommands.CreateExportCommand(services),
        };
        var parsed = root.Parse([.. args.Where(arg => !ConfigurationArgumentPattern().IsMatch(arg))]);
        var exitCode = await parsed.InvokeAsync(new() { EnableDefaultExceptionHandler = false });
        return parsed.Errors.Count > 0 ? UsageError : exitCode;
    }

    /// <summary>
    /// Starts the web server and waits for its shutdown. Throws <see cref="InvalidConfigurationException"/> if the server cannot use a
    /// configured address or certificate.
    /// </summary>
    public static async Task<int> RunServer(WebApplication app)
    {
        try
        {
            await app.StartAsync();
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or SocketException or FormatException
            or ArgumentException or InvalidOperationException or CryptographicException)
        {
            // The background services are already running.
            await app.StopAsync();
            throw new InvalidConfigurationException($"Cannot listen on the configured addresses. {exception.Message.Split('\n')[0]}");
        }
        await app.WaitForShutdownAsync();
        return Success;
    }

    private static Command CreateImportCommand(IServiceProvider services)
    {
        var file = new Argument<FileInfo>("FILE")
        {
            Description = "The bundle: a JSON file with one list of records per resource, or an .ndjson or .jsonl file of any length with "
                + "one line {\"type\": …, \"data\": …} per record.",
        }.AcceptExistingOnly();
        var dryRun = new Option<bool>("--dry-run") { Description = "Validate and report without saving." };
        var onConflict = new Option<ConflictAction>("--on-conflict")
        {
            Description = "The handling of existing records with other content: refuse the import, keep these records, or replace them.",
            HelpName = "refuse|keep|replace",
            DefaultValueFactory = _ => ConflictAction.Refuse,
        };
        onConflict.AcceptOnlyFromAmong("refuse", "keep", "replace");
        var command = new Command("import", "Imports a bundle atomically. Unchanged records get no new revision.") { file, dryRun,
            onConflict };
        command.SetAction(async (parsed, cancel) =>
        {
            try
            {
                var (bundleFile, commit) = (parsed.GetRequiredValue(file), !parsed.GetValue(dryRun));
                await using var content = bundleFile.OpenRead();
                var database = await services.GetRequiredService<StoreInitializer>().Open();
                using var progress = new ImportProgress(Console.Error);
                var report = await services.GetRequiredService<Importer>().Import(database,
                    [new(content, IsNdjson: bundleFile.Extension is ".ndjson" or ".jsonl")], "import", cancel,
                    onConflict: parsed.GetValue(onConflict), commit: commit, progress: progress);
                PrintReport(report);
                return Success;
            }
            catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
            {
                await Console.Error.WriteLineAsync($"Cannot read the bundle: {exception.Message}");
                return Failure;
            }
            catch (ProblemException problem)
            {
                foreach (var error in problem.Errors.Select(error => error.ToProblemError(Language.English)))
                    Console.WriteLine(
                        $"{error.Pointer}: {error.Detail}{(error.Suggestion is { } suggestion ? $" Did you mean '{suggestion}'?" : "")}"
                        + (error is { Suggestion: null, Allowed: { } allowed } ? $" Allowed: {string.Join(", ", allowed)}." : "")
                        + (error.Lost is { } lost ? $" Lost: {string.Join(", ", lost)}{(error.LostCount > lost.Count ? ", …" : "")}" : "")
                        + (error.Record is { } record ? $" ({record})" : ""));
                Console.Error.WriteLine(
                    $"{problem.ErrorCount} "
                    + "error(s)"
                    + (problem.ErrorCount > problem.Errors.Count ? $", of which the first {problem.Errors.Count} are listed" : "")
                    + "; nothing was imported.");
                if (problem.Code == "import_conflict")
                    Console.Error.WriteLine("Use --on-conflict keep to keep the existing records, --on-conflict replace to replace them.");
                return Failure;
            }
        });
        return command;
    }

    private static void PrintReport(ImportReport report)
    {
        Console.WriteLine(
            $"{report.Created} created, {report.Replaced} replaced, {report.Extended} extended, {report.Unchanged} unchanged, "
            + $"{report.Kept} kept; revision {report.Revision}{(report.DryRun ? " (dry run)" : "")}.");
        PrintRecords("created", report.CreatedRecords, report.Created);
        PrintRecords("replaced", report.ReplacedRecords, report.Replaced);
        PrintRecords("extended", report.ExtendedRecords, report.Extended);
        PrintRecords("unchanged", report.UnchangedRecords, report.Unchanged);
        PrintRecords("kept", report.KeptRecords, report.Kept);

        static void PrintRecords(string outcome, IReadOnlyList<string> records, int count)
        {
            foreach (var record in records)
                Console.WriteLine($"{outcome} {record}");
            if (count > records.Count)
                Console.WriteLine($"{outcome} {count - records.Count} more");
        }
    }

    private static Command CreateVerifyCommand(IServiceProvider services)
    {
        var source = new Option<string>("--source") { Description = "The id of the source.", HelpName = "ID" };
        var text = new Option<FileInfo>("--text")
        {
            Description = "The text of the source in UTF-8.",
            HelpName = "FILE",
        }.AcceptExistingOnly();
        var all = new Option<DirectoryInfo>("--all")
        {
            Description = "A folder with the texts of sources in UTF-8. The name of a file is the id of its source with `.txt`.",
            HelpName = "DIR",
        }.AcceptExistingOnly();
        var command = new Command("verify", "Compares the hash, the length and every quote of sources with their texts.")
        {
            source, text, all,
        };
        command.Validators.Add(result =>
        {
            var (hasSource, hasText, hasAll) =
                (result.GetResult(source) is not null, result.GetResult(text) is not null, result.GetResult(all) is not null);
            if (hasAll ? hasSource || hasText : !hasSource || !hasText)
                result.AddError("Either --source and --text, or --all is required.");
        });
        command.SetAction(async (parsed, cancel) =>
        {
            await services.GetRequiredService<StoreInitializer>().Open();
            var verifier = services.GetRequiredService<SourceVerifier>();
            var isVerified = parsed.GetValue(all) is { } folder
                ? await verifier.VerifyAll(folder, Console.Out, cancel)
                : await verifier.Verify(parsed.GetValue(source)!, parsed.GetValue(text)!.FullName, Console.Out, cancel);
            return isVerified ? Success : Failure;
        });
        return command;
    }

    [GeneratedRegex("^--[^=]+:[^=]+=", RegexOptions.NonBacktracking)]
    private static partial Regex ConfigurationArgumentPattern();
}
