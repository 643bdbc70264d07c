using System.Text.Json.Nodes;

namespace CooperationApi.Tests.Resources;

[Collection(nameof(Reading))]
public sealed class ListTests(Api api)
{
    public static TheoryData<string> Types => Catalog.Each;

    [Theory, MemberData(nameof(Types))]
    public async Task Pages_of_any_size_and_order_have_every_row_once(string type)
    {
        var all = (await api.All($"/v1/{type}")).Ids();
        Assert.Equal(all.Count, all.Distinct().Count());
        foreach (var sort in await SortWords(type))
        {
            var whole = (await api.All($"/v1/{type}?sort={sort}")).Ids();
            Assert.Equal(all.Order(StringComparer.Ordinal), whole.Order(StringComparer.Ordinal));
            foreach (var limit in new[] { 1, 2, 7, Math.Max(1, all.Count - 1) }.Where(limit => limit < 200))
                Assert.Equal(whole, (await api.All($"/v1/{type}?sort={sort}", limit)).Ids());
        }
    }

    [Theory, MemberData(nameof(Types))]
    public async Task A_descending_order_is_the_ascending_one_reversed(string type)
    {
        foreach (var sort in (await SortWords(type)).Where(word => word[0] != '-'))
        {
            var ascending = (await api.All($"/v1/{type}?sort={sort}")).Ids();
            Assert.Equal(Enumerable.Reverse(ascending), (await api.All($"/v1/{type}?sort=-{sort}", limit: 3)).Ids());
        }
    }

    [Theory, MemberData(nameof(Types))]
    public async Task Sorted_by_id_rows_are_in_the_order_of_their_ids(string type)
    {
        var ids = (await api.All($"/v1/{type}?sort=id", limit: 5)).Ids();
        Assert.Equal(ids.Order(StringComparer.Ordinal), ids);
    }

    [Theory]
    [InlineData("provinces?sort=code", "code")]
    [InlineData("provinces?sort=validFrom", "validFrom")]
    [InlineData("statements?sort=kind", "kind")]
    [InlineData("meetings?sort=heldOn", "heldOn")]
    [InlineData("agreements?sort=adoptedOn", "adoptedOn")]
    [InlineData("sources?sort=publishedOn", "publishedOn")]
    [InlineData("commitments?sort=dueOn", "dueOn")]
    public async Task Rows_of_equal_value_are_in_the_order_of_their_ids_and_missing_values_come_first(string list, string member)
    {
        var rows = (await api.All($"/v1/{list}", limit: 4)).ConvertAll(row => ((string?)row[member] ?? "", row.Id()));
        Assert.Equal(rows.OrderBy(row => row.Item1, StringComparer.Ordinal).ThenBy(row => row.Item2, StringComparer.Ordinal), rows);
    }

    [Fact]
    public async Task Sums_sort_by_their_size()
    {
        var sums = (await api.All("/v1/results?sort=amount", limit: 2)).ConvertAll(result => (long?)result["amount"] ?? -1);
        Assert.Equal(sums.Order(), sums);
    }

    [Theory, MemberData(nameof(Types))]
    public async Task The_last_page_has_no_next_and_the_one_before_leads_to_it_by_cursor_and_by_link(string type)
    {
        var count = (int)(await api.Json($"/v1/{type}?total=true"))["total"]!;
        using var whole = await api.Get($"/v1/{type}?sort=id&limit={Math.Min(count, 200)}");
        if (count <= 200)
        {
            Assert.Null(whole.Header("Link"));
            Assert.Null(JsonNode.Parse(await whole.Text())!["next"]);
        }
        if (count == 1)
            return;
        using var first = await api.Get($"/v1/{type}?sort=id&limit=1&total=true");
        var next = (string)JsonNode.Parse(await first.Text())!["next"]!;
        var link = first.Header("Link")!;
        Assert.Matches("^<[^>]+>; rel=\"next\"$", link);
        var byLink = await api.Json(link[1..link.IndexOf('>', StringComparison.Ordinal)]);
        Assert.Equal((await api.Json($"/v1/{type}?sort=id&limit=1&total=true&cursor={next}")).ToJsonString(), byLink.ToJsonString());
    }

    [Theory]
    [InlineData("/v1/provinces?limit=30&code=15,24,34,01,02,04&sort=-name")]
    [InlineData("/v1/provinces?limit=9&at=2019-10-26")]
    [InlineData("/v1/provinces?limit=40&region=%C4%90%E1%BB%93ng%20b%E1%BA%B1ng%20s%C3%B4ng%20H%E1%BB%93ng&fields=id,name")]
    [InlineData("/v1/provinces/thai-binh/statements?limit=2&kind=Appraisal")]
    [InlineData("/v1/sources/ha-noi-thai-binh-2019-10-26/citations?limit=150&total=true")]
    public async Task Links_lead_through_the_whole_list(string address)
    {
        var (rows, whole) = (new List<string>(), new List<string>());
        for (string? next = address; next is not null;)
        {
            using var page = await api.Get(next);
            Assert.True(page.IsSuccessStatusCode, $"{next}: {await page.Text()}");
            rows.AddRange(JsonNode.Parse(await page.Text())!.Items().Select(row => row.ToJsonString()));
            next = page.Header("Link") is { } link ? link[1..link.IndexOf('>', StringComparison.Ordinal)] : null;
        }
        var query = System.Text.RegularExpressions.Regex.Replace(address, "limit=[0-9]+&?", "");
        whole.AddRange((await api.All(query)).Select(row => row.ToJsonString()));
        Assert.Equal(whole, rows);
        Assert.NotEmpty(rows);
    }

    [Fact]
    public async Task A_link_followed_from_a_page_whose_cursor_was_spelled_otherwise_leads_on()
    {
        var next = (await api.Json("/v1/provinces?limit=5"))["next"];
        var link = (await RawHttp.Get(api.Address, $"/v1/provinces?limit=5&%63ursor={next}")).Headers["Link"].Single();
        var third = await RawHttp.Get(api.Address, link[1..link.IndexOf('>', StringComparison.Ordinal)]);
        Assert.True(third.Status == 200, $"{link}: {third.Body}");
        Assert.Equal((await api.All("/v1/provinces")).Ids().Skip(10).Take(5), JsonNode.Parse(third.Body)!.Items().Ids());
    }

    [Theory, MemberData(nameof(Types))]
    public async Task The_total_is_exact_and_only_there_when_asked_for(string type)
    {
        var walked = (await api.All($"/v1/{type}", limit: 9)).Count;
        Assert.Equal(walked, (int)(await api.Json($"/v1/{type}?limit=1&total=true"))["total"]!);
        Assert.Null((await api.Json($"/v1/{type}?limit=1"))["total"]);
        Assert.Null((await api.Json($"/v1/{type}?limit=1&total=false"))["total"]);
    }

    [Fact]
    public async Task The_total_is_that_of_the_whole_list_on_every_page_of_it()
    {
        var first = await api.Json("/v1/provinces?at=2019-10-26&kind=Municipality&limit=3&total=true");
        var second = await api.Json($"/v1/provinces?at=2019-10-26&kind=Municipality&limit=3&total=true&cursor={first["next"]}");
        Assert.Equal((5, 3, 5, 2), ((int)first["total"]!, first.Items().Count, (int)second["total"]!, second.Items().Count));
    }

    [Theory, MemberData(nameof(Types))]
    public async Task A_page_names_the_revision_that_it_is_true_of(string type)
    {
        Assert.Equal((long)(await api.Json("/v1/status"))["revision"]!, (long)(await api.Json($"/v1/{type}?limit=1"))["revision"]!);
    }

    [Theory, MemberData(nameof(Types))]
    public async Task A_page_has_fifty_rows_unless_asked(string type)
    {
        var all = await api.All($"/v1/{type}");
        Assert.Equal(all.Ids().Take(50), (await api.Json($"/v1/{type}")).Items().Ids());
    }

    [Theory, MemberData(nameof(Types))]
    public async Task A_row_of_a_list_is_the_item_byte_for_byte(string type)
    {
        using var page = await api.Get($"/v1/{type}?limit=200&sort=id");
        var text = await page.Text();
        var items = new List<string>();
        foreach (var id in JsonNode.Parse(text)!.Items().Ids())
        {
            using var item = await api.Get($"/v1/{type}/{id}");
            items.Add(await item.Text());
        }
        Assert.StartsWith("""{"items":[""" + string.Join(',', items) + "]", text, StringComparison.Ordinal);
    }

    [Theory, MemberData(nameof(Types))]
    public async Task A_batch_of_ids_has_those_that_are_there(string type)
    {
        var ids = (await api.All($"/v1/{type}")).Ids().Order(StringComparer.Ordinal).Take(3).ToList();
        Assert.Equal(ids, (await api.All($"/v1/{type}?sort=id&id={string.Join(',', ids.Append("there-is-no-such-id"))}")).Ids());
        Assert.Equal(ids[..1], (await api.All($"/v1/{type}?id={ids[0]},{ids[0]}")).Ids());
    }

    [Fact]
    public async Task Two_hundred_ids_are_a_batch_and_one_more_is_refused()
    {
        // Short ids: the request line has a limit of its own.
        var ids = Enumerable.Range(1, 200).Select(i => $"x{i}").Append("ha-noi").ToList();
        Assert.Equal(["ha-noi"], (await api.All($"/v1/provinces?id={string.Join(',', ids.Skip(1))}")).Ids());
        Assert.Equal(["id: too_many_values"], (await api.Problem(400, $"/v1/provinces?id={string.Join(',', ids)}")).Faults());
    }

    [Theory]
    [InlineData("/v1/provinces?id=there-is-no-such-id")]
    [InlineData("/v1/meetings?from=1900&to=1950")]
    [InlineData("/v1/provinces?kind=Municipality&code=34")]
    [InlineData("/v1/provinces/dien-bien/results?from=1900&to=1901")]
    public async Task Nothing_found_is_an_empty_page(string address)
    {
        var page = await api.Json($"{address}&total=true");
        Assert.Equal(["items", "revision", "total"], page.AsObject().Select(member => member.Key));
        Assert.Empty(page.Items());
        Assert.Equal(0, (int)page["total"]!);
    }

    [Fact]
    public async Task Filters_narrow_together()
    {
        var units = await api.All("/v1/provinces?code=15,34,01&kind=Province&status=Ended");
        Assert.Equal(["thai-binh", "yen-bai"], units.Ids().Order());
    }

    [Theory]
    [InlineData("/v1/provinces?fields=id,name&limit=3", "id,name")]
    [InlineData("/v1/provinces?fields=name,id&limit=3", "id,name")]
    [InlineData("/v1/results?fields=amount,currency,id&currency=VND&limit=3", "id,amount,currency")]
    public async Task Only_the_members_asked_for_are_listed(string address, string members)
    {
        var rows = (await api.Json(address)).Items();
        Assert.NotEmpty(rows);
        Assert.All(rows, row => Assert.Equal(members, string.Join(',', row.AsObject().Select(member => member.Key))));
    }

    [Fact]
    public async Task Members_of_an_item_are_as_in_the_whole()
    {
        var whole = await api.Json($"/v1/meetings/{Founding.Conference}");
        var part = await api.Json($"/v1/meetings/{Founding.Conference}?fields=heldOn,participants,place");
        Assert.Equal(["heldOn", "participants"], part.AsObject().Select(member => member.Key));
        Assert.Equal(whole["participants"]!.ToJsonString(), part["participants"]!.ToJsonString());
    }

    [Theory, MemberData(nameof(Types))]
    public async Task Members_without_a_value_are_left_out_and_lists_are_always_there(string type)
    {
        var rows = await api.All($"/v1/{type}");
        var lists = rows.SelectMany(row => row.AsObject()).Where(member => member.Value is JsonArray).Select(member => member.Key).ToHashSet();
        Assert.All(rows, row =>
        {
            Assert.DoesNotContain("null", row.AsObject().Select(member => member.Value?.ToJsonString() ?? "null"));
            Assert.Subset(row.AsObject().Select(member => member.Key).ToHashSet(), lists);
        });
    }

    [Fact]
    public async Task Text_is_Vietnamese_as_it_is_written_unescaped_and_composed()
    {
        using var answer = await api.Get("/v1/provinces?limit=200");
        var text = await answer.Text();
        Assert.Contains("Đắk Lắk", text, StringComparison.Ordinal);
        Assert.DoesNotContain("\\u", text, StringComparison.Ordinal);
        Assert.True(text.IsNormalized());
        Assert.Equal("application/json; charset=utf-8", answer.Header("Content-Type"));
    }

    private async Task<List<string>> SortWords(string type)
    {
        var problem = await api.Problem(400, $"/v1/{type}?sort=nothing-sorts-so");
        return [.. problem["errors"]![0]!["allowed"]!.AsArray().Select(word => (string)word!)];
    }

    [Theory]
    [InlineData("provinces", "da nang", "da-nang,da-nang-2025")]
    [InlineData("provinces", "ĐÀ", "da-nang,da-nang-2025")]
    [InlineData("officials", "hoang trung hải", "hoang-trung-hai")]
    [InlineData("officials", "hải trung", "hoang-trung-hai")]
    [InlineData("organizations", "quy an sinh", "quy-an-sinh-xa-hoi-tinh-thai-binh")]
    public async Task A_list_is_narrowed_by_words_of_names_however_they_are_spelled(string type, string words, string ids)
    {
        Assert.Equal(ids.Split(','), (await api.All($"/v1/{type}?q={Uri.EscapeDataString(words)}")).Ids().Order());
    }

    [Fact]
    public async Task Words_of_names_go_together_with_other_filters_and_the_order()
    {
        var all = (await api.All("/v1/meetings?q=hoi+nghi&kind=Conference&sort=-title")).Ids();
        Assert.NotEmpty(all);
        Assert.Equal((await api.All("/v1/meetings?kind=Conference&sort=-title")).Where(meeting => ((string)meeting["title"]!).Contains("hội nghị", StringComparison.OrdinalIgnoreCase)).Ids(), all);
        Assert.Equal(all, (await api.All("/v1/meetings?q=hoi+nghi&kind=Conference&sort=-title", limit: 2)).Ids());
    }

    [Fact]
    public async Task A_list_has_what_was_written_since_a_moment()
    {
        var changedAt = (string)(await api.Json("/v1/status"))["changedAt"]!;
        Assert.Equal(86, (await api.All("/v1/provinces?updatedSince=" + changedAt)).Count);
        var later = DateTimeOffset.Parse(changedAt, System.Globalization.CultureInfo.InvariantCulture).AddSeconds(1).ToOffset(TimeSpan.FromHours(7));
        Assert.Empty(await api.All("/v1/provinces?updatedSince=" + Uri.EscapeDataString(later.ToString("yyyy-MM-dd'T'HH:mm:ss.fffzzz", System.Globalization.CultureInfo.InvariantCulture))));
    }

    [Fact]
    public async Task Sums_are_narrowed_by_their_amounts()
    {
        var sums = (await api.All("/v1/results")).Where(result => result["amount"] is not null).ToList();
        Assert.Equal(sums.Where(result => (long)result["amount"]! is >= 570_000_000 and <= 3_000_000_000).Ids().Order(),
            (await api.All("/v1/results?amountFrom=570000000&amountTo=3000000000")).Ids().Order());
        Assert.Equal(sums.Count, (await api.All("/v1/results?amountFrom=0")).Count);
        Assert.Equal(sums.Count, (await api.All("/v1/results?amountTo=1000000000000000")).Count);
    }

    [Theory]
    [InlineData("meetings?q=***", "q: no_words")]
    [InlineData("meetings?updatedSince=2026-11-22", "updatedSince: invalid_moment")]
    [InlineData("meetings?updatedSince=2026-13-22T00:00:00Z", "updatedSince: invalid_moment")]
    [InlineData("meetings?updatedSince=2026-11-22T08:00:00", "updatedSince: invalid_moment")]
    [InlineData("results?amountFrom=-1", "amountFrom: not_a_number")]
    [InlineData("results?amountFrom=1e9", "amountFrom: not_a_number")]
    [InlineData("results?amountTo=99999999999999999999", "amountTo: out_of_range")]
    [InlineData("results?amountFrom=2&amountTo=1", "amountFrom: range_reversed")]
    public async Task A_wrong_value_of_these_is_refused(string list, string fault) => Assert.Equal([fault], (await api.Problem(400, "/v1/" + list)).Faults());
}
