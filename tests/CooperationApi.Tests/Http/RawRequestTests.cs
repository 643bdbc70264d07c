namespace CooperationApi.Tests.Http;

/// <summary>What is no HTTP is Kestrel's to refuse; the service lives on.</summary>
[Collection(nameof(Reading))]
public sealed class RawRequestTests(Api api)
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
    public async Task What_is_no_HTTP_is_refused_and_the_service_lives_on(string bytes)
    {
        var answer = await RawHttp.Send(api.Address, bytes);
        Assert.True(answer.Status == 400, $"{answer.Status} {answer.Body}");
        Assert.Empty(answer.Headers["Server"]);
        await LivesOn();
    }

    [Fact]
    public async Task Another_version_of_HTTP_is_refused()
    {
        Assert.Equal(505, (await RawHttp.Send(api.Address, "GET /v1/provinces HTTP/3.0\r\nHost: a\r\n\r\n")).Status);
        await LivesOn();
    }

    [Fact]
    public async Task A_request_line_that_is_too_long_is_refused()
    {
        Assert.Equal(414, (await RawHttp.Get(api.Address, "/v1/provinces?limit=" + new string('1', 70_000))).Status);
        await LivesOn();
    }

    [Fact]
    public async Task Headers_that_are_too_long_or_too_many_are_refused()
    {
        Assert.Equal(431, (await RawHttp.Get(api.Address, "/v1/provinces", "X-Long: " + new string('a', 40_000))).Status);
        Assert.Equal(431, (await RawHttp.Get(api.Address, "/v1/provinces", [.. Enumerable.Range(0, 200).Select(i => $"X-{i}: a")])).Status);
        await LivesOn();
    }

    [Theory]
    [InlineData("If-None-Match: {0}")]
    [InlineData("If-Modified-Since: {0}")]
    [InlineData("Accept-Language: {0}")]
    [InlineData("Accept-Encoding: {0}")]
    [InlineData("Range: {0}")]
    [InlineData("traceparent: {0}")]
    [InlineData("Content-Type: {0}")]
    public async Task No_header_of_whatever_text_makes_the_service_fail(string header)
    {
        foreach (var text in new[] { "", ",", ";", "\"", "\"\"", "*,*", "W/", ";q=", "a;q=2", "a;q=-1", "a;q=1e9", "00-0-0-0", new string(',', 5000), new string('"', 5000), "\t" })
        {
            var answer = await RawHttp.Get(api.Address, "/v1/provinces/ha-noi", string.Format(System.Globalization.CultureInfo.InvariantCulture, header, text));
            Assert.True(answer.Status is 200 or 304 or 400, $"{header} {text}: {answer.Status} {answer.Body}");
            await RefusesAlike(header, text);
        }
    }

    [Fact]
    public async Task The_absolute_form_of_an_address_is_that_address()
    {
        // RFC 9112, 3.2.2: a server must accept it.
        var answer = await RawHttp.Send(api.Address, $"GET {new Uri(api.Address, "/v1/provinces/ha-noi")} HTTP/1.1\r\nHost: {api.Address.Authority}\r\nConnection: close\r\n\r\n");
        Assert.Equal(200, answer.Status);
    }

    [Fact]
    public async Task A_fragment_is_no_part_of_a_target()
    {
        Assert.True((await RawHttp.Get(api.Address, "/v1/provinces#ha-noi")).Status is 400 or 404);
    }

    [Theory]
    [InlineData("")]
    [InlineData("GET /v1/provinces HTTP/1.1\r\nHo")]
    [InlineData("\r\n\r\n\r\n\r\n")]
    [InlineData("\u0016\u0003\u0001\u0002\0\u0001\0\u0001\u00fc\u0003\u0003")]
    public async Task Half_a_request_is_answered_by_nothing_but_a_refusal_and_the_service_lives_on(string bytes)
    {
        Assert.True((await RawHttp.Send(api.Address, bytes, hangUp: true)).Status is 0 or 400);
        await LivesOn();
    }

    [Fact]
    public async Task Requests_that_follow_each_other_on_one_connection_are_each_answered()
    {
        var host = $"Host: {api.Address.Authority}\r\n";
        var answers = await RawHttp.Send(api.Address,
            $"GET /v1/provinces/ha-noi HTTP/1.1\r\n{host}\r\nGET /v1/nothing HTTP/1.1\r\n{host}\r\nGET /v1/provinces/hue HTTP/1.1\r\n{host}Connection: close\r\n\r\n");
        Assert.Equal(200, answers.Status);
        Assert.Contains("HTTP/1.1 404", answers.Body, StringComparison.Ordinal);
        Assert.Contains("\"id\":\"hue\"", answers.Body, StringComparison.Ordinal);
    }

    private async Task RefusesAlike(string header, string text)
    {
        var answer = await RawHttp.Get(api.Address, "/v1/provinces?limit=0", string.Format(System.Globalization.CultureInfo.InvariantCulture, header, text));
        Assert.True(answer.Status == 400, $"{header} {text}: {answer.Status} {answer.Body}");
    }

    private async Task LivesOn() => Assert.Equal("live", (string?)(await api.Json("/health/live"))["status"]);
}
