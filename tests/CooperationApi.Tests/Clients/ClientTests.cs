using System.Net;
using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using CooperationApi.Client;
using CooperationApi.Contracts;
using CooperationApi.Tests.Access;

namespace CooperationApi.Tests.Clients;

/// <summary>The client library against the running service: what it reads, keeps, repeats and says when it can't.</summary>
public sealed class ClientTests : IAsyncLifetime
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    private Guarded service = null!;
    private string key = "";

    public async ValueTask InitializeAsync()
    {
        service = await Guarded.Start();
        key = await service.Key();
    }

    public ValueTask DisposeAsync() => service.DisposeAsync();

    [Fact]
    public async Task Lists_are_read_to_their_end_page_by_page()
    {
        using var http = Http(out var wire);
        var client = new CooperationClient(http);
        var status = await client.Status(Cancel);
        wire.Seen.Clear();
        var titles = new List<string>();
        await foreach (var result in client.Results.List([("limit", "10"), ("sort", "title")]).WithCancellation(Cancel))
            titles.Add(result.Title);
        Assert.Equal((int)status.Records["results"], titles.Count);
        Assert.Equal((titles.Count + 9) / 10, wire.Seen.Count);
        Assert.Equal(["Hà Nội", "Thái Bình"], (await client.Provinces.List([("id", "ha-noi,thai-binh")]).Select(province => province.Name).ToListAsync(Cancel)).Order(StringComparer.Ordinal));
        Assert.NotEmpty(await client.Results.Of("provinces", "thai-binh", [("kind", "Contribution")]).ToListAsync(Cancel));
        Assert.Contains(await client.Search("da nang", [("types", "provinces")]).ToListAsync(Cancel), hit => hit.Id == "da-nang");
        Assert.NotEmpty(await client.Timeline([("provinceId", "thai-binh")]).ToListAsync(Cancel));
        Assert.NotEmpty((await client.Relations("thai-binh", cancel: Cancel)).Items);
        Assert.NotEmpty((await client.Get<CoverageStatistics>("/v1/statistics/coverage", cancel: Cancel)).Items);
    }

    [Fact]
    public async Task Every_type_of_record_can_be_read()
    {
        using var http = Http(out _);
        var client = new CooperationClient(http);
        var status = await client.Status(Cancel);
        var read = new Dictionary<string, long>
        {
            ["provinces"] = await client.Provinces.List().CountAsync(Cancel),
            ["organizations"] = await client.Organizations.List().CountAsync(Cancel),
            ["officials"] = await client.Officials.List().CountAsync(Cancel),
            ["meetings"] = await client.Meetings.List().CountAsync(Cancel),
            ["agreements"] = await client.Agreements.List().CountAsync(Cancel),
            ["cooperation-groups"] = await client.CooperationGroups.List().CountAsync(Cancel),
            ["commitments"] = await client.Commitments.List().CountAsync(Cancel),
            ["results"] = await client.Results.List().CountAsync(Cancel),
            ["indicators"] = await client.Indicators.List().CountAsync(Cancel),
            ["statements"] = await client.Statements.List().CountAsync(Cancel),
            ["sources"] = await client.Sources.List().CountAsync(Cancel),
        };
        Assert.Equal(status.Records.OrderBy(of => of.Key, StringComparer.Ordinal), read.OrderBy(of => of.Key, StringComparer.Ordinal));
    }

    [Fact]
    public async Task What_has_not_changed_is_not_sent_again_and_what_has_is()
    {
        using var http = Http(out var wire, key);
        var client = new CooperationClient(http);
        var (first, tag) = await client.Provinces.GetTagged("thai-binh", Cancel);
        Assert.Equal(first.Name, (await client.Provinces.Get("thai-binh", Cancel)).Name);
        Assert.Equal(["200", "304"], wire.Seen);
        await client.Provinces.Patch("thai-binh", new JsonObject { ["nameEn"] = "Another" }, tag, Cancel);
        Assert.Equal("Another", (await client.Provinces.Get("thai-binh", Cancel)).NameEn);
        Assert.Equal(["200", "304", "200", "200"], wire.Seen);
    }

    [Fact]
    public async Task A_record_is_made_changed_replaced_and_removed_by_its_tag()
    {
        using var http = Http(out _, key);
        var organizations = new CooperationClient(http).Organizations;
        var (made, tag) = await organizations.Create(Organization("Một"), Cancel);
        Assert.Equal(("a", "Một"), (made.Id, made.Name));
        Assert.Equal(tag, (await organizations.Create(Organization("Một"), Cancel)).Tag);
        Assert.Equal(412, (await Problem(() => organizations.Create(Organization("Hai"), Cancel))).Status);
        var (changed, next) = await organizations.Patch("a", new JsonObject { ["name"] = "Hai" }, tag, Cancel);
        Assert.Equal("Hai", changed.Name);
        Assert.Equal(412, (await Problem(() => organizations.Replace(changed with { Name = "Ba" }, tag, Cancel))).Status);
        var (_, last) = await organizations.Replace(changed with { Name = "Ba" }, next, Cancel);
        Assert.Equal(last, (await organizations.GetTagged("a", Cancel)).Tag);
        await organizations.Delete("a", last, Cancel);
        Assert.Null(await organizations.Find("a", Cancel));
        Assert.Null(await organizations.Find("khong-co", Cancel));
        Assert.Equal(410, (await Problem(() => organizations.Get("a", Cancel))).Status);
        Assert.Equal(4, await organizations.Revisions("a").CountAsync(Cancel));
    }

    [Fact]
    public async Task Of_a_merged_record_the_other_is_read_with_the_key()
    {
        await using var closed = await Guarded.Start(("Access:Reading", "Keys"));
        var secret = await closed.Key();
        using var http = CooperationClient.CreateHttp(closed.Address, secret);
        var organizations = new CooperationClient(http).Organizations;
        await organizations.Create(Organization("Một"), Cancel);
        await organizations.Create(Organization("Hai") with { Id = "b" }, Cancel);
        await closed.Json(HttpStatusCode.OK, "POST", "/v1/organizations/a/merge-into/b", secret);
        Assert.Equal("b", (await organizations.Get("a", Cancel)).Id);
    }

    [Fact]
    public async Task A_refusal_says_all_that_the_service_said()
    {
        using var http = Http(out _);
        var problem = await Problem(() => new CooperationClient(http).Meetings.Page([("kind", "Vist"), ("limit", "0")], Cancel));
        Assert.Equal((400, "invalid_request"), (problem.Status, problem.Code));
        Assert.Equal(["kind", "limit"], problem.Problem.Errors!.Select(fault => fault.Parameter).Order(StringComparer.Ordinal));
        Assert.Contains("\nlimit: ", problem.Message, StringComparison.Ordinal);
        using var elsewhere = new HttpClient(new Says(_ => new(HttpStatusCode.BadGateway) { Content = new StringContent("<html>", Encoding.UTF8, "text/html") })) { BaseAddress = service.Address };
        Assert.Equal(HttpStatusCode.BadGateway, (await Assert.ThrowsAsync<HttpRequestException>(() => new CooperationClient(elsewhere).Status(Cancel))).StatusCode);
        using var wrong = new HttpClient(new Says(_ => new(HttpStatusCode.OK) { Content = new StringContent("[]", Encoding.UTF8, "application/json") })) { BaseAddress = service.Address };
        Assert.Contains("ServiceStatus", (await Assert.ThrowsAsync<HttpRequestException>(() => new CooperationClient(wrong).Status(Cancel))).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_member_that_came_later_is_no_fault()
    {
        using var http = new HttpClient(new Says(_ => new(HttpStatusCode.OK) { Content = new StringContent("""{"apiVersion":"1.9.0","epoch":"a","revision":1,"oldestCursor":"c","records":{},"sources":[],"later":true}""", Encoding.UTF8, "application/json") })) { BaseAddress = service.Address };
        Assert.Equal("1.9.0", (await new CooperationClient(http).Status(Cancel)).ApiVersion);
    }

    [Fact]
    public async Task Who_is_put_off_comes_again_when_told_and_not_if_that_is_too_long()
    {
        await using var limited = await Guarded.Start(("Limits:RequestsPerMinute", "2"));
        limited.Clock.PassToNextMinute();
        using var http = Http(out var wire, to: limited, longestWait: TimeSpan.FromSeconds(1));
        var client = new CooperationClient(http);
        await client.Head(Cancel);
        await client.Status(Cancel);
        var putOff = await Problem(() => client.Provinces.Get("thai-binh", Cancel));
        Assert.Equal((429, true), (putOff.Status, putOff.RetryAfter > TimeSpan.FromSeconds(1)));
        Assert.Equal(["200", "200", "429"], wire.Seen);

        var answers = new Queue<HttpStatusCode>([HttpStatusCode.ServiceUnavailable, HttpStatusCode.TooManyRequests, HttpStatusCode.OK]);
        var clock = System.Diagnostics.Stopwatch.StartNew();
        using var busy = new HttpClient(new Retries(new Says(_ => new(answers.Dequeue()) { Headers = { RetryAfter = new RetryConditionHeaderValue(TimeSpan.FromSeconds(1)) }, Content = Head }))) { BaseAddress = service.Address };
        Assert.Equal(7, (await new CooperationClient(busy).Head(Cancel)).Revision);
        Assert.True(answers.Count == 0 && clock.Elapsed > TimeSpan.FromSeconds(1.9), clock.Elapsed.ToString());
    }

    [Fact]
    public async Task A_read_that_failed_on_the_way_is_repeated_and_a_write_that_may_have_arrived_is_not()
    {
        var times = 0;
        using var http = new HttpClient(new Retries(new Says(_ => ++times % 2 == 1 ? throw new HttpRequestException(HttpRequestError.ResponseEnded) : new(HttpStatusCode.OK) { Content = Head }))) { BaseAddress = service.Address };
        Assert.Equal(7, (await new CooperationClient(http).Head(Cancel)).Revision);
        Assert.Equal(2, times);
        await Assert.ThrowsAsync<HttpRequestException>(() => new CooperationClient(http).Organizations.Create(Organization("Một"), Cancel));
        Assert.Equal(3, times);
        var refused = 0;
        using var down = new HttpClient(new Retries(new Says(_ => ++refused == 1 ? throw new HttpRequestException(HttpRequestError.ConnectionError) : new(HttpStatusCode.NoContent)))) { BaseAddress = service.Address };
        await new CooperationClient(down).Organizations.Delete("a", "\"a\"", Cancel);
        Assert.Equal(2, refused);
    }

    [Fact]
    public async Task The_feed_is_read_to_its_end_and_is_told_to_be_the_same()
    {
        using var http = Http(out _, key);
        var client = new CooperationClient(http);
        var pages = await client.Changes(null, [("limit", "100")], Cancel).ToListAsync(Cancel);
        var head = await client.Head(Cancel);
        Assert.Equal((head.Revision, head.Cursor), (pages[^1].Revision, pages[^1].Next));
        Assert.Equal((await client.Status(Cancel)).Records.Values.Sum(), pages.Sum(page => page.Items.Count));
        var (page, tag) = (await client.ChangesUnless(null, head.Cursor, cancel: Cancel))!;
        Assert.Empty(page.Items);
        Assert.Null(await client.ChangesUnless(tag, head.Cursor, cancel: Cancel));
        await client.Organizations.Create(Organization("Một"), Cancel);
        var (next, _) = (await client.ChangesUnless(tag, head.Cursor, cancel: Cancel))!;
        var change = Assert.Single(next.Items);
        Assert.Equal((head.Revision + 1, "upsert", "organizations", "a"), (change.Revision, change.Op, change.Type, change.Id));
        Assert.Equal(change.Hash, Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(change.Data!.Value.GetRawText()))));
        var digest = await client.Digest(Cancel);
        Assert.Equal(head.Revision + 1, digest.Revision);
        Assert.Equal(digest.Buckets[0x3f].Rows, (await client.Bucket("3f", Cancel)).Rows!.Count);
    }

    [Fact]
    public async Task A_refusal_says_of_each_fault_in_which_record_it_is_and_where()
    {
        using var http = Http(out _, key);
        var refused = await Problem(() => new CooperationClient(http).Organizations.Create(Organization("Một") with { ProvinceId = "khong-co" }, Cancel));
        Assert.Contains("\norganizations/a /provinceId: ", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_key_is_not_sent_in_the_clear()
    {
        Assert.Contains("https", Assert.Throws<ArgumentException>(() => CooperationClient.CreateHttp(new("http://example.vn"), "k")).Message, StringComparison.Ordinal);
        using var http = CooperationClient.CreateHttp(new("https://example.vn"), "k");
        Assert.Equal("k", http.DefaultRequestHeaders.Authorization!.Parameter);
        using var leading = new HttpClient(new Says(_ => new(HttpStatusCode.PermanentRedirect) { Headers = { Location = new("http://elsewhere.example/v1/status") } })) { BaseAddress = service.Address };
        Assert.Contains("elsewhere", (await Assert.ThrowsAsync<HttpRequestException>(() => new CooperationClient(leading).Status(Cancel))).Message, StringComparison.Ordinal);
    }

    private static StringContent Head => new("""{"epoch":"a","revision":7,"cursor":"c"}""", Encoding.UTF8, "application/json");

    private static Organization Organization(string name)
    {
        var record = Editing.EditTests.Organization(name);
        record["id"] = "a";
        return record.Deserialize<Organization>(Wire.Json)!;
    }

    private static async Task<CooperationProblemException> Problem(Func<Task> request) => await Assert.ThrowsAsync<CooperationProblemException>(request);

    /// <summary>The client's own handlers, with a look at what goes over the wire below them.</summary>
    private HttpClient Http(out Wiretap wire, string? by = null, Guarded? to = null, TimeSpan? longestWait = null)
    {
        wire = new();
        var http = new HttpClient(new EntityTagCache(new Retries(wire, longestWait: longestWait))) { BaseAddress = (to ?? service).Address };
        if (by is not null)
            http.DefaultRequestHeaders.Authorization = new("Bearer", by);
        return http;
    }

    private sealed class Wiretap() : DelegatingHandler(new SocketsHttpHandler { AllowAutoRedirect = false, AutomaticDecompression = DecompressionMethods.All })
    {
        public List<string> Seen { get; } = [];

        protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            var answer = await base.SendAsync(request, cancellationToken);
            Seen.Add(((int)answer.StatusCode).ToString(System.Globalization.CultureInfo.InvariantCulture));
            return answer;
        }
    }

    /// <summary>A network that does as it is told.</summary>
    private sealed class Says(Func<HttpRequestMessage, HttpResponseMessage> answer) : HttpMessageHandler
    {
        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            var its = answer(request);
            its.RequestMessage = request;
            return Task.FromResult(its);
        }
    }
}
