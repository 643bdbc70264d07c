using System.Globalization;
using System.Reflection;
using System.Text.Json;
using System.Text.Json.Serialization;
using CooperationApi.Access;
using CooperationApi.Assistants;
using CooperationApi.Cli;
using CooperationApi.Features.ApiKeys;
using CooperationApi.Features.Changes;
using CooperationApi.Features.Citations;
using CooperationApi.Features.Exports;
using CooperationApi.Features.Import;
using CooperationApi.Features.Progress;
using CooperationApi.Features.Records;
using CooperationApi.Features.Search;
using CooperationApi.Features.Statistics;
using CooperationApi.Features.Status;
using CooperationApi.Features.Timeline;
using CooperationApi.Formats;
using CooperationApi.Http;
using CooperationApi.Http.OpenApi;
using CooperationApi.Http.Problems;
using CooperationApi.Pages;
using CooperationApi.Queries;
using CooperationApi.Resources;
using CooperationApi.Resources.Agreements;
using CooperationApi.Resources.Commitments;
using CooperationApi.Resources.CooperationGroups;
using CooperationApi.Resources.Indicators;
using CooperationApi.Resources.Meetings;
using CooperationApi.Resources.Officials;
using CooperationApi.Resources.Organizations;
using CooperationApi.Resources.Provinces;
using CooperationApi.Resources.Results;
using CooperationApi.Resources.Sources;
using CooperationApi.Resources.Statements;
using CooperationApi.Storage;
using CooperationApi.Telemetry;
using FluentValidation;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.Options;

// The culture of the machine must not affect the format of numbers or the language of validation messages.
CultureInfo.DefaultThreadCurrentCulture = CultureInfo.InvariantCulture;
// SQLite blocks the calling thread during disk access. With the default of one thread per processor, readers would wait for writers.
ThreadPool.GetMinThreads(out var workerThreads, out var completionPortThreads);
ThreadPool.SetMinThreads(2 * workerThreads, completionPortThreads);
// Validation errors use the JSON names of members.
ValidatorOptions.Global.PropertyNameResolver = (_, member, _) => member is null ? null
    : member.GetCustomAttribute<JsonPropertyNameAttribute>()?.Name ?? JsonNamingPolicy.CamelCase.ConvertName(member.Name);

// Without ICU, Unicode normalization silently does nothing, and Vietnamese names would be stored and compared incorrectly.
if ("e\u0302".Normalize() != "ê")
{
    await Console.Error.WriteLineAsync(
        "ICU is missing or InvariantGlobalization is set. Install ICU (Debian: libicu) and unset InvariantGlobalization.");
    return Cli.UsageError;
}

// Options are read once, at start, so the settings files need no watcher.
var builder = WebApplication.CreateBuilder(new WebApplicationOptions
{
    Args = ["--hostBuilder:reloadConfigOnChange=false", .. Cli.GetConfigurationArguments(args)],
    ContentRootPath = AppContext.BaseDirectory,
});
builder.AddConsoleLogging(useStandardError: Cli.IsCommand(args));
builder.AddTelemetry();

// Options: an unknown or invalid setting is an error at start.
builder.Services.AddValidatedOptions<StorageOptions>("Storage");
builder.Services.AddValidatedOptions<ChangesOptions>("Changes");
builder.Services.AddValidatedOptions<ExportsOptions>("Exports");
builder.Services.AddValidatedOptions<SelfCheckOptions>("SelfCheck");
builder.Services.AddValidatedOptions<AccessOptions>("Access");
builder.Services.AddValidatedOptions<LimitsOptions>("Limits");
builder.Services.AddValidatedOptions<OpenApiOptions>("OpenApi");
builder.Services.AddValidatedOptions<PagesOptions>("Pages");
builder.Services.AddValidatedOptions<McpOptions>("Mcp");
builder.Services.AddValidatedOptions<SecurityTxtOptions>("SecurityTxt");
builder.Services.AddOptions<KestrelServerOptions>().Configure<LimitsOptions>(ServerLimits.Configure);

// Services
builder.Services.AddSingleton(TimeProvider.System);
builder.Services.AddSingleton<RequestTimeout>();
builder.Services.AddAccess();
builder.Services.AddHealthChecks().AddCheck<StoreHealthCheck>("store");
builder.Services.AddSingleton<ApiKeyIssuer>();
builder.Services.AddSingleton<ApiKeyEndpoints>();
builder.Services.AddOpenApiDocument();
builder.Services.AddSingleton<SeedData>();
builder.Services.AddSingleton<RecordQueries>();
builder.Services.AddSingleton<RecordReadEndpoints>();
builder.Services.AddSingleton<RecordWriteEndpoints>();
builder.Services.AddSingleton<MergeEndpoints>();
builder.Services.AddSingleton<RedactionEndpoints>();
builder.Services.AddSingleton<RedactionPurge>();
builder.Services.AddHostedService(services => services.GetRequiredService<RedactionPurge>());
builder.Services.AddSingleton<RevisionReader>();
builder.Services.AddSingleton<RevisionEndpoints>();
builder.Services.AddSingleton<SearchQueries>();
builder.Services.AddSingleton<SearchReader>();
builder.Services.AddSingleton<SearchEndpoints>();
builder.Services.AddSingleton<SourceCitationReader>();
builder.Services.AddSingleton<SourceCitationEndpoints>();
builder.Services.AddSingleton<SourceVerifier>();
builder.Services.AddSingleton<SourceTextEndpoint>();
builder.Services.AddHostedService<StoredQuoteCheck>();
builder.Services.AddSingleton<StatusEndpoints>();
builder.Services.AddSingleton<StatisticsEndpoints>();
builder.Services.AddSingleton<ProvinceRelationsReader>();
builder.Services.AddSingleton<ProvinceRelationsEndpoint>();
builder.Services.AddSingleton<ProgressReader>();
builder.Services.AddSingleton<ProgressEndpoint>();
builder.Services.AddSingleton<TimelineQueries>();
builder.Services.AddSingleton<TimelineEndpoint>();
builder.Services.AddSingleton<ChangeFeed>();
builder.Services.AddSingleton<FeedFollowers>();
builder.Services.AddHostedService<ChangeLogCompaction>();
builder.Services.AddSingleton<ChangeEndpoints>();
builder.Services.AddSingleton<ExportDirectory>();
builder.Services.AddSingleton<ExportBuilder>();
builder.Services.AddSingleton<ExportScheduler>();
builder.Services.AddHostedService(services => services.GetRequiredService<ExportScheduler>());
builder.Services.AddSingleton<ExportEndpoints>();
builder.Services.AddSingleton<DigestCalculator>();
builder.Services.AddSingleton<DigestEndpoint>();
builder.Services.AddSingleton<FeedSelfCheck>();
builder.Services.AddHostedService(services => services.GetRequiredService<FeedSelfCheck>());
builder.Services.AddSingleton<BundleReader>();
builder.Services.AddSingleton<Importer>();
builder.Services.AddSingleton<ImportEndpoint>();
builder.Services.AddPages();
builder.Services.AddMcp();

// Resources, in import order. Register a new resource here.
builder.Services.AddSingleton(new ResourceCatalog(
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

// Commands that need no store, such as `--help`, do not open it.
builder.Services.AddSingleton<StoreInitializer>();
builder.Services.AddSingleton(services => services.GetRequiredService<StoreInitializer>().Database);

try
{
    await using var app = builder.Build();
    if (Cli.IsCommand(args))
        return await Cli.Run(args, app.Services);

    CommandLineSettings.RejectUnknown(args);
    Get<IStartupValidator>().Validate();
    var database = await Get<StoreInitializer>().Open();

    // Pipeline
    var access = Get<AccessOptions>();
    if (access.TrustedProxies.Length > 0)
        app.UseForwardedHeaders();
    app.UseMiddleware<IgnoredForwardingWarning>();
    app.UseMiddleware<PathBaseMiddleware>();
    app.UseMiddleware<RequestLogMiddleware>();
    app.Use(StandardHeaders.Set);
    if (app.HasPages())
        app.UsePageLanguage();
    app.UseMiddleware<ProblemMiddleware>();
    app.UseRouting();
    app.UseMiddleware<CanonicalPathMiddleware>();
    app.Use(OperationDeprecation.SetHeaders);
    app.UseVaryByOrigin(access);
    app.UseCors();
    app.UseMiddleware<UrlSecretMiddleware>();
    app.UseAuthenticationIfCredentials();
    app.UseMiddleware<RateLimitMiddleware>();
    app.UseMiddleware<CredentialMiddleware>();
    app.UseMiddleware<OptionsMiddleware>();
    app.UseSwaggerPage();
    app.UseAuthorization();
    // A response is not older than the last change before the request, also if another process made the change.
    app.UseWhen(context => context.Request.Path.StartsWithSegments("/v1"), branch => branch.Use(async (context, next) =>
    {
        await database.RefreshVersion();
        await next(context);
    }));

    // Routes, each in the group of its policy. Reads have no policy: they are open, or require a Reader if `Access:AllowAnonymousRead` is
    // false.
    var read = app.MapGroup("/v1");
    var editor = app.MapGroup("/v1").RequireAuthorization(Policies.Editor);
    var admin = app.MapGroup("/v1").RequireAuthorization(Policies.Admin);
    var (reads, writes, revisions) = (Get<RecordReadEndpoints>(), Get<RecordWriteEndpoints>(), Get<RevisionEndpoints>());
    var (merges, redactions, imports) = (Get<MergeEndpoints>(), Get<RedactionEndpoints>(), Get<ImportEndpoint>());
    var (search, timeline, statistics, relations) =
        (Get<SearchEndpoints>(), Get<TimelineEndpoint>(), Get<StatisticsEndpoints>(), Get<ProvinceRelationsEndpoint>());
    var progress = Get<ProgressEndpoint>();
    var (citations, texts) = (Get<SourceCitationEndpoints>(), Get<SourceTextEndpoint>());
    var (changes, digests, exports) = (Get<ChangeEndpoints>(), Get<DigestEndpoint>(), Get<ExportEndpoints>());
    var (keys, status) = (Get<ApiKeyEndpoints>(), Get<StatusEndpoints>());
    var cache = new ResponseCache(() => database.Version.Token, Get<RequestTimeout>());
    var dailyCache = new ResponseCache(() => statistics.DailyVersionToken, Get<RequestTimeout>());
    foreach (var resource in Get<ResourceCatalog>().All)
    {
        var (list, item) = (resource.Type, $"{resource.Type}/{{recordId}}");
        read.MapGetAndHead(list, cache.Cache(context => reads.List(context, resource), FileFormat.MediaTypes),
            reads.DescribeList(resource));
        read.MapGetAndHead(item, cache.Cache(context => reads.Get(context, resource)), reads.DescribeGet(resource));
        read.MapGetAndHead($"{item}/revisions", cache.Cache(context => revisions.List(context, resource.Type), FileFormat.MediaTypes),
            RevisionEndpoints.Describe(resource));
        foreach (var nested in resource.NestedLists)
        {
            read.MapGetAndHead($"{nested.ParentType}/{{recordId}}/{list}",
                cache.Cache(context => reads.List(context, resource, nested), FileFormat.MediaTypes),
                reads.DescribeNestedList(resource, nested));
        }
        editor.MapWrite(HttpMethod.Put, item, context => writes.Put(context, resource), writes.DescribePut(resource));
        editor.MapWrite(HttpMethod.Patch, item, context => writes.Patch(context, resource), writes.DescribePatch(resource));
        editor.MapWrite(HttpMethod.Delete, item, context => writes.Delete(context, resource),
            RecordWriteEndpoints.DescribeDelete(resource));
        editor.MapWrite(HttpMethod.Post, $"{item}/merge-into/{{targetId}}", context => merges.Merge(context, resource),
            merges.Describe(resource), hasTimeout: false);
        admin.MapWrite(HttpMethod.Post, $"{item}/redact", context => redactions.Redact(context, resource),
            RedactionEndpoints.Describe(resource));
    }
    read.MapGetAndHead("sources/{recordId}/citations", cache.Cache(citations.List, FileFormat.MediaTypes), citations.Describe());
    read.MapGetAndHead("provinces/{recordId}/relations", cache.Cache(relations.GetRelations), ProvinceRelationsEndpoint.Describe());
    foreach (var (type, singular, example) in ProgressEndpoint.Owners)
    {
        read.MapGetAndHead($"{type}/{{recordId}}/progress", cache.Cache(context => progress.Get(context, type)),
            ProgressEndpoint.Describe(type, singular, example));
    }
    read.MapGetAndHead("search", cache.Cache(search.Search, FileFormat.MediaTypes), search.DescribeSearch());
    read.MapGetAndHead("timeline", cache.Cache(timeline.GetTimeline, FileFormat.MediaTypes), TimelineEndpoint.Describe());
    foreach (var report in statistics.Reports)
    {
        read.MapGetAndHead($"statistics/{report.Name}",
            (report.DependsOnToday ? dailyCache : cache).Cache(context => statistics.GetStatistics(context, report)),
            report.Operation);
    }
    read.MapGetAndHead("changes", changes.WaitThen(cache.Cache(changes.List)), changes.DescribeList());
    read.MapGetAndHead("changes/head", cache.Cache(changes.GetHead), changes.DescribeHead());
    read.MapGetAndHead("changes/live", changes.StreamChanges, changes.DescribeLive());
    read.MapGetAndHead("mirror/digest", cache.Cache(digests.GetDigest), digests.Describe());
    read.MapGetAndHead("exports/latest", cache.Uncached(exports.GetLatest), exports.DescribeLatest());
    read.MapGetAndHead("exports/{exportId}/{fileName}", exports.GetFile, ExportEndpoints.DescribeFile());
    read.MapGetAndHead("status", cache.Uncached(status.GetStatus), status.DescribeStatus());
    editor.MapWrite(HttpMethod.Put, "sources/{recordId}/text", texts.Put, texts.Describe())
        .WithMetadata(new RequestSizeLimitAttribute(SourceTextEndpoint.MaxBytes));
    editor.MapWrite(HttpMethod.Post, "imports", imports.Import, imports.Describe(), hasTimeout: false)
        .WithMetadata(new DisableRequestSizeLimitAttribute());
    admin.MapGetAndHead("keys", cache.Uncached(keys.List), ApiKeyEndpoints.DescribeList());
    admin.MapGetAndHead("keys/{keyId}", cache.Uncached(keys.Get), ApiKeyEndpoints.DescribeGet());
    admin.MapWrite(HttpMethod.Post, "keys", keys.Create, ApiKeyEndpoints.DescribeCreate());
    admin.MapWrite(HttpMethod.Post, "keys/{keyId}/rotate", keys.Rotate, ApiKeyEndpoints.DescribeRotate());
    admin.MapWrite(HttpMethod.Delete, "keys/{keyId}", keys.Revoke, ApiKeyEndpoints.DescribeRevoke());
    app.MapOpenApiDocument();
    if (app.HasPages())
    {
        app.MapPages();
    }
    else
    {
        app.MapNoPages();
        app.MapRedirectToSwaggerPage();
    }
    app.MapSecurityTxt();
    app.MapMcp();
    var health = app.MapGroup(TelemetrySetup.HealthPath).AllowAnonymous().WithMetadata(new HttpMethodMetadata(["GET", "HEAD"]))
        .ForMonitoring();
    health.MapHealthChecks("live", StoreHealthCheck.Live).WithMetadata(StoreHealthCheck.DescribeLive());
    health.MapHealthChecks("ready", StoreHealthCheck.Ready).WithMetadata(StoreHealthCheck.DescribeReady());
    app.MapMetrics();
    ActivatorUtilities.CreateInstance<StartSummary>(app.Services).LogWhenStarted(app);
    return await Cli.RunServer(app);

    T Get<T>() where T : notnull => app.Services.GetRequiredService<T>();
}
catch (Exception exception) when (FatalError.Find(exception) is var (message, exitCode))
{
    await Console.Error.WriteLineAsync(message);
    return exitCode;
}
