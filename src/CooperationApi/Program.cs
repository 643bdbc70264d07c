using System.Globalization;
using CooperationApi.Access;
using CooperationApi.Agreements;
using CooperationApi.Commitments;
using CooperationApi.CooperationGroups;
using CooperationApi.Document;
using CooperationApi.Http;
using CooperationApi.Import;
using CooperationApi.Indicators;
using CooperationApi.Meetings;
using CooperationApi.Officials;
using CooperationApi.Organizations;
using CooperationApi.Provinces;
using CooperationApi.Resources;
using CooperationApi.Results;
using CooperationApi.Sources;
using CooperationApi.Statements;
using CooperationApi.Status;
using CooperationApi.Storage;
using CooperationApi.Verbs;

// The server's own language decides nothing: not how numbers are written, not in which language faults are explained.
CultureInfo.DefaultThreadCurrentCulture = CultureInfo.InvariantCulture;

var builder = WebApplication.CreateBuilder(new WebApplicationOptions { Args = args, ContentRootPath = AppContext.BaseDirectory });
builder.WebHost.ConfigureKestrel(kestrel => kestrel.AddServerHeader = false);
builder.AddLogs();

// The rooms
builder.Services.AddSingleton(TimeProvider.System);
builder.Services.AddPipeline();
builder.Services.AddSingleton(builder.Configuration.GetSection("Limits").Get<LimitOptions>() ?? new());
builder.Services.AddSingleton<RateLimits>();
builder.Services.AddDocument();
builder.Services.AddSingleton<FoundingContent>();
builder.Services.AddSingleton<ResourceStore>();
builder.Services.AddSingleton<ResourceEndpoints>();
builder.Services.AddSingleton<SourceCitations>();
builder.Services.AddSingleton<SourceVerification>();
builder.Services.AddSingleton<StatusEndpoints>();
builder.Services.AddSingleton<BundleReader>();
builder.Services.AddSingleton<Importer>();

// The resources, in the order in which they are imported: a new one is a line here
builder.Services.AddSingleton(new Catalog(
    new SourceResource(),
    new ProvinceResource(),
    new OrganizationResource(),
    new OfficialResource(),
    new MeetingResource(),
    new AgreementResource(),
    new CooperationGroupResource(),
    new CommitmentResource(),
    new ResultResource(),
    new IndicatorResource(),
    new StatementResource()));

// The store: opened when first asked for, so that `--help` needs none
builder.Services.AddSingleton(builder.Configuration.GetSection("Storage").Get<StorageOptions>() ?? new());
builder.Services.AddSingleton(services => Database.Open(
    services.GetRequiredService<StorageOptions>(),
    services.GetRequiredService<TimeProvider>(),
    services.GetRequiredService<Importer>().Seed).GetAwaiter().GetResult());

await using var app = builder.Build();
try
{
    if (Verbs.AreMeantBy(args))
        return await Verbs.Run(args, app.Services);

    app.Services.GetRequiredService<Database>();
    app.UsePipeline(app.Services.GetRequiredService<RateLimits>().Invoke);
    ResourceEndpoints.Map(app.MapGroup("/v1"));
    SourceCitations.Map(app.MapGroup("/v1"));
    StatusEndpoints.Map(app);
    app.MapDocument();
    await app.RunAsync();
    return Verbs.Success;
}
catch (StoreRefusedException refused)
{
    await Console.Error.WriteLineAsync($"The store can't be used: {refused.Message}");
    return Verbs.StoreRefused;
}
