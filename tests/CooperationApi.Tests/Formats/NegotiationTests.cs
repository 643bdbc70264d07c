using System.Globalization;
using System.IO.Compression;
using System.Text.Json.Nodes;

namespace CooperationApi.Tests.Formats;

/// <summary>Tests of content negotiation for lists: formats, ETags, compression and headers.</summary>
[Collection(nameof(SharedApi))]
public sealed class NegotiationTests(ApiFixture api)
{
    private const string ListUrl = "/v1/meetings";
    private const string CitationsUrl = $"/v1/sources/{SeedFacts.SourceId}/citations";

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
    [InlineData("", FileFormatReader.Xlsx, FileFormatReader.Xlsx)]
    [InlineData("format=json", "text/csv", "application/json")]
    [InlineData("format=json", "text/html", "application/json")]
    [InlineData("format=csv", "application/json", "text/csv")]
    [InlineData("format=csv", "image/png", "text/csv")]
    [InlineData("%66ormat=csv", null, "text/csv")]
    [InlineData("format=ndjson", null, "application/x-ndjson")]
    [InlineData("profile=excel", null, "text/csv")]
    [InlineData("profile=excel", "text/csv", "text/csv")]
    public async Task Format_parameter_overrides_the_Accept_header(string query, string? accept, string type)
    {
        foreach (var list in new[] { ListUrl, CitationsUrl, "/v1/provinces/thai-binh/meetings" })
        {
            using var response = await api.Get($"{list}?{query}", accept is null ? [] : ["Accept: " + accept]);
            Assert.Equal((list, 200, type), (list, (int)response.StatusCode, response.Content.Headers.ContentType?.MediaType));
        }
    }

    [Fact]
    public async Task Cached_response_of_one_format_is_not_served_for_another()
    {
        var types = new List<string?>();
        foreach (var accept in new[] { "application/json", "text/csv", "*/*", FileFormatReader.Ndjson, "application/json" })
        {
            using var response = await api.Get(ListUrl + "?sort=title", "Accept: " + accept);
            types.Add(response.Content.Headers.ContentType?.MediaType);
        }
        Assert.Equal(["application/json", "text/csv", "application/json", FileFormatReader.Ndjson, "application/json"], types);
    }

    [Theory]
    [InlineData("text/html")]
    [InlineData("application/xml, image/*")]
    [InlineData("*/*;q=0")]
    [InlineData("not a media type")]
    public async Task Unsupported_Accept_header_is_a_406_that_lists_the_formats(string accept)
    {
        foreach (var list in new[] { ListUrl, CitationsUrl })
        {
            var problem = await api.GetProblem(406, list, "Accept: " + accept);
            Assert.All(FileFormatReader.MediaTypes.Append("application/json"),
                type => Assert.Contains(type, (string)problem["detail"]!, StringComparison.Ordinal));
        }
        var itemProblem = await api.GetProblem(406, "/v1/provinces/ha-noi", "Accept: text/csv");
        Assert.DoesNotContain("ndjson", (string)itemProblem["detail"]!, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("format=csv&limit=5", "limit: requires_json_format")]
    [InlineData("format=ndjson&cursor=AAAA&total=true",
        "cursor: cursor_invalid, cursor: requires_json_format, total: requires_json_format")]
    [InlineData("format=xlsx&total=false", "total: requires_json_format")]
    [InlineData("format=ndjson&expand=provinces", "expand: requires_json_format")]
    [InlineData("format=CSV", "format: not_allowed")]
    [InlineData("format=xls&profile=exel", "format: not_allowed, profile: not_allowed")]
    [InlineData("format=csv&format=csv", "format: duplicate_parameter")]
    [InlineData("format=", "format: empty_value")]
    [InlineData("profile=excel&format=xlsx", "profile: profile_not_available")]
    [InlineData("format=csv&profile=word", "profile: not_allowed")]
    [InlineData("format=csv&fields=nothing&sort=nothing", "fields: not_allowed, sort: not_allowed")]
    [InlineData("format=csv&provinceId=thai-bin", "provinceId: record_not_found")]
    public async Task Invalid_or_incompatible_format_parameters_are_rejected(string query, string expectedErrors)
    {
        var problem = await api.GetProblem(400, $"{ListUrl}?{query}");
        Assert.Equal(expectedErrors, string.Join(", ", problem.GetErrors().Order(StringComparer.Ordinal)));
    }

    [Fact]
    public async Task Mistyped_format_gets_a_suggestion()
    {
        Assert.Equal("xlsx", (string?)(await api.GetProblem(400, ListUrl + "?format=xls"))["errors"]![0]!["suggestion"]);
    }

    [Fact]
    public async Task File_of_a_missing_record_is_a_problem()
    {
        await api.GetProblem(404, "/v1/provinces/nowhere/meetings?format=csv");
        await api.GetProblem(404, "/v1/sources/none/citations?format=xlsx");
        Assert.Equal(["format: unknown_parameter"], (await api.GetProblem(400, "/v1/provinces/ha-noi?format=csv")).GetErrors());
    }

    [Fact]
    public async Task Every_format_and_language_has_its_own_ETag_and_gives_304_for_it()
    {
        var etags = new HashSet<string>();
        foreach (var (query, headers) in new (string, string[])[]
        {
            ("format=json", []), ("format=csv", []), ("format=csv&profile=excel", []), ("format=ndjson", []), ("format=xlsx", []),
            ("format=xlsx", ["Accept-Language: vi"]), ("format=csv", ["Accept-Encoding: gzip"]),
            ("format=ndjson", ["Accept-Encoding: gzip"]),
        })
        {
            using var response = await api.Get($"{ListUrl}?{query}", headers);
            Assert.Matches("^W/\"[0-9a-z-]+\"$", response.GetETag());
            Assert.True(etags.Add(response.GetETag()), response.GetETag());
            foreach (var tag in new[] { response.GetETag(), "\"other\", " + response.GetETag(), "*" })
            {
                using var repeated = await api.Get($"{ListUrl}?{query}", [.. headers, "If-None-Match: " + tag]);
                Assert.Equal((304, response.GetETag(), response.GetHeader("Vary")),
                    ((int)repeated.StatusCode, repeated.GetETag(), repeated.GetHeader("Vary")));
                Assert.Empty(await repeated.ReadBytes());
                Assert.Null(repeated.GetHeader("Content-Type"));
            }
        }
        using var json = await api.Get(ListUrl);
        using var csv = await api.Get(ListUrl + "?format=csv", "If-None-Match: " + json.GetETag());
        Assert.Equal(200, (int)csv.StatusCode);
    }

    [Fact]
    public async Task If_None_Match_does_not_hide_an_error()
    {
        await api.GetProblem(400, ListUrl + "?format=csv&limit=3", "If-None-Match: *");
        await api.GetProblem(400, ListUrl + "?format=csv&provinceId=nowhere", "If-None-Match: *");
        await api.GetProblem(404, "/v1/provinces/nowhere/meetings?format=csv", "If-None-Match: *");
    }

    [Theory]
    [InlineData("csv")]
    [InlineData("ndjson")]
    public async Task Streamed_formats_are_compressed_on_request(string format)
    {
        using var compressed = await api.Get($"/v1/provinces?format={format}", "Accept-Encoding: gzip");
        Assert.Equal("gzip", compressed.GetHeader("Content-Encoding"));
        using var decompressed = new MemoryStream();
        await new GZipStream(await compressed.Content.ReadAsStreamAsync(TestContext.Current.CancellationToken),
            CompressionMode.Decompress).CopyToAsync(decompressed, TestContext.Current.CancellationToken);
        Assert.Equal(await api.GetFile($"/v1/provinces?format={format}"), decompressed.ToArray());
    }

    [Theory]
    [InlineData("/v1/meetings?format=csv", "meetings.csv")]
    [InlineData("/v1/cooperation-groups?format=ndjson", "cooperation-groups.ndjson")]
    [InlineData("/v1/provinces/thai-binh/meetings?format=xlsx", "meetings-thai-binh.xlsx")]
    [InlineData(CitationsUrl + "?format=csv&profile=excel", "citations-ha-noi-thai-binh-2019-10-26.csv")]
    public async Task File_response_has_a_file_name(string address, string name)
    {
        using var response = await api.Get(address);
        Assert.Equal($"attachment; filename=\"{name}\"", response.GetHeader("Content-Disposition"));
    }

    [Theory]
    [InlineData("csv")]
    [InlineData("csv&profile=excel")]
    [InlineData("ndjson")]
    [InlineData("xlsx")]
    public async Task HEAD_returns_the_headers_of_GET(string format)
    {
        foreach (var list in new[] { ListUrl, CitationsUrl })
        {
            using var getResponse = await api.Get($"{list}?format={format}");
            using var head = await api.Send(HttpMethod.Head, $"{list}?format={format}");
            Assert.Equal(200, (int)head.StatusCode);
            Assert.Empty(await head.ReadBytes());
            Assert.All(["Content-Type", "ETag", "Vary", "Row-Count", "Content-Disposition", "Content-Language", "Cache-Control"],
                header => Assert.Equal(getResponse.GetHeader(header), head.GetHeader(header)));
        }
    }

    [Fact]
    public async Task Only_a_workbook_has_a_Content_Length()
    {
        using var xlsx = await api.Get(ListUrl + "?format=xlsx");
        Assert.Equal((await xlsx.ReadBytes()).Length.ToString(CultureInfo.InvariantCulture), xlsx.GetHeader("Content-Length"));
        var csv = await RawHttp.Get(api.Address, ListUrl + "?format=csv");
        Assert.Equal("chunked", csv.Headers["Transfer-Encoding"].Single());
        Assert.True(csv.IsComplete);
    }

    [Fact]
    public async Task CORS_exposes_the_Row_Count_header()
    {
        using var response = await api.Get(ListUrl + "?format=csv", "Origin: https://elsewhere.example");
        Assert.Superset(new HashSet<string> { "Row-Count", "Content-Disposition" },
            response.GetHeader("Access-Control-Expose-Headers")!.Split(',').ToHashSet());
    }

    [Fact]
    public async Task JSON_response_has_no_file_headers()
    {
        using var response = await api.Get(ListUrl + "?format=json&limit=1&total=true");
        Assert.Null(response.GetHeader("Row-Count"));
        Assert.Null(response.GetHeader("Content-Disposition"));
        Assert.Single(JsonNode.Parse(await response.ReadText())!.GetItems());
    }
}
