using System.Net;
using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using CooperationApi.Client;
using CooperationApi.Contracts;
using CooperationApi.Tests.Access;
using CooperationApi.Tests.Sync;

namespace CooperationApi.Tests.Client;

/// <summary>Tests of the client library against a running service: reads, writes, cache, retries and errors.</summary>
public sealed class ClientTests : IAsyncLifetime
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    private AuthenticatedService service = null!;
    private string key = "";

    public async ValueTask InitializeAsync()
    {
        service = await AuthenticatedService.Start();
        key = await service.CreateKeySecret();
    }

    public ValueTask DisposeAsync() => service.DisposeAsync();

    [Fact]
    public async Task Lists_are_read_page_by_page_to_the_end()
    {
        using var http = CreateHttpClient(out var recorder);
        var client = new CooperationClient(http);
        var status = await client.GetStatusAsync(Cancel);
        recorder.StatusCodes.Clear();
        var titles = new List<string>();
        await foreach (var result in client.Results.ListAsync([("limit", "10"), ("sort", "title")]).WithCancellation(Cancel))
            titles.Add(result.Title);
        Assert.Equal((int)status.Records["results"], titles.Count);
        Assert.Equal((titles.Count + 9) / 10, recorder.StatusCodes.Count);
        Assert.Equal(["Hà Nội", "Thái Bình"],
            (await client.Provinces.ListAsync([("id", "ha-noi,thai-binh")]).Select(province => province.Name).ToListAsync(Cancel)).Order(
                StringComparer.Ordinal));
        Assert.NotEmpty(await client.Results.ListForAsync("provinces", "thai-binh", [("kind", "Contribution")]).ToListAsync(Cancel));
        Assert.Contains(await client.SearchAsync("da nang", [("types", "provinces")]).ToListAsync(Cancel), hit => hit.Id == "da-nang");
        Assert.NotEmpty(await client.ListTimelineAsync([("provinceId", "thai-binh")]).ToListAsync(Cancel));
        Assert.NotEmpty((await client.GetProvinceRelationsAsync("thai-binh", cancel: Cancel)).Items);
        Assert.NotEmpty((await client.GetAsync<CoverageStatistics>("/v1/statistics/coverage", cancel: Cancel)).Items);
    }

    [Fact]
    public async Task Every_resource_can_be_read()
    {
        using var http = CreateHttpClient(out _);
        var client = new CooperationClient(http);
        var status = await client.GetStatusAsync(Cancel);
        var resources = typeof(CooperationClient).GetProperties()
            .Where(property => property.PropertyType is { IsGenericType: true } type
                && type.GetGenericTypeDefinition() == typeof(ResourceClient<>))
            .ToList();
        Assert.NotEmpty(resources);
        foreach (var resource in resources)
        {
            var records = (IAsyncEnumerable<Contracts.Record>)((dynamic)resource.GetValue(client)!).ListAsync();
            Assert.Equal(status.Records[JsonNamingPolicy.KebabCaseLower.ConvertName(resource.Name)], await records.CountAsync(Cancel));
        }
    }

    [Fact]
    public async Task Unchanged_record_comes_from_the_ETag_cache_and_a_changed_one_is_fetched_again()
    {
        using var http = CreateHttpClient(out var recorder, key);
        var client = new CooperationClient(http);
        var (first, tag) = await client.Provinces.GetWithETagAsync("thai-binh", Cancel);
        Assert.Equal(first.Name, (await client.Provinces.GetAsync("thai-binh", Cancel)).Name);
        Assert.Equal(["200", "304"], recorder.StatusCodes);
        await client.Provinces.UpdateAsync("thai-binh", new JsonObject { ["nameEn"] = "Another" }, tag, Cancel);
        Assert.Equal("Another", (await client.Provinces.GetAsync("thai-binh", Cancel)).NameEn);
        Assert.Equal(["200", "304", "200", "200"], recorder.StatusCodes);
    }

    [Fact]
    public async Task Record_is_created_patched_replaced_and_deleted_with_its_ETag()
    {
        using var http = CreateHttpClient(out _, key);
        var organizations = new CooperationClient(http).Organizations;
        var (created, tag) = await organizations.CreateAsync(CreateOrganization("Một"), Cancel);
        Assert.Equal(("a", "Một"), (created.Id, created.Name));
        Assert.Equal(tag, (await organizations.CreateAsync(CreateOrganization("Một"), Cancel)).ETag);
        Assert.Equal(412, (await CatchProblem(() => organizations.CreateAsync(CreateOrganization("Hai"), Cancel))).Status);
        var (patched, patchedTag) = await organizations.UpdateAsync("a", new JsonObject { ["name"] = "Hai" }, tag, Cancel);
        Assert.Equal("Hai", patched.Name);
        Assert.Equal(412, (await CatchProblem(() => organizations.ReplaceAsync(patched with { Name = "Ba" }, tag, Cancel))).Status);
        var (_, replacedTag) = await organizations.ReplaceAsync(patched with { Name = "Ba" }, patchedTag, Cancel);
        Assert.Equal(replacedTag, (await organizations.GetWithETagAsync("a", Cancel)).ETag);
        await organizations.DeleteAsync("a", replacedTag, Cancel);
        Assert.Null(await organizations.FindAsync("a", Cancel));
        Assert.Null(await organizations.FindAsync("khong-co", Cancel));
        Assert.Equal(410, (await CatchProblem(() => organizations.GetAsync("a", Cancel))).Status);
        Assert.Equal(4, await organizations.ListRevisionsAsync("a").CountAsync(Cancel));
    }

    [Fact]
    public async Task Merged_record_is_followed_to_its_target_with_the_API_key()
    {
        await using var privateService = await AuthenticatedService.Start(("Access:AllowAnonymousRead", "false"));
        var secret = await privateService.CreateKeySecret();
        using var http = CooperationClient.CreateHttpClient(privateService.Address, secret);
        var organizations = new CooperationClient(http).Organizations;
        await organizations.CreateAsync(CreateOrganization("Một"), Cancel);
        await organizations.CreateAsync(CreateOrganization("Hai") with { Id = "b" }, Cancel);
        await privateService.SendForJson(HttpStatusCode.OK, "POST", "/v1/organizations/a/merge-into/b", secret);
        Assert.Equal("b", (await organizations.GetAsync("a", Cancel)).Id);
    }

    [Fact]
    public async Task Path_of_the_base_URL_precedes_requests_and_redirects()
    {
        await service.PutOrganization(key, "a", "Một");
        await service.PutOrganization(key, "b", "Hai");
        await service.SendForJson(HttpStatusCode.OK, "POST", "/v1/organizations/a/merge-into/b", key);
        await using var network = new FaultInjectingProxy(service.Address) { PathPrefix = "/cooperation" };
        foreach (var address in (string[])[network.Address, network.Address + "/"])
        {
            using var http = CooperationClient.CreateHttpClient(new Uri(address));
            Assert.Equal("b", (await new CooperationClient(http).Organizations.GetAsync("a", Cancel)).Id);
        }
        Assert.Equal(["GET /cooperation/v1/organizations/a", "GET /cooperation/v1/organizations/b"], network.RequestLines.Distinct());
    }

    [Fact]
    public async Task Error_response_becomes_an_exception_with_all_its_details()
    {
        using var http = CreateHttpClient(out _);
        var problem =
            await CatchProblem(() => new CooperationClient(http).Meetings.GetPageAsync([("kind", "Vist"), ("limit", "0")], Cancel));
        Assert.Equal((400, "invalid_request"), (problem.Status, problem.Code));
        Assert.Equal(["kind", "limit"], problem.Problem.Errors!.Select(error => error.Parameter).Order(StringComparer.Ordinal));
        Assert.Contains("\nlimit: ", problem.Message, StringComparison.Ordinal);
        using var badGateway = new HttpClient(
            new StubHandler(_ => new(HttpStatusCode.BadGateway) { Content = new StringContent("<html>", Encoding.UTF8, "text/html") }))
        { BaseAddress = service.Address };
        Assert.Equal(HttpStatusCode.BadGateway,
            (await Assert.ThrowsAsync<HttpRequestException>(() => new CooperationClient(badGateway).GetStatusAsync(Cancel))).StatusCode);
        using var invalidJson = new HttpClient(
            new StubHandler(_ => new(HttpStatusCode.OK) { Content = new StringContent("[]", Encoding.UTF8, "application/json") }))
        { BaseAddress = service.Address };
        Assert.Contains("ServiceStatus",
            (await Assert.ThrowsAsync<HttpRequestException>(() => new CooperationClient(invalidJson).GetStatusAsync(Cancel))).Message,
            StringComparison.Ordinal);
    }

    [Fact]
    public async Task Unknown_response_members_are_ignored()
    {
        using var http = new HttpClient(
            new StubHandler(
                _ => new(HttpStatusCode.OK)
                {
                    Content = new StringContent(
                        """{"apiVersion":"1.9.0","epoch":"a","revision":1,"oldestCursor":"c","records":{},"sources":[],"later":true}""",
                        Encoding.UTF8, "application/json"),
                }))
        { BaseAddress = service.Address };
        Assert.Equal("1.9.0", (await new CooperationClient(http).GetStatusAsync(Cancel)).ApiVersion);
    }

    [Fact]
    public async Task Request_is_retried_after_Retry_After_unless_the_wait_is_too_long()
    {
        await using var limited = await AuthenticatedService.Start(("Limits:AnonymousRequestsPerMinute", "2"));
        limited.Clock.AdvanceToNextMinute();
        using var http = CreateHttpClient(out var recorder, target: limited, maxWait: TimeSpan.FromSeconds(1));
        var client = new CooperationClient(http);
        await client.GetChangeHeadAsync(Cancel);
        await client.GetStatusAsync(Cancel);
        var problem = await CatchProblem(() => client.Provinces.GetAsync("thai-binh", Cancel));
        Assert.Equal((429, true), (problem.Status, problem.RetryAfter > TimeSpan.FromSeconds(1)));
        Assert.Equal(["200", "200", "429"], recorder.StatusCodes);

        var statusCodes = new Queue<HttpStatusCode>([HttpStatusCode.ServiceUnavailable, HttpStatusCode.TooManyRequests, HttpStatusCode.OK]);
        var stopwatch = System.Diagnostics.Stopwatch.StartNew();
        using var busy = new HttpClient(
            new RetryHandler(
                new StubHandler(
                    _ => new(statusCodes.Dequeue())
                    {
                        Headers = { RetryAfter = new RetryConditionHeaderValue(TimeSpan.FromSeconds(1)) },
                        Content = HeadContent,
                    })))
        { BaseAddress = service.Address };
        Assert.Equal(7, (await new CooperationClient(busy).GetChangeHeadAsync(Cancel)).Revision);
        Assert.True(statusCodes.Count == 0 && stopwatch.Elapsed > TimeSpan.FromSeconds(1.9), stopwatch.Elapsed.ToString());
    }

    [Fact]
    public async Task Failed_read_is_retried_but_a_write_that_may_have_arrived_is_not()
    {
        var attempts = 0;
        using var http = new HttpClient(
            new RetryHandler(
                new StubHandler(
                    _ => ++attempts % 2 == 1
                        ? throw new HttpRequestException(HttpRequestError.ResponseEnded)
                        : new(HttpStatusCode.OK) { Content = HeadContent })))
        { BaseAddress = service.Address };
        Assert.Equal(7, (await new CooperationClient(http).GetChangeHeadAsync(Cancel)).Revision);
        Assert.Equal(2, attempts);
        await Assert.ThrowsAsync<HttpRequestException>(
            () => new CooperationClient(http).Organizations.CreateAsync(CreateOrganization("Một"), Cancel));
        Assert.Equal(3, attempts);
        var connectionAttempts = 0;
        using var down = new HttpClient(
            new RetryHandler(
                new StubHandler(
                    _ => ++connectionAttempts == 1
                        ? throw new HttpRequestException(HttpRequestError.ConnectionError)
                        : new(HttpStatusCode.NoContent))))
        { BaseAddress = service.Address };
        await new CooperationClient(down).Organizations.DeleteAsync("a", "\"a\"", Cancel);
        Assert.Equal(2, connectionAttempts);
    }

    [Fact]
    public async Task Feed_is_read_to_its_head_and_an_unchanged_page_is_null()
    {
        using var http = CreateHttpClient(out _, key);
        var client = new CooperationClient(http);
        var pages = await client.ListChangesAsync(null, [("limit", "100")], Cancel).ToListAsync(Cancel);
        var head = await client.GetChangeHeadAsync(Cancel);
        Assert.Equal((head.Revision, head.Cursor), (pages[^1].Revision, pages[^1].Next));
        Assert.Equal((await client.GetStatusAsync(Cancel)).Records.Values.Sum(), pages.Sum(page => page.Items.Count));
        var (page, tag) = (await client.GetChangesIfModifiedAsync(null, head.Cursor, cancel: Cancel))!;
        Assert.Empty(page.Items);
        Assert.Null(await client.GetChangesIfModifiedAsync(tag, head.Cursor, cancel: Cancel));
        await client.Organizations.CreateAsync(CreateOrganization("Một"), Cancel);
        var (next, _) = (await client.GetChangesIfModifiedAsync(tag, head.Cursor, cancel: Cancel))!;
        var change = Assert.Single(next.Items);
        Assert.Equal((head.Revision + 1, "upsert", "organizations", "a"), (change.Revision, change.Op, change.Type, change.Id));
        Assert.Equal(change.Hash, Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(change.Data!.Value.GetRawText()))));
        var digest = await client.GetMirrorDigestAsync(Cancel);
        Assert.Equal(head.Revision + 1, digest.Revision);
        Assert.Equal(digest.Buckets[0x3f].Rows, (await client.GetBucketDigestAsync("3f", Cancel)).Rows!.Count);
    }

    [Fact]
    public async Task Problem_message_has_the_record_and_pointer_of_each_error()
    {
        using var http = CreateHttpClient(out _, key);
        var problem = await CatchProblem(
            () => new CooperationClient(http).Organizations.CreateAsync(CreateOrganization("Một") with { ProvinceId = "khong-co" },
                Cancel));
        Assert.Contains("\norganizations/a /provinceId: ", problem.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task API_key_is_never_sent_over_plain_HTTP()
    {
        Assert.Contains("https",
            Assert.Throws<ArgumentException>(() => CooperationClient.CreateHttpClient(new("http://example.vn"), "k")).Message,
            StringComparison.Ordinal);
        using var http = CooperationClient.CreateHttpClient(new("https://example.vn"), "k");
        Assert.Equal("k", http.DefaultRequestHeaders.Authorization!.Parameter);
        using var redirecting = new HttpClient(
            new StubHandler(
                _ => new(HttpStatusCode.PermanentRedirect) { Headers = { Location = new("http://elsewhere.example/v1/status") } }))
        { BaseAddress = service.Address };
        Assert.Contains("elsewhere",
            (await Assert.ThrowsAsync<HttpRequestException>(() => new CooperationClient(redirecting).GetStatusAsync(Cancel))).Message,
            StringComparison.Ordinal);
    }

    private static StringContent HeadContent => new("""{"epoch":"a","revision":7,"cursor":"c"}""", Encoding.UTF8, "application/json");

    private static Organization CreateOrganization(string name)
    {
        var record = CooperationApi.Tests.Features.Records.RecordWriteTests.CreateOrganization(name);
        record["id"] = "a";
        return record.Deserialize<Organization>(ApiJson.Options)!;
    }

    private static async Task<CooperationProblemException> CatchProblem(Func<Task> request) =>
        await Assert.ThrowsAsync<CooperationProblemException>(request);

    /// <summary>Creates an HTTP client with the library's handlers on top of a handler that records status codes.</summary>
    private HttpClient CreateHttpClient(out RecordingHandler recorder, string? apiKey = null, AuthenticatedService? target = null,
        TimeSpan? maxWait = null)
    {
        recorder = new();
        var http = new HttpClient(new ETagCacheHandler(new RetryHandler(recorder, maxDelay: maxWait)))
        { BaseAddress = (target ?? service).Address };
        if (apiKey is not null)
            http.DefaultRequestHeaders.Authorization = new("Bearer", apiKey);
        return http;
    }

    private sealed class RecordingHandler()
        : DelegatingHandler(new SocketsHttpHandler { AllowAutoRedirect = false, AutomaticDecompression = DecompressionMethods.All })
    {
        public List<string> StatusCodes { get; } = [];

        protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            var response = await base.SendAsync(request, cancellationToken);
            StatusCodes.Add(((int)response.StatusCode).ToString(System.Globalization.CultureInfo.InvariantCulture));
            return response;
        }
    }

    /// <summary>A handler that returns the responses of a test.</summary>
    private sealed class StubHandler(Func<HttpRequestMessage, HttpResponseMessage> respond) : HttpMessageHandler
    {
        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            var response = respond(request);
            response.RequestMessage = request;
            return Task.FromResult(response);
        }
    }
}
