using System.Globalization;
using System.Net;
using CooperationApi.Access;
using CooperationApi.Contracts;
using CooperationApi.Faults;
using CooperationApi.Http;
using Microsoft.AspNetCore.Http;

namespace CooperationApi.Tests.Access;

/// <summary>How much one caller may ask for, and what all answers say to browsers.</summary>
public sealed class LimitTests(SharedService shared) : IClassFixture<SharedService>
{
    private const string Item = "/v1/provinces/ha-noi";

    [Fact]
    public async Task Each_key_has_its_own_limit_and_so_has_each_address()
    {
        await using var service = await Guarded.Start(("Limits:RequestsPerMinute", "3"), ("Limits:KeyRequestsPerMinute", "2"));
        var (one, other) = (await service.Key(Role.Reader), await service.Key(Role.Reader));
        service.Clock.PassToNextMinute();
        using (var first = await service.Send("GET", Item, one))
            Assert.Equal(("\"key\";q=2;w=60", "\"key\";r=1;t=60"), (first.Header("RateLimit-Policy"), Regular(first.Header("RateLimit")!)));
        Assert.Equal(200, await service.Status(Item, one));
        using (var third = await service.Send("GET", Item, one))
        {
            Assert.Equal("too_many_requests", (string?)(await Api.ProblemOf(429, third))["code"]);
            Assert.Equal("\"key\";r=0;t=60", Regular(third.Header("RateLimit")!));
            Assert.Equal(200, await service.Status(Item, other));
            Assert.Equal((200, 200, 200, 429), (await service.Status(Item), await service.Status(Item), await service.Status(Item), await service.Status(Item)));
            Assert.Equal(200, await service.Status("/health/live"));
            service.Clock.Pass(TimeSpan.FromSeconds(int.Parse(third.Header("Retry-After")!, CultureInfo.InvariantCulture)));
        }
        Assert.Equal(200, await service.Status(Item, one));
        Assert.Equal(200, await service.Status(Item));

        // The seconds that the test itself took are no matter.
        static string Regular(string limit) => limit.Replace("t=59", "t=60", StringComparison.Ordinal).Replace("t=58", "t=60", StringComparison.Ordinal);
    }

    [Fact]
    public async Task Who_is_refused_for_their_key_is_counted_by_their_address()
    {
        await using var service = await Guarded.Start(("Limits:RequestsPerMinute", "2"));
        service.Clock.PassToNextMinute();
        Assert.Equal((401, 401, 429), (await service.Status(Item, "x"), await service.Status(Item, "y"), await service.Status(Item, "z")));
    }

    [Fact]
    public async Task Whoever_is_no_proxy_is_not_believed_about_where_they_come_from()
    {
        await using var service = await Guarded.Start(("Limits:RequestsPerMinute", "1"), ("Access:Proxies", "10.1.2.3, 10.9.0.0/16"));
        service.Clock.PassToNextMinute();
        Assert.Equal((200, 429), (await service.Status(Item, null, "X-Forwarded-For: 203.0.113.1"), await service.Status(Item, null, "X-Forwarded-For: 203.0.113.2")));
        using var answer = await service.Get("/health/live", "X-Forwarded-Proto: https");
        Assert.Null(answer.Header("Strict-Transport-Security"));
    }

    [Fact]
    public async Task A_proxy_is_believed_as_far_as_proxies_are_known()
    {
        await using var service = await Guarded.Start(("Limits:RequestsPerMinute", "1"), ("Access:Proxies", "127.0.0.1,10.9.0.0/16"));
        service.Clock.PassToNextMinute();
        foreach (var (from, status) in new[]
        {
            ("203.0.113.1", 200), ("203.0.113.2", 200), ("203.0.113.2", 429),
            // What a caller claims stands before what the first proxy saw.
            ("198.51.100.1, 203.0.113.2", 429), ("203.0.113.3, 10.9.1.1", 200), ("203.0.113.3", 429),
            ("2001:db8:0:1::1", 200), ("2001:db8:0:1:ffff::2", 429), ("2001:db8:0:2::1", 200),
        })
            Assert.True(status == await service.Status(Item, null, $"X-Forwarded-For: {from}"), from);
        using var answer = await service.Get("/health/live", "X-Forwarded-For: 203.0.113.1", "X-Forwarded-Proto: https");
        Assert.Equal("max-age=31536000", answer.Header("Strict-Transport-Security"));
    }

    [Theory]
    [InlineData("192.0.2.1", "192.0.2.1")]
    [InlineData("::ffff:192.0.2.1", "192.0.2.1")]
    [InlineData("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::")]
    public void An_address_is_counted_by_the_network_of_one_connection(string address, string counted) =>
        Assert.Equal(IPAddress.Parse(counted), Network.Counted(IPAddress.Parse(address)));

    [Fact]
    public void Many_callers_begin_a_window_anew_rather_than_fill_the_memory()
    {
        var windows = new WindowCounter(new Clock(), 3600);
        Assert.Equal(1, windows.Count("first").Used);
        Assert.Equal(2, windows.Count("first").Used);
        for (var i = 0; i < 100_000; i++)
            windows.Count(i);
        Assert.Equal(1, windows.Count("first").Used);
    }

    [Theory]
    [InlineData(Item)]
    [InlineData("/v1/nowhere")]
    [InlineData("/v1/keys")]
    [InlineData("/v1/meetings?format=csv")]
    public async Task Every_answer_has_the_headers_that_keep_browsers_from_mischief(string address)
    {
        var service = shared.Service;
        using var answer = await service.Get(address);
        Assert.Equal(("nosniff", "DENY", "no-referrer"), (answer.Header("X-Content-Type-Options"), answer.Header("X-Frame-Options"), answer.Header("Referrer-Policy")));
        Assert.Equal(("default-src 'none'; frame-ancestors 'none'", "*"), (answer.Header("Content-Security-Policy"), answer.Header("Access-Control-Allow-Origin")));
        Assert.Null(answer.Header("Server"));
    }

    [Theory]
    [InlineData("https://portal.example", "https://portal.example")]
    [InlineData("https://portal.example.evil", null)]
    [InlineData("http://portal.example", null)]
    [InlineData("null", null)]
    public async Task Only_the_pages_that_are_named_may_read(string origin, string? allowed)
    {
        await using var service = await Guarded.Start(("Access:Origins", "https://portal.example, http://localhost:3000"));
        using var answer = await service.Get(Item, $"Origin: {origin}");
        Assert.Equal(allowed, answer.Header("Access-Control-Allow-Origin"));
        Assert.Contains("Origin", answer.Header("Vary"), StringComparison.Ordinal);
        using var preflight = await service.Send("OPTIONS", "/v1/keys", key: null, body: null, $"Origin: {origin}", "Access-Control-Request-Method: POST");
        Assert.Equal(allowed, preflight.Header("Access-Control-Allow-Origin"));
        using var document = await service.Get("/v1/openapi.json", $"Origin: {origin}");
        Assert.Equal("*", document.Header("Access-Control-Allow-Origin"));
    }

    [Fact]
    public async Task A_page_may_send_a_key_but_not_what_the_browser_keeps()
    {
        var service = shared.Service;
        using var preflight = await service.Send("OPTIONS", "/v1/keys", key: null, body: null, "Origin: https://any.example", "Access-Control-Request-Method: POST");
        Assert.Contains("Authorization", preflight.Header("Access-Control-Allow-Headers"), StringComparison.Ordinal);
        Assert.Equal("GET, HEAD, POST", preflight.Header("Access-Control-Allow-Methods"));
        Assert.Null(preflight.Header("Access-Control-Allow-Credentials"));
    }

    [Fact]
    public async Task An_answer_that_takes_too_long_is_given_up_and_the_caller_told()
    {
        var patience = new Patience(new() { RequestSeconds = 30 }, new Hurried());
        var context = new DefaultHttpContext();
        var refused = await Assert.ThrowsAsync<ProblemException>(() => patience.Within(context, async () =>
        {
            await Task.Delay(Timeout.Infinite, context.RequestAborted);
            return 0;
        }));
        Assert.Equal((503, "took_too_long", 30), (refused.Status, refused.Code, refused.Values.Single()));
        Assert.False(context.RequestAborted.IsCancellationRequested);
    }

    [Fact]
    public async Task Who_has_gone_is_not_told_that_it_took_too_long()
    {
        using var gone = new CancellationTokenSource();
        var context = new DefaultHttpContext { RequestAborted = gone.Token };
        var waiting = new Patience(new() { RequestSeconds = 30 }, TimeProvider.System).Within(context, async () =>
        {
            await Task.Delay(Timeout.Infinite, context.RequestAborted);
            return 0;
        });
        await gone.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => waiting);
    }

    /// <summary>A clock whose seconds are milliseconds.</summary>
    private sealed class Hurried : TimeProvider
    {
        public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period) => base.CreateTimer(callback, state, dueTime / 1000, period);
    }
}
