using System.Text.Json.Nodes;

namespace CooperationApi.Tests.Queries;

[Collection(nameof(SharedApi))]
public sealed class ListTests(ApiFixture api)
{
    public static TheoryData<string> Types => ResourceTypes.AsTheoryData;

    [Theory, MemberData(nameof(Types))]
    public async Task Paging_with_any_size_and_order_returns_every_row_once(string type)
    {
        var all = (await api.GetAllItems($"/v1/{type}")).GetIds();
        Assert.Equal(all.Count, all.Distinct().Count());
        foreach (var sort in await GetSortValues(type))
        {
            var sortedIds = (await api.GetAllItems($"/v1/{type}?sort={sort}")).GetIds();
            Assert.Equal(all.Order(StringComparer.Ordinal), sortedIds.Order(StringComparer.Ordinal));
            foreach (var limit in new[] { 1, 2, 7, Math.Max(1, all.Count - 1) }.Where(limit => limit < 200))
                Assert.Equal(sortedIds, (await api.GetAllItems($"/v1/{type}?sort={sort}", limit)).GetIds());
        }
    }

    [Theory, MemberData(nameof(Types))]
    public async Task Descending_order_is_the_reverse_of_ascending(string type)
    {
        foreach (var sort in (await GetSortValues(type)).Where(value => value[0] != '-'))
        {
            var ascending = (await api.GetAllItems($"/v1/{type}?sort={sort}")).GetIds();
            Assert.Equal(Enumerable.Reverse(ascending), (await api.GetAllItems($"/v1/{type}?sort=-{sort}", limit: 3)).GetIds());
        }
    }

    [Theory, MemberData(nameof(Types))]
    public async Task Sort_by_id_uses_ordinal_order(string type)
    {
        var ids = (await api.GetAllItems($"/v1/{type}?sort=id", limit: 5)).GetIds();
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
    public async Task Ties_are_sorted_by_id_and_missing_values_come_first(string list, string member)
    {
        var rows = (await api.GetAllItems($"/v1/{list}", limit: 4)).ConvertAll(row => ((string?)row[member] ?? "", row.GetId()));
        Assert.Equal(rows.OrderBy(row => row.Item1, StringComparer.Ordinal).ThenBy(row => row.Item2, StringComparer.Ordinal), rows);
    }

    [Fact]
    public async Task Amounts_sort_numerically()
    {
        var amounts = (await api.GetAllItems("/v1/results?sort=amount", limit: 2)).ConvertAll(result => (long?)result["amount"] ?? -1);
        Assert.Equal(amounts.Order(), amounts);
    }

    [Theory, MemberData(nameof(Types))]
    public async Task Last_page_has_no_next_and_the_Link_header_equals_the_next_cursor(string type)
    {
        var count = (int)(await api.GetJson($"/v1/{type}?total=true"))["total"]!;
        using var fullPage = await api.Get($"/v1/{type}?sort=id&limit={Math.Min(count, 200)}");
        if (count <= 200)
        {
            Assert.Null(fullPage.GetHeader("Link"));
            Assert.Null(JsonNode.Parse(await fullPage.ReadText())!["next"]);
        }
        if (count == 1)
            return;
        using var first = await api.Get($"/v1/{type}?sort=id&limit=1&total=true");
        var next = (string)JsonNode.Parse(await first.ReadText())!["next"]!;
        var link = first.GetHeader("Link")!;
        Assert.Matches("^<[^>]+>; rel=\"next\"$", link);
        var byLink = await api.GetJson(link[1..link.IndexOf('>', StringComparison.Ordinal)]);
        Assert.Equal((await api.GetJson($"/v1/{type}?sort=id&limit=1&total=true&cursor={next}")).ToJsonString(), byLink.ToJsonString());
    }

    [Theory]
    [InlineData("/v1/provinces?limit=30&code=15,24,34,01,02,04&sort=-name")]
    [InlineData("/v1/provinces?limit=9&at=2019-10-26")]
    [InlineData("/v1/provinces?limit=40&region=%C4%90%E1%BB%93ng%20b%E1%BA%B1ng%20s%C3%B4ng%20H%E1%BB%93ng&fields=id,name")]
    [InlineData("/v1/provinces/thai-binh/statements?limit=2&kind=Appraisal")]
    [InlineData("/v1/sources/ha-noi-thai-binh-2019-10-26/citations?limit=150&total=true")]
    public async Task Link_headers_lead_through_the_whole_list(string address)
    {
        var (rows, expectedRows) = (new List<string>(), new List<string>());
        for (string? next = address; next is not null;)
        {
            using var page = await api.Get(next);
            Assert.True(page.IsSuccessStatusCode, $"{next}: {await page.ReadText()}");
            rows.AddRange(JsonNode.Parse(await page.ReadText())!.GetItems().Select(row => row.ToJsonString()));
            next = page.GetHeader("Link") is { } link ? link[1..link.IndexOf('>', StringComparison.Ordinal)] : null;
        }
        var query = System.Text.RegularExpressions.Regex.Replace(address, "limit=[0-9]+&?", "");
        expectedRows.AddRange((await api.GetAllItems(query)).Select(row => row.ToJsonString()));
        Assert.Equal(expectedRows, rows);
        Assert.NotEmpty(rows);
    }

    [Fact]
    public async Task Link_header_works_after_a_percent_encoded_cursor_parameter()
    {
        var next = (await api.GetJson("/v1/provinces?limit=5"))["next"];
        var link = (await RawHttp.Get(api.Address, $"/v1/provinces?limit=5&%63ursor={next}")).Headers["Link"].Single();
        var third = await RawHttp.Get(api.Address, link[1..link.IndexOf('>', StringComparison.Ordinal)]);
        Assert.True(third.Status == 200, $"{link}: {third.Body}");
        Assert.Equal((await api.GetAllItems("/v1/provinces")).GetIds().Skip(10).Take(5), JsonNode.Parse(third.Body)!.GetItems().GetIds());
    }

    [Theory, MemberData(nameof(Types))]
    public async Task Total_is_exact_and_present_only_on_request(string type)
    {
        var rowCount = (await api.GetAllItems($"/v1/{type}", limit: 9)).Count;
        Assert.Equal(rowCount, (int)(await api.GetJson($"/v1/{type}?limit=1&total=true"))["total"]!);
        Assert.Null((await api.GetJson($"/v1/{type}?limit=1"))["total"]);
        Assert.Null((await api.GetJson($"/v1/{type}?limit=1&total=false"))["total"]);
    }

    [Fact]
    public async Task Total_is_the_same_on_every_page()
    {
        var first = await api.GetJson("/v1/provinces?at=2019-10-26&kind=Municipality&limit=3&total=true");
        var second = await api.GetJson($"/v1/provinces?at=2019-10-26&kind=Municipality&limit=3&total=true&cursor={first["next"]}");
        Assert.Equal((5, 3, 5, 2), ((int)first["total"]!, first.GetItems().Count, (int)second["total"]!, second.GetItems().Count));
    }

    [Theory, MemberData(nameof(Types))]
    public async Task Page_has_the_revision_of_the_data_set(string type)
    {
        Assert.Equal((long)(await api.GetJson("/v1/status"))["revision"]!, (long)(await api.GetJson($"/v1/{type}?limit=1"))["revision"]!);
    }

    [Theory, MemberData(nameof(Types))]
    public async Task Page_has_50_rows_by_default(string type)
    {
        var all = await api.GetAllItems($"/v1/{type}");
        Assert.Equal(all.GetIds().Take(50), (await api.GetJson($"/v1/{type}")).GetItems().GetIds());
    }

    [Theory, MemberData(nameof(Types))]
    public async Task List_row_equals_the_item_byte_for_byte(string type)
    {
        using var page = await api.Get($"/v1/{type}?limit=200&sort=id");
        var text = await page.ReadText();
        var items = new List<string>();
        foreach (var id in JsonNode.Parse(text)!.GetItems().GetIds())
        {
            using var item = await api.Get($"/v1/{type}/{id}");
            items.Add(await item.ReadText());
        }
        Assert.StartsWith("""{"items":[""" + string.Join(',', items) + "]", text, StringComparison.Ordinal);
    }

    [Theory, MemberData(nameof(Types))]
    public async Task Id_filter_returns_the_records_that_exist(string type)
    {
        var ids = (await api.GetAllItems($"/v1/{type}")).GetIds().Order(StringComparer.Ordinal).Take(3).ToList();
        Assert.Equal(ids, (await api.GetAllItems($"/v1/{type}?sort=id&id={string.Join(',', ids.Append("there-is-no-such-id"))}")).GetIds());
        Assert.Equal(ids[..1], (await api.GetAllItems($"/v1/{type}?id={ids[0]},{ids[0]}")).GetIds());
    }

    [Fact]
    public async Task Id_filter_accepts_200_ids_and_rejects_more()
    {
        // Short ids, because the length of the request line is limited too.
        var ids = Enumerable.Range(1, 200).Select(i => $"x{i}").Append("ha-noi").ToList();
        Assert.Equal(["ha-noi"], (await api.GetAllItems($"/v1/provinces?id={string.Join(',', ids.Skip(1))}")).GetIds());
        Assert.Equal(["id: too_many_values"], (await api.GetProblem(400, $"/v1/provinces?id={string.Join(',', ids)}")).GetErrors());
    }

    [Theory]
    [InlineData("/v1/provinces?id=there-is-no-such-id")]
    [InlineData("/v1/meetings?from=1900&to=1950")]
    [InlineData("/v1/provinces?kind=Municipality&code=34")]
    [InlineData("/v1/provinces/dien-bien/results?from=1900&to=1901")]
    public async Task List_without_matches_is_an_empty_page(string address)
    {
        var page = await api.GetJson($"{address}&total=true");
        Assert.Equal(["items", "revision", "total"], page.AsObject().Select(member => member.Key));
        Assert.Empty(page.GetItems());
        Assert.Equal(0, (int)page["total"]!);
    }

    [Fact]
    public async Task Filters_are_combined_with_AND()
    {
        var units = await api.GetAllItems("/v1/provinces?code=15,34,01&kind=Province&status=Ended");
        Assert.Equal(["thai-binh", "yen-bai"], units.GetIds().Order());
    }

    [Theory]
    [InlineData("/v1/provinces?fields=id,name&limit=3", "id,name")]
    [InlineData("/v1/provinces?fields=name,id&limit=3", "id,name")]
    [InlineData("/v1/results?fields=amount,currency,id&currency=VND&limit=3", "id,amount,currency")]
    public async Task Fields_selects_the_members_of_list_rows(string address, string members)
    {
        var rows = (await api.GetJson(address)).GetItems();
        Assert.NotEmpty(rows);
        Assert.All(rows, row => Assert.Equal(members, string.Join(',', row.AsObject().Select(member => member.Key))));
    }

    [Fact]
    public async Task Fields_of_an_item_equal_those_of_the_full_item()
    {
        var full = await api.GetJson($"/v1/meetings/{SeedFacts.ConferenceId}");
        var selected = await api.GetJson($"/v1/meetings/{SeedFacts.ConferenceId}?fields=heldOn,participants,place");
        Assert.Equal(["heldOn", "participants"], selected.AsObject().Select(member => member.Key));
        Assert.Equal(full["participants"]!.ToJsonString(), selected["participants"]!.ToJsonString());
    }

    [Theory, MemberData(nameof(Types))]
    public async Task Members_without_a_value_are_omitted_and_lists_are_always_present(string type)
    {
        var rows = await api.GetAllItems($"/v1/{type}");
        var lists =
            rows.SelectMany(row => row.AsObject()).Where(member => member.Value is JsonArray).Select(member => member.Key).ToHashSet();
        Assert.All(rows, row =>
        {
            Assert.DoesNotContain("null", row.AsObject().Select(member => member.Value?.ToJsonString() ?? "null"));
            Assert.Subset(row.AsObject().Select(member => member.Key).ToHashSet(), lists);
        });
    }

    [Fact]
    public async Task Vietnamese_text_is_unescaped_and_in_NFC()
    {
        using var response = await api.Get("/v1/provinces?limit=200");
        var text = await response.ReadText();
        Assert.Contains("Đắk Lắk", text, StringComparison.Ordinal);
        Assert.DoesNotContain("\\u", text, StringComparison.Ordinal);
        Assert.True(text.IsNormalized());
        Assert.Equal("application/json; charset=utf-8", response.GetHeader("Content-Type"));
    }

    private async Task<List<string>> GetSortValues(string type)
    {
        var problem = await api.GetProblem(400, $"/v1/{type}?sort=unknown-value");
        return [.. problem["errors"]![0]!["allowed"]!.AsArray().Select(value => (string)value!)];
    }

    [Theory]
    [InlineData("provinces", "da nang", "da-nang,da-nang-2025")]
    [InlineData("provinces", "ĐÀ", "da-nang,da-nang-2025")]
    [InlineData("officials", "hoang trung hải", "hoang-trung-hai")]
    [InlineData("officials", "hải trung", "hoang-trung-hai")]
    [InlineData("organizations", "quy an sinh", "quy-an-sinh-xa-hoi-tinh-thai-binh")]
    public async Task Name_search_ignores_case_diacritics_and_word_order(string type, string words, string ids)
    {
        Assert.Equal(ids.Split(','), (await api.GetAllItems($"/v1/{type}?q={Uri.EscapeDataString(words)}")).GetIds().Order());
    }

    [Fact]
    public async Task Name_search_combines_with_other_filters_and_sorting()
    {
        var all = (await api.GetAllItems("/v1/meetings?q=hoi+nghi&kind=Conference&sort=-title")).GetIds();
        Assert.NotEmpty(all);
        Assert.Equal(
            (await api.GetAllItems("/v1/meetings?kind=Conference&sort=-title")).Where(
                meeting => ((string)meeting["title"]!).Contains("hội nghị", StringComparison.OrdinalIgnoreCase)).GetIds(), all);
        Assert.Equal(all, (await api.GetAllItems("/v1/meetings?q=hoi+nghi&kind=Conference&sort=-title", limit: 2)).GetIds());
    }

    [Fact]
    public async Task UpdatedSince_returns_records_written_since_the_timestamp()
    {
        var changedAt = (string)(await api.GetJson("/v1/status"))["changedAt"]!;
        Assert.Equal(86, (await api.GetAllItems("/v1/provinces?updatedSince=" + changedAt)).Count);
        var later = DateTimeOffset.Parse(changedAt, System.Globalization.CultureInfo.InvariantCulture).AddSeconds(1)
            .ToOffset(TimeSpan.FromHours(7));
        Assert.Empty(
            await api.GetAllItems(
                "/v1/provinces?updatedSince="
                    + Uri.EscapeDataString(
                        later.ToString("yyyy-MM-dd'T'HH:mm:ss.fffzzz", System.Globalization.CultureInfo.InvariantCulture))));
    }

    [Fact]
    public async Task Amount_range_filters_results()
    {
        var resultsWithAmount = (await api.GetAllItems("/v1/results")).Where(result => result["amount"] is not null).ToList();
        Assert.Equal(resultsWithAmount.Where(result => (long)result["amount"]! is >= 570_000_000 and <= 3_000_000_000).GetIds().Order(),
            (await api.GetAllItems("/v1/results?amountFrom=570000000&amountTo=3000000000")).GetIds().Order());
        Assert.Equal(resultsWithAmount.Count, (await api.GetAllItems("/v1/results?amountFrom=0")).Count);
        Assert.Equal(resultsWithAmount.Count, (await api.GetAllItems("/v1/results?amountTo=1000000000000000")).Count);
    }

    [Theory]
    [InlineData("meetings?q=***", "q: no_search_terms")]
    [InlineData("meetings?updatedSince=2026-11-22", "updatedSince: invalid_timestamp")]
    [InlineData("meetings?updatedSince=2026-13-22T00:00:00Z", "updatedSince: invalid_timestamp")]
    [InlineData("meetings?updatedSince=2026-11-22T08:00:00", "updatedSince: invalid_timestamp")]
    [InlineData("results?amountFrom=-1", "amountFrom: invalid_integer")]
    [InlineData("results?amountFrom=1e9", "amountFrom: invalid_integer")]
    [InlineData("results?amountTo=99999999999999999999", "amountTo: out_of_range")]
    [InlineData("results?amountFrom=2&amountTo=1", "amountFrom: range_reversed")]
    public async Task Invalid_filter_value_is_rejected(string list, string error) =>
        Assert.Equal([error], (await api.GetProblem(400, "/v1/" + list)).GetErrors());
}
