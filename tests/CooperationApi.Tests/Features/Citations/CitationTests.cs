using System.Text;
using System.Text.Json.Nodes;

namespace CooperationApi.Tests.Features.Citations;

[Collection(nameof(SharedApi))]
public sealed class CitationTests(ApiFixture api)
{
    [Fact]
    public async Task Every_record_except_sources_cites_existing_sources()
    {
        var sources = (await api.GetAllItems("/v1/sources")).GetIds();
        foreach (var type in ResourceTypes.All.Except(["sources"]))
        {
            Assert.All(await api.GetAllItems($"/v1/{type}"), record =>
            {
                Assert.NotEmpty(record["citations"]!.AsArray());
                Assert.All(record["citations"]!.AsArray(), citation => Assert.Contains((string?)citation!["sourceId"], sources));
            });
        }
    }

    [Fact]
    public async Task Members_supported_by_a_citation_exist_in_the_record()
    {
        foreach (var type in ResourceTypes.All.Except(["sources"]))
        {
            foreach (var record in await api.GetAllItems($"/v1/{type}"))
            {
                var members =
                    record.AsObject().Where(member => member.Value is not JsonArray { Count: 0 }).Select(member => member.Key).ToHashSet();
                Assert.All(record["citations"]!.AsArray(), citation =>
                {
                    Assert.NotEmpty(citation!["supports"]!.AsArray());
                    Assert.All(citation["supports"]!.AsArray(),
                        member => Assert.True(members.Contains((string)member!), $"{type}/{record.GetId()} supports {member}"));
                });
            }
        }
    }

    [Fact]
    public async Task Quote_length_equals_its_offsets_and_is_at_most_300()
    {
        foreach (var citation in await GetCitations(SeedFacts.SourceId))
        {
            var (quote, length) = ((string)citation["quote"]!, (int)citation["end"]! - (int)citation["start"]!);
            Assert.Equal(quote.EnumerateRunes().Count(), length);
            Assert.InRange(length, 1, 300);
        }
    }

    [Fact]
    public async Task Every_quote_matches_the_report_at_its_offsets()
    {
        Prerequisite.Require(RepositoryFiles.SeedReportPath is not null, "The text of the seed report is missing: it is not published.");
        var report = File.ReadAllText(RepositoryFiles.SeedReportPath!).Normalize().EnumerateRunes().ToArray();
        var citations = await GetCitations(SeedFacts.SourceId);
        Assert.True(citations.Count >= 300, $"{citations.Count} citations");
        Assert.All(citations, citation =>
            Assert.Equal((string?)citation["quote"],
                string.Concat(report[(int)citation["start"]!..(int)citation["end"]!].Select(rune => rune.ToString()))));
    }

    [Fact]
    public async Task Citation_list_of_a_source_equals_the_citations_in_all_records()
    {
        var listed = (await api.GetAllItems($"/v1/sources/{SeedFacts.SourceId}/citations", limit: 13))
            .Select(row => $"{row["type"]} {row["id"]} {row["ordinal"]} {row["citation"]!.ToJsonString()}").ToList();
        var expected = new List<string>();
        foreach (var type in ResourceTypes.All.Except(["sources"]))
        {
            expected.AddRange((await api.GetAllItems($"/v1/{type}")).SelectMany(record => record["citations"]!.AsArray().Index()
                .Where(citation => (string?)citation.Item!["sourceId"] == SeedFacts.SourceId)
                .Select(citation => $"{type} {record.GetId()} {citation.Index} {citation.Item!.ToJsonString()}")));
        }
        Assert.Equal(expected.Order(StringComparer.Ordinal), listed.Order(StringComparer.Ordinal));
        Assert.Equal(listed.Count, (int)(await api.GetJson($"/v1/sources/{SeedFacts.SourceId}/citations?total=true"))["total"]!);
    }

    [Fact]
    public async Task Sources_without_a_hash_have_no_quotes()
    {
        foreach (var source in (await api.GetAllItems("/v1/sources")).Where(source => source["sha256"] is null))
        {
            Assert.All(await GetCitations(source.GetId()), citation =>
            {
                Assert.Contains((string)citation["basis"]!, (string[])["Referenced", "Inferred"]);
                Assert.Null(citation["quote"]);
                Assert.NotNull(citation["locator"]);
                Assert.True((string)citation["basis"]! == "Referenced" || citation["note"] is not null,
                    $"{source.GetId()}: an inference without a note.");
            });
        }
    }

    [Fact]
    public async Task Source_texts_are_not_served()
    {
        foreach (var type in ResourceTypes.All)
            Assert.All(await api.GetAllItems($"/v1/{type}"),
                record => Assert.All(GetTexts(record), text => Assert.InRange(text.Length, 0, 2000)));
    }

    [Fact]
    public void Seed_files_contain_no_long_excerpt_of_the_report()
    {
        Prerequisite.Require(RepositoryFiles.SeedReportPath is not null, "The text of the seed report is missing: it is not published.");
        var report = File.ReadAllText(RepositoryFiles.SeedReportPath!).Normalize();
        foreach (var seed in Directory.EnumerateFiles(
            Path.Combine(RepositoryFiles.Root, "src", "CooperationApi", "Features", "Import", "Seed"), "*.json"))
        {
            Assert.All(GetTexts(JsonNode.Parse(File.ReadAllText(seed, Encoding.UTF8))!),
                text => Assert.False(text.Length > 300 && report.Contains(text, StringComparison.Ordinal), $"{seed}: {text}"));
        }
    }

    [Theory]
    [InlineData("/v1/sources/none/citations", 404, "record_not_found")]
    [InlineData("/v1/sources/ha-noi-thai-binh-2019-10-26/citations?limit=0", 400, "invalid_request")]
    [InlineData("/v1/sources/ha-noi-thai-binh-2019-10-26/citations?sort=id", 400, "invalid_request")]
    [InlineData("/v1/sources/ha-noi-thai-binh-2019-10-26/citations?cursor=abc", 400, "invalid_request")]
    public async Task Invalid_citation_request_is_rejected(string address, int status, string code)
    {
        Assert.Equal(code, (string?)(await api.GetProblem(status, address))["code"]);
    }

    private async Task<List<JsonNode>> GetCitations(string source) =>
        (await api.GetAllItems($"/v1/sources/{source}/citations", limit: 50)).ConvertAll(row => row["citation"]!);

    private static IEnumerable<string> GetTexts(JsonNode? node) => node switch
    {
        JsonObject members => members.SelectMany(member => GetTexts(member.Value)),
        JsonArray items => items.SelectMany(GetTexts),
        JsonValue value when value.TryGetValue<string>(out var text) => [text],
        _ => [],
    };
}
