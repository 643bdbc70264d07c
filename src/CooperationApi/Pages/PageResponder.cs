using System.Data.Common;
using System.Text;
using CooperationApi.Access;
using CooperationApi.Contracts;
using CooperationApi.Features.Records;
using CooperationApi.Http;
using CooperationApi.Http.Problems;
using CooperationApi.Queries;
using CooperationApi.Resources;
using CooperationApi.Storage;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Web;

namespace CooperationApi.Pages;

/// <summary>
/// Reads and renders pages, and caches them like responses of the API: `RazorComponentResult` would write to the response, without entity
/// tag and compression.
/// </summary>
internal sealed class PageResponder(Database database, PageQueries queries, RequestTimeout requestTimeout, PagesOptions options,
    AccessOptions access, ILoggerFactory loggers) : IProblemPage
{
    // Scripts, styles and pictures come from this service only, and there are no inline ones.
    private const string ContentSecurityPolicy = "default-src 'none'; style-src 'self'; script-src 'self'; connect-src 'self'; "
        + "img-src 'self' data:; form-action 'self'; base-uri 'none'; frame-ancestors 'none'";

    private static readonly string[] OtherPaths = ["/v1", "/swagger", "/health", "/mcp", "/metrics", "/assets"];

    /// <summary>True if the pages are shown: they are enabled, and reading needs no key.</summary>
    public bool IsEnabled => options.Enabled && access.AllowAnonymousRead;

    private readonly ResponseCache cache = new(() => database.Version.Token, requestTimeout);

    /// <summary>Returns true if the path is not one of the API, its documentation and the operation of the service.</summary>
    public static bool IsPagePath(PathString path) => !OtherPaths.Any(other => path.StartsWithSegments(other));

    /// <summary>Creates the endpoint of a page, whose content is read on one snapshot.</summary>
    public RequestDelegate Show<TPage, TContent>(Func<PageReader, Task<TContent>> read)
        where TPage : ContentPage<TContent> where TContent : notnull =>
        Respond((context, connection) => Read(context, connection, read, RenderPage<TPage, TContent>()));

    /// <summary>
    /// Creates the endpoint of a page about the record in the path. A merged record is a redirect (308), also for the pages under it.
    /// </summary>
    public RequestDelegate ShowRecord<TPage, TContent>(string type, Func<PageReader, Record, Task<TContent>> read)
        where TPage : ContentPage<TContent> where TContent : notnull =>
        RespondWithRecord(type, read, RenderPage<TPage, TContent>());

    /// <summary>Creates the endpoint of a page about a former state of the record in the path, by the parameter `revision`.</summary>
    public RequestDelegate ShowFormerState<TPage, TContent>(Resource resource, Func<RecordState, TContent> create)
        where TPage : ContentPage<TContent> where TContent : notnull =>
        RespondWithFormerState(resource, create, RenderPage<TPage, TContent>());

    /// <summary>Creates the endpoint of a file, whose content is read on one snapshot.</summary>
    public RequestDelegate Send<TFile, TContent>(Func<PageReader, Task<TContent>> read) where TFile : IPageFile<TContent> =>
        Respond((context, connection) => Read(context, connection, read, WriteFile<TFile, TContent>()));

    /// <summary>Creates the endpoint of a file about the record in the path. A merged record is a redirect (308).</summary>
    public RequestDelegate SendRecord<TFile, TContent>(string type, Func<PageReader, Record, Task<TContent>> read)
        where TFile : IPageFile<TContent> =>
        RespondWithRecord(type, read, WriteFile<TFile, TContent>());

    /// <summary>Creates the endpoint of a file about a former state of the record in the path, by the parameter `revision`.</summary>
    public RequestDelegate SendFormerState<TFile, TContent>(Resource resource, Func<RecordState, TContent> create)
        where TFile : IPageFile<TContent> =>
        RespondWithFormerState(resource, create, WriteFile<TFile, TContent>());

    public bool IsRequested(HttpContext context) => IsEnabled && IsPagePath(context.Request.Path)
        && (context.GetEndpoint()?.Metadata.GetMetadata<PageRouteAttribute>() is not null
            || context.Request.GetTypedHeaders().Accept.Any(range => range.MediaType == "text/html"));

    public Language GetLanguage(HttpContext context) => PageLanguage.Get(context);

    public async Task<byte[]> Render(HttpContext context, Problem problem)
    {
        SetHeaders(context);
        context.RequestServices.GetRequiredService<PageContext>().SetRequest(context);
        return await Render<ProblemPage, Problem>(context, problem);
    }

    /// <summary>Creates the response from what was read. The snapshot is closed by then: rendering takes longer than reading.</summary>
    private delegate Task<ReadResponse> ResponseRenderer();

    private RequestDelegate RespondWithRecord<TContent>(string type, Func<PageReader, Record, Task<TContent>> read,
        OutputFormat<TContent> format) => Respond(async (context, connection) =>
    {
        var id = context.GetRecordId(type);
        return await RecordQueries.Exists(connection, type, id)
            ? await Read(context, connection, async reader => await read(reader, (await reader.Find(type, id))!), format)
            : await RedirectToMergeTarget(context, connection, type, revision: null);
    });

    private RequestDelegate RespondWithFormerState<TContent>(Resource resource, Func<RecordState, TContent> create,
        OutputFormat<TContent> format) => Respond(async (context, connection) =>
    {
        var (type, id) = (resource.Type, context.GetRecordId(resource.Type));
        var values = QueryValues.Parse(
            PageReader.CreateRequest($"revision={Uri.EscapeDataString(context.Request.Query["revision"].ToString())}"),
            [RecordParameters.Revision]);
        var revision = RecordParameters.Revision.Read(values, (await Database.ReadVersion(connection)).Revision);
        values.ThrowIfInvalid();
        return await RecordQueries.FindAtRevision(connection, resource, id, revision!.Value) is { } row
            ? await Read(context, connection, reader => Task.FromResult(create(
                new(type, reader.Include(type, resource.Deserialize(row.Body)), revision.Value, row.ChangedAt))), format)
            : await RedirectToMergeTarget(context, connection, type, revision);
    });

    private RequestDelegate Respond(Func<HttpContext, DbConnection, Task<ResponseRenderer>> read)
    {
        var cached = cache.CacheVariants(async context =>
        {
            var tag = CreateTag(context, database.Version);
            if (ReadResponse.NotModifiedIfMatches(context.Request, tag) is { } notModified)
                return notModified;
            var render = await database.Read(connection => read(context, connection), context.RequestAborted);
            return await render();
        }, context => $"{PageLanguage.GetTag(PageLanguage.Get(context))} {GetBaseAddress(context.Request)} ");
        return async context =>
        {
            SetHeaders(context);
            await database.RefreshVersion();
            await cached(context);
        };
    }

    private async Task<ResponseRenderer> RedirectToMergeTarget(HttpContext context, DbConnection connection, string type, long? revision)
    {
        var id = context.GetRecordId(type);
        var target = await RecordQueries.ResolveMergeTarget(connection, type, id, revision);
        var address = string.Join('/', ["", type, target, .. context.Request.Path.Value!.Split('/').Skip(3)]) + context.Request.QueryString;
        var tag = CreateTag(context, await Database.ReadVersion(connection));
        return async () =>
        {
            context.RequestServices.GetRequiredService<PageContext>().SetRequest(context);
            return new(tag, IsWeak: true, await Render<MergedRecordPage, MergedRecord>(context, new(id, target, address)))
            {
                RedirectTo = address,
                ContentType = IProblemPage.ContentType,
                Vary = "Accept-Encoding, Accept-Language",
            };
        };
    }

    private async Task<ResponseRenderer> Read<TContent>(HttpContext context, DbConnection connection,
        Func<PageReader, Task<TContent>> read, OutputFormat<TContent> format)
    {
        var reader = new PageReader(connection, queries, context);
        var page = context.RequestServices.GetRequiredService<PageContext>();
        page.SetRequest(context);
        var content = await read(reader);
        var version = await Database.ReadVersion(connection);
        page.SetContent(await reader.ReadReferences(), reader.ChangeTimes, version.Revision);
        return async () => new(CreateTag(context, version), IsWeak: true, await format.Write(context, content))
        {
            ContentType = format.ContentType,
            Vary = "Accept-Encoding, Accept-Language",
        };
    }

    private OutputFormat<TContent> RenderPage<TPage, TContent>() where TPage : ContentPage<TContent> where TContent : notnull =>
        new(IProblemPage.ContentType, Render<TPage, TContent>);

    private static OutputFormat<TContent> WriteFile<TFile, TContent>() where TFile : IPageFile<TContent> =>
        new(TFile.ContentType, (context, content) =>
            Task.FromResult(ActivatorUtilities.CreateInstance<TFile>(context.RequestServices).Write(content)));

    private async Task<byte[]> Render<TPage, TContent>(HttpContext context, TContent content)
        where TPage : ContentPage<TContent> where TContent : notnull
    {
        await using var renderer = new HtmlRenderer(context.RequestServices, loggers);
        return await renderer.Dispatcher.InvokeAsync(async () =>
        {
            var page = await renderer.RenderComponentAsync<TPage>(
                ParameterView.FromDictionary(new Dictionary<string, object?> { [nameof(ContentPage<>.Content)] = content }));
            return Encoding.UTF8.GetBytes(page.ToHtmlString());
        });
    }

    private static string CreateTag(HttpContext context, StoreVersion version) =>
        $"{version.Token}-{PageAssets.Version}-{PageLanguage.GetTag(PageLanguage.Get(context))}";

    // Pages name their own address. The header `Host` is part of the cache key, so nobody sees an address that another request sent.
    private static string GetBaseAddress(HttpRequest request) => $"{request.Scheme}://{request.Host}{request.PathBase}";

    private static void SetHeaders(HttpContext context) => context.Response.Headers.ContentSecurityPolicy = ContentSecurityPolicy;

    /// <summary>The media type of a content, and the function that writes it.</summary>
    private sealed record OutputFormat<TContent>(string ContentType, Func<HttpContext, TContent, Task<byte[]>> Write);
}

/// <summary>A state of a record: the record as of a revision, and the time at which this state was written.</summary>
public sealed record RecordState(string Type, Record Record, long Revision, string ChangedAt);

/// <summary>A record that was merged into another one, and the address to which its page redirects.</summary>
public sealed record MergedRecord(string Id, string TargetId, string Address);

/// <summary>A file beside the pages: a feed, a site map, a citation. The service provider creates it for one request.</summary>
/// <typeparam name="TContent">The content of the file.</typeparam>
internal interface IPageFile<in TContent>
{
    /// <summary>The media type.</summary>
    static abstract string ContentType { get; }

    /// <summary>Writes the content.</summary>
    byte[] Write(TContent content);
}

/// <summary>Marks the routes of pages: their errors are pages too.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class PageRouteAttribute : Attribute;
