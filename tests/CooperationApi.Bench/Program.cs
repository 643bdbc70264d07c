using System.CommandLine;
using System.Globalization;
using CooperationApi.Bench;

// Figures are written alike on every machine.
CultureInfo.DefaultThreadCurrentCulture = CultureInfo.CurrentCulture = CultureInfo.InvariantCulture;

var rounds = CreateIntegerOption("--rounds", 5, "How often each route is loaded, on the service and on the bare handler in turn.");
var seconds = CreateIntegerOption("--seconds", 4, "How long each round is.");
var warmUp = CreateIntegerOption("--warm-up", 4, "How many seconds each side is loaded before its first round.");
var starts = CreateIntegerOption("--starts", 5, "How often the service is started on the seeded store.");
var rows = CreateIntegerOption("--rows", 100_000, "How many records are generated and imported; 0 leaves out all that needs them.");
var seed = CreateIntegerOption("--seed", 2019, "What the generated records follow from: equal seeds make equal records.");
var minRatio = new Option<double>("--ratio-at-least")
{
    Description = "Fail when the item, the list page or a 304 has a lower ratio.",
    HelpName = "R",
};

var importsOnly = new Option<bool>("--imports")
{
    Description = "Measures nothing but importing so many generated records.",
};

var syncStore = new Option<FileInfo>("--copies-of")
{
    Description = "Measures nothing but copying this store, which gets some thousand changes by it.",
    HelpName = "STORE",
};

var bench = new RootCommand("Measures the service beside a bare Kestrel handler that writes the same bytes.")
{
    rounds, seconds, warmUp, starts, rows, seed, minRatio, importsOnly, syncStore, BareHandler.Command,
};
bench.SetAction((parsed, cancel) => new Benchmark(new()
{
    Rounds = parsed.GetValue(rounds),
    RoundDuration = TimeSpan.FromSeconds(parsed.GetValue(seconds)),
    WarmUpDuration = TimeSpan.FromSeconds(parsed.GetValue(warmUp)),
    StartCount = parsed.GetValue(starts),
    RecordCount = parsed.GetValue(rows),
    Seed = parsed.GetValue(seed),
    IsImportsOnly = parsed.GetValue(importsOnly),
    SyncStorePath = parsed.GetValue(syncStore)?.FullName,
    MinRatio = parsed.GetValue(minRatio),
}).Run(cancel));
return await bench.Parse(args).InvokeAsync();

static Option<int> CreateIntegerOption(string name, int defaultValue, string description) =>
    new(name) { Description = description, DefaultValueFactory = _ => defaultValue, HelpName = "N" };
