using System.CommandLine;
using System.Globalization;
using CooperationApi.CrashTests;

CultureInfo.DefaultThreadCurrentCulture = CultureInfo.CurrentCulture = CultureInfo.InvariantCulture;

var kills = CreateIntegerOption("--kills", 50, "How often the service is killed while it writes.");
var writers = CreateIntegerOption("--writers", 32, "How many write at once.");
var writes = CreateIntegerOption("--writes", 200, "How many writes each of them makes beside readers, when nothing is killed; 0 leaves that out.");
var seed = CreateIntegerOption("--seed", Random.Shared.Next(1_000_000), "What the moments follow from; a random one is printed.");

var rootCommand = new RootCommand("Kills the service amid writes, and has many write at once: nothing that was acknowledged may be lost.") { kills, writers, writes, seed };
rootCommand.SetAction(async (parsed, cancel) =>
{
    var folder = Directory.CreateTempSubdirectory("cooperation-faults-");
    try
    {
        var trial = await CrashTrial.Create(folder.FullName, parsed.GetValue(seed), parsed.GetValue(writers), cancel);
        await trial.KillRepeatedly(parsed.GetValue(kills), cancel);
        if (parsed.GetValue(writes) > 0)
            await trial.RunConcurrentWrites(parsed.GetValue(writes), cancel);
        return 0;
    }
    catch (CooperationApi.Bench.MeasurementException failure)
    {
        await Console.Error.WriteLineAsync(failure.Message);
        return 1;
    }
    finally
    {
        folder.Delete(recursive: true);
    }
});
return await rootCommand.Parse(args).InvokeAsync();

static Option<int> CreateIntegerOption(string name, int defaultValue, string description) =>
    new(name) { Description = description, DefaultValueFactory = _ => defaultValue, HelpName = "N" };
