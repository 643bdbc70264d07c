using System.Net.Http.Headers;
using System.Runtime.CompilerServices;
using CooperationApi.Contracts;

namespace CooperationApi.Client;

/// <summary>
/// The memory of cooperation between Vietnam's provinces, typed. What the service refuses is a <see cref="CooperationProblemException"/>; what never got there, or came back
/// as no answer of the service's, an <see cref="HttpRequestException"/>. Lists are read page by page, as they are enumerated. Safe for many callers at once.
/// </summary>
/// <param name="http">With the service's address as its base: <see cref="CreateHttp"/> makes one that caches and retries. Whoever made it disposes of it.</param>
public sealed class CooperationClient(HttpClient http)
{
    private readonly Exchange exchange = new(http);

    /// <summary>The provinces, of today and of the past.</summary>
    public ResourceClient<Province> Provinces => new(exchange, "provinces");

    /// <summary>The organizations.</summary>
    public ResourceClient<Organization> Organizations => new(exchange, "organizations");

    /// <summary>The officials.</summary>
    public ResourceClient<Official> Officials => new(exchange, "officials");

    /// <summary>The meetings.</summary>
    public ResourceClient<Meeting> Meetings => new(exchange, "meetings");

    /// <summary>The agreements.</summary>
    public ResourceClient<Agreement> Agreements => new(exchange, "agreements");

    /// <summary>The groups of cooperation that agreements have.</summary>
    public ResourceClient<CooperationGroup> CooperationGroups => new(exchange, "cooperation-groups");

    /// <summary>What was promised.</summary>
    public ResourceClient<Commitment> Commitments => new(exchange, "commitments");

    /// <summary>What was given and delivered.</summary>
    public ResourceClient<Result> Results => new(exchange, "results");

    /// <summary>Figures that sources give.</summary>
    public ResourceClient<Indicator> Indicators => new(exchange, "indicators");

    /// <summary>What was said.</summary>
    public ResourceClient<Statement> Statements => new(exchange, "statements");

    /// <summary>The documents that all of it rests on.</summary>
    public ResourceClient<Source> Sources => new(exchange, "sources");

    /// <summary>
    /// An HTTP client for the service: keeps answers by their ETag, repeats what failed on the way or was put off (see <see cref="Retries"/>), unpacks,
    /// and follows no redirect by itself, which would drop the key.
    /// </summary>
    /// <param name="address">Where the service is: `https://example.vn`.</param>
    /// <param name="key">A key, sent with every request. Over TLS only, but for this machine's own.</param>
    public static HttpClient CreateHttp(Uri address, string? key = null)
    {
        ArgumentNullException.ThrowIfNull(address);
        if (key is not null && address.Scheme != Uri.UriSchemeHttps && !address.IsLoopback)
            throw new ArgumentException($"A key is not sent in the clear: {address} is not https.", nameof(address));
        var sockets = new SocketsHttpHandler
        {
            AllowAutoRedirect = false,
            AutomaticDecompression = System.Net.DecompressionMethods.All,
            // An address may come to mean another machine.
            PooledConnectionLifetime = TimeSpan.FromMinutes(5),
        };
        var http = new HttpClient(new EntityTagCache(new Retries(sockets))) { BaseAddress = address };
        if (key is not null)
            http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", key);
        return http;
    }

    /// <summary>Searches all records by their words.</summary>
    /// <param name="words">What a user types; no syntax but quotation marks.</param>
    /// <param name="query">Further parameters: `[("types", "meetings,agreements")]`.</param>
    public IAsyncEnumerable<SearchHit> Search(string words, Query? query = null) =>
        exchange.All<SearchPage, SearchHit>("/v1/search", [("q", words), .. query ?? []], page => (page.Items, page.Next));

    /// <summary>What happened, in one order.</summary>
    public IAsyncEnumerable<TimelineItem> Timeline(Query? query = null) =>
        exchange.All<TimelinePage, TimelineItem>("/v1/timeline", query, page => (page.Items, page.Next));

    /// <summary>With whom a province cooperates, how often, since when and worth what.</summary>
    public Task<ProvinceRelations> Relations(string provinceId, Query? query = null, CancellationToken cancel = default) =>
        Get<ProvinceRelations>($"/v1/provinces/{Uri.EscapeDataString(provinceId)}/relations", query, cancel);

    /// <summary>The service's state.</summary>
    public Task<ServiceStatus> Status(CancellationToken cancel = default) => Get<ServiceStatus>("/v1/status", cancel: cancel);

    /// <summary>The answer of any other address of the service: `client.Get&lt;MeetingStatistics&gt;("/v1/statistics/meetings")`.</summary>
    public async Task<T> Get<T>(string path, Query? query = null, CancellationToken cancel = default) =>
        (await exchange.Read<T>(Exchange.Address(path, query), cancel)).Value;

    /// <summary>The feed from behind a cursor, or from its beginning, to its present end, page by page. Keep `Next` of each page with what it says.</summary>
    /// <param name="cursor">The last page's `Next`; null for the oldest change that is kept.</param>
    /// <param name="query">Further parameters: `[("types", "meetings"), ("provinceId", "hung-yen"), ("limit", "1000"), ("wait", "30")]`.</param>
    /// <param name="cancel">Ends it.</param>
    public async IAsyncEnumerable<ChangePage> Changes(string? cursor, Query? query = null, [EnumeratorCancellation] CancellationToken cancel = default)
    {
        for (var more = true; more;)
        {
            var page = await Get<ChangePage>("/v1/changes", cursor is null ? query : [("cursor", cursor), .. query ?? []], cancel);
            yield return page;
            (cursor, more) = (page.Next, page.More);
        }
    }

    /// <summary>One page of the feed; null if it is still what it was when it had this tag.</summary>
    public Task<Tagged<ChangePage>?> ChangesUnless(string? tag, string cursor, Query? query = null, CancellationToken cancel = default) =>
        exchange.ReadUnless<ChangePage>(tag, Exchange.Address("/v1/changes", [("cursor", cursor), .. query ?? []]), cancel);

    /// <summary>Where the feed ends.</summary>
    public Task<ChangeHead> Head(CancellationToken cancel = default) => Get<ChangeHead>("/v1/changes/head", cancel: cancel);

    /// <summary>What a whole copy must come to.</summary>
    public Task<MirrorDigest> Digest(CancellationToken cancel = default) => Get<MirrorDigest>("/v1/mirror/digest", cancel: cancel);

    /// <summary>What one of the 256 parts of a copy must come to, record by record.</summary>
    public Task<MirrorDigest> Bucket(string bucket, CancellationToken cancel = default) => Get<MirrorDigest>("/v1/mirror/digest", [("bucket", bucket)], cancel);

    /// <summary>The latest export of the whole record.</summary>
    public Task<ExportManifest> LatestExport(CancellationToken cancel = default) => Get<ExportManifest>("/v1/exports/latest", cancel: cancel);

    /// <summary>
    /// Fetches a file of an export. What is there of it already, from a download that was cut off, is not fetched again; what arrives whole has the SHA-256 that the
    /// manifest says, or it is not put in its place.
    /// </summary>
    /// <param name="file">The file, as the manifest has it.</param>
    /// <param name="path">Where it is to be. Until it is whole it is beside it, with a longer name.</param>
    /// <param name="progress">Is told how many bytes are there.</param>
    /// <param name="cancel">Ends it; the next time goes on from there.</param>
    /// <exception cref="InvalidDataException">What arrived is not the file; it was thrown away.</exception>
    public Task Download(ExportFile file, string path, IProgress<long>? progress = null, CancellationToken cancel = default) => new Download(exchange, file, path, progress).Run(cancel);
}
