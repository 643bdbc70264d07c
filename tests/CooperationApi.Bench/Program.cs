using System.CommandLine;
using System.Globalization;
using CooperationApi.Bench;

// Figures are written alike on every machine.
CultureInfo.DefaultThreadCurrentCulture = CultureInfo.CurrentCulture = CultureInfo.InvariantCulture;

var rounds = Number("--rounds", 5, "How often each route is loaded, on the service and on the bare handler in turn.");
var seconds = Number("--seconds", 4, "How long each round is.");
var warmUp = Number("--warm-up", 4, "How many seconds each side is loaded before its first round.");
var starts = Number("--starts", 5, "How often the service is started on the seeded store.");
var rows = Number("--rows", 100_000, "How many records are generated and imported; 0 leaves out all that needs them.");
var seed = Number("--seed", 2019, "What the generated records follow from: equal seeds make equal records.");
var least = new Option<double>("--ratio-at-least")
{
    Description = "Fail when the item, the list page or a 304 has a lower ratio.",
    HelpName = "R",
};

var importsOnly = new Option<bool>("--imports")
{
    Description = "Measures nothing but importing so many generated records.",
};

var copiesOf = new Option<FileInfo>("--copies-of")
{
    Description = "Measures nothing but copying this store, which gets some thousand changes by it.",
    HelpName = "STORE",
};

var bench = new RootCommand("Measures the service beside a bare Kestrel handler that writes the same bytes.")
{
    rounds, seconds, warmUp, starts, rows, seed, least, importsOnly, copiesOf, BareHandler.Command,
};
bench.SetAction((parsed, cancel) => new Bench(new()
{
    Rounds = parsed.GetValue(rounds),
    Round = TimeSpan.FromSeconds(parsed.GetValue(seconds)),
    WarmUp = TimeSpan.FromSeconds(parsed.GetValue(warmUp)),
    Starts = parsed.GetValue(starts),
    Rows = parsed.GetValue(rows),
    Seed = parsed.GetValue(seed),
    ImportsOnly = parsed.GetValue(importsOnly),
    CopiesOf = parsed.GetValue(copiesOf)?.FullName,
    RatioAtLeast = parsed.GetValue(least),
}).Run(cancel));
return await bench.Parse(args).InvokeAsync();

static Option<int> Number(string name, int usual, string description) =>
    new(name) { Description = description, DefaultValueFactory = _ => usual, HelpName = "N" };
