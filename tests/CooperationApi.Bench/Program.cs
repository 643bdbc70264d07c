using System.CommandLine;
using System.Globalization;
using CooperationApi.Bench;

// The report has the same number format on every machine.
CultureInfo.DefaultThreadCurrentCulture = CultureInfo.CurrentCulture = CultureInfo.InvariantCulture;

var rounds = CreateIntegerOption("--rounds", 5, "Rounds per route, alternating between service and bare handler.");
var seconds = CreateIntegerOption("--seconds", 4, "Seconds per round.");
var warmUp = CreateIntegerOption("--warm-up", 4, "Warm-up seconds per side before its first round.");
var starts = CreateIntegerOption("--starts", 5, "Number of starts on the seeded store.");
var rows = CreateIntegerOption("--rows", 100_000, "Number of records to generate and import; 0 skips everything that needs them.");
var seed = CreateIntegerOption("--seed", 2019, "Seed of the generated records; equal seeds give equal records.");
var minRatio = new Option<double>("--min-ratio")
{
    Description = "Fail if the ratio of the item, list page or 304 routes is lower.",
    HelpName = "R",
};

var importsOnly = new Option<bool>("--imports-only")
{
    Description = "Measure only the import of generated records.",
};

var filtersOnly = new Option<bool>("--filters-only")
{
    Description = "Measure only the filters, sort orders and statistics of generated records.",
};

var syncStore = new Option<FileInfo>("--sync-of")
{
    Description = "Measure only exporting and syncing this store. Writes a few thousand changes to it.",
    HelpName = "STORE",
};

var postgreSql = new Option<string>("--postgresql")
{
    Description = "Compare SQLite with this PostgreSQL server side by side: import, reads, search, and the bytes of the responses. The "
        + "connection string has no database; the benchmark creates one and drops it.",
    HelpName = "CONNECTION",
};

var bench = new RootCommand("Benchmarks the service side by side with a bare Kestrel handler that writes the same bytes.")
{
    rounds, seconds, warmUp, starts, rows, seed, minRatio, importsOnly, filtersOnly, syncStore, postgreSql, BareHandler.Command,
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
    IsFiltersOnly = parsed.GetValue(filtersOnly),
    SyncStorePath = parsed.GetValue(syncStore)?.FullName,
    PostgreSqlServer = parsed.GetValue(postgreSql),
    MinRatio = parsed.GetValue(minRatio),
}).Run(cancel));
return await bench.Parse(args).InvokeAsync();

static Option<int> CreateIntegerOption(string name, int defaultValue, string description) =>
    new(name) { Description = description, DefaultValueFactory = _ => defaultValue, HelpName = "N" };
