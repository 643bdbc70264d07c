using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using CooperationApi.Contracts;
using CooperationApi.Queries;
using CooperationApi.Resources;
using CooperationApi.Tests.Access;
using CooperationApi.Tests.Features.Records;

namespace CooperationApi.Tests.Queries;

/// <summary>Tests of the largest expansions on a store whose records refer to each other as often as possible.</summary>
public sealed class CrowdedExpansionTests(CrowdedExpansionTests.CrowdedStoreFixture fixture)
    : IClassFixture<CrowdedExpansionTests.CrowdedStoreFixture>
{
    private const int MeetingCount = 100, ResultCount = 3000, PathCount = 150;

    [Fact]
    public async Task Expansion_of_crowded_records_is_rejected_with_its_maximum()
    {
        using var response = await fixture.Service.Get("/v1/provinces?limit=200&fields=id&expand=meetings.provinces.meetings");
        var problem = await ApiFixture.ReadProblem(400, response);
        Assert.Equal(["expand: expansion_too_large"], problem.GetErrors());
        var detail = (string)problem["errors"]![0]!["detail"]!;
        Assert.All(["meetings", "1000", "4 MiB", "`limit`"], part => Assert.Contains(part, detail, StringComparison.Ordinal));
    }

    [Fact]
    public async Task Expansion_of_few_large_records_is_rejected()
    {
        // Each of 100 meetings has 60 kB: fewer than 1000 records exceed the maximum number of bytes.
        using var response = await fixture.Service.Get("/v1/provinces/ha-noi?expand=meetings");
        Assert.Equal(["expand: expansion_too_large"], (await ApiFixture.ReadProblem(400, response)).GetErrors());
        using var small = await fixture.Service.Get("/v1/meetings/dong-0?expand=provinces");
        Assert.Equal(HttpStatusCode.OK, small.StatusCode);
    }

    [Fact]
    public async Task No_expansion_path_gives_a_larger_response_than_documented()
    {
        var random = new Random(26);
        var paths = fixture.Catalog.All.SelectMany(resource => EnumeratePaths(resource, Expansion.MaxDepth)
            .Select(path => (resource.Type, path))).ToArray();
        random.Shuffle(paths);
        var (acceptedCount, rejectedCount) = (0, 0);
        foreach (var (type, path) in paths.Take(PathCount))
        {
            var address = $"/v1/{type}?limit=200&fields=id";
            using var plain = await fixture.Service.Get(address);
            using var expanded = await fixture.Service.Get($"{address}&expand={path}");
            if (expanded.StatusCode == HttpStatusCode.BadRequest)
            {
                Assert.Equal(["expand: expansion_too_large"], (await ApiFixture.ReadProblem(400, expanded)).GetErrors());
                rejectedCount++;
                continue;
            }
            var body = await expanded.ReadText();
            Assert.True(expanded.StatusCode == HttpStatusCode.OK, $"{address}&expand={path}: {body}");
            var page = JsonNode.Parse(body)!;
            Assert.True(CountRecords(page["items"]!) <= ExpansionSize.MaxRecords, address + path);
            // Beside the related records, a response has the page's own members that refer to them, up to 60 kB per record here.
            Assert.InRange(Encoding.UTF8.GetByteCount(body), 0, (ExpansionSize.MaxMebibytes << 20) + page.GetItems().Count * 70_000);
            acceptedCount++;
        }
        Assert.True(acceptedCount > 0 && rejectedCount > 0, $"{acceptedCount} accepted, {rejectedCount} rejected");
    }

    private static IEnumerable<string> EnumeratePaths(Resource resource, int depth) =>
        from step in ExpansionStep.FromResource(resource)
        from rest in depth == 1
            ? [""]
            : EnumeratePaths(resource.Catalog[step.Type], depth - 1).Select(path => "." + path).DefaultIfEmpty("")
        select step.Name + rest;

    /// <summary>Counts the included records. The records of the page have no `revision`, since `fields` excludes it.</summary>
    private static int CountRecords(JsonNode? node) => node switch
    {
        JsonObject record => (record.ContainsKey("revision") ? 1 : 0) + record.Sum(member => CountRecords(member.Value)),
        JsonArray list => list.Sum(CountRecords),
        _ => 0,
    };

    /// <summary>A service with 100 large meetings of all provinces that existed in 2019, and 3000 results of them.</summary>
    public sealed class CrowdedStoreFixture : IAsyncLifetime
    {
        internal AuthenticatedService Service { get; private set; } = null!;

        internal ResourceCatalog Catalog => Service.GetService<ResourceCatalog>();

        public async ValueTask InitializeAsync()
        {
            Service = await AuthenticatedService.Start();
            using var provinces = await Service.Get("/v1/provinces?at=2019-10-26&limit=200&fields=id");
            var provinceIds = JsonNode.Parse(await provinces.ReadText())!.GetItems().GetIds();
            var lines = Enumerable.Range(0, MeetingCount).Select(i => CreateLine("meetings", CreateMeeting(i, provinceIds)))
                .Concat(Enumerable.Range(0, ResultCount).Select(i => CreateLine("results", CreateResult(i, provinceIds))));
            using var content = new StringContent(string.Join('\n', lines), Encoding.UTF8, "application/x-ndjson");
            content.Headers.ContentType!.CharSet = null;
            using var response = await Service.Send("POST", "/v1/imports", content,
                $"Authorization: Bearer {await Service.CreateKeySecret(Role.Editor)}");
            Assert.True(response.StatusCode == HttpStatusCode.OK, await response.ReadText());
        }

        public ValueTask DisposeAsync() => Service.DisposeAsync();

        private static string CreateLine(string type, JsonObject data) =>
            new JsonObject { ["type"] = type, ["data"] = data }.ToJsonString(ApiJson.Options);

        private static JsonObject CreateMeeting(int i, IEnumerable<string> provinceIds) => new()
        {
            ["id"] = $"dong-{i}",
            ["title"] = $"Hội nghị đông {i}",
            ["kind"] = "Conference",
            ["heldOn"] = "2019-10-26",
            ["provinceIds"] = new JsonArray([.. provinceIds.Select(id => JsonValue.Create(id))]),
            ["participants"] = new JsonArray([.. Enumerable.Range(0, 150).Select(number => new JsonObject
            {
                ["description"] = $"Đại biểu {number} {new string('a', 350)}",
                ["role"] = "Participant",
            })]),
            ["citations"] = CreateCitations(),
        };

        private static JsonObject CreateResult(int i, IEnumerable<string> provinceIds) => new()
        {
            ["id"] = $"dong-{i}",
            ["title"] = $"Kết quả đông {i}",
            ["kind"] = "Output",
            ["meetingId"] = $"dong-{i % MeetingCount}",
            ["provinceIds"] = new JsonArray([.. provinceIds.Skip(i % 40).Take(20).Select(id => JsonValue.Create(id))]),
            ["period"] = new JsonObject { ["from"] = "2019-10-26" },
            ["citations"] = CreateCitations(),
        };

        private static JsonNode CreateCitations()
        {
            var citations = RecordWriteTests.CreateOrganization()["citations"]!.DeepClone();
            citations[0]!["supports"] = new JsonArray("title");
            return citations;
        }
    }
}
