namespace CooperationApi.Tests.Http;

/// <summary>Tests of malformed HTTP, which Kestrel rejects; the service stays live.</summary>
[Collection(nameof(SharedApi))]
public sealed class RawRequestTests(ApiFixture api)
{
    [Theory]
    [InlineData("GET /v1/provinces HTTP/1.1\r\n\r\n")]
    [InlineData("GET /v1/provinces HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n")]
    [InlineData("GET /v1/provinces HTTP/1.1\r\nHost: a\r\nAccept : */*\r\n\r\n")]
    [InlineData("GET /v1/provinces HTTP/1.1\r\nHost: a\r\nAccept: a\r\n b\r\n\r\n")]
    [InlineData("GET /v1/provinces HTTP/1.1\r\nHost: a\r\nBad Name: a\r\n\r\n")]
    [InlineData("GET /v1/provinces HTTP/1.1\r\nHost: a\r\n: a\r\n\r\n")]
    [InlineData("GET /v1/provinces\r\n\r\n")]
    [InlineData("GET  HTTP/1.1\r\nHost: a\r\n\r\n")]
    [InlineData("GET v1/provinces HTTP/1.1\r\nHost: a\r\n\r\n")]
    [InlineData("GET /v1/provinces?a b HTTP/1.1\r\nHost: a\r\n\r\n")]
    [InlineData("GET /v1/provinces/%00 HTTP/1.1\r\nHost: a\r\n\r\n")]
    [InlineData("GET /v1/provinces/\0 HTTP/1.1\r\nHost: a\r\n\r\n")]
    [InlineData("GET /v1/provinces/\u00e0 HTTP/1.1\r\nHost: a\r\n\r\n")]
    [InlineData("G\u00e8T /v1/provinces HTTP/1.1\r\nHost: a\r\n\r\n")]
    [InlineData("POST /v1/provinces HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\na")]
    [InlineData("POST /v1/provinces HTTP/1.1\r\nHost: a\r\nContent-Length: -1\r\n\r\n")]
    [InlineData("not HTTP at all\r\n\r\n")]
    public async Task Malformed_HTTP_is_rejected_and_the_service_stays_up(string request)
    {
        var response = await RawHttp.Send(api.Address, request);
        Assert.True(response.Status == 400, $"{response.Status} {response.Body}");
        Assert.Empty(response.Headers["Server"]);
        await AssertServiceIsLive();
    }

    [Fact]
    public async Task Unsupported_HTTP_version_is_rejected()
    {
        Assert.Equal(505, (await RawHttp.Send(api.Address, "GET /v1/provinces HTTP/3.0\r\nHost: a\r\n\r\n")).Status);
        await AssertServiceIsLive();
    }

    [Fact]
    public async Task Too_long_request_line_is_rejected()
    {
        Assert.Equal(414, (await RawHttp.Get(api.Address, "/v1/provinces?limit=" + new string('1', 70_000))).Status);
        await AssertServiceIsLive();
    }

    [Fact]
    public async Task Too_long_or_too_many_headers_are_rejected()
    {
        Assert.Equal(431, (await RawHttp.Get(api.Address, "/v1/provinces", "X-Long: " + new string('a', 40_000))).Status);
        Assert.Equal(431, (await RawHttp.Get(api.Address, "/v1/provinces", [.. Enumerable.Range(0, 200).Select(i => $"X-{i}: a")])).Status);
        await AssertServiceIsLive();
    }

    [Theory]
    [InlineData("If-None-Match: {0}")]
    [InlineData("If-Modified-Since: {0}")]
    [InlineData("Accept-Language: {0}")]
    [InlineData("Accept-Encoding: {0}")]
    [InlineData("Range: {0}")]
    [InlineData("traceparent: {0}")]
    [InlineData("Content-Type: {0}")]
    public async Task Malformed_header_values_never_cause_a_server_error(string header)
    {
        foreach (var text in new[] { "", ",", ";", "\"", "\"\"", "*,*", "W/", ";q=", "a;q=2", "a;q=-1", "a;q=1e9", "00-0-0-0",
            new string(',', 5000), new string('"', 5000), "\t" })
        {
            var response = await RawHttp.Get(api.Address, "/v1/provinces/ha-noi",
                string.Format(System.Globalization.CultureInfo.InvariantCulture, header, text));
            Assert.True(response.Status is 200 or 304 or 400, $"{header} {text}: {response.Status} {response.Body}");
            await AssertInvalidRequestIsRejected(header, text);
        }
    }

    [Fact]
    public async Task Absolute_form_request_target_is_accepted()
    {
        // RFC 9112, 3.2.2: a server must accept the absolute form.
        var response = await RawHttp.Send(api.Address,
            $"GET {new Uri(api.Address, "/v1/provinces/ha-noi")} HTTP/1.1\r\nHost: {api.Address.Authority}\r\nConnection: close\r\n\r\n");
        Assert.Equal(200, response.Status);
    }

    [Fact]
    public async Task Fragment_in_a_request_target_is_rejected()
    {
        Assert.True((await RawHttp.Get(api.Address, "/v1/provinces#ha-noi")).Status is 400 or 404);
    }

    [Theory]
    [InlineData("")]
    [InlineData("GET /v1/provinces HTTP/1.1\r\nHo")]
    [InlineData("\r\n\r\n\r\n\r\n")]
    [InlineData("\u0016\u0003\u0001\u0002\0\u0001\0\u0001\u00fc\u0003\u0003")]
    public async Task Incomplete_request_is_rejected_or_dropped_and_the_service_stays_up(string request)
    {
        Assert.True((await RawHttp.Send(api.Address, request, shouldHalfClose: true)).Status is 0 or 400);
        await AssertServiceIsLive();
    }

    [Fact]
    public async Task Pipelined_requests_are_each_answered()
    {
        var host = $"Host: {api.Address.Authority}\r\n";
        var responses = await RawHttp.Send(api.Address,
            $"GET /v1/provinces/ha-noi HTTP/1.1\r\n{host}\r\nGET /v1/nothing HTTP/1.1\r\n{host}\r\nGET /v1/provinces/hue "
            + $"HTTP/1.1\r\n{host}Connection: close\r\n\r\n");
        Assert.Equal(200, responses.Status);
        Assert.Contains("HTTP/1.1 404", responses.Body, StringComparison.Ordinal);
        Assert.Contains("\"id\":\"hue\"", responses.Body, StringComparison.Ordinal);
    }

    private async Task AssertInvalidRequestIsRejected(string header, string text)
    {
        var response = await RawHttp.Get(api.Address, "/v1/provinces?limit=0",
            string.Format(System.Globalization.CultureInfo.InvariantCulture, header, text));
        Assert.True(response.Status == 400, $"{header} {text}: {response.Status} {response.Body}");
    }

    private async Task AssertServiceIsLive() => Assert.Equal("live", (string?)(await api.GetJson("/health/live"))["status"]);
}
