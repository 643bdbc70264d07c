using System.CommandLine;
using System.Globalization;
using CooperationApi.Faults;

CultureInfo.DefaultThreadCurrentCulture = CultureInfo.CurrentCulture = CultureInfo.InvariantCulture;

var kills = Number("--kills", 50, "How often the service is killed while it writes.");
var writers = Number("--writers", 32, "How many write at once.");
var writes = Number("--writes", 200, "How many writes each of them makes beside readers, when nothing is killed; 0 leaves that out.");
var seed = Number("--seed", Random.Shared.Next(1_000_000), "What the moments follow from; a random one is printed.");

var faults = new RootCommand("Kills the service amid writes, and has many write at once: nothing that was acknowledged may be lost.") { kills, writers, writes, seed };
faults.SetAction(async (parsed, cancel) =>
{
    var folder = Directory.CreateTempSubdirectory("cooperation-faults-");
    try
    {
        var trial = await Trial.Begin(folder.FullName, parsed.GetValue(seed), parsed.GetValue(writers), cancel);
        await trial.Kill(parsed.GetValue(kills), cancel);
        if (parsed.GetValue(writes) > 0)
            await trial.Crowd(parsed.GetValue(writes), cancel);
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
return await faults.Parse(args).InvokeAsync();

static Option<int> Number(string name, int usual, string description) =>
    new(name) { Description = description, DefaultValueFactory = _ => usual, HelpName = "N" };
