using System.Text;
using System.Text.Json.Nodes;

namespace CooperationApi.Tests.Search;

/// <summary>Whoever types a few words, in whatever way, finds the record.</summary>
[Collection(nameof(Reading))]
public sealed class SearchTests(Api api)
{
    [Theory]
    [InlineData("Thái Bình")]
    [InlineData("thái bình")]
    [InlineData("THÁI BÌNH")]
    [InlineData("thai binh")]
    [InlineData("thaí bình")]
    [InlineData("Thai\u0301 Bi\u0300nh")]
    [InlineData("  thai+binh? ")]
    public async Task However_it_is_spelled_Thai_Binh_comes_first(string words)
    {
        Assert.Equal("provinces/thai-binh", (await Search(words)).Hits()[0]);
    }

    [Theory]
    [InlineData("da nang")]
    [InlineData("đa nang")]
    [InlineData("Đà Nẵng")]
    [InlineData("ĐÀ NẴNG")]
    public async Task However_it_is_spelled_both_units_named_Da_Nang_come_first(string words)
    {
        Assert.Equal(["provinces/da-nang", "provinces/da-nang-2025"], (await Search(words)).Hits()[..2]);
    }

    [Theory]
    [InlineData("uy ban", "uỷ ban")]
    [InlineData("uỷ ban", "ủy ban")]
    [InlineData("hoa binh", "hoà bình")]
    [InlineData("hòa bình", "hoà bình")]
    public async Task Where_the_tone_is_written_makes_no_difference(string one, string other)
    {
        var found = (await All(one)).Order();
        Assert.NotEmpty(found);
        Assert.Equal(found, (await All(other)).Order());
    }

    [Fact]
    public async Task Who_types_diacritics_finds_what_is_written_so_first()
    {
        var hits = (await Search("hòa bình", "types=results,commitments,provinces")).Hits();
        Assert.Equal("provinces/hoa-binh", hits[0]);
        // "Hòa Bình" the province and "hòa bình" peace are one word; "hoà" with another letter is none.
        Assert.Contains("commitments/ha-noi-quang-tri-2023-cong-trinh-hien-luong-ben-hai", hits);
        var cows = await Search("bó giống");
        Assert.DoesNotContain(cows["items"]!.AsArray().Take(1), hit => ((string)hit!["title"]!).Contains("bó", StringComparison.OrdinalIgnoreCase));
    }

    [Fact]
    public async Task The_cows_come_first_for_the_words_on_a_phone()
    {
        Assert.Equal("results/ha-noi-thai-binh-2019-trao-tang-100-con-bo-giong", (await Search("bò giống")).Hits()[0]);
        Assert.All(await All("thai binh bo giong"), hit => Assert.Contains("ha-noi", hit, StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_phrase_finds_the_road_and_nothing_in_which_the_words_stand_apart()
    {
        var phrase = await All("\"vành đai 5\"");
        Assert.Contains("commitments/ha-noi-thai-binh-2019-vanh-dai-5", phrase);
        Assert.Subset((await All("vành đai 5")).ToHashSet(), phrase.ToHashSet());
        Assert.Empty(await All("\"đai vành 5\""));
    }

    [Fact]
    public async Task A_phrase_never_spans_two_fields()
    {
        // The title ends with "hàng thể thao (MXP)"; what follows in the record begins with other words.
        var meeting = await api.Json("/v1/meetings/tham-quan-cong-ty-mxp-2019-10");
        var (end, start) = (((string)meeting["title"]!).Split(' ')[^1].Trim('(', ')'), ((string)meeting["place"]!).Split(' ')[0]);
        Assert.Contains("meetings/tham-quan-cong-ty-mxp-2019-10", await All($"{end} {start}"));
        Assert.DoesNotContain("meetings/tham-quan-cong-ty-mxp-2019-10", await All($"\"{end} {start}\""));
    }

    [Fact]
    public async Task The_last_word_may_be_the_beginning_of_one_and_the_others_may_not()
    {
        Assert.Equal("provinces/quang-ninh", (await Search("quảng ni")).Hits()[0]);
        Assert.DoesNotContain("provinces/quang-ninh", await All("ni quảng"));
        Assert.Empty(await All("\"quảng ni\""));
    }

    [Fact]
    public async Task Who_is_typing_is_shown_names_that_begin_so()
    {
        var hits = (await Search("th", "suggest=true&types=provinces")).Hits();
        Assert.Equal(["provinces/thai-binh", "provinces/thai-nguyen", "provinces/thai-nguyen-2025", "provinces/thanh-hoa"], hits[..4].Order());
        Assert.Contains("provinces/binh-thuan", hits[4..]);
        Assert.Empty(await All("trao tặng Quỹ an sinh xã hội tỉnh Thái Bình 3 tỷ đồng và 100", "&suggest=true&types=organizations"));
    }

    [Fact]
    public async Task A_quote_leads_to_the_record_and_is_shown()
    {
        var hit = (await Search("\"được T.Ư điều chỉnh\"")).Items().FirstOrDefault() ?? (await Search("\"mở ra chương mới\"")).Items()[0];
        Assert.NotNull(hit["citation"]);
        Assert.Equal(Founding.Source, (string?)hit["citation"]!["sourceId"]);
    }

    [Fact]
    public async Task Marks_say_where_the_words_stand_in_the_snippet()
    {
        foreach (var hit in (await Search("hợp tác phát triển", "limit=200")).Items())
        {
            var text = ((string)hit["snippet"]!["text"]!).EnumerateRunes().ToArray();
            Assert.InRange(text.Length, 1, 260);
            var marked = hit["snippet"]!["marks"]!.AsArray().Select(mark => string.Concat(text[(int)mark!["start"]!..(int)mark["end"]!].Select(rune => rune.ToString())));
            Assert.NotEmpty(marked);
            Assert.All(marked, word => Assert.Contains(Bare(word), (string[])["hop", "tac", "phat", "trien"]));
        }
    }

    [Fact]
    public async Task Every_record_is_found_by_its_title_and_leads_to_itself()
    {
        foreach (var type in Catalog.Types)
        {
            foreach (var record in (await api.All($"/v1/{type}")).Where((_, i) => i % 7 == 0))
            {
                if ((record["title"] ?? record["name"]) is not { } title)
                    continue;
                var words = string.Join(' ', ((string)title!).Split(' ').Take(15));
                var hit = Assert.Single(await Items(words, $"&types={type}"), hit => hit.Id() == record.Id());
                Assert.Equal(record.Id(), (await api.Json((string)hit["link"]!)).Id());
            }
        }
    }

    [Fact]
    public async Task Pages_hang_together_and_facets_count_what_they_have()
    {
        var whole = await All("hợp tác");
        Assert.Equal(whole, (await Items("hợp tác", "", limit: 7)).Select(hit => $"{hit["type"]}/{hit["id"]}"));
        Assert.Distinct(whole);
        var page = await Search("hợp tác", "limit=1");
        Assert.Equal("whole", (string?)page["ranked"]);
        Assert.Equal(whole.CountBy(hit => hit.Split('/')[0]).OrderBy(type => type.Key).Select(type => $"{type.Key} {type.Value}"),
            page["facets"]!.AsArray().Select(facet => $"{facet!["type"]} {facet["count"]}").Order());
    }

    [Fact]
    public async Task A_search_is_narrowed_by_type_province_pillar_and_time()
    {
        var all = await All("hợp tác");
        var narrowed = await All("hợp tác", "&types=commitments,results&provinceId=ha-noi&pillar=SocioEconomic");
        Assert.NotEmpty(narrowed);
        Assert.Subset(all.ToHashSet(), narrowed.ToHashSet());
        foreach (var hit in narrowed)
        {
            var record = await api.Json("/v1/" + hit);
            Assert.Contains("ha-noi", record["provinceIds"]!.AsArray().Select(id => (string?)id));
            var pillars = await Task.WhenAll(record["groupIds"]!.AsArray().Select(async id => (string?)(await api.Json("/v1/cooperation-groups/" + id))["pillar"]));
            Assert.Contains("SocioEconomic", pillars);
        }
        var years = (await Items("hội nghị", "&types=meetings&from=2023-03&to=2023-10")).Select(hit => hit.Id()).ToList();
        Assert.Equal((await api.All("/v1/meetings?from=2023-03&to=2023-10")).Where(meeting => ((string)meeting["title"]!).Contains("hội nghị", StringComparison.OrdinalIgnoreCase)).Ids().Order(), years.Order());
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
    public async Task Nothing_that_is_typed_is_syntax(string words)
    {
        foreach (var also in (string[])["", "&suggest=true"])
        {
            using var answer = await api.Get($"/v1/search?q={Uri.EscapeDataString(words)}{also}");
            Assert.Contains((int)answer.StatusCode, (int[])[200, 400]);
        }
    }

    [Theory]
    [InlineData("", "q: parameter_missing")]
    [InlineData("q=", "q: empty_value")]
    [InlineData("q=***", "q: no_words")]
    [InlineData("q=a&types=meeting", "types: not_allowed")]
    [InlineData("q=a&provinceId=thai-bin", "provinceId: record_not_found")]
    [InlineData("q=a&pillar=Culture", "pillar: not_allowed")]
    [InlineData("q=a&from=2020&to=2019", "from: range_reversed")]
    [InlineData("q=a&suggest=yes", "suggest: not_allowed")]
    [InlineData("q=a&limit=0", "limit: out_of_range")]
    [InlineData("q=a&cursor=abc", "cursor: cursor_invalid")]
    [InlineData("q=a&page=2", "page: unknown_parameter")]
    [InlineData("q=a&q=b", "q: repeated_parameter")]
    public async Task A_wrong_search_is_refused_with_its_fault(string query, string fault) =>
        Assert.Equal([fault], (await api.Problem(400, "/v1/search?" + query)).Faults());

    [Fact]
    public async Task Too_much_text_is_refused()
    {
        foreach (var letter in new[] { 'a', 'đ', 'ệ', '"', ' ' })
            Assert.Equal(["q: too_long"], (await api.Problem(400, "/v1/search?q=" + Uri.EscapeDataString(new string(letter, 5000)))).Faults());
        Assert.Equal(["q: too_many_values"], (await api.Problem(400, "/v1/search?q=" + string.Join('+', Enumerable.Range(0, 40).Select(i => $"a{i}")))).Faults());
    }

    [Fact]
    public async Task A_cursor_of_another_search_is_refused()
    {
        var next = (string?)(await Search("hợp tác", "limit=1"))["next"];
        Assert.Equal(["cursor: cursor_filter_mismatch"], (await api.Problem(400, $"/v1/search?q=h%E1%BB%99i&limit=1&cursor={next}")).Faults());
    }

    private Task<JsonNode> Search(string words, string also = "") => api.Json($"/v1/search?q={Uri.EscapeDataString(words)}&{also}".TrimEnd('&'));

    private Task<List<JsonNode>> Items(string words, string also = "", int limit = 200) => api.All($"/v1/search?q={Uri.EscapeDataString(words)}{also}", limit);

    private async Task<List<string>> All(string words, string also = "") => [.. (await Items(words, also)).Select(hit => $"{hit["type"]}/{hit["id"]}")];

    private static string Bare(string word) =>
        string.Concat(word.ToLowerInvariant().Replace('đ', 'd').Normalize(NormalizationForm.FormD).Where(letter => letter < 0x300));
}

file static class SearchAnswers
{
    /// <summary>What a page found, as `type/id`.</summary>
    public static List<string> Hits(this JsonNode page) => [.. page.Items().Select(hit => $"{hit["type"]}/{hit["id"]}")];
}
