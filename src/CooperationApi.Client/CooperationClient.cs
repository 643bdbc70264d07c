using System.Net.Http.Headers;
using System.Runtime.CompilerServices;
using CooperationApi.Contracts;

namespace CooperationApi.Client;

/// <summary>
/// The memory of cooperation between Vietnam's provinces, typed. What the service refuses is a <see cref="CooperationProblemException"/>; what never got there, or came back
/// as no answer of the service's, an <see cref="HttpRequestException"/>. Lists are read page by page, as they are enumerated. Safe for many callers at once.
/// </summary>
/// <param name="httpClient">With the service's address as its base: <see cref="CreateHttpClient"/> makes one that caches and retries. Whoever made it disposes of it.</param>
public sealed class CooperationClient(HttpClient httpClient)
{
    private readonly ApiTransport transport = new(httpClient);

    /// <summary>The provinces, of today and of the past.</summary>
    public ResourceClient<Province> Provinces => new(transport, "provinces");

    /// <summary>The organizations.</summary>
    public ResourceClient<Organization> Organizations => new(transport, "organizations");

    /// <summary>The officials.</summary>
    public ResourceClient<Official> Officials => new(transport, "officials");

    /// <summary>The meetings.</summary>
    public ResourceClient<Meeting> Meetings => new(transport, "meetings");

    /// <summary>The agreements.</summary>
    public ResourceClient<Agreement> Agreements => new(transport, "agreements");

    /// <summary>The groups of cooperation that agreements have.</summary>
    public ResourceClient<CooperationGroup> CooperationGroups => new(transport, "cooperation-groups");

    /// <summary>What was promised.</summary>
    public ResourceClient<Commitment> Commitments => new(transport, "commitments");

    /// <summary>What was given and delivered.</summary>
    public ResourceClient<Result> Results => new(transport, "results");

    /// <summary>Figures that sources give.</summary>
    public ResourceClient<Indicator> Indicators => new(transport, "indicators");

    /// <summary>What was said.</summary>
    public ResourceClient<Statement> Statements => new(transport, "statements");

    /// <summary>The documents that all of it rests on.</summary>
    public ResourceClient<Source> Sources => new(transport, "sources");

    /// <summary>
    /// An HTTP client for the service: keeps answers by their ETag, repeats what failed on the way or was put off (see <see cref="RetryHandler"/>), unpacks,
    /// and follows no redirect by itself, which would drop the key.
    /// </summary>
    /// <param name="baseAddress">Where the service is: `https://example.vn`.</param>
    /// <param name="apiKey">A key, sent with every request. Over TLS only, but for this machine's own.</param>
    public static HttpClient CreateHttpClient(Uri baseAddress, string? apiKey = null)
    {
        ArgumentNullException.ThrowIfNull(baseAddress);
        if (apiKey is not null && baseAddress.Scheme != Uri.UriSchemeHttps && !baseAddress.IsLoopback)
            throw new ArgumentException($"A key is not sent in the clear: {baseAddress} is not https.", nameof(baseAddress));
        var socketsHandler = new SocketsHttpHandler
        {
            AllowAutoRedirect = false,
            AutomaticDecompression = System.Net.DecompressionMethods.All,
            // An address may come to mean another machine.
            PooledConnectionLifetime = TimeSpan.FromMinutes(5),
        };
        var httpClient = new HttpClient(new ETagCacheHandler(new RetryHandler(socketsHandler))) { BaseAddress = baseAddress };
        if (apiKey is not null)
            httpClient.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", apiKey);
        return httpClient;
    }

    /// <summary>Searches all records by their words.</summary>
    /// <param name="text">What a user types; no syntax but quotation marks.</param>
    /// <param name="query">Further parameters: `[("types", "meetings,agreements")]`.</param>
    public IAsyncEnumerable<SearchHit> SearchAsync(string text, Query? query = null) =>
        transport.EnumerateItems<SearchPage, SearchHit>("/v1/search", [("q", text), .. query ?? []], page => (page.Items, page.Next));

    /// <summary>What happened, in one order.</summary>
    public IAsyncEnumerable<TimelineItem> ListTimelineAsync(Query? query = null) =>
        transport.EnumerateItems<TimelinePage, TimelineItem>("/v1/timeline", query, page => (page.Items, page.Next));

    /// <summary>With whom a province cooperates, how often, since when and worth what.</summary>
    public Task<ProvinceRelations> GetProvinceRelationsAsync(string provinceId, Query? query = null, CancellationToken cancel = default) =>
        GetAsync<ProvinceRelations>($"/v1/provinces/{Uri.EscapeDataString(provinceId)}/relations", query, cancel);

    /// <summary>The service's state.</summary>
    public Task<ServiceStatus> GetStatusAsync(CancellationToken cancel = default) => GetAsync<ServiceStatus>("/v1/status", cancel: cancel);

    /// <summary>The answer of any other address of the service: `client.Get&lt;MeetingStatistics&gt;("/v1/statistics/meetings")`.</summary>
    public async Task<T> GetAsync<T>(string path, Query? query = null, CancellationToken cancel = default) =>
        (await transport.GetETagged<T>(ApiTransport.BuildAddress(path, query), cancel)).Value;

    /// <summary>The feed from behind a cursor, or from its beginning, to its present end, page by page. Keep `Next` of each page with what it says.</summary>
    /// <param name="cursor">The last page's `Next`; null for the oldest change that is kept.</param>
    /// <param name="query">Further parameters: `[("types", "meetings"), ("provinceId", "hung-yen"), ("limit", "1000"), ("wait", "30")]`.</param>
    /// <param name="cancel">Ends it.</param>
    public async IAsyncEnumerable<ChangePage> ListChangesAsync(string? cursor, Query? query = null, [EnumeratorCancellation] CancellationToken cancel = default)
    {
        for (var hasMore = true; hasMore;)
        {
            var page = await GetAsync<ChangePage>("/v1/changes", cursor is null ? query : [("cursor", cursor), .. query ?? []], cancel);
            yield return page;
            (cursor, hasMore) = (page.Next, page.More);
        }
    }

    /// <summary>One page of the feed; null if it is still what it was when it had this tag.</summary>
    public Task<ETagged<ChangePage>?> GetChangesIfModifiedAsync(string? etag, string cursor, Query? query = null, CancellationToken cancel = default) =>
        transport.GetIfModified<ChangePage>(etag, ApiTransport.BuildAddress("/v1/changes", [("cursor", cursor), .. query ?? []]), cancel);

    /// <summary>Where the feed ends.</summary>
    public Task<ChangeHead> GetChangeHeadAsync(CancellationToken cancel = default) => GetAsync<ChangeHead>("/v1/changes/head", cancel: cancel);

    /// <summary>What a whole copy must come to.</summary>
    public Task<MirrorDigest> GetMirrorDigestAsync(CancellationToken cancel = default) => GetAsync<MirrorDigest>("/v1/mirror/digest", cancel: cancel);

    /// <summary>What one of the 256 parts of a copy must come to, record by record.</summary>
    public Task<MirrorDigest> GetBucketDigestAsync(string bucket, CancellationToken cancel = default) => GetAsync<MirrorDigest>("/v1/mirror/digest", [("bucket", bucket)], cancel);

    /// <summary>The latest export of the whole record.</summary>
    public Task<ExportManifest> GetLatestExportAsync(CancellationToken cancel = default) => GetAsync<ExportManifest>("/v1/exports/latest", cancel: cancel);

    /// <summary>
    /// Fetches a file of an export. What is there of it already, from a download that was cut off, is not fetched again; what arrives whole has the SHA-256 that the
    /// manifest says, or it is not put in its place.
    /// </summary>
    /// <param name="file">The file, as the manifest has it.</param>
    /// <param name="path">Where it is to be. Until it is whole it is beside it, with a longer name.</param>
    /// <param name="progress">Is told how many bytes are there.</param>
    /// <param name="cancel">Ends it; the next time goes on from there.</param>
    /// <exception cref="InvalidDataException">What arrived is not the file; it was thrown away.</exception>
    public Task DownloadAsync(ExportFile file, string path, IProgress<long>? progress = null, CancellationToken cancel = default) => new FileDownload(transport, file, path, progress).Run(cancel);
}
