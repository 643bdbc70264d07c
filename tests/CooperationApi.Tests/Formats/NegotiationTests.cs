using System.Globalization;
using System.IO.Compression;
using System.Text.Json.Nodes;

namespace CooperationApi.Tests.Formats;

/// <summary>Which format is answered, and how it is told from the others.</summary>
[Collection(nameof(Reading))]
public sealed class NegotiationTests(Api api)
{
    private const string List = "/v1/meetings";
    private const string Citations = $"/v1/sources/{Founding.Source}/citations";

    [Theory]
    [InlineData("", null, "application/json")]
    [InlineData("", "*/*", "application/json")]
    [InlineData("", "application/*", "application/json")]
    [InlineData("", "text/*", "text/csv")]
    [InlineData("", "text/csv", "text/csv")]
    [InlineData("", "TEXT/CSV", "text/csv")]
    [InlineData("", "text/csv; charset=utf-8", "text/csv")]
    [InlineData("", "text/csv, */*", "text/csv")]
    [InlineData("", "text/csv;q=0.5, application/json", "application/json")]
    [InlineData("", "text/csv;q=0.5, application/json;q=0.4", "text/csv")]
    [InlineData("", "application/json;q=0, */*", "text/csv")]
    [InlineData("", "application/x-ndjson", "application/x-ndjson")]
    [InlineData("", "text/html, application/xhtml+xml, application/xml;q=0.9, */*;q=0.8", "application/json")]
    [InlineData("", "application/json, text/plain, */*", "application/json")]
    [InlineData("", Files.Xlsx, Files.Xlsx)]
    [InlineData("format=json", "text/csv", "application/json")]
    [InlineData("format=json", "text/html", "application/json")]
    [InlineData("format=csv", "application/json", "text/csv")]
    [InlineData("format=csv", "image/png", "text/csv")]
    [InlineData("%66ormat=csv", null, "text/csv")]
    [InlineData("format=ndjson", null, "application/x-ndjson")]
    [InlineData("profile=excel", "text/csv", "text/csv")]
    public async Task The_format_is_the_one_named_or_else_the_one_preferred(string query, string? accept, string type)
    {
        foreach (var list in new[] { List, Citations, "/v1/provinces/thai-binh/meetings" })
        {
            using var answer = await api.Get($"{list}?{query}", accept is null ? [] : ["Accept: " + accept]);
            Assert.Equal((list, 200, type), (list, (int)answer.StatusCode, answer.Content.Headers.ContentType?.MediaType));
        }
    }

    [Fact]
    public async Task What_was_kept_for_one_format_is_not_sent_for_another()
    {
        var types = new List<string?>();
        foreach (var accept in new[] { "application/json", "text/csv", "*/*", Files.Ndjson, "application/json" })
        {
            using var answer = await api.Get(List + "?sort=title", "Accept: " + accept);
            types.Add(answer.Content.Headers.ContentType?.MediaType);
        }
        Assert.Equal(["application/json", "text/csv", "application/json", Files.Ndjson, "application/json"], types);
    }

    [Theory]
    [InlineData("text/html")]
    [InlineData("application/xml, image/*")]
    [InlineData("*/*;q=0")]
    [InlineData("not a media type")]
    public async Task Who_accepts_none_of_them_is_told_what_there_is(string accept)
    {
        foreach (var list in new[] { List, Citations })
        {
            var problem = await api.Problem(406, list, "Accept: " + accept);
            Assert.All(Files.Types.Append("application/json"), type => Assert.Contains(type, (string)problem["detail"]!, StringComparison.Ordinal));
        }
        var ofItem = await api.Problem(406, "/v1/provinces/ha-noi", "Accept: text/csv");
        Assert.DoesNotContain("ndjson", (string)ofItem["detail"]!, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("format=csv&limit=5", "limit: only_in_json")]
    [InlineData("format=ndjson&cursor=AAAA&total=true", "cursor: cursor_invalid, cursor: only_in_json, total: only_in_json")]
    [InlineData("format=xlsx&total=false", "total: only_in_json")]
    [InlineData("format=ndjson&expand=provinces", "expand: only_in_json")]
    [InlineData("format=CSV", "format: not_allowed")]
    [InlineData("format=xls&profile=exel", "format: not_allowed, profile: not_allowed")]
    [InlineData("format=csv&format=csv", "format: repeated_parameter")]
    [InlineData("format=", "format: empty_value")]
    [InlineData("profile=excel", "profile: only_of_csv")]
    [InlineData("profile=excel&format=xlsx", "profile: only_of_csv")]
    [InlineData("format=csv&profile=word", "profile: not_allowed")]
    [InlineData("format=csv&fields=nothing&sort=nothing", "fields: not_allowed, sort: not_allowed")]
    [InlineData("format=csv&provinceId=thai-bin", "provinceId: record_not_found")]
    public async Task What_does_not_go_together_is_refused(string query, string faults)
    {
        var problem = await api.Problem(400, $"{List}?{query}");
        Assert.Equal(faults, string.Join(", ", problem.Faults().Order(StringComparer.Ordinal)));
    }

    [Fact]
    public async Task A_format_that_is_mistyped_is_guessed()
    {
        Assert.Equal("xlsx", (string?)(await api.Problem(400, List + "?format=xls"))["errors"]![0]!["suggestion"]);
    }

    [Fact]
    public async Task A_file_of_what_is_not_there_is_a_problem()
    {
        await api.Problem(404, "/v1/provinces/nowhere/meetings?format=csv");
        await api.Problem(404, "/v1/sources/none/citations?format=xlsx");
        Assert.Equal(["format: unknown_parameter"], (await api.Problem(400, "/v1/provinces/ha-noi?format=csv")).Faults());
    }

    [Fact]
    public async Task Every_format_and_language_has_a_tag_of_its_own_and_is_known_by_it()
    {
        var known = new HashSet<string>();
        foreach (var (query, headers) in new (string, string[])[]
        {
            ("format=json", []), ("format=csv", []), ("format=csv&profile=excel", []), ("format=ndjson", []), ("format=xlsx", []),
            ("format=xlsx", ["Accept-Language: vi"]), ("format=csv", ["Accept-Encoding: gzip"]), ("format=ndjson", ["Accept-Encoding: gzip"]),
        })
        {
            using var answer = await api.Get($"{List}?{query}", headers);
            Assert.Matches("^W/\"[0-9a-z-]+\"$", answer.ETag());
            Assert.True(known.Add(answer.ETag()), answer.ETag());
            foreach (var tag in new[] { answer.ETag(), "\"other\", " + answer.ETag(), "*" })
            {
                using var again = await api.Get($"{List}?{query}", [.. headers, "If-None-Match: " + tag]);
                Assert.Equal((304, answer.ETag(), answer.Header("Vary")), ((int)again.StatusCode, again.ETag(), again.Header("Vary")));
                Assert.Empty(await again.Bytes());
                Assert.Null(again.Header("Content-Type"));
            }
        }
        using var json = await api.Get(List);
        using var csv = await api.Get(List + "?format=csv", "If-None-Match: " + json.ETag());
        Assert.Equal(200, (int)csv.StatusCode);
    }

    [Fact]
    public async Task A_condition_does_not_turn_a_fault_into_a_success()
    {
        await api.Problem(400, List + "?format=csv&limit=3", "If-None-Match: *");
        await api.Problem(400, List + "?format=csv&provinceId=nowhere", "If-None-Match: *");
        await api.Problem(404, "/v1/provinces/nowhere/meetings?format=csv", "If-None-Match: *");
    }

    [Theory]
    [InlineData("csv")]
    [InlineData("ndjson")]
    public async Task Streams_come_compressed_to_whoever_takes_that(string format)
    {
        using var packed = await api.Get($"/v1/provinces?format={format}", "Accept-Encoding: gzip");
        Assert.Equal("gzip", packed.Header("Content-Encoding"));
        using var unpacked = new MemoryStream();
        await new GZipStream(await packed.Content.ReadAsStreamAsync(TestContext.Current.CancellationToken), CompressionMode.Decompress).CopyToAsync(unpacked, TestContext.Current.CancellationToken);
        Assert.Equal(await api.File($"/v1/provinces?format={format}"), unpacked.ToArray());
    }

    [Theory]
    [InlineData("/v1/meetings?format=csv", "meetings.csv")]
    [InlineData("/v1/cooperation-groups?format=ndjson", "cooperation-groups.ndjson")]
    [InlineData("/v1/provinces/thai-binh/meetings?format=xlsx", "meetings-thai-binh.xlsx")]
    [InlineData(Citations + "?format=csv&profile=excel", "citations-ha-noi-thai-binh-2019-10-26.csv")]
    public async Task A_file_has_a_name(string address, string name)
    {
        using var answer = await api.Get(address);
        Assert.Equal($"attachment; filename=\"{name}\"", answer.Header("Content-Disposition"));
    }

    [Theory]
    [InlineData("csv")]
    [InlineData("csv&profile=excel")]
    [InlineData("ndjson")]
    [InlineData("xlsx")]
    public async Task HEAD_tells_what_GET_would(string format)
    {
        foreach (var list in new[] { List, Citations })
        {
            using var got = await api.Get($"{list}?format={format}");
            using var head = await api.Send(HttpMethod.Head, $"{list}?format={format}");
            Assert.Equal(200, (int)head.StatusCode);
            Assert.Empty(await head.Bytes());
            Assert.All(["Content-Type", "ETag", "Vary", "Row-Count", "Content-Disposition", "Content-Language", "Cache-Control"], header => Assert.Equal(got.Header(header), head.Header(header)));
        }
    }

    [Fact]
    public async Task Only_a_workbook_has_a_length()
    {
        using var xlsx = await api.Get(List + "?format=xlsx");
        Assert.Equal((await xlsx.Bytes()).Length.ToString(CultureInfo.InvariantCulture), xlsx.Header("Content-Length"));
        var csv = await RawHttp.Get(api.Address, List + "?format=csv");
        Assert.Equal("chunked", csv.Headers["Transfer-Encoding"].Single());
        Assert.EndsWith("\r\n0\r\n\r\n", csv.Body, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Any_page_may_read_how_many_rows_there_are()
    {
        using var answer = await api.Get(List + "?format=csv", "Origin: https://elsewhere.example");
        Assert.Superset(new HashSet<string> { "Row-Count", "Content-Disposition" }, answer.Header("Access-Control-Expose-Headers")!.Split(", ").ToHashSet());
    }

    [Fact]
    public async Task An_answer_in_JSON_says_nothing_of_files()
    {
        using var answer = await api.Get(List + "?format=json&limit=1&total=true");
        Assert.Null(answer.Header("Row-Count"));
        Assert.Null(answer.Header("Content-Disposition"));
        Assert.Single(JsonNode.Parse(await answer.Text())!.Items());
    }
}
