using System.Globalization;
using System.Net;
using CooperationApi.Access;
using CooperationApi.Contracts;
using CooperationApi.Http;
using CooperationApi.Http.Problems;
using Microsoft.AspNetCore.Http;

namespace CooperationApi.Tests.Access;

/// <summary>Tests of rate limits, request timeouts, security headers and CORS.</summary>
public sealed class LimitTests(SharedServiceFixture shared) : IClassFixture<SharedServiceFixture>
{
    private const string Item = "/v1/provinces/ha-noi";

    [Fact]
    public async Task Rate_limits_apply_per_key_and_per_client_address()
    {
        await using var service =
            await AuthenticatedService.Start(("Limits:AnonymousRequestsPerMinute", "3"), ("Limits:KeyRequestsPerMinute", "2"));
        var (firstKey, secondKey) = (await service.CreateKeySecret(Role.Reader), await service.CreateKeySecret(Role.Reader));
        service.Clock.AdvanceToNextMinute();
        using (var first = await service.Send("GET", Item, firstKey))
            Assert.Equal(("\"key\";q=2;w=60", "\"key\";r=1;t=60"),
                (first.GetHeader("RateLimit-Policy"), NormalizeSeconds(first.GetHeader("RateLimit")!)));
        Assert.Equal(200, await service.GetStatusCode(Item, firstKey));
        using (var third = await service.Send("GET", Item, firstKey))
        {
            Assert.Equal("too_many_requests", (string?)(await ApiFixture.ReadProblem(429, third))["code"]);
            Assert.Equal("\"key\";r=0;t=60", NormalizeSeconds(third.GetHeader("RateLimit")!));
            Assert.Equal(200, await service.GetStatusCode(Item, secondKey));
            Assert.Equal((200, 200, 200, 429),
                (await service.GetStatusCode(Item), await service.GetStatusCode(Item), await service.GetStatusCode(Item),
                    await service.GetStatusCode(Item)));
            Assert.Equal(200, await service.GetStatusCode("/health/live"));
            service.Clock.Advance(TimeSpan.FromSeconds(int.Parse(third.GetHeader("Retry-After")!, CultureInfo.InvariantCulture)));
        }
        Assert.Equal(200, await service.GetStatusCode(Item, firstKey));
        Assert.Equal(200, await service.GetStatusCode(Item));

        // The test itself may take up to two seconds.
        static string NormalizeSeconds(string limit) =>
            limit.Replace("t=59", "t=60", StringComparison.Ordinal).Replace("t=58", "t=60", StringComparison.Ordinal);
    }

    [Fact]
    public async Task Preflight_requests_are_not_counted()
    {
        await using var service = await AuthenticatedService.Start(("Limits:AnonymousRequestsPerMinute", "1"));
        service.Clock.AdvanceToNextMinute();
        for (var i = 0; i < 3; i++)
        {
            using var preflight = await service.Send("OPTIONS", Item, key: null, body: null, "Origin: https://any.example",
                "Access-Control-Request-Method: GET", "Access-Control-Request-Headers: authorization");
            Assert.Equal(204, (int)preflight.StatusCode);
        }
        Assert.Equal(200, await service.GetStatusCode(Item));
    }

    [Fact]
    public async Task Requests_with_invalid_keys_count_against_the_client_address()
    {
        await using var service = await AuthenticatedService.Start(("Limits:AnonymousRequestsPerMinute", "2"));
        service.Clock.AdvanceToNextMinute();
        Assert.Equal((401, 401, 429),
            (await service.GetStatusCode(Item, "x"), await service.GetStatusCode(Item, "y"), await service.GetStatusCode(Item, "z")));
    }

    [Fact]
    public async Task Forwarded_headers_from_untrusted_clients_are_ignored()
    {
        await using var service = await AuthenticatedService.Start(("Limits:AnonymousRequestsPerMinute", "1"),
            ("Access:TrustedProxies", "10.1.2.3, 10.9.0.0/16"));
        service.Clock.AdvanceToNextMinute();
        Assert.Equal((200, 429),
            (await service.GetStatusCode(Item, null, "X-Forwarded-For: 203.0.113.1"),
                await service.GetStatusCode(Item, null, "X-Forwarded-For: 203.0.113.2")));
        using var response = await service.Get("/health/live", "X-Forwarded-Proto: https");
        Assert.Null(response.GetHeader("Strict-Transport-Security"));
    }

    [Fact]
    public async Task Forwarded_headers_are_trusted_only_as_far_as_proxies_are_known()
    {
        await using var service = await AuthenticatedService.Start(("Limits:AnonymousRequestsPerMinute", "1"),
            ("Access:TrustedProxies", "127.0.0.1,10.9.0.0/16"));
        service.Clock.AdvanceToNextMinute();
        foreach (var (forwardedFor, status) in new[]
        {
            ("203.0.113.1", 200), ("203.0.113.2", 200), ("203.0.113.2", 429),
            // The client controls the leftmost addresses; only those that trusted proxies appended count.
            ("198.51.100.1, 203.0.113.2", 429), ("203.0.113.3, 10.9.1.1", 200), ("203.0.113.3", 429),
            ("2001:db8:0:1::1", 200), ("2001:db8:0:1:ffff::2", 429), ("2001:db8:0:2::1", 200),
        })
            Assert.True(status == await service.GetStatusCode(Item, null, $"X-Forwarded-For: {forwardedFor}"), forwardedFor);
        using var response = await service.Get("/health/live", "X-Forwarded-For: 203.0.113.1", "X-Forwarded-Proto: https");
        Assert.Equal("max-age=31536000", response.GetHeader("Strict-Transport-Security"));
    }

    [Theory]
    [InlineData("192.0.2.1", "192.0.2.1")]
    [InlineData("::ffff:192.0.2.1", "192.0.2.1")]
    [InlineData("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::")]
    public void Rate_limit_key_is_the_IPv4_address_or_the_IPv6_64_prefix(string address, string expected) =>
        Assert.Equal(IPAddress.Parse(expected), ClientNetwork.GetRateLimitKey(IPAddress.Parse(address)));

    [Fact]
    public void Counter_starts_a_new_window_instead_of_growing_without_bound()
    {
        var windows = new FixedWindowCounter(new FakeClock(), 3600);
        Assert.Equal(1, windows.Increment("first").Count);
        Assert.Equal(2, windows.Increment("first").Count);
        for (var i = 0; i < 100_000; i++)
            windows.Increment(i);
        Assert.Equal(1, windows.Increment("first").Count);
    }

    [Theory]
    [InlineData(Item)]
    [InlineData("/v1/nowhere")]
    [InlineData("/v1/keys")]
    [InlineData("/v1/meetings?format=csv")]
    public async Task Every_response_has_the_security_headers(string address)
    {
        var service = shared.Service;
        using var response = await service.Get(address, "Origin: https://any.example");
        Assert.Equal(("nosniff", "DENY", "no-referrer"),
            (response.GetHeader("X-Content-Type-Options"), response.GetHeader("X-Frame-Options"), response.GetHeader("Referrer-Policy")));
        Assert.Equal(("default-src 'none'; frame-ancestors 'none'", "*"),
            (response.GetHeader("Content-Security-Policy"), response.GetHeader("Access-Control-Allow-Origin")));
        Assert.Null(response.GetHeader("Server"));
    }

    [Theory]
    [InlineData("https://portal.example", "https://portal.example")]
    [InlineData("https://portal.example.evil", null)]
    [InlineData("http://portal.example", null)]
    [InlineData("null", null)]
    public async Task Only_allowed_origins_may_read_anything_but_the_OpenAPI_document(string origin, string? allowed)
    {
        await using var service =
            await AuthenticatedService.Start(("Access:AllowedOrigins", "https://portal.example, http://localhost:3000"));
        using var response = await service.Get(Item, $"Origin: {origin}");
        Assert.Equal(allowed, response.GetHeader("Access-Control-Allow-Origin"));
        Assert.Contains("Origin", response.GetHeader("Vary"), StringComparison.Ordinal);
        using var preflight =
            await service.Send("OPTIONS", "/v1/keys", key: null, body: null, $"Origin: {origin}", "Access-Control-Request-Method: POST");
        Assert.Equal(allowed, preflight.GetHeader("Access-Control-Allow-Origin"));
        using var document = await service.Get("/v1/openapi.json", $"Origin: {origin}");
        Assert.Equal("*", document.GetHeader("Access-Control-Allow-Origin"));
    }

    [Fact]
    public async Task CORS_allows_the_Authorization_header_but_no_browser_credentials()
    {
        var service = shared.Service;
        using var preflight = await service.Send("OPTIONS", "/v1/keys", key: null, body: null, "Origin: https://any.example",
            "Access-Control-Request-Method: POST");
        Assert.Contains("Authorization", preflight.GetHeader("Access-Control-Allow-Headers"), StringComparison.Ordinal);
        Assert.Equal("GET,HEAD,POST,PUT,PATCH,DELETE", preflight.GetHeader("Access-Control-Allow-Methods"));
        Assert.Contains("traceparent", preflight.GetHeader("Access-Control-Allow-Headers"), StringComparison.Ordinal);
        Assert.Equal("600", preflight.GetHeader("Access-Control-Max-Age"));
        Assert.Null(preflight.GetHeader("Access-Control-Allow-Credentials"));
    }

    [Fact]
    public async Task Request_that_takes_too_long_is_cancelled_and_reported_as_503()
    {
        var timeout = new RequestTimeout(new() { RequestTimeoutSeconds = 1 });
        var context = new DefaultHttpContext();
        var exception = await Assert.ThrowsAsync<ProblemException>(() => timeout.RunWithTimeout(context, async () =>
        {
            await Task.Delay(Timeout.Infinite, context.RequestAborted);
            return 0;
        }));
        Assert.Equal((503, "processing_timeout", 1), (exception.Status, exception.Code, exception.Arguments.Single()));
        Assert.False(context.RequestAborted.IsCancellationRequested);
    }

    [Fact]
    public async Task Client_disconnect_is_not_reported_as_a_timeout()
    {
        using var disconnect = new CancellationTokenSource();
        var context = new DefaultHttpContext { RequestAborted = disconnect.Token };
        var pending = new RequestTimeout(new() { RequestTimeoutSeconds = 30 }).RunWithTimeout(context, async () =>
        {
            await Task.Delay(Timeout.Infinite, context.RequestAborted);
            return 0;
        });
        await disconnect.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => pending);
    }
}
