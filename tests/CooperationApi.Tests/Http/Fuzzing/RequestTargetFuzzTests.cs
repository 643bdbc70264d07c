using System.Globalization;
using CooperationApi.Http.Problems;

namespace CooperationApi.Tests.Http.Fuzzing;

/// <summary>Sends random requests with known names, boundary values and garbage. FUZZ_SEED repeats a run with its seed.</summary>
[Collection(nameof(SharedApi))]
public sealed class RequestTargetFuzzTests(ApiFixture api)
{
    private const int RequestCount = 2000;

    private static readonly string[] ParameterNames =
    [
        "limit", "cursor", "sort", "total", "fields", "at", "id", "code", "kind", "region", "status", "provinceId", "organizationId",
        "officialId", "meetingId",
        "agreementId", "groupId", "commitmentId", "parentId", "pillar", "nameBasis", "currency", "language", "from", "to", "format",
        "profile", "LIMIT", "limit[]", "$filter", "q", "", "_", "constructor",
        "by", "unit", "types",
    ];

    private static readonly string[] ParameterValues =
    [
        "", "0", "1", "-1", "50", "200", "201", "2147483647", "2147483648", "-9223372036854775809", "1e2", "0x10", "NaN", "null", "true",
        "false", "id", "-id", "name", "-name",
        "heldOn", "title", "amount", "2019", "2019-10", "2019-10-26", "2019-02-30", "2025-07-01", "0001-01-01", "9999-12-31", "10000-01-01",
        "Province", "Municipality", "Conference",
        "PartyBuilding", "Stated", "Existing", "year", "year,pair", "giver,receiver,group", "current", "on", "-on", "Agreed", "VND", "vi",
        "json", "csv", "ndjson", "xlsx", "excel", "01", "15", "34", "ha-noi", "thai-binh", "hoang-trung-hai", "none", "ha-noi,thai-binh",
        ",", ",,", "a,", "*", "..",
        "'", "''--", "' OR 1=1", "\"", "\\", "/", "%", "%%", "%00", "%ff", "%C0%AF", "%0a", "%20", "+", "%2B5", "&", "=", "#", ";",
        "<script>", "{{7*7}}", "${jndi:x}", "@at", ":id", "?",
        "Đà Nẵng", "Đà Nẵng", "٥", "１", "😀", "\u202E", "\u200B", "\uFEFF", "%ED%A0%80", "AAAA", "eyJhIjoxfQ",
    ];

    private static readonly string[] Segments =
    [
        "", "v1", "v2", "V1", "health", "live", "ready", "status", "swagger", "openapi.json", "citations", "statistics", "contributions",
        "coverage", "relations", "timeline", "ha-noi", "thai-binh", "hoang-trung-hai", "ha-noi-thai-binh-2019-10-26",
        SeedFacts.ConferenceId, SeedFacts.AgreementId, ".", "..", "%2e%2e", "%2f", "%5c", "%ff", "%zz", "%", "{id}", "*", "Ha-Noi",
        "hà-nội", ";x=y", "a b", "😀", "~", "%E1%BB%99",
        .. ResourceTypes.All,
    ];

    /// <summary>Reads other than records and lists of records.</summary>
    private static readonly string[] OtherReads =
    [
        "sources/ha-noi-thai-binh-2019-10-26/citations", "timeline", "provinces/thai-binh/relations",
        "statistics/contributions", "statistics/commitments", "statistics/meetings", "statistics/coverage",
    ];

    [Fact]
    public async Task Random_requests_never_cause_a_5xx_or_an_undocumented_error_code()
    {
        var seed = int.TryParse(Environment.GetEnvironmentVariable("FUZZ_SEED"), CultureInfo.InvariantCulture, out var parsedSeed)
            ? parsedSeed
            : Random.Shared.Next();
        TestContext.Current.TestOutputHelper?.WriteLine($"FUZZ_SEED={seed}");
        var random = new Random(seed);
        for (var i = 0; i < RequestCount; i++)
        {
            var target = BuildTarget(random);
            var response = await RawHttp.Get(api.Address, target);
            var description = $"FUZZ_SEED={seed}, request {i}: {target}\n{response.Status} {response.Body}";
            // Kestrel rejects a space or a non-ASCII character in the request target itself, with an empty body.
            if (response.Status == 400 && response.Body.Length == 0 && target.Any(character => character is <= ' ' or > '~'))
                continue;
            Assert.True(
                response.Status is 200 or >= 400 and < 500
                    || response.Status is 301 or 302
                        && response.Headers["Location"].Single()!.Split('?')[0].Split('/')[^1] == "index.html",
                description);
            // The error of a page is a page.
            if (response.Status >= 400 && !(response.Headers["Content-Type"].SequenceEqual(["text/html; charset=utf-8"])
                && !target.StartsWith("/v1", StringComparison.Ordinal)))
            {
                Assert.True(response.Headers["Content-Type"].SequenceEqual(["application/problem+json"]), description);
                Assert.True(ProblemMessages.ProblemCodes.Contains((string)response.Problem["code"]!), description);
                Assert.True(
                    (response.Problem["errors"]?.AsArray() ?? []).All(
                        error => ProblemMessages.ErrorCodes.Contains((string)error!["code"]!)), description);
            }
        }
    }

    private static string BuildTarget(Random random)
    {
        var path = random.Next(10) switch
        {
            0 => "/" + string.Join('/', Enumerable.Range(0, random.Next(1, 6)).Select(_ => Pick(random, Segments))),
            1 => $"/v1/{Pick(random, ResourceTypes.All)}/{Pick(random, Segments)}/{Pick(random, ResourceTypes.All)}",
            2 or 3 => $"/v1/{Pick(random, ResourceTypes.All)}/{Pick(random, Segments)}",
            4 => $"/v1/{Pick(random, OtherReads)}",
            _ => $"/v1/{Pick(random, ResourceTypes.All)}",
        };
        var pairs = Enumerable.Range(0, random.Next(5)).Select(_ => $"{Escape(random, Pick(random, ParameterNames))}={BuildValue(random)}");
        return $"{path}?{string.Join('&', pairs)}";
    }

    private static string BuildValue(Random random) => random.Next(8) switch
    {
        0 => string.Join(',', Enumerable.Range(0, random.Next(1, 5)).Select(_ => Escape(random, Pick(random, ParameterValues)))),
        1 => Uri.EscapeDataString(string.Concat(Enumerable.Range(0, random.Next(1, 30)).Select(_ => (char)random.Next(1, 0xD7FF)))),
        2 => string.Concat(Enumerable.Range(0, random.Next(1, 10)).Select(_ => $"%{random.Next(256):x2}")),
        _ => Escape(random, Pick(random, ParameterValues)),
    };

    // Escapes the text like a client; in one of ten cases, and for text with a percent sign, sends it unescaped.
    private static string Escape(Random random, string text) =>
        text.Contains('%', StringComparison.Ordinal) || random.Next(10) == 0 ? text : Uri.EscapeDataString(text);

    private static string Pick(Random random, IReadOnlyList<string> items) => items[random.Next(items.Count)];
}
