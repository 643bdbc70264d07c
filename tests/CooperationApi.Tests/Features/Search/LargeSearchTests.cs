using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using CooperationApi.Contracts;
using CooperationApi.Tests.Access;
using CooperationApi.Tests.Features.Records;
using Dapper;

namespace CooperationApi.Tests.Features.Search;

/// <summary>Tests of searches with more matches than one scan covers: the ranking is partial, and paging still returns every hit.</summary>
public sealed class LargeSearchTests(LargeSearchTests.LargeStoreFixture fixture) : IClassFixture<LargeSearchTests.LargeStoreFixture>
{
    // More rows than one scan for eight words covers (60,000 / 8). `trước` and `sau` are each in more rows than count as selective (2500),
    // and together only in the last row.
    private const int OrganizationCount = 17_001, RecordsPerWord = 8000;

    [Fact]
    public async Task Paging_through_common_words_returns_each_record_once()
    {
        var (hits, ranked) = await GetAllHits("sở du lịch hưng yên bảo trước số");
        Assert.Equal("partial", ranked);
        Assert.Distinct(hits);
        Assert.Equal([.. Enumerable.Range(0, RecordsPerWord).Append(OrganizationCount - 1).Select(i => $"so-{i}").Order()], hits.Order());
        Assert.Equal(hits.Order(), (await Download("sở du lịch hưng yên bảo trước số")).Order());
    }

    [Fact]
    public async Task Combination_of_common_words_in_the_last_record_only_is_found()
    {
        Assert.Equal([$"so-{OrganizationCount - 1}"], (await GetAllHits("sở du lịch hưng yên bảo trước sau")).Hits);
        Assert.Equal([$"so-{OrganizationCount - 1}"], await Download("sở du lịch hưng yên bảo trước sau"));
    }

    [Fact]
    public async Task Prefix_of_thousands_of_words_finds_all_their_records()
    {
        // The index's own tokens such as `type:organizations` also begin with `typ`, but they are not words of a record.
        var hits = (await GetAllHits("typ")).Hits.Where(id => id.StartsWith("so-", StringComparison.Ordinal));
        Assert.Equal(Enumerable.Range(0, OrganizationCount).Where(i => i % 2 == 0).Select(i => $"so-{i}").Order(), hits.Order());
    }

    [Fact]
    public async Task Facet_counts_of_a_partial_ranking_are_marked_as_lower_bounds()
    {
        var page = await GetPage("sở du lịch hưng yên bảo", "");
        var count = Assert.Single(page["facets"]!.AsArray(), facet => (string?)facet!["type"] == "organizations")!;
        Assert.InRange((int)count["count"]!, 1, RecordsPerWord);
        Assert.True((bool)count["orMore"]!);
    }

    [Fact]
    public async Task Exact_title_match_comes_first_even_in_the_last_record()
    {
        var name = $"Sở Du lịch Hưng Yên bảo trước sau số typ{OrganizationCount - 1}";
        Assert.Equal($"so-{OrganizationCount - 1}", (await GetPage(name, "")).GetItems()[0].GetId());
        Assert.Equal($"so-{OrganizationCount - 1}", (await GetPage(name, "&suggest=true")).GetItems()[0].GetId());
    }

    [Fact]
    public async Task Province_with_an_equal_alias_comes_first_even_in_the_last_record()
    {
        foreach (var parameters in (string[])["", "&suggest=true", "&types=provinces,organizations"])
        {
            var page = await GetPage("hung yen bao", parameters);
            Assert.Equal(("partial", "don-vi-cuoi"), ((string?)page["ranking"], page.GetItems()[0].GetId()));
        }
    }

    [Fact]
    [Trait("Engine", "Sqlite")]
    public void Large_import_restores_automerge_and_the_secondary_indexes()
    {
        using var connection = TestStore.CreateConnection(fixture.Path);
        Assert.Equal([4L, 4L],
            connection.Query<long>(
                "SELECT v FROM search_index_config WHERE k = 'automerge' "
                + "UNION ALL SELECT v FROM search_name_config WHERE k = 'automerge'"));
        Assert.Equal(1L, connection.QuerySingle<long>("SELECT count(*) FROM sqlite_schema WHERE name = 'record_by_revision'"));
    }

    private async Task<JsonNode> GetPage(string words, string otherParameters) =>
        JsonNode.Parse(await GetText($"{Uri.EscapeDataString(words)}{otherParameters}"))!;

    private async Task<string> GetText(string query)
    {
        using var response = await fixture.Get($"/v1/search?q={query}");
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        return await response.ReadText();
    }

    private async Task<(List<string> Hits, string Ranked)> GetAllHits(string words)
    {
        var hits = new List<string>();
        for (var cursor = ""; ;)
        {
            var page = await GetPage(words, $"&limit=200{cursor}");
            hits.AddRange(page.GetItems().GetIds());
            if ((string?)page["next"] is not { } next)
                return (hits, (string)page["ranking"]!);
            cursor = $"&cursor={next}";
        }
    }

    private async Task<List<string>> Download(string words)
    {
        var lines = (await GetText($"{Uri.EscapeDataString(words)}&format=ndjson")).Split('\n', StringSplitOptions.RemoveEmptyEntries)
            .Select(line => JsonNode.Parse(line)!);
        return [.. lines.Where(line => line["id"] is not null).GetIds()];
    }

    /// <summary>A service on a store with 17,001 imported organizations and then a province.</summary>
    public sealed class LargeStoreFixture : IAsyncLifetime
    {
        private AuthenticatedService service = null!;

        public async ValueTask InitializeAsync()
        {
            service = await AuthenticatedService.Start();
            var lines = new StringBuilder();
            foreach (var i in Enumerable.Range(0, OrganizationCount))
            {
                var organization = RecordWriteTests.CreateOrganization();
                organization["id"] = $"so-{i}";
                organization["name"] = $"Sở Du lịch Hưng Yên "
                    + $"bảo{(i < RecordsPerWord || i == OrganizationCount - 1 ? " trước" : "")}"
                    + $"{(i >= OrganizationCount - RecordsPerWord ? " sau" : "")}"
                    + $" số {(i % 2 == 0 ? "typ" : "")}{i}";
                AppendLine("organizations", organization);
            }
            AppendLine("provinces", CreateProvince());
            using var content = new StringContent(lines.ToString(), Encoding.UTF8, "application/x-ndjson");
            content.Headers.ContentType!.CharSet = null;
            using var response =
                await service.Send("POST", "/v1/imports", content, $"Authorization: Bearer {await service.CreateKeySecret(Role.Editor)}");
            Assert.True(response.StatusCode == HttpStatusCode.OK, await response.ReadText());

            void AppendLine(string type, JsonObject record) =>
                lines.Append(new JsonObject { ["type"] = type, ["data"] = record }.ToJsonString(ApiJson.Options)).Append('\n');
        }

        private static JsonObject CreateProvince()
        {
            var version = new JsonObject
            {
                ["name"] = "Đơn vị cuối",
                ["nameEn"] = "Last unit",
                ["kind"] = "Province",
                ["region"] = "Đồng bằng sông Hồng",
                ["validFrom"] = "2008-08-01",
            };
            var province = version.DeepClone().AsObject();
            (province["id"], province["code"], province["versions"]) = ("don-vi-cuoi", "99", new JsonArray(version));
            (province["aliases"], province["citations"]) =
                (new JsonArray("Hưng Yên bảo"), RecordWriteTests.CreateOrganization()["citations"]!.DeepClone());
            return province;
        }

        public ValueTask DisposeAsync() => service.DisposeAsync();

        internal string Path => service.StorePath;

        internal Task<HttpResponseMessage> Get(string address) => service.Get(address);
    }
}
