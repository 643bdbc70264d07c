using System.Data.Common;
using System.Globalization;
using System.Reflection;
using System.Text.Json;
using System.Text.Json.Serialization;
using CooperationApi;
using CooperationApi.Access;
using CooperationApi.Agreements;
using CooperationApi.Changes;
using CooperationApi.Commitments;
using CooperationApi.CooperationGroups;
using CooperationApi.Document;
using CooperationApi.Editing;
using CooperationApi.Exports;
using CooperationApi.History;
using CooperationApi.Http;
using CooperationApi.Import;
using CooperationApi.Indicators;
using CooperationApi.Keys;
using CooperationApi.Meetings;
using CooperationApi.Mirror;
using CooperationApi.Officials;
using CooperationApi.Organizations;
using CooperationApi.Provinces;
using CooperationApi.Resources;
using CooperationApi.Results;
using CooperationApi.Search;
using CooperationApi.Sources;
using CooperationApi.Statements;
using CooperationApi.Statistics;
using CooperationApi.Status;
using CooperationApi.Storage;
using CooperationApi.Timeline;
using CooperationApi.Verbs;
using FluentValidation;
using Microsoft.AspNetCore.Connections;

// The server's own language decides nothing: not how numbers are written, not in which language faults are explained.
CultureInfo.DefaultThreadCurrentCulture = CultureInfo.InvariantCulture;
// SQLite works, and waits for the disk, on the thread that asks it. With one thread a processor, who reads would wait for who writes.
ThreadPool.GetMinThreads(out var workers, out var ports);
ThreadPool.SetMinThreads(2 * workers, ports);
// Rules speak of members by their names on the wire.
ValidatorOptions.Global.PropertyNameResolver = (_, member, _) => member is null ? null
    : member.GetCustomAttribute<JsonPropertyNameAttribute>()?.Name ?? JsonNamingPolicy.CamelCase.ConvertName(member.Name);

// Without ICU, Unicode normalisation silently does nothing, and every Vietnamese name would be kept and compared wrongly.
if ("e\u0302".Normalize() != "ê")
{
    await Console.Error.WriteLineAsync("This machine has no ICU library (Debian: libicu), or InvariantGlobalization is set. Vietnamese text needs it.");
    return Verbs.Misused;
}

var builder = WebApplication.CreateBuilder(new WebApplicationOptions { Args = Verbs.SettingsIn(args), ContentRootPath = AppContext.BaseDirectory });
builder.WebHost.ConfigureKestrel((context, kestrel) =>
{
    kestrel.AddServerHeader = false;
    kestrel.Limits.Limit(context.Configuration.Read<LimitOptions>("Limits"));
});
builder.AddLogs(toError: Verbs.AreMeantBy(args));

// The rooms
builder.Services.AddSingleton(TimeProvider.System);
builder.Services.AddPipeline();
builder.Services.AddSingleton(_ => builder.Configuration.Read<LimitOptions>("Limits"));
builder.Services.AddSingleton(_ => builder.Configuration.Read<AccessOptions>("Access"));
builder.Services.AddAccess();
builder.Services.AddSingleton<KeyDesk>();
builder.Services.AddSingleton<KeyEndpoints>();
builder.Services.AddDocument();
builder.Services.AddSingleton<FoundingContent>();
builder.Services.AddSingleton<ResourceStore>();
builder.Services.AddSingleton<ResourceEndpoints>();
builder.Services.AddSingleton<RecordEdits>();
builder.Services.AddSingleton<Merges>();
builder.Services.AddSingleton<Redactions>();
builder.Services.AddSingleton<Erasure>();
builder.Services.AddHostedService(services => services.GetRequiredService<Erasure>());
builder.Services.AddSingleton<Revisions>();
builder.Services.AddSingleton<SearchStore>();
builder.Services.AddSingleton<SearchEndpoints>();
builder.Services.AddSingleton<SourceCitations>();
builder.Services.AddSingleton<SourceVerification>();
builder.Services.AddSingleton<SourceTexts>();
builder.Services.AddSingleton<StatusEndpoints>();
builder.Services.AddSingleton<StatisticsEndpoints>();
builder.Services.AddSingleton<Relations>();
builder.Services.AddSingleton<TimelineStore>();
builder.Services.AddSingleton<TimelineEndpoint>();
builder.Services.AddSingleton(_ => builder.Configuration.Read<ChangeOptions>("Changes"));
builder.Services.AddSingleton<Feed>();
builder.Services.AddHostedService<Retention>();
builder.Services.AddSingleton<ChangeEndpoints>();
builder.Services.AddSingleton(_ => builder.Configuration.Read<ExportOptions>("Exports"));
builder.Services.AddSingleton<ExportShelf>();
builder.Services.AddSingleton<ExportBuilder>();
builder.Services.AddSingleton<Exporting>();
builder.Services.AddHostedService(services => services.GetRequiredService<Exporting>());
builder.Services.AddSingleton<ExportEndpoints>();
builder.Services.AddSingleton<MirrorDigests>();
builder.Services.AddSingleton<MirrorEndpoint>();
builder.Services.AddSingleton(_ => builder.Configuration.Read<MirrorOptions>("Mirror"));
builder.Services.AddSingleton<SelfCheck>();
builder.Services.AddHostedService(services => services.GetRequiredService<SelfCheck>());
builder.Services.AddSingleton<BundleReader>();
builder.Services.AddSingleton<Importer>();
builder.Services.AddSingleton<ImportEndpoint>();

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
builder.Services.AddSingleton(_ => builder.Configuration.Read<StorageOptions>("Storage"));
builder.Services.AddSingleton(services => Database.Open(
    services.GetRequiredService<StorageOptions>(),
    services.GetRequiredService<TimeProvider>(),
    services.GetRequiredService<Catalog>().Derive,
    services.GetRequiredService<Importer>().Seed).GetAwaiter().GetResult());

try
{
    await using var app = builder.Build();
    if (Verbs.AreMeantBy(args))
        return await Verbs.Run(args, app.Services);

    Settings.CheckArguments(args);
    app.Services.GetRequiredService<Database>();
    app.UseAccess();
    ResourceEndpoints.Map(app.MapGroup("/v1"));
    RecordEdits.Map(app.MapGroup("/v1"));
    ImportEndpoint.Map(app.MapGroup("/v1"));
    Merges.Map(app.MapGroup("/v1"));
    Redactions.Map(app.MapGroup("/v1"));
    Revisions.Map(app.MapGroup("/v1"));
    ChangeEndpoints.Map(app.MapGroup("/v1"));
    ExportEndpoints.Map(app.MapGroup("/v1"));
    MirrorEndpoint.Map(app.MapGroup("/v1"));
    SearchEndpoints.Map(app.MapGroup("/v1"));
    SourceCitations.Map(app.MapGroup("/v1"));
    SourceTexts.Map(app.MapGroup("/v1"));
    StatisticsEndpoints.Map(app.MapGroup("/v1"));
    Relations.Map(app.MapGroup("/v1"));
    TimelineEndpoint.Map(app.MapGroup("/v1"));
    KeyEndpoints.Map(app.MapGroup("/v1"));
    StatusEndpoints.Map(app);
    app.MapDocument();
    await app.RunAsync();
    return Verbs.Success;
}
catch (SettingsRefusedException refused)
{
    await Console.Error.WriteLineAsync($"The settings can't be followed: {refused.Message}");
    return Verbs.Misused;
}
catch (Exception exception) when (exception is FormatException || exception.InnerException is AddressInUseException)
{
    await Console.Error.WriteLineAsync($"The address can't be served: {exception.Message}");
    return Verbs.Misused;
}
catch (FenceException exception)
{
    await Console.Error.WriteLineAsync(exception.Message);
    return Verbs.StoreRefused;
}
catch (DbException exception)
{
    await Console.Error.WriteLineAsync($"The store failed, and nothing was changed: {exception.Message}");
    return Verbs.StoreRefused;
}
catch (StoreRefusedException refused)
{
    await Console.Error.WriteLineAsync($"The store can't be used: {refused.Message}");
    return Verbs.StoreRefused;
}
