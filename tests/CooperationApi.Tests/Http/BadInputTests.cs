using System.Text.Json.Nodes;
using CooperationApi.Http.Problems;

namespace CooperationApi.Tests.Http;

/// <summary>Tests of invalid requests: the response is a 4xx that describes every error and reveals no implementation details.</summary>
[Collection(nameof(SharedApi))]
public sealed class BadInputTests(ApiFixture api)
{
    private static readonly string[] JsonOnlyAddresses = ["/v1/provinces/ha-noi", "/v1/status"];

    private static readonly string[] ImplementationDetails =
        ["Exception", "   at ", ".cs:", "SELECT", "SQLite", "Microsoft.", "System.", "/tmp", "/home", "Kestrel"];

    public static TheoryData<string> Types => ResourceTypes.AsTheoryData;

    [Theory]
    [InlineData("provnceId=thai-binh", "provnceId", "provinceId")]
    [InlineData("provinceid=thai-binh", "provinceid", "provinceId")]
    [InlineData("LIMIT=5", "LIMIT", "limit")]
    [InlineData("limit[]=5", "limit[]", "limit")]
    [InlineData("curser=abc", "curser", "cursor")]
    [InlineData("?limit=5", "?limit", "limit")]
    [InlineData("%20limit=5", " limit", "limit")]
    [InlineData("page=2", "page", null)]
    [InlineData("=5", null, null)]
    [InlineData("gi%E1%BB%9Bi%20h%E1%BA%A1n=5", "giới hạn", null)]
    public async Task Unknown_parameter_is_reported_with_the_closest_allowed_name(string query, string? parameter, string? suggestion)
    {
        var error = Assert.Single((await GetProblem(400, $"/v1/meetings?{query}"))["errors"]!.AsArray())!;
        Assert.Equal(("unknown_parameter", parameter), ((string?)error["code"], (string?)error["parameter"]));
        Assert.NotEmpty(error["allowed"]!.AsArray());
        Assert.Equal(suggestion, (string?)error["suggestion"]);
    }

    [Fact]
    public async Task Problem_of_a_route_without_parameters_lists_no_allowed_names()
    {
        var error = Assert.Single((await GetProblem(400, "/v1/status?x=1"))["errors"]!.AsArray())!;
        Assert.Equal(("x", null), ((string?)error["parameter"], error["allowed"]));
    }

    [Theory, MemberData(nameof(Types))]
    public async Task Unknown_parameter_is_rejected_by_every_list_and_item(string type)
    {
        var id = (await api.GetJson($"/v1/{type}?limit=1")).GetItems()[0].GetId();
        foreach (var address in new[] { $"/v1/{type}?provnce=hn", $"/v1/{type}/{id}?provnce=hn", $"/v1/{type}/{id}?limit=5" })
            Assert.Matches("^(provnce|limit): unknown_parameter$", Assert.Single((await GetProblem(400, address)).GetErrors()));
    }

    [Theory]
    [InlineData("limit=0", "out_of_range")]
    [InlineData("limit=-1", "out_of_range")]
    [InlineData("limit=201", "out_of_range")]
    [InlineData("limit=100000", "out_of_range")]
    [InlineData("limit=2147483648", "out_of_range")]
    [InlineData("limit=-2147483649", "out_of_range")]
    [InlineData("limit=99999999999999999999", "out_of_range")]
    [InlineData("limit=abc", "invalid_integer")]
    [InlineData("limit=1e2", "invalid_integer")]
    [InlineData("limit=0x10", "invalid_integer")]
    [InlineData("limit=+5", "invalid_integer")]
    [InlineData("limit=%2B5", "invalid_integer")]
    [InlineData("limit=%205", "invalid_integer")]
    [InlineData("limit=5%20", "invalid_integer")]
    [InlineData("limit=%D9%A5", "invalid_integer")]
    [InlineData("limit=%EF%BC%95", "invalid_integer")]
    [InlineData("limit=5.0", "invalid_integer")]
    [InlineData("limit=1,2", "invalid_integer")]
    [InlineData("limit=--5", "invalid_integer")]
    [InlineData("limit=-", "invalid_integer")]
    [InlineData("limit=", "empty_value")]
    [InlineData("limit", "empty_value")]
    public async Task Limit_that_is_not_an_integer_from_1_to_200_is_rejected(string query, string code)
    {
        Assert.Equal(["limit: " + code], (await GetProblem(400, $"/v1/provinces?{query}")).GetErrors());
    }

    [Theory]
    [InlineData("limit=1", 1)]
    [InlineData("limit=200", 86)]
    [InlineData("l%69mit=5", 5)]
    [InlineData("&limit=5&", 5)]
    public async Task Limit_in_range_is_accepted_in_any_URL_encoding(string query, int rows)
    {
        var response = await RawHttp.Get(api.Address, $"/v1/provinces?{query}");
        Assert.Equal(rows, JsonNode.Parse(response.Body)!.GetItems().Count);
    }

    [Theory]
    [InlineData("/v1/provinces?limit=5&limit=6", "limit")]
    [InlineData("/v1/provinces?limit=5&limit=5", "limit")]
    [InlineData("/v1/provinces?limit=5&%6Cimit=6", "limit")]
    [InlineData("/v1/meetings?kind=Visit&kind=Conference", "kind")]
    [InlineData("/v1/provinces/hue?at=2019-10-26&at=2019-10-26", "at")]
    public async Task Duplicate_parameter_is_rejected(string address, string parameter)
    {
        Assert.Equal([parameter + ": duplicate_parameter"], (await GetProblem(400, address)).GetErrors());
    }

    [Theory]
    [InlineData("06/05/2024")]
    [InlineData("2019-13-01")]
    [InlineData("2019-02-30")]
    [InlineData("2019-10")]
    [InlineData("2019")]
    [InlineData("2019-1-1")]
    [InlineData("20191026")]
    [InlineData("2019-10-26T00:00:00Z")]
    [InlineData("%202019-10-26")]
    [InlineData("%D9%A2%D9%A0%D9%A1%D9%A9-10-26")]
    [InlineData("today")]
    [InlineData("0000-00-00")]
    public async Task Invalid_date_is_rejected(string at)
    {
        Assert.Equal(["at: invalid_date"], (await GetProblem(400, $"/v1/provinces?at={at}")).GetErrors());
        Assert.Equal(["at: invalid_date"], (await GetProblem(400, $"/v1/provinces/hue?at={at}")).GetErrors());
    }

    [Theory]
    [InlineData("from", "2019-13-01")]
    [InlineData("from", "2019-02-29")]
    [InlineData("to", "2019-13")]
    [InlineData("to", "19")]
    [InlineData("to", "0999")]
    [InlineData("from", "10000")]
    [InlineData("from", "2019-10-26%20")]
    [InlineData("from", "26-10-2019")]
    public async Task Invalid_partial_date_is_rejected(string parameter, string date)
    {
        Assert.Equal([parameter + ": invalid_partial_date"], (await GetProblem(400, $"/v1/meetings?{parameter}={date}")).GetErrors());
    }

    [Theory]
    [InlineData("from=2019-10-26&to=2019-10-25")]
    [InlineData("from=2020&to=2019")]
    [InlineData("to=2019-09&from=2019-10-01")]
    public async Task Range_that_ends_before_it_begins_is_rejected(string range)
    {
        Assert.Equal(["from: range_reversed"], (await GetProblem(400, $"/v1/meetings?{range}")).GetErrors());
    }

    [Theory]
    [InlineData("/v1/meetings?kind=nope", "kind", null)]
    [InlineData("/v1/meetings?kind=conference", "kind", "Conference")]
    [InlineData("/v1/meetings?kind=Conferense", "kind", "Conference")]
    [InlineData("/v1/meetings?kind=Visit,nope", "kind", null)]
    [InlineData("/v1/meetings?kind=Visit,", "kind", null)]
    [InlineData("/v1/meetings?kind=0", "kind", null)]
    [InlineData("/v1/meetings?sort=heldon", "sort", "heldOn")]
    [InlineData("/v1/meetings?sort=--heldOn", "sort", "-heldOn")]
    [InlineData("/v1/meetings?sort=title,id", "sort", null)]
    [InlineData("/v1/meetings?sort=-", "sort", null)]
    [InlineData("/v1/meetings?total=yes", "total", null)]
    [InlineData("/v1/meetings?total=TRUE", "total", "true")]
    [InlineData("/v1/meetings?total=1", "total", null)]
    [InlineData("/v1/meetings?fields=id,titel", "fields", "title")]
    [InlineData("/v1/meetings?fields=id,", "fields", null)]
    [InlineData("/v1/meetings?fields=Id", "fields", "id")]
    [InlineData("/v1/cooperation-groups?pillar=SocioEconomical", "pillar", "SocioEconomic")]
    [InlineData("/v1/commitments?status=done", "status", "Done")]
    [InlineData("/v1/provinces/hue?fields=nam", "fields", "name")]
    public async Task Disallowed_value_is_rejected_with_the_allowed_values(string address, string parameter, string? suggestion)
    {
        var error = Assert.Single((await GetProblem(400, address))["errors"]!.AsArray())!;
        Assert.Equal(("not_allowed", parameter), ((string?)error["code"], (string?)error["parameter"]));
        Assert.NotEmpty(error["allowed"]!.AsArray());
        Assert.Equal(suggestion, (string?)error["suggestion"]);
    }

    [Theory]
    [InlineData("/v1/meetings?provinceId=thai-bin", "provinceId", "thai-binh")]
    [InlineData("/v1/meetings?provinceId=ha-noi,hanoi", "provinceId", "ha-noi")]
    [InlineData("/v1/meetings?officialId=hoang-trung-hi", "officialId", "hoang-trung-hai")]
    [InlineData("/v1/results?meetingId=nothing", "meetingId", null)]
    public async Task Filter_by_a_nonexistent_record_is_rejected_instead_of_returning_an_empty_list(string address, string parameter,
        string? suggestion)
    {
        var error = Assert.Single((await GetProblem(400, address))["errors"]!.AsArray())!;
        Assert.Equal(("record_not_found", parameter), ((string?)error["code"], (string?)error["parameter"]));
        Assert.Equal(suggestion, (string?)error["suggestion"]);
    }

    [Theory]
    [InlineData("Thai-Binh")]
    [InlineData("thai_binh")]
    [InlineData("th%C3%A1i-b%C3%ACnh")]
    [InlineData("tha%CC%81i-bi%CC%80nh")]
    [InlineData("thai--binh")]
    [InlineData("-thai")]
    [InlineData("thai-")]
    [InlineData("..")]
    [InlineData("thai-binh%20")]
    [InlineData("'%20OR%201=1--")]
    [InlineData("ha-noi,")]
    [InlineData("%EF%BC%91")]
    public async Task Malformed_id_is_rejected(string id)
    {
        foreach (var parameter in new[] { "id", "provinceId" })
            Assert.Equal([parameter + ": invalid_id"], (await GetProblem(400, $"/v1/meetings?{parameter}={id}")).GetErrors());
    }

    [Fact]
    public async Task Id_filter_of_3000_characters_is_rejected_and_not_echoed()
    {
        var response = await RawHttp.Get(api.Address, $"/v1/meetings?provinceId={new string('a', 3000)}");
        Assert.Equal(["provinceId: invalid_id"], response.Problem.GetErrors());
        Assert.InRange(response.Body.Length, 1, 1500);
    }

    [Theory]
    [InlineData("15a")]
    [InlineData("1")]
    [InlineData("015")]
    [InlineData("%D9%A1%D9%A5")]
    [InlineData("15%2C")]
    [InlineData("1%0a")]
    public async Task Malformed_province_code_is_rejected(string code) => await GetProblem(400, $"/v1/provinces?code={code}");

    [Theory]
    [InlineData("%00")]
    [InlineData("a%00")]
    [InlineData("%ff")]
    [InlineData("%C0%AF")]
    [InlineData("%ED%A0%80")]
    [InlineData("%F4%90%80%80")]
    [InlineData("%E1%BB")]
    [InlineData("%")]
    [InlineData("%a")]
    [InlineData("%zz")]
    [InlineData("% 1")]
    [InlineData("%u1234")]
    [InlineData("%0d%0aSet-Cookie:a=b")]
    [InlineData("%1b[31m")]
    [InlineData("%7f")]
    [InlineData("%C2%85")]
    public async Task Invalid_encoding_is_rejected_in_parameter_names_and_values(string text)
    {
        // Kestrel rejects a space in the request target itself.
        if (text.Contains(' ', StringComparison.Ordinal))
        {
            Assert.Equal(400, (await RawHttp.Get(api.Address, $"/v1/meetings?kind={text}")).Status);
            return;
        }
        Assert.Equal(["kind: invalid_encoding"], (await GetProblem(400, $"/v1/meetings?kind={text}")).GetErrors());
        Assert.Equal([": invalid_encoding"], (await GetProblem(400, $"/v1/meetings?{text}=Visit")).GetErrors());
    }

    [Fact]
    public async Task Query_with_thousands_of_parameters_is_rejected_with_the_first_errors()
    {
        await api.GetJson("/v1/meetings?limit=1");
        foreach (var query in new[] { string.Join('&', Enumerable.Repeat("a", 32_000)),
            string.Join('&', Enumerable.Range(0, 8000).Select(i => $"x{i}=1")) })
        {
            var problem = await GetProblem(400, $"/v1/meetings?{query}");
            Assert.Equal(100, problem["errors"]!.AsArray().Count);
            Assert.Equal(query.Split('&').Length, (int)problem["errorCount"]!);
        }
    }

    [Fact]
    public async Task Request_line_with_10000_parameters_is_rejected_with_414()
    {
        Assert.Equal(414,
            (await RawHttp.Get(api.Address,
                "/v1/meetings?" + string.Join('&', Enumerable.Range(0, 10_000).Select(i => $"x{i}=1")))).Status);
    }

    [Fact]
    public async Task Response_to_thousands_of_invalid_parameters_is_limited_in_size()
    {
        // A request of 8 KB must not cause a response that is hundreds of times larger.
        var response = await RawHttp.Get(api.Address, "/v1/meetings?" + string.Join('&', Enumerable.Repeat("a", 4000)));
        Assert.Equal(400, response.Status);
        Assert.InRange(response.Body.Length, 1, 200_000);
    }

    [Theory]
    [InlineData("/v1/provinces/Ha-Noi")]
    [InlineData("/v1/provinces/HA-NOI")]
    [InlineData("/V1/provinces/ha-noi")]
    [InlineData("/v1/Provinces")]
    [InlineData("/v1/provinces/")]
    [InlineData("/v1/provinces/ha-noi/")]
    [InlineData("/v1//provinces")]
    [InlineData("//v1/provinces")]
    [InlineData("/v1/provinces//ha-noi")]
    [InlineData("/v1/provinces/../provinces")]
    [InlineData("/v1/./provinces")]
    [InlineData("/v1/provinces/%2e%2e%2fprovinces")]
    [InlineData("/v1/provinces/%2e%2e/provinces")]
    [InlineData("/v1/provinces%2fha-noi")]
    [InlineData("/v1/provinces/ha-noi%2f")]
    [InlineData("/v1/provinces/%5c")]
    [InlineData("/v1/provinces/ha-noi%5c..")]
    [InlineData("/v1/provinces/%ff")]
    [InlineData("/v1/provinces/%C0%AF")]
    [InlineData("/v1/provinces/%")]
    [InlineData("/v1/provinces/%zz")]
    [InlineData("/v1/provinces/ha%2dnoi")]
    [InlineData("/v1/provinces/h%61-noi")]
    [InlineData("/v1/provinces/h%C3%A0-n%E1%BB%99i")]
    [InlineData("/v1/provinces/ha%CC%80-no%CC%A3%CC%82i")]
    [InlineData("/v1/provinces/ha-noi;x=y")]
    [InlineData("/v1/provinces;x=y/ha-noi")]
    [InlineData("/v1/provinces/ha-noi%20")]
    [InlineData("/v1/provinces/ha-noi%0a")]
    [InlineData("/v1/provinces/%EF%BC%91")]
    [InlineData("/v1/provinces/ha-noi.json")]
    [InlineData("/v1/provinces/*")]
    [InlineData("/v1/provinces/{id}")]
    [InlineData("/v1/provinces/ha-noi/nothing")]
    [InlineData("/v1/sources/ha-noi-thai-binh-2019-10-26/citations/0")]
    [InlineData("/v1/province")]
    [InlineData("/v1")]
    [InlineData("/v1/")]
    [InlineData("/v2/provinces")]
    [InlineData("/province")]
    [InlineData("/health")]
    [InlineData("/health/Live")]
    public async Task Unknown_or_noncanonical_URL_is_not_found(string target)
    {
        var problem = await GetProblem(404, target);
        Assert.Matches("^(not_found|record_not_found)$", (string?)problem["code"]);
    }

    [Fact]
    public async Task Item_id_of_3000_characters_is_not_found_and_not_echoed()
    {
        var response = await RawHttp.Get(api.Address, "/v1/provinces/" + new string('a', 3000));
        Assert.Equal((404, "record_not_found"), (response.Status, (string?)response.Problem["code"]));
        Assert.InRange(response.Body.Length, 1, 1500);
    }

    [Theory]
    [InlineData("/v1/provinces/there-is-none/meetings")]
    [InlineData("/v1/provinces/Ha_Noi/meetings")]
    [InlineData("/v1/meetings/there-is-none/results")]
    public async Task Nested_list_of_a_nonexistent_record_is_not_found(string address)
    {
        Assert.Equal("record_not_found", (string?)(await GetProblem(404, address.ToLowerInvariant()))["code"]);
    }

    [Fact]
    public async Task Nested_list_rejects_a_filter_by_its_parent_type()
    {
        Assert.Equal(["provinceId: unknown_parameter"],
            (await GetProblem(400, "/v1/provinces/thai-binh/meetings?provinceId=ha-noi")).GetErrors());
    }

    [Theory]
    [InlineData("text/html")]
    [InlineData("application/xml")]
    [InlineData("text/html, application/xhtml+xml")]
    [InlineData("garbage")]
    [InlineData("a/b/c; q=x,,,")]
    [InlineData("application/json;q=0")]
    [InlineData("application/json;q=0, */*", "JSON-only reads")]
    [InlineData("*/*;q=0")]
    [InlineData("text/*", "JSON-only reads")]
    [InlineData("application/problem+json")]
    public async Task Unacceptable_Accept_header_gives_406_as_problem_details(string accept, string scope = "all reads")
    {
        // Lists are also available as CSV, NDJSON and XLSX, so they accept some of these headers.
        foreach (var address in scope == "JSON-only reads"
            ? JsonOnlyAddresses
            : [.. JsonOnlyAddresses, "/v1/provinces", "/v1/sources/ha-noi-thai-binh-2019-10-26/citations"])
        {
            var response = await RawHttp.Get(api.Address, address, "Accept: " + accept);
            Assert.Equal((406, "not_acceptable"), (response.Status, (string?)response.Problem["code"]));
            AssertNoImplementationDetails(response);
        }
    }

    [Theory]
    [InlineData("application/json")]
    [InlineData("APPLICATION/JSON")]
    [InlineData("*/*")]
    [InlineData("application/*")]
    [InlineData("text/html, */*;q=0.1")]
    [InlineData("application/json;charset=utf-8")]
    [InlineData("application/json;q=0.1, text/html")]
    public async Task Accept_header_that_allows_JSON_is_accepted(string accept)
    {
        Assert.Equal(200, (await RawHttp.Get(api.Address, "/v1/provinces/ha-noi", "Accept: " + accept)).Status);
    }

    [Fact]
    public async Task Problem_details_are_sent_whatever_the_Accept_header()
    {
        foreach (var target in new[] { "/v1/nothing", "/v1/provinces/" })
            Assert.Equal("not_found", (string?)(await RawHttp.Get(api.Address, target, "Accept: text/html")).Problem["code"]);
    }

    [Theory]
    [InlineData("POST")]
    [InlineData("PUT")]
    [InlineData("PATCH")]
    [InlineData("DELETE")]
    [InlineData("TRACE")]
    [InlineData("FOO")]
    public async Task Unsupported_method_gives_405_with_the_allowed_methods(string method)
    {
        string[] readOnlyTargets = ["/v1/provinces", "/v1/provinces/ha-noi/meetings", "/v1/status", "/health/live"];
        foreach (var target in method is "PUT" or "PATCH" or "DELETE" ? readOnlyTargets : [.. readOnlyTargets, "/v1/provinces/ha-noi"])
        {
            var response = await RawHttp.SendWithoutBody(api.Address, method, target, "Content-Length: 0");
            Assert.Equal((405, "method_not_allowed"), (response.Status, (string?)response.Problem["code"]));
            Assert.Superset(new HashSet<string> { "GET", "HEAD" }, string.Join(", ", response.Headers["Allow"]).Split(", ").ToHashSet());
        }
    }

    [Fact]
    public async Task OPTIONS_returns_the_allowed_methods()
    {
        foreach (var target in new[] { "/v1/provinces", "/v1/provinces/ha-noi", "/v1/status" })
        {
            var response = await RawHttp.SendWithoutBody(api.Address, "OPTIONS", target);
            Assert.Equal((204, ""), (response.Status, response.Body));
            Assert.Superset(new HashSet<string> { "GET", "HEAD" }, string.Join(", ", response.Headers["Allow"]).Split(", ").ToHashSet());
            Assert.Equal("1.0.0", Assert.Single(response.Headers["API-Version"]));
        }
        Assert.Equal(404, (await RawHttp.SendWithoutBody(api.Address, "OPTIONS", "/v1/nothing")).Status);
    }

    [Theory]
    [InlineData("X-HTTP-Method-Override: DELETE")]
    [InlineData("X-HTTP-Method: DELETE")]
    [InlineData("X-Original-URL: /v1/meetings")]
    [InlineData("X-Forwarded-Host: evil.example")]
    [InlineData("X-Forwarded-Prefix: /evil")]
    public async Task Override_headers_change_neither_method_nor_URL(string header)
    {
        var plain = await RawHttp.Get(api.Address, "/v1/provinces?limit=1");
        var response = await RawHttp.Get(api.Address, "/v1/provinces?limit=1", header);
        Assert.Equal((200, plain.Body, plain.Headers["Link"].Single()),
            (response.Status, response.Body, response.Headers["Link"].Single()));
    }

    [Fact]
    public async Task All_errors_are_reported_at_once()
    {
        var problem = await GetProblem(400, "/v1/meetings?limit=0&from=2019-13-01&kind=nope&provnce=hn");
        Assert.Equal(["from: invalid_partial_date", "kind: not_allowed", "limit: out_of_range", "provnce: unknown_parameter"],
            problem.GetErrors().Order());
        Assert.Equal(
            ["from: range_reversed", "id: invalid_id", "limit: duplicate_parameter", "limit: invalid_integer", "sort: not_allowed"],
            (await GetProblem(400, "/v1/meetings?limit=x&limit=100000&from=2020&to=2019&id=A&sort=x")).GetErrors().Order());
    }

    [Theory]
    [InlineData("vi", "vi")]
    [InlineData("vi-VN", "vi")]
    [InlineData("VI", "vi")]
    [InlineData("vi, en;q=0.5", "vi")]
    [InlineData("en;q=0.5, vi;q=0.9", "vi")]
    [InlineData("fr, vi;q=0.1", "vi")]
    [InlineData("en, vi;q=0.9", "en")]
    [InlineData("vi;q=0", "en")]
    [InlineData("vi;q=0.4, en-GB;q=0.5", "en")]
    [InlineData("fr", "en")]
    [InlineData("vie", "en")]
    [InlineData("*", "en")]
    [InlineData("garbage;;;q=q", "en")]
    [InlineData("", "en")]
    public async Task Errors_are_in_the_language_of_Accept_Language(string acceptLanguage, string language)
    {
        const string Target = "/v1/meetings?limit=0&from=2019-13-01&kind=nope&provnce=hn";
        var response = await RawHttp.Get(api.Address, Target, "Accept-Language: " + acceptLanguage);
        Assert.Equal(language, Assert.Single(response.Headers["Content-Language"]));
        var problem = response.Problem;
        Assert.Equal(language == "vi" ? "Yêu cầu không hợp lệ." : "The request is not valid.", (string?)problem["title"]);
        Assert.All(problem["errors"]!.AsArray(),
            error => Assert.Equal(language == "vi", ((string)error!["detail"]!).Any(character => character > 127)));
        Assert.Equal((await api.GetProblem(400, Target)).GetErrors(), problem.GetErrors());
    }

    [Fact]
    public async Task Every_problem_has_a_unique_instance_derived_from_its_trace_id()
    {
        var (first, second) = (await api.GetProblem(404, "/v1/nothing"), await api.GetProblem(404, "/v1/nothing"));
        Assert.NotEqual((string?)first["instance"], (string?)second["instance"]);
        Assert.Equal($"urn:uuid:{Guid.Parse((string)first["traceId"]!):D}", (string?)first["instance"]);
    }

    [Theory]
    [InlineData("/v1/provinces")]
    [InlineData("/v1/nothing")]
    [InlineData("/health/live")]
    [InlineData("/v1/provinces?limit=0")]
    public async Task Every_response_states_the_API_version_and_not_the_server(string target)
    {
        var response = await RawHttp.Get(api.Address, target);
        Assert.Equal("1.0.0", Assert.Single(response.Headers["API-Version"]));
        Assert.Equal("nosniff", Assert.Single(response.Headers["X-Content-Type-Options"]));
        Assert.Empty(response.Headers["Server"]);
        Assert.Empty(response.Headers["X-Powered-By"]);
    }

    private async Task<JsonNode> GetProblem(int status, string target)
    {
        var response = await RawHttp.Get(api.Address, target);
        Assert.True(status == response.Status, $"{target}: {response.Status}, expected {status}: {response.Body}");
        AssertNoImplementationDetails(response);
        var problem = response.Problem;
        Assert.Contains((string)problem["code"]!, ProblemMessages.ProblemCodes);
        Assert.All(problem["errors"]?.AsArray() ?? [], error => Assert.Contains((string)error!["code"]!, ProblemMessages.ErrorCodes));
        return problem;
    }

    private static void AssertNoImplementationDetails(RawResponse response) =>
        Assert.All(ImplementationDetails, detail => Assert.DoesNotContain(detail, response.Body, StringComparison.Ordinal));
}
