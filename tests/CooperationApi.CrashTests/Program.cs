using System.CommandLine;
using System.Globalization;
using CooperationApi.Bench.Processes;
using CooperationApi.CrashTests;

CultureInfo.DefaultThreadCurrentCulture = CultureInfo.CurrentCulture = CultureInfo.InvariantCulture;

var kills = CreateIntegerOption("--kills", 50, "Number of times the service is killed during writes.");
var postgreSql = new Option<bool>("--postgresql")
{ Description = "Two instances of the service on a private PostgreSQL server, which is killed too; instead of SQLite." };
var writers = CreateIntegerOption("--writers", 32, "Number of concurrent writers.");
var writes = CreateIntegerOption("--writes", 200, "Writes per writer in the run without kills; 0 skips it.");
var mirrors = CreateIntegerOption("--mirrors", 0,
    "Number of mirrors that cooperation-sync keeps during the writes, each followed by reads at all instances; instead of kills.");
var powerLosses = CreateIntegerOption("--power-losses", 0, "Number of simulated power losses, instead of kills; needs `strace`.");
var skipUntraceable = new Option<bool>("--skip-untraceable")
{ Description = "Succeeds without a trial of at most 5 power losses if strace may not trace a process here; prints the reason." };
var worstRequests = CreateIntegerOption("--worst-requests", 0,
    "Number of random requests, after each parameter alone, in a search for the most expensive one under a heap limit; instead of kills.");
var maxSeconds = CreateIntegerOption("--max-seconds", 5, "Maximum duration of one request of --worst-requests.");
var records = CreateIntegerOption("--records", 20_000, "Generated records for --worst-requests.");
var seed = CreateIntegerOption("--seed", Random.Shared.Next(1_000_000), "Random seed; a random one is chosen and printed.");

var rootCommand = new RootCommand("Kills the service during writes and runs many concurrent writers; no acknowledged write may be lost.")
    { kills, postgreSql, writers, writes, mirrors, powerLosses, skipUntraceable, worstRequests, maxSeconds, records,
        seed };
rootCommand.SetAction(async (parsed, cancel) =>
{
    var folder = Directory.CreateTempSubdirectory("cooperation-crash-");
    try
    {
        if (parsed.GetValue(powerLosses) > 0)
            return await PowerLossTrial.Run(folder.FullName, parsed.GetValue(seed), parsed.GetValue(powerLosses),
                parsed.GetValue(skipUntraceable), cancel);
        if (parsed.GetValue(worstRequests) > 0)
        {
            await WorstRequestTrial.Run(folder.FullName, parsed.GetValue(seed), parsed.GetValue(records), parsed.GetValue(worstRequests),
                TimeSpan.FromSeconds(parsed.GetValue(maxSeconds)), cancel);
            return 0;
        }
        Console.WriteLine($"Seed {parsed.GetValue(seed)}. Publishing the service.");
        var service = await PublishedService.Publish(Path.Combine(folder.FullName, "service"), cancel);
        await using TrialStore store = parsed.GetValue(postgreSql)
            ? await PostgreSqlTrialStore.Create(service, folder.FullName, cancel)
            : new SqliteTrialStore(service, Path.Combine(folder.FullName, "cooperation.db"));
        var key = await store.CreateKey(cancel);
        List<Writer> allWriters = [.. Enumerable.Range(1, parsed.GetValue(writers)).Select(i => new Writer($"{i}", key))];
        if (parsed.GetValue(mirrors) > 0)
        {
            var sync = await SyncTool.Publish(Path.Combine(folder.FullName, "sync"), cancel);
            await new MirrorTrial(store, sync, folder.FullName, allWriters).Run(parsed.GetValue(writes), parsed.GetValue(mirrors), cancel);
            return 0;
        }
        var trial = new CrashTrial(store, new(parsed.GetValue(seed)), allWriters);
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
