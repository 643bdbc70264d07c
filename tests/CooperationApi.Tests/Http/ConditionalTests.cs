using System.Globalization;
using System.IO.Compression;
using System.Text.Json.Nodes;

namespace CooperationApi.Tests.Http;

[Collection(nameof(Reading))]
public sealed class ConditionalTests(Api api)
{
    private const string Item = "/v1/provinces/thai-binh";
    private const string List = "/v1/provinces?limit=50";
    private const string Citations = "/v1/sources/ha-noi-thai-binh-2019-10-26/citations?limit=3";

    public static TheoryData<string> Types => Catalog.Each;

    [Theory, MemberData(nameof(Types))]
    public async Task An_item_has_a_strong_tag_and_a_list_a_weak_one(string type)
    {
        var id = (await api.Json($"/v1/{type}?limit=1")).Items()[0].Id();
        using var item = await api.Get($"/v1/{type}/{id}");
        Assert.Matches("^\"[0-9a-z-]+\"$", item.ETag());
        using var list = await api.Get($"/v1/{type}");
        Assert.Matches("^W/\"[0-9a-z-]+\"$", list.ETag());
    }

    [Fact]
    public async Task A_tag_tells_epoch_and_number()
    {
        var status = await api.Json("/v1/status");
        using var list = await api.Get("/v1/meetings");
        Assert.Equal($"W/\"{status["epoch"]}-{status["revision"]}\"", list.ETag());
        using var item = await api.Get(Item);
        Assert.Equal($"\"{status["epoch"]}-{JsonNode.Parse(await item.Text())!["revision"]}\"", item.ETag());
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
    public async Task What_is_known_already_is_not_sent_again(string address, string ifNoneMatch)
    {
        using var known = await api.Get(address);
        using var again = await api.Get(address, "If-None-Match: " + string.Format(CultureInfo.InvariantCulture, ifNoneMatch, known.ETag()));
        Assert.Equal(304, (int)again.StatusCode);
        Assert.Empty(await again.Bytes());
        foreach (var header in new[] { "ETag", "Cache-Control", "Vary", "Last-Modified" })
            Assert.Equal(known.Header(header), again.Header(header));
        Assert.Null(again.Header("Content-Type"));
    }

    [Theory]
    [InlineData("\"other\"")]
    [InlineData("W/\"other\"")]
    [InlineData("\"\"")]
    [InlineData("no tag at all")]
    [InlineData("\"a\", \"b\", \"c\"")]
    public async Task What_is_not_known_is_sent(string ifNoneMatch)
    {
        foreach (var address in new[] { Item, List })
        {
            using var whole = await api.Get(address);
            using var again = await api.Get(address, "If-None-Match: " + ifNoneMatch);
            Assert.Equal(200, (int)again.StatusCode);
            Assert.Equal(await whole.Bytes(), await again.Bytes());
        }
    }

    [Fact]
    public async Task A_list_is_another_when_the_weak_tag_is_of_another_number()
    {
        using var list = await api.Get(List);
        var earlier = System.Text.RegularExpressions.Regex.Replace(list.ETag(), "-[0-9]+\"", "-1\"");
        using var again = await api.Get(List, "If-None-Match: " + earlier);
        Assert.Equal(200, (int)again.StatusCode);
    }

    [Theory]
    [InlineData(0, 304)]
    [InlineData(3600, 304)]
    [InlineData(-1, 200)]
    [InlineData(-86400, 200)]
    public async Task An_item_is_sent_if_it_was_changed_since(int seconds, int status)
    {
        using var item = await api.Get(Item);
        var since = item.Content.Headers.LastModified!.Value.AddSeconds(seconds).ToString("R", CultureInfo.InvariantCulture);
        using var again = await api.Get(Item, "If-Modified-Since: " + since);
        Assert.Equal(status, (int)again.StatusCode);
    }

    [Theory]
    [InlineData("yesterday")]
    [InlineData("2030-01-01")]
    public async Task A_date_of_another_form_is_no_condition(string since)
    {
        using var item = await api.Get(Item, "If-Modified-Since: " + since);
        Assert.Equal(200, (int)item.StatusCode);
    }

    [Fact]
    public async Task The_tag_decides_where_tag_and_date_disagree()
    {
        using var item = await api.Get(Item);
        using var changed = await api.Get(Item, "If-None-Match: \"other\"", "If-Modified-Since: " + item.Header("Last-Modified"));
        Assert.Equal(200, (int)changed.StatusCode);
        using var known = await api.Get(Item, "If-None-Match: " + item.ETag(), "If-Modified-Since: Mon, 01 Jan 2001 00:00:00 GMT");
        Assert.Equal(304, (int)known.StatusCode);
    }

    [Fact]
    public async Task A_condition_does_not_turn_a_fault_into_a_success()
    {
        await api.Problem(404, "/v1/provinces/there-is-none", "If-None-Match: *");
        await api.Problem(400, "/v1/provinces?limit=0", "If-None-Match: *");
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
        var (got, head) = (await RawHttp.Get(api.Address, address), await RawHttp.Request(api.Address, "HEAD", address));
        Assert.Equal(got.Status, head.Status);
        Assert.Equal("", head.Body);
        Assert.NotEqual("", got.Body);
        Assert.Equal(Headers(got), Headers(head));
    }

    [Fact]
    public async Task HEAD_is_answered_304_as_GET_is()
    {
        using var item = await api.Get(Item);
        using var head = await api.Send(HttpMethod.Head, Item, "If-None-Match: " + item.ETag());
        Assert.Equal((304, item.ETag()), ((int)head.StatusCode, head.ETag()));
    }

    [Theory]
    [InlineData("gzip")]
    [InlineData("GZIP")]
    [InlineData("br, gzip;q=0.5")]
    [InlineData("deflate, gzip, br")]
    [InlineData("gzip;q=0.001")]
    [InlineData("*")]
    public async Task Who_takes_gzip_gets_the_same_bytes_compressed_under_another_tag(string acceptEncoding)
    {
        foreach (var address in new[] { List, Citations + "0" })
        {
            using var plain = await api.Get(address);
            using var packed = await api.Get(address, "Accept-Encoding: " + acceptEncoding);
            Assert.Equal("gzip", packed.Header("Content-Encoding"));
            Assert.Equal(plain.ETag()[..^1] + "-gzip\"", packed.ETag());
            var bytes = await packed.Bytes();
            Assert.Equal(bytes.Length.ToString(CultureInfo.InvariantCulture), packed.Header("Content-Length"));
            Assert.True(bytes.Length < (await plain.Bytes()).Length);
            using var unpacked = new MemoryStream();
            await new GZipStream(new MemoryStream(bytes), CompressionMode.Decompress).CopyToAsync(unpacked, TestContext.Current.CancellationToken);
            Assert.Equal(await plain.Bytes(), unpacked.ToArray());
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
    public async Task Who_does_not_take_gzip_gets_none(string acceptEncoding)
    {
        using var plain = await api.Get(List);
        using var answer = await api.Get(List, "Accept-Encoding: " + acceptEncoding);
        Assert.Null(answer.Header("Content-Encoding"));
        Assert.Equal((plain.ETag(), 200), (answer.ETag(), (int)answer.StatusCode));
        Assert.Equal(await plain.Bytes(), await answer.Bytes());
    }

    [Fact]
    public async Task The_compressed_and_the_plain_are_known_by_their_own_tags()
    {
        using var plain = await api.Get(List);
        using var packed = await api.Get(List, "Accept-Encoding: gzip");
        using var known = await api.Get(List, "Accept-Encoding: gzip", "If-None-Match: " + packed.ETag());
        Assert.Equal((304, packed.ETag()), ((int)known.StatusCode, known.ETag()));
        using var other = await api.Get(List, "If-None-Match: " + packed.ETag());
        Assert.Equal((200, plain.ETag()), ((int)other.StatusCode, other.ETag()));
    }

    [Fact]
    public async Task What_decides_over_the_representation_stands_in_Vary()
    {
        foreach (var address in new[] { Item, List })
        {
            using var answer = await api.Get(address);
            Assert.Superset(new HashSet<string> { "Accept", "Accept-Encoding" }, answer.Header("Vary")!.Split(", ").ToHashSet());
        }
        using var problem = await api.Get("/v1/nothing");
        Assert.Contains("Accept-Language", problem.Header("Vary")!.Split(", "));
    }

    [Fact]
    public async Task A_range_is_no_reason_for_a_part()
    {
        using var whole = await api.Get(List);
        using var answer = await api.Get(List, "Range: bytes=0-4");
        Assert.Equal(200, (int)answer.StatusCode);
        Assert.Equal(await whole.Bytes(), await answer.Bytes());
    }

    private static IEnumerable<string> Headers(RawAnswer answer) =>
        answer.Headers.Where(header => header.Key is not ("Date" or "Transfer-Encoding")).SelectMany(header => header.Select(value => $"{header.Key}: {value}")).Order(StringComparer.Ordinal);
}
