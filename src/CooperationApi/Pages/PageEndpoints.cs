using System.Text.Unicode;
using CooperationApi.Contracts;
using CooperationApi.Http;
using CooperationApi.Http.Problems;
using CooperationApi.Pages.Charts;
using CooperationApi.Resources;

namespace CooperationApi.Pages;

/// <summary>The routes of the pages for people.</summary>
internal static class PageEndpoints
{
    /// <summary>Adds the services of the pages.</summary>
    public static void AddPages(this IServiceCollection services)
    {
        services.AddLocalization();
        services.AddOptions<RequestLocalizationOptions>().Configure(PageLanguage.Configure);
        // Without it, each Vietnamese letter with a diacritic would be a character reference of eight bytes.
        services.AddWebEncoders(options => options.TextEncoderSettings = new(UnicodeRanges.All));
        services.AddScoped<PageContext>();
        services.AddSingleton<PageQueries>();
        services.AddSingleton<PageResponder>();
        services.AddSingleton<IProblemPage>(provider => provider.GetRequiredService<PageResponder>());
    }

    /// <summary>Returns true if the pages are shown: they are enabled, and reading needs no key.</summary>
    public static bool HasPages(this WebApplication app) => app.Services.GetRequiredService<PageResponder>().IsEnabled;

    /// <summary>Selects the language of pages. The errors of the later middleware are in this language too.</summary>
    public static void UsePageLanguage(this WebApplication app) =>
        app.UseWhen(context => PageResponder.IsPagePath(context.Request.Path), branch => branch.UseRequestLocalization());

    /// <summary>Maps the pages.</summary>
    public static void MapPages(this WebApplication app)
    {
        var responder = app.Services.GetRequiredService<PageResponder>();
        var pages = app.MapGroup("").WithMetadata(new PageRouteAttribute());
        pages.MapGetAndHead("/", responder.Show<HomePage, HomePage.Home>(HomePage.Read));
        pages.MapGetAndHead("/search", responder.Show<SearchResultsPage, SearchResultsPage.Results>(SearchResultsPage.Read));
        pages.MapGetAndHead("/pairs", responder.Show<ProvincePairsPage, EraContacts>(ProvincePairsPage.Read));
        pages.MapGetAndHead("/about", responder.Show<AboutPage, AboutPage.About>(AboutPage.Read));
        pages.MapGetAndHead(IProblemPage.GetCodePath("{code}"),
            responder.Show<ProblemCodePage, ProblemCodePage.ProblemCode>(ProblemCodePage.Read));
        foreach (var resource in app.Services.GetRequiredService<ResourceCatalog>().All)
        {
            var (type, item) = (resource.Type, $"/{resource.Type}/{{recordId}}");
            pages.MapGetAndHead($"/{type}", responder.Show<RecordListPage, RecordListPage.Listing>(
                reader => RecordListPage.Read(reader, resource)));
            pages.MapGetAndHead(item, SelectState(ShowRecord(responder, type),
                responder.ShowFormerState<RecordDetailsPage, RecordDetailsPage.Details>(resource, RecordDetailsPage.ShowFormerState)));
            pages.MapGetAndHead($"{item}/citation.bib", SendState<BibTexFile>(responder, resource));
            pages.MapGetAndHead($"{item}/citation.json", SendState<CslJsonFile>(responder, resource));
            pages.MapGetAndHead($"{item}/history", responder.Show<HistoryPage, HistoryPage.History>(
                reader => HistoryPage.Read(reader, type)));
        }
        pages.MapGetAndHead($"/{ResourceTypes.Provinces}/{{recordId}}/with/{{otherId}}",
            responder.ShowRecord<ProvincePairPage, ProvincePairPage.Cooperation>(ResourceTypes.Provinces,
                (reader, record) => ProvincePairPage.Read(reader, (Province)record)));
        pages.MapGetAndHead(AtomFeed.Path, responder.Send<AtomFeed, AtomFeed.LatestChanges>(AtomFeed.Read));
        pages.MapGetAndHead($"/{ResourceTypes.Provinces}/{{recordId}}{AtomFeed.Path}",
            responder.SendRecord<AtomFeed, AtomFeed.LatestChanges>(ResourceTypes.Provinces,
                (reader, record) => AtomFeed.Read(reader, (Province)record)));
        pages.MapGetAndHead(SitemapIndex.Path, responder.Send<SitemapIndex, IReadOnlyList<long>>(reader => reader.ListParts()));
        pages.MapGetAndHead(Sitemap.OverviewPath, responder.Send<Sitemap, Sitemap.Part>(Sitemap.ReadOverview));
        pages.MapGetAndHead("/sitemap-{part:int}.xml", responder.Send<Sitemap, Sitemap.Part>(
            reader => Sitemap.Read(reader, reader.GetPart())));
        pages.MapGetAndHead(RobotsFile.Path, responder.Send<RobotsFile, RobotsFile.Rules>(_ => Task.FromResult(new RobotsFile.Rules())));
        pages.MapPageAssets();
    }

    /// <summary>Maps `robots.txt` of a service without pages.</summary>
    public static void MapNoPages(this WebApplication app) =>
        app.MapGroup("").AllowAnonymous().MapGetAndHead(RobotsFile.Path, RobotsFile.ExcludeAll());

    private static RequestDelegate SendState<TFile>(PageResponder responder, Resource resource) where TFile : IPageFile<RecordState> =>
        SelectState(
            responder.SendRecord<TFile, RecordState>(resource.Type,
                (reader, record) => Task.FromResult(reader.GetState(resource.Type, record))),
            responder.SendFormerState<TFile, RecordState>(resource, state => state));

    // A former state is selected by the parameter `revision`.
    private static RequestDelegate SelectState(RequestDelegate current, RequestDelegate former) =>
        context => context.Request.Query.ContainsKey("revision") ? former(context) : current(context);

    private static RequestDelegate ShowRecord(PageResponder responder, string type) => type switch
    {
        ResourceTypes.Provinces => responder.ShowRecord<ProvincePage, ProvincePage.Profile>(type,
            (reader, record) => ProvincePage.Read(reader, (Province)record)),
        ResourceTypes.Sources => responder.ShowRecord<SourcePage, SourcePage.CitedFacts>(type,
            (reader, record) => SourcePage.Read(reader, (Source)record)),
        "meetings" => responder.ShowRecord<MeetingPage, MeetingPage.Proceedings>(type,
            (reader, record) => MeetingPage.Read(reader, (Meeting)record)),
        "agreements" => responder.ShowRecord<AgreementPage, AgreementPage.Outcome>(type,
            (reader, record) => AgreementPage.Read(reader, (Agreement)record)),
        "officials" => responder.ShowRecord<OfficialPage, OfficialPage.Profile>(type,
            (reader, record) => OfficialPage.Read(reader, (Official)record)),
        "organizations" => responder.ShowRecord<OrganizationPage, OrganizationPage.Profile>(type,
            (reader, record) => OrganizationPage.Read(reader, (Organization)record)),
        "commitments" => responder.ShowRecord<CommitmentPage, CommitmentPage.Outcome>(type,
            (reader, record) => CommitmentPage.Read(reader, (Commitment)record)),
        ResourceTypes.CooperationGroups => responder.ShowRecord<CooperationGroupPage, CooperationGroupPage.Outcome>(type,
            (reader, record) => CooperationGroupPage.Read(reader, (CooperationGroup)record)),
        _ => responder.ShowRecord<RecordDetailsPage, RecordDetailsPage.Details>(type,
            (reader, record) => RecordDetailsPage.Read(reader, type, record)),
    };
}
