using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using CooperationApi.Contracts;
using CooperationApi.Tests.Access;
using CooperationApi.Tests.Editing;
using Dapper;
using Microsoft.Data.Sqlite;

namespace CooperationApi.Tests.Search;

/// <summary>Among more records than one look goes through, a search says that it ranked a part only, and leaves nothing out.</summary>
public sealed class LargeSearchTests(LargeSearchTests.Store store) : IClassFixture<LargeSearchTests.Store>
{
    // More than a look for eight words goes through, and more of the two that never meet but once than are called few.
    private const int Organizations = 17_001, OfOneHalf = 8000;

    [Fact]
    public async Task Pages_of_a_common_word_have_each_record_once()
    {
        var (hits, ranked) = await All("sở du lịch hưng yên bảo trước số");
        Assert.Equal("partial", ranked);
        Assert.Distinct(hits);
        Assert.Equal([.. Enumerable.Range(0, OfOneHalf).Append(Organizations - 1).Select(i => $"so-{i}").Order()], hits.Order());
        Assert.Equal(hits.Order(), (await Download("sở du lịch hưng yên bảo trước số")).Order());
    }

    [Fact]
    public async Task What_only_the_last_record_has_together_is_found_however_many_have_a_part_of_it()
    {
        Assert.Equal([$"so-{Organizations - 1}"], (await All("sở du lịch hưng yên bảo trước sau")).Hits);
        Assert.Equal([$"so-{Organizations - 1}"], await Download("sở du lịch hưng yên bảo trước sau"));
    }

    [Fact]
    public async Task The_beginning_of_more_words_than_can_be_listed_finds_them_all()
    {
        // The word by which the index knows types begins so too, and is nobody's.
        var hits = (await All("typ")).Hits.Where(id => id.StartsWith("so-", StringComparison.Ordinal));
        Assert.Equal(Enumerable.Range(0, Organizations).Where(i => i % 2 == 0).Select(i => $"so-{i}").Order(), hits.Order());
    }

    [Fact]
    public async Task Counts_of_types_are_said_to_be_of_the_first_only()
    {
        var page = await Page("sở du lịch hưng yên bảo", "");
        var count = Assert.Single(page["facets"]!.AsArray(), facet => (string?)facet!["type"] == "organizations")!;
        Assert.InRange((int)count["count"]!, 1, OfOneHalf);
        Assert.True((bool)count["orMore"]!);
    }

    [Fact]
    public async Task An_equal_title_comes_first_even_if_it_is_the_last_record()
    {
        var name = $"Sở Du lịch Hưng Yên bảo trước sau số typ{Organizations - 1}";
        Assert.Equal($"so-{Organizations - 1}", (await Page(name, "")).Items()[0].Id());
        Assert.Equal($"so-{Organizations - 1}", (await Page(name, "&suggest=true")).Items()[0].Id());
    }

    [Fact]
    public void A_large_import_leaves_the_indexes_as_they_are_kept()
    {
        using var connection = new SqliteConnection($"Data Source={store.Path};Mode=ReadOnly;Pooling=false");
        Assert.Equal([4L, 4L], connection.Query<long>("SELECT v FROM search_index_config WHERE k = 'automerge' UNION ALL SELECT v FROM search_name_config WHERE k = 'automerge'"));
        Assert.Equal(1L, connection.QuerySingle<long>("SELECT count(*) FROM sqlite_schema WHERE name = 'record_by_revision'"));
    }

    private async Task<JsonNode> Page(string words, string also) => JsonNode.Parse(await Text($"{Uri.EscapeDataString(words)}{also}"))!;

    private async Task<string> Text(string query)
    {
        using var answer = await store.Get($"/v1/search?q={query}");
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        return await answer.Text();
    }

    private async Task<(List<string> Hits, string Ranked)> All(string words)
    {
        var hits = new List<string>();
        for (var cursor = ""; ;)
        {
            var page = await Page(words, $"&limit=200{cursor}");
            hits.AddRange(page.Items().Ids());
            if ((string?)page["next"] is not { } next)
                return (hits, (string)page["ranked"]!);
            cursor = $"&cursor={next}";
        }
    }

    private async Task<List<string>> Download(string words)
    {
        var lines = (await Text($"{Uri.EscapeDataString(words)}&format=ndjson")).Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => JsonNode.Parse(line)!);
        return [.. lines.Where(line => line["id"] is not null).Ids()];
    }

    /// <summary>The store that they all ask.</summary>
    public sealed class Store : IAsyncLifetime
    {
        private Guarded service = null!;

        public async ValueTask InitializeAsync()
        {
            service = await Guarded.Start();
            var lines = new StringBuilder();
            foreach (var i in Enumerable.Range(0, Organizations))
            {
                var organization = EditTests.Organization();
                organization["id"] = $"so-{i}";
                organization["name"] = $"Sở Du lịch Hưng Yên bảo{(i < OfOneHalf || i == Organizations - 1 ? " trước" : "")}{(i >= Organizations - OfOneHalf ? " sau" : "")} số {(i % 2 == 0 ? "typ" : "")}{i}";
                lines.Append(new JsonObject { ["type"] = "organizations", ["data"] = organization }.ToJsonString(Wire.Json)).Append('\n');
            }
            using var content = new StringContent(lines.ToString(), Encoding.UTF8, "application/x-ndjson");
            content.Headers.ContentType!.CharSet = null;
            using var answer = await service.Send("POST", "/v1/imports", content, $"Authorization: Bearer {await service.Key(Role.Editor)}");
            Assert.True(answer.StatusCode == HttpStatusCode.OK, await answer.Text());
        }

        public ValueTask DisposeAsync() => service.DisposeAsync();

        internal string Path => service.StorePath;

        internal Task<HttpResponseMessage> Get(string address) => service.Get(address);
    }
}
