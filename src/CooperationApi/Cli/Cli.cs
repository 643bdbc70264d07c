using System.CommandLine;
using System.Text;
using System.Text.RegularExpressions;
using CooperationApi.Features.Citations;
using CooperationApi.Features.Import;
using CooperationApi.Http.Problems;
using CooperationApi.Storage;

namespace CooperationApi.Cli;

/// <summary>
/// What the program does from the command line besides serving. Answers go to standard output, all else to standard error.
/// </summary>
internal static partial class Cli
{
    /// <summary>Done.</summary>
    public const int Success = 0;

    /// <summary>What was asked was tried and found wrong: a bundle with faults, a quote that doesn't stand.</summary>
    public const int Failure = 1;

    /// <summary>The command line or the configuration is wrong.</summary>
    public const int UsageError = 2;

    /// <summary>The store can't be used.</summary>
    public const int StoreError = 3;

    /// <summary>Whether the program is to do one of these, and not to serve: its first word is no option.</summary>
    public static bool IsCommand(string[] args) => args is [var first, ..] && (!first.StartsWith('-') || first is "--help" or "-h" or "-?" or "--version");

    /// <summary>
    /// Those of the arguments that are settings. With a verb, only these are the configuration's: it would take `/a/file` for a setting too,
    /// and what stands behind it for its value.
    /// </summary>
    public static string[] GetConfigurationArguments(string[] args) => IsCommand(args) ? [.. args.Where(arg => ConfigurationArgumentPattern().IsMatch(arg))] : args;

    /// <summary>Carries out the verb; settings (`--Storage:Path=…`) may stand behind it, as when serving.</summary>
    public static async Task<int> Run(string[] args, IServiceProvider services)
    {
        var root = new RootCommand("The memory of cooperation between Vietnam's provinces. Without a verb, it serves.")
        {
            CreateImportCommand(services), CreateVerifyCommand(services), KeyCommands.CreateCommand(services), StoreCommands.CreateBackupCommand(services), StoreCommands.CreateRestoreCommand(services), StoreCommands.CreateExportCommand(services),
        };
        var parsed = root.Parse([.. args.Where(arg => !ConfigurationArgumentPattern().IsMatch(arg))]);
        var exitCode = await parsed.InvokeAsync(new() { EnableDefaultExceptionHandler = false });
        return parsed.Errors.Count > 0 ? UsageError : exitCode;
    }

    private static Command CreateImportCommand(IServiceProvider services)
    {
        var file = new Argument<FileInfo>("FILE")
        {
            Description = "The bundle: JSON with one list of records per resource; or with the ending .ndjson or .jsonl, of any length, a line {\"type\": …, \"data\": …} per record.",
        }.AcceptExistingOnly();
        var dryRun = new Option<bool>("--dry-run") { Description = "Check everything, and keep nothing." };
        var command = new Command("import", "Takes a bundle into the record, all or nothing. What is there already takes no number.") { file, dryRun };
        command.SetAction(async (parsed, cancel) =>
        {
            try
            {
                var (bundleFile, commit) = (parsed.GetRequiredValue(file), !parsed.GetValue(dryRun));
                await using var content = bundleFile.OpenRead();
                using var progress = new ImportProgress(Console.Error);
                var result = await services.GetRequiredService<Importer>().Import(services.GetRequiredService<Database>(),
                    [new(content, IsNdjson: bundleFile.Extension is ".ndjson" or ".jsonl")], "import", cancel, commit: commit, progress: progress);
                Console.WriteLine($"{result.CreatedCount} created, {result.ReplacedCount} replaced, {result.UnchangedCount} unchanged; revision {result.Version.Revision}{(commit ? "" : ": nothing was kept")}.");
                return Success;
            }
            catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
            {
                await Console.Error.WriteLineAsync($"The bundle can't be read: {exception.Message}");
                return Failure;
            }
            catch (ProblemException problem)
            {
                foreach (var error in problem.Errors.Select(error => error.ToProblemError(Language.English)))
                    Console.WriteLine($"{error.Pointer}: {error.Detail}{(error.Suggestion is { } suggestion ? $" Did you mean '{suggestion}'?" : "")}{(error.Record is { } record ? $" ({record})" : "")}");
                Console.Error.WriteLine($"{problem.ErrorCount} fault(s){(problem.ErrorCount > problem.Errors.Count ? $", of which the first {problem.Errors.Count} are told" : "")}; nothing was imported.");
                return Failure;
            }
        });
        return command;
    }

    private static Command CreateVerifyCommand(IServiceProvider services)
    {
        var source = new Option<string>("--source") { Description = "The source's id.", Required = true, HelpName = "ID" };
        var text = new Option<FileInfo>("--text") { Description = "Its text, in UTF-8.", Required = true, HelpName = "FILE" }.AcceptExistingOnly();
        var command = new Command("verify", "Checks a source's hash, its length and every quote of it against its text.") { source, text };
        command.SetAction(async (parsed, cancel) =>
        {
            try
            {
                return await services.GetRequiredService<SourceVerifier>()
                .Verify(parsed.GetRequiredValue(source), parsed.GetRequiredValue(text).FullName, Console.Out, cancel) ? Success : Failure;
            }
            catch (DecoderFallbackException)
            {
                Console.Error.WriteLine("The text is not UTF-8.");
                return Failure;
            }
        });
        return command;
    }

    [GeneratedRegex("^--[^=]+:[^=]+=", RegexOptions.NonBacktracking)]
    private static partial Regex ConfigurationArgumentPattern();
}
