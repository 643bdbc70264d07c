using System.Text;
using System.Text.Json.Nodes;

namespace CooperationApi.Tests.Features.Search;

/// <summary>Tests of search: spelling, ranking, phrases, filters, facets and errors.</summary>
[Collection(nameof(SharedApi))]
public sealed class SearchTests(ApiFixture api)
{
    [Theory]
    [InlineData("Thái Bình")]
    [InlineData("thái bình")]
    [InlineData("THÁI BÌNH")]
    [InlineData("thai binh")]
    [InlineData("thaí bình")]
    [InlineData("Thai\u0301 Bi\u0300nh")]
    [InlineData("  thai+binh? ")]
    public async Task Thai_Binh_comes_first_in_any_spelling(string words)
    {
        Assert.Equal("provinces/thai-binh", (await Search(words)).GetHits()[0]);
    }

    [Theory]
    [InlineData("da nang")]
    [InlineData("đa nang")]
    [InlineData("Đà Nẵng")]
    [InlineData("ĐÀ NẴNG")]
    public async Task Both_Da_Nang_units_come_first_in_any_spelling(string words)
    {
        Assert.Equal(["provinces/da-nang", "provinces/da-nang-2025"], (await Search(words)).GetHits()[..2]);
    }

    [Theory]
    [InlineData("TP Hà Nội", "ha-noi")]
    [InlineData("thành phố hà nội", "ha-noi")]
    [InlineData("Ha Noi City", "ha-noi")]
    [InlineData("Tỉnh Thái Bình", "thai-binh")]
    [InlineData("tinh thai binh", "thai-binh")]
    [InlineData("Thái Bình tỉnh", "thai-binh")]
    [InlineData("tỉnh \"Thái Bình\"", "thai-binh")]
    [InlineData("TP. Huế", "hue")]
    [InlineData("thành phố Hải Phòng", "hai-phong")]
    public async Task Unit_words_beside_the_name_of_a_province_find_it_first(string words, string id)
    {
        // A unit of 2025 can have the name of an earlier unit.
        Assert.Matches($"^provinces/{id}(-2025)?$", (await Search(words, "types=provinces")).GetHits()[0]);
        Assert.Matches($"^provinces/{id}(-2025)?$", (await Search(words, "suggest=true")).GetHits()[0]);
        Assert.Contains(id, (await api.GetAllItems($"/v1/provinces?q={Uri.EscapeDataString(words)}")).GetIds());
    }

    [Fact]
    public async Task Unit_word_is_required_of_other_records_in_quotes_and_alone()
    {
        var all = await FindKeys("hợp tác", "&types=commitments");
        var withUnitWord = await FindKeys("tỉnh hợp tác", "&types=commitments");
        Assert.ProperSubset(all.ToHashSet(), withUnitWord.ToHashSet());
        Assert.NotEmpty(withUnitWord);
        Assert.Empty(await FindKeys("\"tỉnh Hà Nội\"", "&types=provinces"));
        Assert.True((await FindKeys("tỉnh", "&types=provinces")).Count < (await api.GetAllItems("/v1/provinces")).Count);
    }

    [Theory]
    [InlineData("uy ban", "uỷ ban")]
    [InlineData("uỷ ban", "ủy ban")]
    [InlineData("hoa binh", "hoà bình")]
    [InlineData("hòa bình", "hoà bình")]
    public async Task Tone_mark_placement_does_not_matter(string spelling, string otherSpelling)
    {
        var found = (await FindKeys(spelling)).Order();
        Assert.NotEmpty(found);
        Assert.Equal(found, (await FindKeys(otherSpelling)).Order());
    }

    [Fact]
    public async Task Records_with_the_exact_diacritics_rank_first()
    {
        var hits = (await Search("hòa bình", "types=results,commitments,provinces")).GetHits();
        Assert.Equal("provinces/hoa-binh", hits[0]);
        // Case is ignored: the province "Hòa Bình" and "hòa bình" (peace) match alike. Other diacritics do not match exactly.
        Assert.Contains("commitments/ha-noi-quang-tri-2023-cong-trinh-hien-luong-ben-hai", hits);
        var cows = await Search("bó giống");
        Assert.DoesNotContain(cows["items"]!.AsArray().Take(1),
            hit => ((string)hit!["title"]!).Contains("bó", StringComparison.OrdinalIgnoreCase));
    }

    [Fact]
    public async Task Query_bo_giong_ranks_the_cattle_donation_first()
    {
        Assert.Equal("results/ha-noi-thai-binh-2019-trao-tang-100-con-bo-giong", (await Search("bò giống")).GetHits()[0]);
        Assert.All(await FindKeys("thai binh bo giong"), hit => Assert.Contains("ha-noi", hit, StringComparison.Ordinal));
    }

    [Fact]
    public async Task Phrase_finds_only_records_with_the_words_adjacent_and_in_order()
    {
        var phrase = await FindKeys("\"vành đai 5\"");
        Assert.Contains("commitments/ha-noi-thai-binh-2019-vanh-dai-5", phrase);
        Assert.Subset((await FindKeys("vành đai 5")).ToHashSet(), phrase.ToHashSet());
        Assert.Empty(await FindKeys("\"đai vành 5\""));
    }

    [Fact]
    public async Task Phrase_never_spans_two_fields()
    {
        // The title ends with "hàng thể thao (MXP)", and the place begins with another word.
        var meeting = await api.GetJson("/v1/meetings/tham-quan-cong-ty-mxp-2019-10");
        var (end, start) = (((string)meeting["title"]!).Split(' ')[^1].Trim('(', ')'), ((string)meeting["place"]!).Split(' ')[0]);
        Assert.Contains("meetings/tham-quan-cong-ty-mxp-2019-10", await FindKeys($"{end} {start}"));
        Assert.DoesNotContain("meetings/tham-quan-cong-ty-mxp-2019-10", await FindKeys($"\"{end} {start}\""));
    }

    [Fact]
    public async Task Only_the_last_word_matches_as_a_prefix()
    {
        Assert.Equal("provinces/quang-ninh", (await Search("quảng ni")).GetHits()[0]);
        Assert.DoesNotContain("provinces/quang-ninh", await FindKeys("ni quảng"));
        Assert.Empty(await FindKeys("\"quảng ni\""));
    }

    [Theory]
    [InlineData("hà nội", "ha-noi")]
    [InlineData("Hà Nộ", "ha-noi")]
    [InlineData("thai binh", "thai-binh")]
    [InlineData("quảng na", "quang-nam")]
    public async Task The_shortest_title_that_begins_with_the_text_is_the_first_suggestion(string words, string id)
    {
        Assert.Equal($"provinces/{id}", (await Search(words, "suggest=true")).GetHits()[0]);
    }

    [Fact]
    public async Task Suggest_returns_names_that_begin_with_the_text_first()
    {
        var hits = (await Search("th", "suggest=true&types=provinces")).GetHits();
        Assert.Equal(["provinces/thai-binh", "provinces/thai-nguyen", "provinces/thai-nguyen-2025", "provinces/thanh-hoa"],
            hits[..4].Order());
        Assert.Contains("provinces/binh-thuan", hits[4..]);
        Assert.Empty(await FindKeys("trao tặng Quỹ an sinh xã hội tỉnh Thái Bình 3 tỷ đồng và 100", "&suggest=true&types=organizations"));
    }

    [Fact]
    public async Task Quote_finds_its_record_and_is_in_the_hit()
    {
        var hit =
            (await Search("\"được T.Ư điều chỉnh\"")).GetItems().FirstOrDefault() ?? (await Search("\"mở ra chương mới\"")).GetItems()[0];
        Assert.NotNull(hit["citation"]);
        Assert.Equal(SeedFacts.SourceId, (string?)hit["citation"]!["sourceId"]);
    }

    [Fact]
    public async Task Highlights_mark_the_words_in_the_snippet()
    {
        foreach (var hit in (await Search("hợp tác phát triển", "limit=200")).GetItems())
        {
            var text = ((string)hit["snippet"]!["text"]!).EnumerateRunes().ToArray();
            Assert.InRange(text.Length, 1, 260);
            var highlighted = hit["snippet"]!["highlights"]!.AsArray()
                .Select(highlight =>
                    string.Concat(text[(int)highlight!["start"]!..(int)highlight["end"]!].Select(rune => rune.ToString())));
            Assert.NotEmpty(highlighted);
            Assert.All(highlighted, word => Assert.Contains(RemoveDiacritics(word), (string[])["hop", "tac", "phat", "trien"]));
        }
    }

    [Fact]
    public async Task Every_record_is_found_by_its_title_and_its_hit_links_to_it()
    {
        foreach (var type in ResourceTypes.All)
        {
            foreach (var record in (await api.GetAllItems($"/v1/{type}")).Where((_, i) => i % 7 == 0))
            {
                if ((record["title"] ?? record["name"]) is not { } title)
                    continue;
                var words = string.Join(' ', ((string)title!).Split(' ').Take(15));
                var hit = Assert.Single(await FindItems(words, $"&types={type}"), hit => hit.GetId() == record.GetId());
                Assert.Equal(record.GetId(), (await api.GetJson((string)hit["link"]!)).GetId());
            }
        }
    }

    [Fact]
    public async Task Paging_returns_all_hits_and_facets_count_them()
    {
        var allHits = await FindKeys("hợp tác");
        Assert.Equal(allHits, (await FindItems("hợp tác", "", limit: 7)).Select(hit => $"{hit["type"]}/{hit["id"]}"));
        Assert.Distinct(allHits);
        var page = await Search("hợp tác", "limit=1");
        Assert.Equal("complete", (string?)page["ranking"]);
        Assert.Equal(allHits.CountBy(hit => hit.Split('/')[0]).OrderBy(type => type.Key).Select(type => $"{type.Key} {type.Value}"),
            page["facets"]!.AsArray().Select(facet => $"{facet!["type"]} {facet["count"]}").Order());
    }

    [Fact]
    public async Task Search_filters_by_type_province_pillar_and_date_range()
    {
        var all = await FindKeys("hợp tác");
        var narrowed = await FindKeys("hợp tác", "&types=commitments,results&provinceId=ha-noi&pillar=SocioEconomic");
        Assert.NotEmpty(narrowed);
        Assert.Subset(all.ToHashSet(), narrowed.ToHashSet());
        foreach (var hit in narrowed)
        {
            var record = await api.GetJson("/v1/" + hit);
            Assert.Contains("ha-noi", record["provinceIds"]!.AsArray().Select(id => (string?)id));
            var pillars = await Task.WhenAll(
                record["groupIds"]!.AsArray().Select(async id => (string?)(await api.GetJson("/v1/cooperation-groups/" + id))["pillar"]));
            Assert.Contains("SocioEconomic", pillars);
        }
        var years = (await FindItems("hội nghị", "&types=meetings&from=2023-03&to=2023-10")).Select(hit => hit.GetId()).ToList();
        Assert.Equal(
            (await api.GetAllItems("/v1/meetings?from=2023-03&to=2023-10")).Where(
                meeting => ((string)meeting["title"]!).Contains("hội nghị", StringComparison.OrdinalIgnoreCase)).GetIds().Order(),
                years.Order());
    }

    [Theory]
    [InlineData("'\"*(){}^:-- OR NOT NEAR")]
    [InlineData("\"")]
    [InlineData("\"\"\"a\"")]
    [InlineData("name : a")]
    [InlineData("NEAR(a b)")]
    [InlineData("a AND")]
    [InlineData("-a +b ^c d*")]
    [InlineData("type:meetings")]
    [InlineData("😀 越南 ß ﬁ")]
    [InlineData("%00")]
    [InlineData("\\")]
    [InlineData(":")]
    public async Task Query_syntax_characters_are_harmless(string words)
    {
        foreach (var suffix in (string[])["", "&suggest=true"])
        {
            using var response = await api.Get($"/v1/search?q={Uri.EscapeDataString(words)}{suffix}");
            Assert.Contains((int)response.StatusCode, (int[])[200, 400]);
        }
    }

    [Theory]
    [InlineData("", "q: parameter_missing")]
    [InlineData("q=", "q: empty_value")]
    [InlineData("q=***", "q: no_search_terms")]
    [InlineData("q=a&types=meeting", "types: not_allowed")]
    [InlineData("q=a&provinceId=thai-bin", "provinceId: record_not_found")]
    [InlineData("q=a&pillar=Culture", "pillar: not_allowed")]
    [InlineData("q=a&from=2020&to=2019", "from: range_reversed")]
    [InlineData("q=a&suggest=yes", "suggest: not_allowed")]
    [InlineData("q=a&limit=0", "limit: out_of_range")]
    [InlineData("q=a&cursor=abc", "cursor: cursor_invalid")]
    [InlineData("q=a&page=2", "page: unknown_parameter")]
    [InlineData("q=a&q=b", "q: duplicate_parameter")]
    public async Task Invalid_search_is_rejected_with_its_error(string query, string error) =>
        Assert.Equal([error], (await api.GetProblem(400, "/v1/search?" + query)).GetErrors());

    [Fact]
    public async Task Too_long_query_is_rejected()
    {
        foreach (var letter in new[] { 'a', 'đ', 'ệ', '"', ' ' })
            Assert.Equal(["q: too_long"],
                (await api.GetProblem(400, "/v1/search?q=" + Uri.EscapeDataString(new string(letter, 5000)))).GetErrors());
        Assert.Equal(["q: too_many_values"],
            (await api.GetProblem(400, "/v1/search?q=" + string.Join('+', Enumerable.Range(0, 40).Select(i => $"a{i}")))).GetErrors());
    }

    [Fact]
    public async Task Cursor_of_another_search_is_rejected()
    {
        var next = (string?)(await Search("hợp tác", "limit=1"))["next"];
        Assert.Equal(["cursor: cursor_filter_mismatch"],
            (await api.GetProblem(400, $"/v1/search?q=h%E1%BB%99i&limit=1&cursor={next}")).GetErrors());
    }

    private Task<JsonNode> Search(string words, string otherParameters = "") =>
        api.GetJson($"/v1/search?q={Uri.EscapeDataString(words)}&{otherParameters}".TrimEnd('&'));

    private Task<List<JsonNode>> FindItems(string words, string otherParameters = "", int limit = 200) =>
        api.GetAllItems($"/v1/search?q={Uri.EscapeDataString(words)}{otherParameters}", limit);

    private async Task<List<string>> FindKeys(string words, string otherParameters = "") =>
        [.. (await FindItems(words, otherParameters)).Select(hit => $"{hit["type"]}/{hit["id"]}")];

    private static string RemoveDiacritics(string word) =>
        string.Concat(word.ToLowerInvariant().Replace('đ', 'd').Normalize(NormalizationForm.FormD).Where(letter => letter < 0x300));
}
