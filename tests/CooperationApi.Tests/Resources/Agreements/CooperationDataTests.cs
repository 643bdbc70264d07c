using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace CooperationApi.Tests.Resources.Agreements;

/// <summary>
/// Compares the fifteen cooperations of the seed data with the compiled facts, a file that is not part of the repository.
/// </summary>
[Collection(nameof(SharedApi))]
public sealed partial class CooperationDataTests(ApiFixture api)
{
    /// <summary>Officials that several entries of the compiled facts refer to, with the reason.</summary>
    private static readonly Dictionary<string, string> MergedOfficials = new()
    {
        ["dinh-tien-dung"] = "Same name, same post: Bí thư Thành ủy Hà Nội, in two reports of 2023.",
        ["nguyen-dang-binh"] = "Same name, same post: chairman in Bắc Kạn, at two conferences of one programme.",
        ["phan-van-mai"] = "Same name, same post: chairman in Hồ Chí Minh, at two conferences of one programme.",
        ["tran-ngoc-tam"] = "Same name, same post: chairman in Bến Tre, at two conferences of one programme.",
        ["vo-van-hoan"] = "Same name, both without diacritics, same post: deputy chairman in Hồ Chí Minh, in March 2023.",
        ["vo-van-hung"] = "Same name, same post: chairman in Quảng Trị, at two conferences of one programme.",
        ["nguyen-van-ut"] =
            "Inferred by the editors and cited as such: the same name with its diacritics, the same rank, Long An 2023 and Đồng Nai 2025.",
        ["tran-duy-dong"] = "Inferred by the editors and cited as such: the same name with its diacritics, deputy minister 2023 and "
            + "chairman in Phú Thọ 2026.",
    };

    /// <summary>Officials with similar names that are different people, with the reason.</summary>
    private static readonly Dictionary<(string, string), string> DistinctOfficials = new()
    {
        [("nguyen-van-hieu", "nguyen-van-hieu-can-tho")] =
            "One name has no diacritics and the posts differ: no source proves that they are the same person.",
        [("nguyen-thi-bich-ngoc", "nguyen-thi-bich-ngoc-bo-ke-hoach-va-dau-tu")] =
            "A common name; a council chairwoman in Hà Nội 2019 and a deputy minister 2024 share nothing else.",
    };

    private static readonly string[] FigureMembers = ["quantity", "outOf", "amount", "currency"];

    private static readonly JsonArray CompiledFacts =
        File.Exists(Path.Combine(RepositoryFiles.Root, "..", "shared", "data", "cooperations.json"))
            ? JsonNode.Parse(File.ReadAllText(Path.Combine(RepositoryFiles.Root, "..", "shared", "data", "cooperations.json")))!.AsArray()
            : [];

    // Compiled as results, but the pages say that they will be built or are under way or planned: they are commitments in the records.
    private static readonly string[] PlannedResults =
        ["Great unity houses to be built with that gift", "Works in Quảng Trị that Hà Nội supports"];

    [Fact]
    public async Task Record_counts_and_amounts_equal_those_of_the_compiled_facts()
    {
        Assert.Equal((15, 40), (GetAllFacts().Count(), GetAllFacts().Sum(facts => GetSources(facts).Count())));
        Assert.Equal((58, 66, 39, 42),
            (GetAllFacts().Sum(facts => GetList(facts, "parties").Count()),
                GetAllFacts().Sum(facts => GetList(facts["agreement"]!, "fields").Count()),
            GetAllFacts().Sum(facts => GetList(facts, "commitments").Count()),
            GetAllFacts().Sum(facts => GetList(facts, "results").Count())));
        var (agreements, groups) = (await GetCompiledRecords("agreements"), await GetCompiledRecords("cooperation-groups"));
        Assert.Equal((15, 58), (agreements.Count, agreements.Sum(agreement => agreement["provinceIds"]!.AsArray().Count)));
        // Two compiled results are plans, which are commitments in the records.
        Assert.Equal((66, 39 + 2, 42 - 2, 40),
            (groups.Count, (await GetCompiledRecords("commitments")).Count, (await GetCompiledRecords("results")).Count,
                (await GetCompiledRecords("sources")).Count));
        var sums = (await GetCompiledRecords("results")).Where(result => result["amount"] is not null)
            .GroupBy(result => (string)result["currency"]!)
            .ToDictionary(group => group.Key, group => group.Sum(result => (long)result["amount"]!));
        Assert.Equal(new() { ["VND"] = 23_100_000_000, ["USD"] = 254_300_000 }, sums);
    }

    [Fact]
    public async Task Each_compiled_page_is_a_source_with_the_same_members()
    {
        foreach (var facts in GetAllFacts())
        {
            foreach (var page in GetSources(facts))
            {
                var source = await api.GetJson("/v1/sources/" + BuildSourceId(facts, (string)page["ref"]!));
                Assert.All(["url", "publisher", "title", "publishedOn", "language"],
                    member => Assert.Equal((string?)page[member], (string?)source[member]));
            }
        }
    }

    [Fact]
    public async Task Each_agreement_has_its_parties_fields_date_and_documents()
    {
        foreach (var facts in GetAllFacts())
        {
            var (compiled, agreement) = (facts["agreement"]!, await api.GetJson("/v1/agreements/" + facts.GetId()));
            Assert.Equal(GetList(facts, "parties").Select(party => $"{party["code"]} {party["name"]}").Order(),
                (await GetParties(facts, agreement)).Select(unit => $"{unit["code"]} {unit["name"]}").Order());
            Assert.Equal((string?)compiled["adoptedOn"], (string?)agreement["adoptedOn"]);
            Assert.Contains((string)compiled["title"]!,
                $"{agreement["title"]}\n{agreement["titleEn"]}\n{agreement["title"]} ({GetTitleAfterColon(agreement)})",
                StringComparison.Ordinal);
            Assert.Equal((int?)compiled["fieldsCount"], (int?)agreement["declaredGroups"]?["total"]);
            Assert.Equal(GetList(compiled, "fields").Select(field => (string?)field["name"]),
                (await api.GetAllItems($"/v1/agreements/{facts.GetId()}/cooperation-groups")).Select(group => (string?)group["nameEn"]));
            var documents = GetList(compiled, "laterDocuments").Append(compiled["implementedBy"]).OfType<JsonNode>().ToList();
            Assert.Equal(documents.Select(document => (string?)document["date"]),
                GetList(agreement, "laterDocuments").Select(document => (string?)document["issuedOn"]));
            Assert.All(documents.Zip(GetList(agreement, "laterDocuments")), pair =>
                Assert.Contains((string)pair.First["document"]!,
                    (string[])[(string)pair.Second["title"]!, (string?)pair.Second["titleEn"] ?? ""]));
            AssertCited(facts, compiled, agreement);
        }
    }

    [Fact]
    public async Task Each_party_existed_on_the_day_of_the_agreement()
    {
        foreach (var facts in GetAllFacts())
        {
            var agreement = await api.GetJson("/v1/agreements/" + facts.GetId());
            if (GetDate(facts) is { } day)
            {
                var units = (await api.GetAllItems("/v1/provinces?at=" + day)).GetIds();
                Assert.All(agreement["provinceIds"]!.AsArray(), id => Assert.Contains((string)id!, units));
            }
            else
            {
                // The year is unknown, but the units are those of the time before the mergers.
                Assert.Equal("ha-noi-hoa-binh", facts.GetId());
                Assert.All(await GetParties(facts, agreement),
                    unit => Assert.True(string.CompareOrdinal((string)unit["validFrom"]!, "2025-07-01") < 0));
            }
        }
    }

    [Fact]
    public async Task Each_meeting_has_its_date_place_and_attendance()
    {
        foreach (var facts in GetAllFacts())
        {
            var meetings = await GetCompiledRecords("meetings", facts);
            Assert.Equal(GetCompiledMeetings(facts).Count(), meetings.Count);
            foreach (var compiled in GetCompiledMeetings(facts))
            {
                var meeting = Assert.Single(meetings, meeting => (string?)meeting["heldOn"] == (string?)compiled["heldOn"]!["value"]);
                Assert.Equal(compiled["place"] is null, meeting["place"] is null);
                Assert.EndsWith((string)compiled["kind"]!, (string)meeting["titleEn"]!, StringComparison.Ordinal);
                Assert.Equal($"{compiled["attendance"]} {compiled["attendanceUnit"]} {ToBound(compiled["attendanceBound"])}",
                    $"{meeting["attendance"]?["quantity"]} {meeting["attendance"]?["unitEn"]} {meeting["attendance"]?["bound"]}");
                var inferred = meeting["citations"]!.AsArray().Where(citation => (string)citation!["basis"]! == "Inferred").ToList();
                Assert.Equal((bool)compiled["heldOn"]!["yearInferred"]!, inferred.Exists(citation => Supports(citation!, "heldOn")));
                Assert.All(inferred, citation => Assert.False(string.IsNullOrWhiteSpace((string?)citation!["note"])));
                AssertCited(facts, compiled, meeting);
            }
        }
    }

    [Fact]
    public async Task Each_participant_is_one_official_with_the_title_in_the_compiled_facts()
    {
        var entries = 0;
        var entriesByOfficial = new Dictionary<string, int>();
        var officials = (await api.GetAllItems("/v1/officials")).ToDictionary(official => official.GetId());
        foreach (var facts in GetAllFacts())
        {
            var meetings = await GetCompiledRecords("meetings", facts);
            foreach (var compiled in GetCompiledMeetings(facts))
            {
                var meeting = meetings.Single(meeting => (string?)meeting["heldOn"] == (string?)compiled["heldOn"]!["value"]);
                var people = GetList(compiled, "hosts").Concat(GetList(compiled, "participants")).ToList();
                Assert.Equal(people.Count, GetList(meeting, "participants").Count());
                foreach (var (person, participant) in people.Zip(GetList(meeting, "participants")))
                {
                    var official = officials[(string)participant["officialId"]!];
                    Assert.Equal(((string?)person["name"], (string?)person["title"]),
                        ((string?)official["name"], (string?)participant["title"]));
                    Assert.Equal((bool?)person["diacriticsShown"], (bool?)official["diacriticsShown"]);
                    Assert.Equal(await FindUnitId((string?)person["province"], facts), (string?)participant["provinceId"]);
                    Assert.Contains(official["positions"]!.AsArray(), post =>
                        (string?)post!["title"] == (string?)person["title"] && (string?)post["observedOn"] == (string?)meeting["heldOn"]
                        && (string?)post["provinceId"] == (string?)participant["provinceId"]);
                    AssertCited(facts, person, official);
                    entriesByOfficial[official.GetId()] = entriesByOfficial.GetValueOrDefault(official.GetId()) + 1;
                    entries++;
                }
            }
        }
        Assert.Equal(79, entries);
        Assert.Equal(MergedOfficials.Keys.Order(),
            entriesByOfficial.Where(official => official.Value > 1).Select(official => official.Key).Order());
        Assert.All(DistinctOfficials.Keys, pair => Assert.Equal(Fold(officials[pair.Item1]), Fold(officials[pair.Item2])));
        Assert.Equal(DistinctOfficials.Count, officials.Values.GroupBy(Fold).Count(sameName => sameName.Count() > 1));
        Assert.All(["nguyen-van-ut", "tran-duy-dong"],
            id => Assert.Contains(officials[id]["citations"]!.AsArray(), citation => (string)citation!["basis"]! == "Inferred"));
    }

    [Fact]
    public async Task Each_commitment_has_the_compiled_wording_and_parties()
    {
        foreach (var facts in GetAllFacts())
        {
            var commitments = (await GetCompiledRecords("commitments", facts))
                .Where(commitment => !PlannedResults.Contains((string?)commitment["titleEn"])).ToList();
            Assert.Equal(GetList(facts, "commitments").Count(), commitments.Count);
            foreach (var compiled in GetList(facts, "commitments"))
            {
                var commitment = Assert.Single(commitments, commitment => (string?)commitment["titleEn"] == (string?)compiled["text"]);
                var partyIds = GetList(commitment, "voicedBy").Concat(GetList(commitment, "responsible"))
                    .SelectMany(party => (string?[])[(string?)party["officialId"], (string?)party["provinceId"]]);
                foreach (var partyName in ((string?)compiled["by"])?.Split(" and ") ?? [])
                    Assert.Contains(await FindUnitId(partyName, facts) ?? Fold(partyName).Replace(' ', '-'), partyIds);
                AssertCited(facts, compiled, commitment);
            }
        }
    }

    [Fact]
    public async Task Each_result_has_exactly_the_compiled_figures()
    {
        foreach (var facts in GetAllFacts())
        {
            var results = await GetCompiledRecords("results", facts);
            results.AddRange((await GetCompiledRecords("commitments", facts))
                .Where(commitment => PlannedResults.Contains((string?)commitment["titleEn"])));
            Assert.Equal(GetList(facts, "results").Count(), results.Count);
            foreach (var compiled in GetList(facts, "results"))
            {
                var result = Assert.Single(results,
                    result => string.Equals((string?)result["titleEn"], (string?)compiled["what"], StringComparison.OrdinalIgnoreCase));
                Assert.All(FigureMembers, member => Assert.Equal(compiled[member]?.ToJsonString(), result[member]?.ToJsonString()));
                Assert.Equal((string?)compiled["unit"], (string?)result["unitEn"]);
                Assert.Equal(((string?)compiled["bound"] == "about", ToBound(compiled["bound"])),
                    ((bool?)result["approximate"] == true, (string?)result["bound"] ?? ""));
                var (giverId, receiverId) =
                    (await FindUnitId((string?)compiled["giver"], facts), await FindUnitId((string?)compiled["receiver"], facts));
                if (PlannedResults.Contains((string?)result["titleEn"]))
                {
                    Assert.Equal([receiverId], GetList(result, "beneficiaryIds").Select(id => (string?)id));
                    continue;
                }
                Assert.Equal((giverId, receiverId), ((string?)result["giverId"], (string?)result["receiverId"]));
                AssertCited(facts, compiled, result);
            }
        }
    }

    [Fact]
    public async Task Records_contain_no_number_that_the_compiled_facts_lack()
    {
        foreach (var type in (string[])["meetings", "agreements", "cooperation-groups", "commitments", "results", "officials"])
        {
            foreach (var record in await GetCompiledRecords(type))
            {
                var facts =
                    GetAllFacts().Single(facts => GetFirstSourceId(record).StartsWith(facts.GetId() + "-s", StringComparison.Ordinal));
                var knownNumbers = FindNumbers(
                    GetAllFacts()
                        .Where(facts => record["citations"]!.AsArray()
                            .Any(citation => ((string)citation!["sourceId"]!).StartsWith(facts.GetId() + "-s", StringComparison.Ordinal)))
                    .Select(facts => facts.ToJsonString())).ToHashSet();
                var texts = record.AsObject()
                    .Where(member => member.Key is not ("id" or "revision" or "ordinal" or "citations")
                        && !member.Key.EndsWith("Id", StringComparison.Ordinal) && !member.Key.EndsWith("Ids", StringComparison.Ordinal))
                    .SelectMany(member => GetTexts(member.Value)).ToList();
                Assert.All(FindNumbers(texts), number => Assert.Contains(number, knownNumbers));
                Assert.NotNull(facts);
            }
        }
    }

    /// <summary>Returns the records of a type that cite a page of the compiled facts.</summary>
    private async Task<List<JsonNode>> GetCompiledRecords(string type) => [.. (await api.GetAllItems("/v1/" + type)).Where(record =>
        GetAllFacts()
            .Any(facts => (type == "sources" ? record.GetId() : GetFirstSourceId(record)).StartsWith(facts.GetId() + "-s",
                StringComparison.Ordinal)))];

    /// <summary>Returns the records of a type that cite a page of these facts first.</summary>
    private async Task<List<JsonNode>> GetCompiledRecords(string type, JsonNode facts) =>
        [.. (await GetCompiledRecords(type)).Where(
            record => GetFirstSourceId(record).StartsWith(facts.GetId() + "-s", StringComparison.Ordinal))];

    private async Task<List<JsonNode>> GetParties(JsonNode facts, JsonNode agreement)
    {
        var units = new List<JsonNode>();
        foreach (var id in agreement["provinceIds"]!.AsArray())
        {
            var unit = await api.GetJson($"/v1/provinces/{id}");
            // The compiled facts use the last name before the mergers.
            units.Add(
                facts["parties"]!.AsArray().Any(party => (string?)party!["csvName"] == (string?)unit["name"])
                    ? await api.GetJson($"/v1/provinces/{id}?at={GetDate(facts)}")
                    : unit);
        }
        return units;
    }

    /// <summary>Returns the id of the unit with a name at the time of the agreement, or null.</summary>
    private async Task<string?> FindUnitId(string? name, JsonNode facts) =>
        (await api.GetAllItems("/v1/provinces?at=" + (GetDate(facts) ?? "2023-01-01"))).Find(unit => (string?)unit["name"] == name)
            ?.GetId();

    /// <summary>Asserts that the record cites every page of a locator at the stated place.</summary>
    private static void AssertCited(JsonNode facts, JsonNode compiled, JsonNode record)
    {
        var citations = record["citations"]!.AsArray();
        foreach (Match match in LocatorPattern().Matches((string)compiled["locator"]!))
        {
            var source = BuildSourceId(facts, match.Groups["ref"].Value);
            Assert.Contains(citations, citation => (string?)citation!["sourceId"] == source
                && (match.Groups["place"].Length == 0
                    || ((string?)citation["locator"])?.StartsWith(match.Groups["place"].Value, StringComparison.Ordinal) == true));
        }
    }

    private static IEnumerable<JsonNode> GetAllFacts()
    {
        Prerequisite.Require(CompiledFacts.Count > 0, "The compiled facts are missing: they are not part of the repository.");
        return CompiledFacts.Select(facts => facts!);
    }

    private static IEnumerable<JsonNode> GetSources(JsonNode facts) => GetList(facts, "additionalSources").Prepend(facts["source"]!);

    private static IEnumerable<JsonNode> GetCompiledMeetings(JsonNode facts) => GetList(facts, "otherMeetings").Prepend(facts["meeting"]!);

    private static IEnumerable<JsonNode> GetList(JsonNode node, string name) => (node[name]?.AsArray() ?? []).Select(item => item!);

    private static string BuildSourceId(JsonNode facts, string reference) => $"{facts.GetId()}-{reference.ToLowerInvariant()}";

    private static string GetFirstSourceId(JsonNode record) => (string)record["citations"]![0]!["sourceId"]!;

    private static bool Supports(JsonNode citation, string member) => citation["supports"]!.AsArray().Any(name => (string?)name == member);

    /// <summary>Returns a day at the time of the agreement, or null if the year is unknown.</summary>
    private static string? GetDate(JsonNode facts) =>
        ((string?)facts["agreement"]!["adoptedOn"] ?? (string)facts["meeting"]!["heldOn"]!["value"]!) switch
        {
            { Length: 10 } day => day,
            ['-', ..] => null,
            { Length: 4 } year => year + "-01-01",
            var month => month + "-01",
        };

    private static string ToBound(JsonNode? words) => (string?)words switch { "more than" => "AtLeast", "nearly" => "AtMost", _ => "" };

    private static string? GetTitleAfterColon(JsonNode agreement) => ((string?)agreement["titleEn"])?.Split(": ", 2).ElementAtOrDefault(1);

    private static string Fold(JsonNode official) => Fold((string)official["name"]!);

    private static string Fold(string name) =>
        CombiningMarkPattern().Replace(name.ToLowerInvariant().Replace('đ', 'd').Normalize(System.Text.NormalizationForm.FormD), "");

    private static IEnumerable<string> GetTexts(JsonNode? node) => node switch
    {
        JsonObject members =>
            members.Where(member => !member.Key.EndsWith("Id", StringComparison.Ordinal)).SelectMany(member => GetTexts(member.Value)),
        JsonArray items => items.SelectMany(GetTexts),
        null => [],
        _ => [node.GetValueKind() == JsonValueKind.String ? (string)node! : node.ToJsonString()],
    };

    private static IEnumerable<string> FindNumbers(IEnumerable<string> texts) =>
        texts.SelectMany(text => NumberPattern().Matches(text)).Select(match => match.Value.TrimStart('0'));

    [GeneratedRegex(@"(?<=^|; )(?<ref>S\d) (?<place>[^;(]*[^;( ])|(?<=from )(?<ref>S\d)")]
    private static partial Regex LocatorPattern();

    [GeneratedRegex(@"\d+")]
    private static partial Regex NumberPattern();

    [GeneratedRegex(@"\p{Mn}")]
    private static partial Regex CombiningMarkPattern();
}
