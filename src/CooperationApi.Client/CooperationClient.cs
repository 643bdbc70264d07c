using System.Net.Http.Headers;
using System.Runtime.CompilerServices;
using CooperationApi.Contracts;

namespace CooperationApi.Client;

/// <summary>
/// The typed client of CooperationApi, the public record of cooperation between Vietnam's provinces. An error response of the service is
/// thrown as a <see cref="CooperationProblemException"/>, any other failure as an <see cref="HttpRequestException"/>. Lists load page by
/// page during enumeration. The client is thread-safe.
/// </summary>
/// <param name="httpClient">
/// The HTTP client with the base URL of the service, such as one of <see cref="CreateHttpClient"/>. The caller disposes the HTTP client.
/// </param>
public sealed class CooperationClient(HttpClient httpClient)
{
    private readonly ApiTransport transport = new(httpClient);

    /// <summary>The provinces, current and former.</summary>
    public ResourceClient<Province> Provinces => new(transport, "provinces");

    /// <summary>The organizations.</summary>
    public ResourceClient<Organization> Organizations => new(transport, "organizations");

    /// <summary>The officials.</summary>
    public ResourceClient<Official> Officials => new(transport, "officials");

    /// <summary>The meetings.</summary>
    public ResourceClient<Meeting> Meetings => new(transport, "meetings");

    /// <summary>The agreements.</summary>
    public ResourceClient<Agreement> Agreements => new(transport, "agreements");

    /// <summary>The cooperation groups of agreements.</summary>
    public ResourceClient<CooperationGroup> CooperationGroups => new(transport, "cooperation-groups");

    /// <summary>The commitments.</summary>
    public ResourceClient<Commitment> Commitments => new(transport, "commitments");

    /// <summary>The results: contributions, outputs and outcomes.</summary>
    public ResourceClient<Result> Results => new(transport, "results");

    /// <summary>The indicators.</summary>
    public ResourceClient<Indicator> Indicators => new(transport, "indicators");

    /// <summary>The statements.</summary>
    public ResourceClient<Statement> Statements => new(transport, "statements");

    /// <summary>The sources.</summary>
    public ResourceClient<Source> Sources => new(transport, "sources");

    /// <summary>
    /// Creates an HTTP client for the service. It caches responses by ETag, retries failed requests (see <see cref="RetryHandler"/>),
    /// decompresses responses, and follows no redirects, because an automatic redirect would drop the key.
    /// </summary>
    /// <param name="baseAddress">The base URL of the service, such as `https://example.vn` or `https://example.vn/cooperation`.</param>
    /// <param name="apiKey">The API key to send with every request. Requires https, except for loopback addresses.</param>
    public static HttpClient CreateHttpClient(Uri baseAddress, string? apiKey = null)
    {
        ArgumentNullException.ThrowIfNull(baseAddress);
        if (apiKey is not null && baseAddress.Scheme != Uri.UriSchemeHttps && !baseAddress.IsLoopback)
            throw new ArgumentException($"An API key requires https (http is allowed for loopback addresses only): {baseAddress}",
                nameof(baseAddress));
        var socketsHandler = new SocketsHttpHandler
        {
            AllowAutoRedirect = false,
            AutomaticDecompression = System.Net.DecompressionMethods.All,
            // New connections resolve the host name again and so follow DNS changes.
            PooledConnectionLifetime = TimeSpan.FromMinutes(5),
        };
        var httpClient = new HttpClient(new ETagCacheHandler(new RetryHandler(socketsHandler))) { BaseAddress = baseAddress };
        if (apiKey is not null)
            httpClient.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", apiKey);
        return httpClient;
    }

    /// <summary>Searches all records.</summary>
    /// <param name="text">The search terms as a user types them. Quotation marks enclose a phrase; there is no other syntax.</param>
    /// <param name="query">More parameters, such as `[("types", "meetings,agreements")]`.</param>
    public IAsyncEnumerable<SearchHit> SearchAsync(string text, Query? query = null) =>
        transport.EnumerateItems<SearchPage, SearchHit>("/v1/search", [("q", text), .. query ?? []], page => (page.Items, page.Next));

    /// <summary>Lists timeline events.</summary>
    public IAsyncEnumerable<TimelineItem> ListTimelineAsync(Query? query = null) =>
        transport.EnumerateItems<TimelinePage, TimelineItem>("/v1/timeline", query, page => (page.Items, page.Next));

    /// <summary>Gets the relations of a province: its partners, with counts, dates and sums of contributions.</summary>
    public Task<ProvinceRelations> GetProvinceRelationsAsync(string provinceId, Query? query = null, CancellationToken cancel = default) =>
        GetAsync<ProvinceRelations>($"/v1/provinces/{Uri.EscapeDataString(provinceId)}/relations", query, cancel);

    /// <summary>Gets the status of the service.</summary>
    public Task<ServiceStatus> GetStatusAsync(CancellationToken cancel = default) => GetAsync<ServiceStatus>("/v1/status", cancel: cancel);

    /// <summary>
    /// Gets the response of any path of the service: `client.GetAsync&lt;MeetingStatistics&gt;("/v1/statistics/meetings")`.
    /// </summary>
    public async Task<T> GetAsync<T>(string path, Query? query = null, CancellationToken cancel = default) =>
        (await transport.GetETagged<T>(ApiTransport.BuildAddress(path, query), cancel)).Value;

    /// <summary>
    /// Lists the pages of the change feed after a cursor, up to the head. Save `Next` of each page together with its changes.
    /// </summary>
    /// <param name="cursor">`Next` of the last page; null starts at the oldest retained change.</param>
    /// <param name="query">
    /// More parameters, such as `[("types", "meetings"), ("provinceId", "hung-yen"), ("limit", "1000"), ("wait", "30")]`.
    /// </param>
    /// <param name="cancel">Cancels the enumeration.</param>
    public async IAsyncEnumerable<ChangePage> ListChangesAsync(string? cursor, Query? query = null,
        [EnumeratorCancellation] CancellationToken cancel = default)
    {
        for (var hasMore = true; hasMore;)
        {
            var page = await GetAsync<ChangePage>("/v1/changes", cursor is null ? query : [("cursor", cursor), .. query ?? []], cancel);
            yield return page;
            (cursor, hasMore) = (page.Next, page.More);
        }
    }

    /// <summary>Gets one page of the change feed; returns null if the page still has the given ETag (304).</summary>
    public Task<ETagged<ChangePage>?> GetChangesIfModifiedAsync(string? etag, string cursor, Query? query = null,
        CancellationToken cancel = default) =>
        transport.GetIfModified<ChangePage>(etag, ApiTransport.BuildAddress("/v1/changes", [("cursor", cursor), .. query ?? []]), cancel);

    /// <summary>Gets the head of the change feed.</summary>
    public Task<ChangeHead> GetChangeHeadAsync(CancellationToken cancel = default) =>
        GetAsync<ChangeHead>("/v1/changes/head", cancel: cancel);

    /// <summary>Gets the digests of the data set, per type and per bucket.</summary>
    public Task<MirrorDigest> GetMirrorDigestAsync(CancellationToken cancel = default) =>
        GetAsync<MirrorDigest>("/v1/mirror/digest", cancel: cancel);

    /// <summary>Gets the digest of one of the 256 buckets, with the revision and hash of each record.</summary>
    public Task<MirrorDigest> GetBucketDigestAsync(string bucket, CancellationToken cancel = default) =>
        GetAsync<MirrorDigest>("/v1/mirror/digest", [("bucket", bucket)], cancel);

    /// <summary>Gets the manifest of the latest export.</summary>
    public Task<ExportManifest> GetLatestExportAsync(CancellationToken cancel = default) =>
        GetAsync<ExportManifest>("/v1/exports/latest", cancel: cancel);

    /// <summary>
    /// Downloads a file of an export. Resumes an interrupted download. The file appears at <paramref name="path"/> only when it is complete
    /// and its SHA-256 matches the manifest.
    /// </summary>
    /// <param name="file">The entry of the manifest.</param>
    /// <param name="path">The destination. A partial download is in the same folder, with a longer name.</param>
    /// <param name="progress">Receives the number of bytes downloaded so far.</param>
    /// <param name="cancel">Cancels the download; the next call resumes it.</param>
    /// <exception cref="InvalidDataException">The SHA-256 does not match the manifest. The download was deleted.</exception>
    public Task DownloadAsync(ExportFile file, string path, IProgress<long>? progress = null, CancellationToken cancel = default) =>
        new FileDownload(transport, file, path, progress).Run(cancel);
}
