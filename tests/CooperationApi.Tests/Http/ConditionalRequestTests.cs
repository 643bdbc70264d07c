using System.Globalization;
using System.IO.Compression;
using System.Text.Json.Nodes;

namespace CooperationApi.Tests.Http;

[Collection(nameof(SharedApi))]
public sealed class ConditionalRequestTests(ApiFixture api)
{
    private const string Item = "/v1/provinces/thai-binh";
    private const string List = "/v1/provinces?limit=50";
    private const string Citations = "/v1/sources/ha-noi-thai-binh-2019-10-26/citations?limit=3";

    public static TheoryData<string> Types => ResourceTypes.AsTheoryData;

    [Theory, MemberData(nameof(Types))]
    public async Task Item_has_a_strong_ETag_and_list_a_weak_one(string type)
    {
        var id = (await api.GetJson($"/v1/{type}?limit=1")).GetItems()[0].GetId();
        using var item = await api.Get($"/v1/{type}/{id}");
        Assert.Matches("^\"[0-9a-z-]+\"$", item.GetETag());
        using var list = await api.Get($"/v1/{type}");
        Assert.Matches("^W/\"[0-9a-z-]+\"$", list.GetETag());
    }

    [Fact]
    public async Task ETag_consists_of_epoch_and_revision()
    {
        var status = await api.GetJson("/v1/status");
        using var list = await api.Get("/v1/meetings");
        Assert.Equal($"W/\"{status["epoch"]}-{status["revision"]}\"", list.GetETag());
        using var item = await api.Get(Item);
        Assert.Equal($"\"{status["epoch"]}-{JsonNode.Parse(await item.ReadText())!["revision"]}\"", item.GetETag());
    }

    [Theory]
    [InlineData(Item, "{0}")]
    [InlineData(Item, "W/{0}")]
    [InlineData(Item, "\"other\", {0}")]
    [InlineData(Item, "\"other\" , W/\"one\",{0}, \"more\"")]
    [InlineData(Item, "*")]
    [InlineData(List, "{0}")]
    [InlineData(List, "\"other\", {0}")]
    [InlineData(List, "*")]
    [InlineData(Citations, "{0}")]
    [InlineData("/v1/status", "{0}")]
    [InlineData(Item + "?fields=id,name", "{0}")]
    [InlineData(Item + "?at=2019-10-26", "{0}")]
    public async Task Matching_If_None_Match_gives_304_with_the_same_headers(string address, string ifNoneMatch)
    {
        using var first = await api.Get(address);
        using var repeated =
            await api.Get(address, "If-None-Match: " + string.Format(CultureInfo.InvariantCulture, ifNoneMatch, first.GetETag()));
        Assert.Equal(304, (int)repeated.StatusCode);
        Assert.Empty(await repeated.ReadBytes());
        foreach (var header in new[] { "ETag", "Cache-Control", "Vary" })
            Assert.Equal(first.GetHeader(header), repeated.GetHeader(header));
        Assert.Null(repeated.GetHeader("Content-Type"));
    }

    [Theory]
    [InlineData("\"other\"")]
    [InlineData("W/\"other\"")]
    [InlineData("\"\"")]
    [InlineData("no tag at all")]
    [InlineData("\"a\", \"b\", \"c\"")]
    public async Task Nonmatching_If_None_Match_gives_the_full_response(string ifNoneMatch)
    {
        foreach (var address in new[] { Item, List })
        {
            using var full = await api.Get(address);
            using var repeated = await api.Get(address, "If-None-Match: " + ifNoneMatch);
            Assert.Equal(200, (int)repeated.StatusCode);
            Assert.Equal(await full.ReadBytes(), await repeated.ReadBytes());
        }
    }

    [Fact]
    public async Task List_ETag_of_another_revision_gives_the_full_response()
    {
        using var list = await api.Get(List);
        var earlier = System.Text.RegularExpressions.Regex.Replace(list.GetETag(), "-[0-9]+\"", "-1\"");
        using var repeated = await api.Get(List, "If-None-Match: " + earlier);
        Assert.Equal(200, (int)repeated.StatusCode);
    }

    [Fact]
    public async Task Dates_are_neither_sent_nor_evaluated()
    {
        foreach (var address in new[] { Item, List, $"/v1/meetings/{SeedFacts.ConferenceId}?expand=participants.official", "/v1/status" })
        {
            using var response = await api.Get(address, "If-Modified-Since: Fri, 01 Jan 2100 00:00:00 GMT");
            Assert.Equal((200, null), ((int)response.StatusCode, response.GetHeader("Last-Modified")));
        }
    }

    [Theory]
    [InlineData("W/\"{0}\"", "gzip", 304)]
    [InlineData("W/\"{0}-gzip\"", "gzip", 304)]
    [InlineData("\"{0}-gzip\"", "gzip", 304)]
    [InlineData("\"{0}-br\"", "br, gzip", 304)]
    [InlineData("\"{0}-gzip\"", null, 304)]
    [InlineData("\"{0}\"", "gzip", 304)]
    [InlineData("\"{0}-gzip\"", "identity", 200)]
    [InlineData("\"{0}-br\"", "gzip", 200)]
    [InlineData("\"{0}-other\"", "gzip", 200)]
    [InlineData("\"{0}1\"", "gzip", 200)]
    public async Task Tag_of_the_state_in_any_accepted_encoding_gives_304(string ifNoneMatch, string? acceptEncoding, int status)
    {
        foreach (var address in new[] { Item, List, "/v1/status", "/v1/provinces?format=csv" })
        {
            using var plain = await api.Get(address);
            var tag = plain.GetETag().TrimStart('W', '/').Trim('"');
            using var repeated = await api.Get(address,
                [.. new[] { "If-None-Match: " + string.Format(CultureInfo.InvariantCulture, ifNoneMatch, tag) },
                    .. acceptEncoding is null ? [] : new[] { "Accept-Encoding: " + acceptEncoding }]);
            Assert.True(status == (int)repeated.StatusCode, $"{address}: {repeated.StatusCode}");
            if (status == 304)
                Assert.Contains(repeated.GetETag().TrimStart('W', '/'), ifNoneMatch.Replace("{0}", tag, StringComparison.Ordinal),
                    StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task Conditional_headers_do_not_change_error_responses()
    {
        await api.GetProblem(404, "/v1/provinces/there-is-none", "If-None-Match: *");
        await api.GetProblem(400, "/v1/provinces?limit=0", "If-None-Match: *");
    }

    [Theory]
    [InlineData(Item)]
    [InlineData(List)]
    [InlineData("/v1/provinces?limit=1&sort=code&total=true")]
    [InlineData(Citations)]
    [InlineData("/v1/status")]
    [InlineData("/health/live")]
    [InlineData("/health/ready")]
    [InlineData("/v1/provinces/there-is-none")]
    [InlineData("/v1/provinces?limit=0")]
    [InlineData("/v1/nothing")]
    [InlineData("/nothing")]
    public async Task HEAD_has_the_headers_of_GET_and_no_body(string address)
    {
        var (getResponse, head) = (await RawHttp.Get(api.Address, address), await RawHttp.SendWithoutBody(api.Address, "HEAD", address));
        Assert.Equal(getResponse.Status, head.Status);
        Assert.Equal("", head.Body);
        Assert.NotEqual("", getResponse.Body);
        Assert.Equal(FormatHeaders(getResponse), FormatHeaders(head));
    }

    [Fact]
    public async Task HEAD_returns_304_like_GET()
    {
        using var item = await api.Get(Item);
        using var head = await api.Send(HttpMethod.Head, Item, "If-None-Match: " + item.GetETag());
        Assert.Equal((304, item.GetETag()), ((int)head.StatusCode, head.GetETag()));
    }

    [Theory]
    [InlineData("gzip")]
    [InlineData("GZIP")]
    [InlineData("br, gzip;q=0.5")]
    [InlineData("deflate, gzip, br")]
    [InlineData("gzip;q=0.001")]
    [InlineData("*")]
    public async Task Gzip_response_has_the_same_content_under_its_own_ETag(string acceptEncoding)
    {
        foreach (var address in new[] { List, Citations + "0" })
        {
            using var plain = await api.Get(address);
            using var compressed = await api.Get(address, "Accept-Encoding: " + acceptEncoding);
            Assert.Equal("gzip", compressed.GetHeader("Content-Encoding"));
            Assert.Equal(plain.GetETag()[..^1] + "-gzip\"", compressed.GetETag());
            var bytes = await compressed.ReadBytes();
            Assert.Equal(bytes.Length.ToString(CultureInfo.InvariantCulture), compressed.GetHeader("Content-Length"));
            Assert.True(bytes.Length < (await plain.ReadBytes()).Length);
            using var decompressed = new MemoryStream();
            await new GZipStream(new MemoryStream(bytes), CompressionMode.Decompress).CopyToAsync(decompressed,
                TestContext.Current.CancellationToken);
            Assert.Equal(await plain.ReadBytes(), decompressed.ToArray());
        }
    }

    [Theory]
    [InlineData("gzip;q=0")]
    [InlineData("gzip;q=0.000")]
    [InlineData("gzip;q=0, *")]
    [InlineData("identity")]
    [InlineData("br")]
    [InlineData("")]
    [InlineData(";;;,,,")]
    public async Task Response_is_uncompressed_when_gzip_is_not_accepted(string acceptEncoding)
    {
        using var plain = await api.Get(List);
        using var response = await api.Get(List, "Accept-Encoding: " + acceptEncoding);
        Assert.Null(response.GetHeader("Content-Encoding"));
        Assert.Equal((plain.GetETag(), 200), (response.GetETag(), (int)response.StatusCode));
        Assert.Equal(await plain.ReadBytes(), await response.ReadBytes());
    }

    [Fact]
    public async Task Compressed_and_plain_representations_have_separate_ETags()
    {
        using var plain = await api.Get(List);
        using var compressed = await api.Get(List, "Accept-Encoding: gzip");
        using var notModified = await api.Get(List, "Accept-Encoding: gzip", "If-None-Match: " + compressed.GetETag());
        Assert.Equal((304, compressed.GetETag()), ((int)notModified.StatusCode, notModified.GetETag()));
        using var full = await api.Get(List, "Accept-Encoding: identity", "If-None-Match: " + compressed.GetETag());
        Assert.Equal((200, plain.GetETag()), ((int)full.StatusCode, full.GetETag()));
    }

    [Fact]
    public async Task Vary_lists_the_headers_that_select_the_representation()
    {
        foreach (var address in new[] { Item, List })
        {
            using var response = await api.Get(address);
            Assert.Superset(new HashSet<string> { "Accept", "Accept-Encoding" }, response.GetHeader("Vary")!.Split(", ").ToHashSet());
        }
        using var problem = await api.Get("/v1/nothing");
        Assert.Contains("Accept-Language", problem.GetHeader("Vary")!.Split(", "));
    }

    [Fact]
    public async Task Range_header_is_ignored_for_lists()
    {
        using var full = await api.Get(List);
        using var response = await api.Get(List, "Range: bytes=0-4");
        Assert.Equal(200, (int)response.StatusCode);
        Assert.Equal(await full.ReadBytes(), await response.ReadBytes());
    }

    private static IEnumerable<string> FormatHeaders(RawResponse response) =>
        response.Headers.Where(header => header.Key is not ("Date" or "Transfer-Encoding"))
            .SelectMany(header => header.Select(value => $"{header.Key}: {value}")).Order(StringComparer.Ordinal);
}
