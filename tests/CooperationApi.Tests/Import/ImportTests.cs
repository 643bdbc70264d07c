using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace CooperationApi.Tests.Import;

/// <summary>The `import` verb: a bundle goes in whole or not at all.</summary>
[Collection(nameof(VerbProcesses))]
public sealed class ImportTests
{
    private const int Failed = 1;

    [Fact]
    public async Task What_is_there_already_takes_no_number()
    {
        using var folder = new Folder();
        var store = await folder.Store();
        var before = folder.Snapshot();
        var (exit, output, error) = await Executable.Import(store, Seeds());
        Assert.True(exit == 0, error);
        Assert.StartsWith("0 created, 0 replaced, ", output, StringComparison.Ordinal);
        Assert.Equal(before, folder.Snapshot());
    }

    [Fact]
    public async Task The_bundle_that_the_readme_shows_goes_in_and_comes_out_as_it_is()
    {
        using var api = Api.Alone();
        var bundle = JsonNode.Parse(Regex.Match(Repository.Read("README.md"), """```json\n(\{\n  "sources".+?)\n```""", RegexOptions.Singleline).Groups[1].Value)!.AsObject();
        var (exit, output, error) = await Executable.Import(api.StorePath, bundle);
        Assert.True(exit == 0, error);
        Assert.StartsWith($"{bundle.Sum(list => list.Value!.AsArray().Count)} created, 0 replaced, ", output, StringComparison.Ordinal);
        foreach (var (type, record) in bundle.SelectMany(list => list.Value!.AsArray().Select(record => (list.Key, record!))))
        {
            var served = await api.Json($"/v1/{type}/{record.Id()}");
            Assert.All(record.AsObject(), member => Assert.True(Says(served[member.Key], member.Value), $"{type}/{record.Id()}: {member.Key}"));
        }

        // What is left out of a record is empty in the answer.
        static bool Says(JsonNode? served, JsonNode? given) => (served, given) switch
        {
            (JsonObject all, JsonObject some) => some.All(member => Says(all[member.Key], member.Value)),
            (JsonArray all, JsonArray some) => all.Count == some.Count && all.Zip(some).All(pair => Says(pair.First, pair.Second)),
            _ => JsonNode.DeepEquals(served, given),
        };
    }

    [Fact]
    public async Task A_running_service_answers_what_was_imported_at_once_and_only_what_changed_is_another()
    {
        using var api = Api.Alone();
        const string Changed = "/v1/meetings/vong-tay-nhan-ai-2018", Other = "/v1/meetings/" + Founding.Conference, List = "/v1/meetings", OtherList = "/v1/provinces";
        var before = await Tags(api, Changed, Other, List, OtherList);
        var revision = (long)(await api.Json("/v1/status"))["revision"]!;

        var meeting = (await api.Json(Changed)).AsObject();
        meeting.Remove("revision");
        meeting["summary"] = "Một tóm tắt khác.";
        var (exit, output, _) = await Executable.Import(api.StorePath, new JsonObject { ["meetings"] = new JsonArray(meeting) });
        Assert.Equal((0, "0 created, 1 replaced"), (exit, output.Split(", 0 unchanged")[0]));

        var now = await api.Json(Changed);
        Assert.Equal(("Một tóm tắt khác.", revision + 1), ((string?)now["summary"], (long)now["revision"]!));
        Assert.Equal(revision + 1, (long)(await api.Json(List))["revision"]!);
        var after = await Tags(api, Changed, Other, List, OtherList);
        Assert.NotEqual(before[0], after[0]);
        Assert.Equal(before[1], after[1]);
        Assert.NotEqual(before[2], after[2]);
        Assert.NotEqual(before[3], after[3]);
        using var known = await api.Get(Other, "If-None-Match: " + before[1]);
        Assert.Equal(304, (int)known.StatusCode);
        using var stale = await api.Get(Changed, "If-None-Match: " + before[0]);
        Assert.Equal(200, (int)stale.StatusCode);
        using var staleList = await api.Get(List, "If-None-Match: " + before[2]);
        Assert.Equal(200, (int)staleList.StatusCode);
    }

    [Fact]
    public async Task Who_pages_through_a_list_while_it_grows_misses_and_repeats_nothing_of_what_was_there()
    {
        using var api = Api.Alone();
        var before = (await api.All("/v1/organizations?sort=name")).Ids();
        var first = await api.Json("/v1/organizations?sort=name&limit=5");
        var (exit, _, error) = await Executable.Import(api.StorePath, new JsonObject { ["organizations"] = new JsonArray(Organization("a-first", "A đầu tiên"), Organization("y-last", "Ý cuối cùng")) });
        Assert.True(exit == 0, error);
        var rest = await api.All($"/v1/organizations?sort=name&cursor={first["next"]}");
        Assert.Equal(before, first.Items().Concat(rest).Ids().Where(id => id is not "y-last"));
        Assert.Contains("y-last", rest.Ids());
    }

    [Fact]
    public async Task Nothing_is_null_in_a_record_not_even_in_its_lists()
    {
        using var folder = new Folder();
        var store = await folder.Store();
        var before = folder.Snapshot();
        var file = folder.Path("bundle.json");
        await File.WriteAllTextAsync(file,
            """
            {
              "organizations": [{ "id": "a", "name": "A", "kind": "Fund", "citations": [null] }],
              "officials": [{ "id": "b", "name": "B", "aliases": [null], "positions": [], "citations": [] }]
            }
            """, TestContext.Current.CancellationToken);
        var (exit, output, _) = await Executable.Run("import", file, $"--Storage:Path={store}");
        Assert.Equal(Failed, exit);
        Assert.Contains("/organizations/0/citations/0: ", output, StringComparison.Ordinal);
        Assert.Contains("/officials/0/aliases/0: ", output, StringComparison.Ordinal);
        File.Delete(file);
        Assert.Equal(before, folder.Snapshot());
    }

    [Fact]
    public async Task Half_a_letter_is_no_text()
    {
        using var folder = new Folder();
        var file = folder.Path("bundle.json");
        await File.WriteAllTextAsync(file, """{ "meetings": [{ "id": "c", "\ud800": 1 }] }""", TestContext.Current.CancellationToken);
        var (exit, output, error) = await Executable.Run("import", file, $"--Storage:Path={folder.Path("cooperation.db")}");
        Assert.Equal((Failed, "1 fault(s); nothing was imported."), (exit, error.Trim()));
        Assert.Contains("JSON", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_giver_that_may_be_either_of_two_records_is_refused()
    {
        using var api = Api.Alone();
        var gift = (await api.Json("/v1/results/ha-noi-thai-binh-2018-phau-thuat-tre-em-570-trieu-dong")).AsObject();
        gift.Remove("revision");
        gift["title"] = "Một món quà khác";
        var (exit, output, _) = await Executable.Import(api.StorePath, new JsonObject
        {
            ["organizations"] = new JsonArray(Organization("ha-noi", "Một tổ chức trùng mã")),
            ["results"] = new JsonArray(gift),
        });
        Assert.Equal(Failed, exit);
        Assert.Contains("/results/0/giverId: Several records have the id 'ha-noi'", output, StringComparison.Ordinal);
        using var organization = await api.Get("/v1/organizations/ha-noi");
        Assert.Equal(404, (int)organization.StatusCode);
    }

    [Fact]
    public async Task The_longest_names_can_be_paged_by()
    {
        using var api = Api.Alone();
        var names = Enumerable.Range(0, 3).Select(i => string.Concat(Enumerable.Repeat("ữ", 299)) + (char)('a' + i)).ToList();
        var (exit, _, error) = await Executable.Import(api.StorePath,
            new JsonObject { ["organizations"] = new JsonArray([.. names.Select((name, i) => Organization($"long-{i}", name))]) });
        Assert.True(exit == 0, error);
        Assert.Equal(["long-2", "long-1", "long-0"], (await api.All("/v1/organizations?sort=-name&id=long-0,long-1,long-2", limit: 1)).Ids());
    }

    [Theory]
    [InlineData("2019-10-25", new string[0])]
    [InlineData("2019-10-26", new[] { "Quan sát, từ năm 2019", "Từ đó đến đó" })]
    [InlineData("2019-10-27", new[] { "Từ đó đến đó" })]
    [InlineData("2020-06-01", new string[0])]
    public async Task Of_posts_a_day_shows_those_that_a_source_shows_for_sure(string day, string[] titles)
    {
        using var api = Api.Alone();
        var official = (await api.Json("/v1/officials/dao-duc-toan")).AsObject();
        official.Remove("revision");
        official["positions"] = JsonNode.Parse(
            """
            [
              { "title": "Quan sát, từ năm 2019", "provinceId": "ha-noi", "observedOn": "2019-10-26", "from": "2019" },
              { "title": "Từ đó đến đó", "provinceId": "ha-noi", "from": "2019-10-26", "to": "2020" },
              { "title": "Chỉ biết ngày thôi giữ", "provinceId": "ha-noi", "to": "2019-12-31" },
              { "title": "Chỉ biết năm bắt đầu", "provinceId": "ha-noi", "from": "2010" }
            ]
            """);
        var (exit, _, error) = await Executable.Import(api.StorePath, new JsonObject { ["officials"] = new JsonArray(official) });
        Assert.True(exit == 0, error);
        Assert.Equal(titles, (await api.Json($"/v1/officials/dao-duc-toan?at={day}"))["positions"]!.AsArray().Select(post => (string)post!["title"]!));
        Assert.Equal(titles.Length > 0, (await api.Json($"/v1/officials?provinceId=ha-noi&at={day}")).Items().Ids().Contains("dao-duc-toan"));
        Assert.Contains("dao-duc-toan", (await api.Json("/v1/officials?provinceId=ha-noi")).Items().Ids());
    }

    [Fact]
    public async Task Every_fault_of_a_bundle_is_named_with_a_pointer_that_leads_there_and_nothing_is_changed()
    {
        var bundle = JsonNode.Parse(
            $$"""
            {
              "organizations": [
                {{Organization("good", "Tốt").ToJsonString()}},
                {{Organization("Bad Id", "Xấu").ToJsonString()}},
                {{Organization("nfd", "Xâ\u0301u").ToJsonString()}},
                { "id": "no-evidence", "name": "Không", "kind": "Fund", "citations": [] },
                { "id": "no-name", "kind": "Fund", "citations": [] },
                { "id": "wrong-kind", "name": "Sai", "kind": "fund", "citations": [] },
                { "id": "unknown-member", "name": "Sai", "kind": "Fund", "citations": [], "isAdmin": true },
                { "id": "bad-citation", "name": "Sai", "kind": "Fund", "citations": [{ "sourceId": "{{Founding.Source}}", "quote": "abc", "start": 0, "end": 2, "supports": ["nothing"], "basis": "Stated" }] }
              ],
              "meeting": []
            }
            """)!;
        var lines = await IsRefused(bundle);
        string[] expected =
            [
                "/meeting: There is no resource 'meeting'. Did you mean 'meetings'?",
                "/organizations/1/id: 'Bad Id' does not have the form",
                "/organizations/3/citations: The list or text is too short",
                "/organizations/4: What must be there is missing",
                "/organizations/5/kind: 'fund' is not one of the values that are allowed. Did you mean 'Fund'?",
                "/organizations/6/isAdmin: 'isAdmin' is not a member",
                "/organizations/7/citations/0/supports: 'nothing' is not a member",
                "/organizations/7/citations/0: A quote needs start and end",
            ];
        Assert.Equal(expected.Length, lines.Count);
        Assert.All(expected.Zip(lines), pair => Assert.StartsWith(pair.First, pair.Second, StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_reference_that_leads_nowhere_is_named_with_a_pointer_to_it()
    {
        var organization = Organization("good", "Tốt");
        organization["parentId"] = "there-is-none";
        var meeting = JsonNode.Parse(
            $$"""
            { "id": "a-meeting", "title": "Họp", "kind": "Visit", "provinceIds": ["ha-noi", "nowhere"], "participants": [{ "officialId": "nobody", "role": "Host" }], "citations": [{{Citation("title").ToJsonString()}}] }
            """)!;
        var bundle = new JsonObject { ["organizations"] = new JsonArray(organization), ["meetings"] = new JsonArray(meeting) };
        var lines = await IsRefused(bundle);
        Assert.Equal(["nobody", "nowhere", "there-is-none"], lines.Select(line => (string?)At(bundle, line.Split(": ")[0])).Order());
        Assert.All(lines, line => Assert.Contains("There is no record", line, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("")]
    [InlineData("[]")]
    [InlineData("""{"meetings":[null]}""")]
    [InlineData("""{"meetings":[],"meetings":[]}""")]
    public async Task What_is_no_bundle_is_refused(string text)
    {
        using var folder = new Folder();
        var store = await folder.Store();
        await File.WriteAllTextAsync(folder.Path("bundle.json"), text, TestContext.Current.CancellationToken);
        var before = folder.Snapshot();
        var (exit, output, error) = await Executable.Run("import", $"--Storage:Path={store}", folder.Path("bundle.json"));
        Assert.True(exit == Failed, output + error);
        Assert.Contains("1 fault(s)", error, StringComparison.Ordinal);
        Assert.Equal(before, folder.Snapshot());
    }

    private static async Task<List<string>> IsRefused(JsonNode bundle)
    {
        using var folder = new Folder();
        var store = await folder.Store();
        var before = folder.Snapshot();
        var (exit, output, error) = await Executable.Import(store, bundle);
        Assert.True(exit == Failed, output + error);
        Assert.Contains("nothing was imported", error, StringComparison.Ordinal);
        Assert.Equal(before, folder.Snapshot());
        return [.. output.Trim().Split('\n').Order(StringComparer.Ordinal)];
    }

    private static async Task<List<string>> Tags(Api api, params string[] addresses)
    {
        var tags = new List<string>();
        foreach (var address in addresses)
        {
            using var answer = await api.Get(address);
            tags.Add(answer.ETag());
        }
        return tags;
    }

    private static JsonObject Organization(string id, string name) =>
        new() { ["id"] = id, ["name"] = name, ["kind"] = "Fund", ["citations"] = new JsonArray(Citation("name")) };

    private static JsonObject Citation(string member) =>
        new() { ["sourceId"] = Founding.Source, ["locator"] = "đoạn 1", ["supports"] = new JsonArray(member), ["basis"] = "Referenced" };

    /// <summary>What a JSON Pointer leads to (RFC 6901); null where it leads nowhere.</summary>
    private static JsonNode? At(JsonNode? node, string pointer) => pointer.Split('/').Skip(1).Aggregate(node, (at, step) => at switch
    {
        JsonObject members => members[step],
        JsonArray items when int.TryParse(step, System.Globalization.CultureInfo.InvariantCulture, out var i) && i < items.Count => items[i],
        _ => null,
    }) as JsonValue;

    [Fact]
    public async Task What_can_not_be_read_is_told_in_words_for_whoever_wrote_it()
    {
        using var folder = new Folder();
        var meetings = JsonNode.Parse("""[{"id":"a","titel":"b"},{"id":"a","title":"b","citations":[]},{"id":"a","title":5},{"id":"a","heldOn":"26/10/2019"}]""");
        var (exit, output, _) = await Executable.Import(await folder.Store(), new JsonObject { ["meetings"] = meetings });
        Assert.Equal(Failed, exit);
        // All of it at once, not the first that the reader stumbles over.
        Assert.Equal(
            [
                "/meetings/0/titel: 'titel' is not a member here. Did you mean 'title'? (meetings/a)", "/meetings/0: What must be there is missing: title, kind, citations. (meetings/a)",
                "/meetings/1: What must be there is missing: kind. (meetings/a)",
                "/meetings/2/title: The value is of another kind than is taken here: text, a whole number without point or exponent, a number, true or false, a list or an object. (meetings/a)",
                "/meetings/2: What must be there is missing: kind, citations. (meetings/a)",
                "/meetings/3/heldOn: '26/10/2019' is not a date: 2019, 2019-10, 2019-10-26, or --10-26 if its year is not known. (meetings/a)",
                "/meetings/3: What must be there is missing: title, kind, citations. (meetings/a)",
            ],
            output.Split('\n', StringSplitOptions.RemoveEmptyEntries));
    }

    [Theory]
    [InlineData("--02-29", true)]
    [InlineData("--12-31", true)]
    [InlineData("2019-02", true)]
    [InlineData("--02-30", false)]
    [InlineData("--13-01", false)]
    [InlineData("-2-29", false)]
    [InlineData("---2-29", false)]
    [InlineData("--0229", false)]
    [InlineData("2019-02-29", false)]
    public void A_date_is_a_year_a_month_a_day_or_a_day_without_a_year(string text, bool isOne)
    {
        Assert.Equal(isOne, Contracts.PartialDate.TryParse(text, out var date));
        Assert.Equal(isOne ? text : null, date.Text);
    }

    /// <summary>All bundles of the founding content in one.</summary>
    private static JsonObject Seeds()
    {
        var seeds = Directory.EnumerateFiles(Path.Combine(Repository.Root, "src", "CooperationApi", "Seed"), "*.json")
            .SelectMany(file => JsonNode.Parse(File.ReadAllText(file))!.AsObject());
        return new(seeds.GroupBy(list => list.Key).Select(lists =>
            KeyValuePair.Create<string, JsonNode?>(lists.Key, new JsonArray([.. lists.SelectMany(list => list.Value!.AsArray().Select(record => record!.DeepClone()))]))));
    }
}
