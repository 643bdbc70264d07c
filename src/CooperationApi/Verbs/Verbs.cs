using System.CommandLine;
using System.Text;
using System.Text.RegularExpressions;
using CooperationApi.Faults;
using CooperationApi.Import;
using CooperationApi.Sources;
using CooperationApi.Storage;

namespace CooperationApi.Verbs;

/// <summary>
/// What the program does from the command line besides serving. Answers go to standard output, all else to standard error.
/// </summary>
internal static partial class Verbs
{
    /// <summary>Done.</summary>
    public const int Success = 0;

    /// <summary>What was asked was tried and found wrong: a bundle with faults, a quote that doesn't stand.</summary>
    public const int Failed = 1;

    /// <summary>The command line or the configuration is wrong.</summary>
    public const int Misused = 2;

    /// <summary>The store can't be used.</summary>
    public const int StoreRefused = 3;

    /// <summary>Whether the program is to do one of these, and not to serve: its first word is no option.</summary>
    public static bool AreMeantBy(string[] args) => args is [var first, ..] && (!first.StartsWith('-') || first is "--help" or "-h" or "-?" or "--version");

    /// <summary>
    /// Those of the arguments that are settings. With a verb, only these are the configuration's: it would take `/a/file` for a setting too,
    /// and what stands behind it for its value.
    /// </summary>
    public static string[] SettingsIn(string[] args) => AreMeantBy(args) ? [.. args.Where(arg => Setting().IsMatch(arg))] : args;

    /// <summary>Carries out the verb; settings (`--Storage:Path=…`) may stand behind it, as when serving.</summary>
    public static async Task<int> Run(string[] args, IServiceProvider services)
    {
        var root = new RootCommand("The memory of cooperation between Vietnam's provinces. Without a verb, it serves.")
        {
            Import(services), Verify(services), KeyVerbs.Keys(services), StoreVerbs.BackUp(services), StoreVerbs.Restore(services), StoreVerbs.Export(services),
        };
        var parsed = root.Parse([.. args.Where(arg => !Setting().IsMatch(arg))]);
        var exit = await parsed.InvokeAsync(new() { EnableDefaultExceptionHandler = false });
        return parsed.Errors.Count > 0 ? Misused : exit;
    }

    private static Command Import(IServiceProvider services)
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
                var (from, keep) = (parsed.GetRequiredValue(file), !parsed.GetValue(dryRun));
                await using var content = from.OpenRead();
                using var progress = new ImportProgress(Console.Error);
                var written = await services.GetRequiredService<Importer>().Import(services.GetRequiredService<Database>(),
                    [new(content, IsLines: from.Extension is ".ndjson" or ".jsonl")], "import", cancel, keep: keep, progress: progress);
                Console.WriteLine($"{written.Created} created, {written.Replaced} replaced, {written.Unchanged} unchanged; revision {written.Mark.Revision}{(keep ? "" : ": nothing was kept")}.");
                return Success;
            }
            catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
            {
                await Console.Error.WriteLineAsync($"The bundle can't be read: {exception.Message}");
                return Failed;
            }
            catch (ProblemException problem)
            {
                foreach (var fault in problem.Faults.Select(fault => fault.In(Language.English)))
                    Console.WriteLine($"{fault.Pointer}: {fault.Detail}{(fault.Suggestion is { } meant ? $" Did you mean '{meant}'?" : "")}{(fault.Record is { } record ? $" ({record})" : "")}");
                Console.Error.WriteLine($"{problem.FaultCount} fault(s){(problem.FaultCount > problem.Faults.Count ? $", of which the first {problem.Faults.Count} are told" : "")}; nothing was imported.");
                return Failed;
            }
        });
        return command;
    }

    private static Command Verify(IServiceProvider services)
    {
        var source = new Option<string>("--source") { Description = "The source's id.", Required = true, HelpName = "ID" };
        var text = new Option<FileInfo>("--text") { Description = "Its text, in UTF-8.", Required = true, HelpName = "FILE" }.AcceptExistingOnly();
        var command = new Command("verify", "Checks a source's hash, its length and every quote of it against its text.") { source, text };
        command.SetAction(async (parsed, cancel) =>
        {
            try
            {
                return await services.GetRequiredService<SourceVerification>()
                .Verify(parsed.GetRequiredValue(source), parsed.GetRequiredValue(text).FullName, Console.Out, cancel) ? Success : Failed;
            }
            catch (DecoderFallbackException)
            {
                Console.Error.WriteLine("The text is not UTF-8.");
                return Failed;
            }
        });
        return command;
    }

    [GeneratedRegex("^--[^=]+:[^=]+=", RegexOptions.NonBacktracking)]
    private static partial Regex Setting();
}
