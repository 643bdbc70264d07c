using System.Text;
using System.Text.Json.Nodes;

namespace CooperationApi.Tests.Sources;

[Collection(nameof(Reading))]
public sealed class CitationTests(Api api)
{
    [Fact]
    public async Task Every_record_but_a_source_cites_a_source_that_is_there()
    {
        var sources = (await api.All("/v1/sources")).Ids();
        foreach (var type in Catalog.Types.Except(["sources"]))
        {
            Assert.All(await api.All($"/v1/{type}"), record =>
            {
                Assert.NotEmpty(record["citations"]!.AsArray());
                Assert.All(record["citations"]!.AsArray(), citation => Assert.Contains((string?)citation!["sourceId"], sources));
            });
        }
    }

    [Fact]
    public async Task What_a_citation_supports_is_on_the_record()
    {
        foreach (var type in Catalog.Types.Except(["sources"]))
        {
            foreach (var record in await api.All($"/v1/{type}"))
            {
                var members = record.AsObject().Where(member => member.Value is not JsonArray { Count: 0 }).Select(member => member.Key).ToHashSet();
                Assert.All(record["citations"]!.AsArray(), citation =>
                {
                    Assert.NotEmpty(citation!["supports"]!.AsArray());
                    Assert.All(citation["supports"]!.AsArray(), member => Assert.True(members.Contains((string)member!), $"{type}/{record.Id()} supports {member}"));
                });
            }
        }
    }

    [Fact]
    public async Task A_quote_is_short_and_as_long_as_its_place()
    {
        foreach (var citation in await Citations(Founding.Source))
        {
            var (quote, place) = ((string)citation["quote"]!, (int)citation["end"]! - (int)citation["start"]!);
            Assert.Equal(quote.EnumerateRunes().Count(), place);
            Assert.InRange(place, 1, 300);
        }
    }

    [Fact]
    public async Task Every_quote_stands_in_the_report_at_its_place()
    {
        Assert.SkipWhen(Repository.FoundingReport is null, "The founding report's text isn't beside this checkout: it is not published.");
        var report = File.ReadAllText(Repository.FoundingReport!).Normalize().EnumerateRunes().ToArray();
        var citations = await Citations(Founding.Source);
        Assert.True(citations.Count > 400, $"{citations.Count} citations");
        Assert.All(citations, citation =>
            Assert.Equal((string?)citation["quote"], string.Concat(report[(int)citation["start"]!..(int)citation["end"]!].Select(rune => rune.ToString()))));
    }

    [Fact]
    public async Task The_citations_of_a_source_are_those_that_its_records_have()
    {
        var listed = (await api.All($"/v1/sources/{Founding.Source}/citations", limit: 13))
            .Select(row => $"{row["type"]} {row["id"]} {row["ordinal"]} {row["citation"]!.ToJsonString()}").ToList();
        var had = new List<string>();
        foreach (var type in Catalog.Types.Except(["sources"]))
        {
            had.AddRange((await api.All($"/v1/{type}")).SelectMany(record => record["citations"]!.AsArray().Index()
                .Where(citation => (string?)citation.Item!["sourceId"] == Founding.Source)
                .Select(citation => $"{type} {record.Id()} {citation.Index} {citation.Item!.ToJsonString()}")));
        }
        Assert.Equal(had.Order(StringComparer.Ordinal), listed.Order(StringComparer.Ordinal));
        Assert.Equal(listed.Count, (int)(await api.Json($"/v1/sources/{Founding.Source}/citations?total=true"))["total"]!);
    }

    [Fact]
    public async Task Only_what_the_text_is_at_hand_for_is_quoted()
    {
        foreach (var source in (await api.All("/v1/sources")).Where(source => source["sha256"] is null))
        {
            Assert.All(await Citations(source.Id()), citation =>
            {
                Assert.Contains((string)citation["basis"]!, (string[])["Referenced", "Inferred"]);
                Assert.Null(citation["quote"]);
                Assert.NotNull(citation["locator"]);
                Assert.True((string)citation["basis"]! == "Referenced" || citation["note"] is not null, $"{source.Id()}: an inference that says nothing.");
            });
        }
    }

    [Fact]
    public async Task The_texts_of_sources_are_not_served()
    {
        foreach (var type in Catalog.Types)
            Assert.All(await api.All($"/v1/{type}"), record => Assert.All(Texts(record), text => Assert.InRange(text.Length, 0, 2000)));
    }

    [Fact]
    public void The_report_stands_in_no_file_of_the_program()
    {
        Assert.SkipWhen(Repository.FoundingReport is null, "The founding report's text isn't beside this checkout: it is not published.");
        var report = File.ReadAllText(Repository.FoundingReport!).Normalize();
        foreach (var seed in Directory.EnumerateFiles(Path.Combine(Repository.Root, "src", "CooperationApi", "Seed"), "*.json"))
        {
            Assert.All(Texts(JsonNode.Parse(File.ReadAllText(seed, Encoding.UTF8))!),
                text => Assert.False(text.Length > 300 && report.Contains(text, StringComparison.Ordinal), $"{seed}: {text}"));
        }
    }

    [Theory]
    [InlineData("/v1/sources/none/citations", 404, "record_not_found")]
    [InlineData("/v1/sources/ha-noi-thai-binh-2019-10-26/citations?limit=0", 400, "invalid_request")]
    [InlineData("/v1/sources/ha-noi-thai-binh-2019-10-26/citations?sort=id", 400, "invalid_request")]
    [InlineData("/v1/sources/ha-noi-thai-binh-2019-10-26/citations?cursor=abc", 400, "invalid_request")]
    public async Task A_wrong_request_for_citations_is_refused(string address, int status, string code)
    {
        Assert.Equal(code, (string?)(await api.Problem(status, address))["code"]);
    }

    private async Task<List<JsonNode>> Citations(string source) => (await api.All($"/v1/sources/{source}/citations", limit: 50)).ConvertAll(row => row["citation"]!);

    private static IEnumerable<string> Texts(JsonNode? node) => node switch
    {
        JsonObject members => members.SelectMany(member => Texts(member.Value)),
        JsonArray items => items.SelectMany(Texts),
        JsonValue value when value.TryGetValue<string>(out var text) => [text],
        _ => [],
    };
}
