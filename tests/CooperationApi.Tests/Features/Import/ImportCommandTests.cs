using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace CooperationApi.Tests.Features.Import;

/// <summary>Tests of the `import` command, which imports a bundle atomically.</summary>
public sealed class ImportCommandTests
{
    private const int FailedExitCode = 1;

    [Fact]
    public async Task Import_of_existing_records_changes_nothing()
    {
        using var folder = new TempFolder();
        var store = await folder.CreateStore();
        var before = folder.ListEntriesWithHashes();
        var (exitCode, output, error) = await CliProcess.Import(store, ReadSeedBundles());
        Assert.True(exitCode == 0, error);
        Assert.StartsWith("0 created, 0 replaced, ", output, StringComparison.Ordinal);
        Assert.Equal(before, folder.ListEntriesWithHashes());
    }

    [Fact]
    public async Task Documented_bundle_is_imported_and_served_unchanged()
    {
        using var api = ApiFixture.CreateIsolated();
        var bundle = JsonNode.Parse(
            Regex.Match(RepositoryFiles.ReadText("docs/bundles.md"), """```json\n(\{\n  "sources".+?)\n```""",
                RegexOptions.Singleline).Groups[1].Value)!.AsObject();
        var (exitCode, output, error) = await CliProcess.Import(api.StorePath, bundle);
        Assert.True(exitCode == 0, error);
        Assert.StartsWith($"{bundle.Sum(list => list.Value!.AsArray().Count)} created, 0 replaced, ", output, StringComparison.Ordinal);
        foreach (var (type, record) in bundle.SelectMany(list => list.Value!.AsArray().Select(record => (list.Key, record!))))
        {
            var served = await api.GetJson($"/v1/{type}/{record.GetId()}");
            Assert.All(record.AsObject(),
                member => Assert.True(Matches(served[member.Key], member.Value), $"{type}/{record.GetId()}: {member.Key}"));
        }

        // The response has additional members, such as empty lists, that the bundle omits.
        static bool Matches(JsonNode? served, JsonNode? given) => (served, given) switch
        {
            (JsonObject servedPart, JsonObject givenPart) => givenPart.All(member => Matches(servedPart[member.Key], member.Value)),
            (JsonArray servedPart, JsonArray givenPart) =>
                servedPart.Count == givenPart.Count && servedPart.Zip(givenPart).All(pair => Matches(pair.First, pair.Second)),
            _ => JsonNode.DeepEquals(served, given),
        };
    }

    [Fact]
    public async Task Running_service_serves_an_import_at_once_and_keeps_ETags_of_unchanged_items()
    {
        using var api = ApiFixture.CreateIsolated();
        const string Changed = "/v1/meetings/vong-tay-nhan-ai-2018", Other = "/v1/meetings/" + SeedFacts.ConferenceId,
            List = "/v1/meetings", OtherList = "/v1/provinces";
        var before = await GetETags(api, Changed, Other, List, OtherList);
        var revision = (long)(await api.GetJson("/v1/status"))["revision"]!;

        var meeting = (await api.GetJson(Changed)).AsObject();
        meeting.Remove("revision");
        meeting["summary"] = "Một tóm tắt khác.";
        var (exitCode, output, _) = await CliProcess.Import(api.StorePath, new JsonObject { ["meetings"] = new JsonArray(meeting) },
            "--on-conflict", "replace");
        Assert.Equal((0, "0 created, 1 replaced"), (exitCode, output.Split(", 0 extended")[0]));

        var now = await api.GetJson(Changed);
        Assert.Equal(("Một tóm tắt khác.", revision + 1), ((string?)now["summary"], (long)now["revision"]!));
        Assert.Equal(revision + 1, (long)(await api.GetJson(List))["revision"]!);
        var after = await GetETags(api, Changed, Other, List, OtherList);
        Assert.NotEqual(before[0], after[0]);
        Assert.Equal(before[1], after[1]);
        Assert.NotEqual(before[2], after[2]);
        Assert.NotEqual(before[3], after[3]);
        using var unchangedItem = await api.Get(Other, "If-None-Match: " + before[1]);
        Assert.Equal(304, (int)unchangedItem.StatusCode);
        using var stale = await api.Get(Changed, "If-None-Match: " + before[0]);
        Assert.Equal(200, (int)stale.StatusCode);
        using var staleList = await api.Get(List, "If-None-Match: " + before[2]);
        Assert.Equal(200, (int)staleList.StatusCode);
    }

    [Fact]
    public async Task Import_that_would_replace_records_lists_their_losses_and_replaces_only_on_request()
    {
        using var api = ApiFixture.CreateIsolated();
        const string Address = "/v1/officials/dao-duc-toan";
        var before = await api.GetJson(Address);
        var official = before.DeepClone().AsObject();
        official.Remove("revision");
        official["positions"]![0]!["title"] = "Chức vụ khác";
        var bundle = new JsonObject
        {
            ["organizations"] = new JsonArray(CreateOrganization("quy-moi", "Quỹ mới")),
            ["officials"] = new JsonArray(official),
        };

        var (exitCode, output, error) = await CliProcess.Import(api.StorePath, bundle);
        Assert.Equal(FailedExitCode, exitCode);
        Assert.Equal("/officials/0: The stored record has other content. Replacing it would remove 1 of its values. Lost: /positions/0 "
            + "(officials/dao-duc-toan)", output.Trim());
        Assert.Contains("1 error(s); nothing was imported.", error, StringComparison.Ordinal);
        Assert.Contains("--on-conflict replace", error, StringComparison.Ordinal);
        Assert.Equal(output, (await CliProcess.Import(api.StorePath, bundle, "--dry-run")).Output);
        Assert.True(JsonNode.DeepEquals(before, await api.GetJson(Address)));

        output = (await CliProcess.Import(api.StorePath, bundle, "--on-conflict", "keep")).Output;
        Assert.StartsWith("1 created, 0 replaced, 0 extended, 0 unchanged, 1 kept; ", output, StringComparison.Ordinal);
        Assert.Equal(["created organizations/quy-moi", "kept officials/dao-duc-toan"], GetRecordLines(output));
        Assert.True(JsonNode.DeepEquals(before, await api.GetJson(Address)));

        output = (await CliProcess.Import(api.StorePath, bundle, "--on-conflict", "replace")).Output;
        Assert.StartsWith("0 created, 1 replaced, 0 extended, 1 unchanged, 0 kept; ", output, StringComparison.Ordinal);
        Assert.Equal(["replaced officials/dao-duc-toan", "unchanged organizations/quy-moi"], GetRecordLines(output));
        Assert.True(JsonNode.DeepEquals(official["positions"], (await api.GetJson(Address))["positions"]));

        static IEnumerable<string> GetRecordLines(string output) => output.Split('\n', StringSplitOptions.RemoveEmptyEntries).Skip(1);
    }

    [Fact]
    public async Task Paging_through_a_growing_list_neither_skips_nor_repeats_records()
    {
        using var api = ApiFixture.CreateIsolated();
        var before = (await api.GetAllItems("/v1/organizations?sort=name")).GetIds();
        var first = await api.GetJson("/v1/organizations?sort=name&limit=5");
        var (exitCode, _,
            error) = await CliProcess.Import(api.StorePath,
                new JsonObject
                {
                    ["organizations"] =
                        new JsonArray(CreateOrganization("a-first", "A đầu tiên"), CreateOrganization("y-last", "Ý cuối cùng")),
                });
        Assert.True(exitCode == 0, error);
        var rest = await api.GetAllItems($"/v1/organizations?sort=name&cursor={first["next"]}");
        Assert.Equal(before, first.GetItems().Concat(rest).GetIds().Where(id => id is not "y-last"));
        Assert.Contains("y-last", rest.GetIds());
    }

    [Fact]
    public async Task Null_in_lists_of_a_record_is_rejected()
    {
        using var folder = new TempFolder();
        var store = await folder.CreateStore();
        var before = folder.ListEntriesWithHashes();
        var file = folder.GetPath("bundle.json");
        await File.WriteAllTextAsync(file,
            """
            {
              "organizations": [{ "id": "a", "name": "A", "kind": "Fund", "citations": [null] }],
              "officials": [{ "id": "b", "name": "B", "aliases": [null], "positions": [], "citations": [] }]
            }
            """, TestContext.Current.CancellationToken);
        var (exitCode, output, _) = await CliProcess.Run("import", file, $"--Storage:Path={store}");
        Assert.Equal(FailedExitCode, exitCode);
        Assert.Contains("/organizations/0/citations/0: ", output, StringComparison.Ordinal);
        Assert.Contains("/officials/0/aliases/0: ", output, StringComparison.Ordinal);
        File.Delete(file);
        Assert.Equal(before, folder.ListEntriesWithHashes());
    }

    [Fact]
    public async Task Unpaired_surrogate_in_a_bundle_is_rejected()
    {
        using var folder = new TempFolder();
        var file = folder.GetPath("bundle.json");
        await File.WriteAllTextAsync(file, """{ "meetings": [{ "id": "c", "\ud800": 1 }] }""", TestContext.Current.CancellationToken);
        var (exitCode, output, error) = await CliProcess.Run("import", file, $"--Storage:Path={folder.GetPath("cooperation.db")}");
        Assert.Equal((FailedExitCode, "1 error(s); nothing was imported."), (exitCode, error.Trim()));
        Assert.Contains("not UTF-8", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Ambiguous_giver_id_is_rejected()
    {
        using var api = ApiFixture.CreateIsolated();
        var gift = (await api.GetJson("/v1/results/ha-noi-thai-binh-2018-phau-thuat-tre-em-570-trieu-dong")).AsObject();
        gift.Remove("revision");
        gift["title"] = "Một món quà khác";
        var (exitCode, output, _) = await CliProcess.Import(api.StorePath, new JsonObject
        {
            ["organizations"] = new JsonArray(CreateOrganization("ha-noi", "Một tổ chức trùng mã")),
            ["results"] = new JsonArray(gift),
        }, "--on-conflict", "replace");
        Assert.Equal(FailedExitCode, exitCode);
        Assert.Contains("/results/0/giverId: Several records have the id 'ha-noi'", output, StringComparison.Ordinal);
        using var organization = await api.Get("/v1/organizations/ha-noi");
        Assert.Equal(404, (int)organization.StatusCode);
    }

    [Fact]
    public async Task Paging_by_name_works_with_the_longest_names()
    {
        using var api = ApiFixture.CreateIsolated();
        var names = Enumerable.Range(0, 3).Select(i => string.Concat(Enumerable.Repeat("ữ", 299)) + (char)('a' + i)).ToList();
        var (exitCode, _, error) = await CliProcess.Import(api.StorePath,
            new JsonObject { ["organizations"] = new JsonArray([.. names.Select((name, i) => CreateOrganization($"long-{i}", name))]) });
        Assert.True(exitCode == 0, error);
        Assert.Equal(["long-2", "long-1", "long-0"],
            (await api.GetAllItems("/v1/organizations?sort=-name&id=long-0,long-1,long-2", limit: 1)).GetIds());
    }

    [Theory]
    [InlineData("2019-10-25", new string[0])]
    [InlineData("2019-10-26", new[] { "Quan sát, từ năm 2019", "Từ đó đến đó" })]
    [InlineData("2019-10-27", new[] { "Từ đó đến đó" })]
    [InlineData("2020-06-01", new string[0])]
    public async Task Positions_as_of_a_date_are_those_a_source_confirms_for_it(string day, string[] titles)
    {
        using var api = ApiFixture.CreateIsolated();
        var official = (await api.GetJson("/v1/officials/dao-duc-toan")).AsObject();
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
        var (exitCode, _, error) = await CliProcess.Import(api.StorePath, new JsonObject { ["officials"] = new JsonArray(official) },
            "--on-conflict", "replace");
        Assert.True(exitCode == 0, error);
        Assert.Equal(titles,
            (await api.GetJson($"/v1/officials/dao-duc-toan?at={day}"))["positions"]!.AsArray()
                .Select(position => (string)position!["title"]!));
        Assert.Equal(titles.Length > 0,
            (await api.GetJson($"/v1/officials?provinceId=ha-noi&at={day}")).GetItems().GetIds().Contains("dao-duc-toan"));
        Assert.Contains("dao-duc-toan", (await api.GetJson("/v1/officials?provinceId=ha-noi")).GetItems().GetIds());
    }

    [Fact]
    public async Task Every_error_of_a_bundle_is_reported_with_its_pointer_and_nothing_is_imported()
    {
        var bundle = JsonNode.Parse(
            $$"""
            {
              "organizations": [
                {{CreateOrganization("good", "Tốt").ToJsonString()}},
                {{CreateOrganization("Bad Id", "Xấu").ToJsonString()}},
                {{CreateOrganization("nfd", "Xâ\u0301u").ToJsonString()}},
                { "id": "no-evidence", "name": "Không", "kind": "Fund", "citations": [] },
                { "id": "no-name", "kind": "Fund", "citations": [] },
                { "id": "wrong-kind", "name": "Sai", "kind": "fund", "citations": [] },
                { "id": "unknown-member", "name": "Sai", "kind": "Fund", "citations": [], "isAdmin": true },
                { "id": "bad-citation", "name": "Sai", "kind": "Fund", "citations": [{ "sourceId": "{{SeedFacts.SourceId}}", "quote": "abc",
                    "start": 0, "end": 2, "supports": ["nothing"], "basis": "Stated" }] }
              ],
              "meeting": []
            }
            """)!;
        var lines = await AssertRejected(bundle);
        string[] expected =
            [
                "/meeting: Unknown resource 'meeting'. Did you mean 'meetings'?",
                "/organizations/1/id: 'Bad Id' is not a valid id.",
                "/organizations/3/citations: The text or list is empty or too short",
                "/organizations/4: Required members are missing",
                "/organizations/5/kind: 'fund' is not an allowed value. Did you mean 'Fund'?",
                "/organizations/6/isAdmin: Unknown member 'isAdmin'. Allowed: id, revision, name, kind, ",
                "/organizations/7/citations/0/supports: 'nothing' is not a member",
                "/organizations/7/citations/0: A quote requires `start` and `end`",
            ];
        Assert.Equal(expected.Length, lines.Count);
        Assert.All(expected.Zip(lines), pair => Assert.StartsWith(pair.First, pair.Second, StringComparison.Ordinal));
    }

    [Fact]
    public async Task Dangling_reference_is_reported_with_its_pointer()
    {
        var organization = CreateOrganization("good", "Tốt");
        organization["parentId"] = "there-is-none";
        var meeting = JsonNode.Parse(
            $$"""
            { "id": "a-meeting", "title": "Họp", "kind": "Visit", "provinceIds": ["ha-noi", "nowhere"],
                "participants": [{ "officialId": "nobody", "role": "Host" }],
                "citations": [{{CreateCitation("title").ToJsonString()}}] }
            """)!;
        var bundle = new JsonObject { ["organizations"] = new JsonArray(organization), ["meetings"] = new JsonArray(meeting) };
        var lines = await AssertRejected(bundle);
        Assert.Equal(["nobody", "nowhere", "there-is-none"],
            lines.Select(line => (string?)ResolvePointer(bundle, line.Split(": ")[0])).Order());
        Assert.All(lines, line => Assert.Contains("does not exist in", line, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("")]
    [InlineData("[]")]
    [InlineData("""{"meetings":[null]}""")]
    [InlineData("""{"meetings":[],"meetings":[]}""")]
    public async Task Invalid_bundle_is_rejected(string text)
    {
        using var folder = new TempFolder();
        var store = await folder.CreateStore();
        await File.WriteAllTextAsync(folder.GetPath("bundle.json"), text, TestContext.Current.CancellationToken);
        var before = folder.ListEntriesWithHashes();
        var (exitCode, output, error) = await CliProcess.Run("import", $"--Storage:Path={store}", folder.GetPath("bundle.json"));
        Assert.True(exitCode == FailedExitCode, output + error);
        Assert.Contains("1 error(s)", error, StringComparison.Ordinal);
        Assert.Equal(before, folder.ListEntriesWithHashes());
    }

    private static async Task<List<string>> AssertRejected(JsonNode bundle)
    {
        using var folder = new TempFolder();
        var store = await folder.CreateStore();
        var before = folder.ListEntriesWithHashes();
        var (exitCode, output, error) = await CliProcess.Import(store, bundle);
        Assert.True(exitCode == FailedExitCode, output + error);
        Assert.Contains("nothing was imported", error, StringComparison.Ordinal);
        Assert.Equal(before, folder.ListEntriesWithHashes());
        return [.. output.Trim().Split('\n').Order(StringComparer.Ordinal)];
    }

    private static async Task<List<string>> GetETags(ApiFixture api, params string[] addresses)
    {
        var eTags = new List<string>();
        foreach (var address in addresses)
        {
            using var response = await api.Get(address);
            eTags.Add(response.GetETag());
        }
        return eTags;
    }

    private static JsonObject CreateOrganization(string id, string name) =>
        new() { ["id"] = id, ["name"] = name, ["kind"] = "Fund", ["citations"] = new JsonArray(CreateCitation("name")) };

    private static JsonObject CreateCitation(string member) =>
        new() { ["sourceId"] = SeedFacts.SourceId, ["locator"] = "đoạn 1", ["supports"] = new JsonArray(member), ["basis"] = "Referenced" };

    /// <summary>Returns the value at a JSON Pointer (RFC 6901), or null if there is none.</summary>
    private static JsonNode? ResolvePointer(JsonNode? node, string pointer) =>
        pointer.Split('/').Skip(1).Aggregate(node, (current, step) => current switch
        {
            JsonObject members => members[step],
            JsonArray items when int.TryParse(step, System.Globalization.CultureInfo.InvariantCulture, out var i) && i < items.Count =>
                items[i],
            _ => null,
        }) as JsonValue;

    [Fact]
    public async Task All_invalid_members_are_reported_with_plain_messages()
    {
        using var folder = new TempFolder();
        var meetings = JsonNode.Parse(
            """[{"id":"a","titel":"b"},{"id":"a","title":"b","citations":[]},{"id":"a","title":5},{"id":"a","heldOn":"26/10/2019"}]""");
        var (exitCode, output, _) = await CliProcess.Import(await folder.CreateStore(), new JsonObject { ["meetings"] = meetings });
        Assert.Equal(FailedExitCode, exitCode);
        // All errors are reported, not only the first one of the JSON reader.
        Assert.Equal(
            [
                "/meetings/0/titel: Unknown member 'titel'. Did you mean 'title'? (meetings/a)",
                "/meetings/0: Required members are missing: title, kind, citations. (meetings/a)",
                "/meetings/1: Required members are missing: kind. (meetings/a)",
                "/meetings/2/title: The value must be a text in quotation marks, for example \"Hanoi\". (meetings/a)",
                "/meetings/2: Required members are missing: kind, citations. (meetings/a)",
                "/meetings/3/heldOn: '26/10/2019' is not a valid date. Write 2019-10-26 (year-month-day), 2019-10 or 2019, or "
                + "--10-26 if the year is unknown. Did you mean '2019-10-26'? (meetings/a)",
                "/meetings/3: Required members are missing: title, kind, citations. (meetings/a)",
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
    public void Partial_date_is_a_year_a_month_a_day_or_a_day_without_a_year(string text, bool isValid)
    {
        Assert.Equal(isValid, Contracts.PartialDate.TryParse(text, out var date));
        Assert.Equal(isValid ? text : null, date.Text);
    }

    /// <summary>Returns all seed bundles as one bundle.</summary>
    private static JsonObject ReadSeedBundles()
    {
        var seeds = Directory.EnumerateFiles(Path.Combine(RepositoryFiles.Root, "src", "CooperationApi", "Features", "Import", "Seed"),
            "*.json")
            .SelectMany(file => JsonNode.Parse(File.ReadAllText(file))!.AsObject());
        return new(seeds.GroupBy(list => list.Key).Select(lists =>
            KeyValuePair.Create<string, JsonNode?>(lists.Key,
                new JsonArray([.. lists.SelectMany(list => list.Value!.AsArray().Select(record => record!.DeepClone()))]))));
    }
}
