using System.Globalization;
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
        ["nguyen-van-hieu"] = "Merged by the editors: a page that was added has the name with its diacritics and both posts.",
        ["nguyen-van-ut"] =
            "Inferred by the editors and cited as such: the same name with its diacritics, the same rank, Long An 2023 and Đồng Nai 2025.",
        ["tran-duy-dong"] = "Inferred by the editors and cited as such: the same name with its diacritics, deputy minister 2023 and "
            + "chairman in Phú Thọ 2026.",
    };

    /// <summary>Officials with similar names that are different people, with the reason.</summary>
    private static readonly Dictionary<(string, string), string> DistinctOfficials = new()
    {
        [("nguyen-thi-bich-ngoc", "nguyen-thi-bich-ngoc-bo-ke-hoach-va-dau-tu")] =
            "A common name; a council chairwoman in Hà Nội 2019 and a deputy minister 2024 share nothing else.",
    };

    /// <summary>Compiled agreements that were deleted, with the reason.</summary>
    private static readonly Dictionary<string, string> DeletedAgreements = new()
    {
        ["ha-noi-quang-tri-2023"] = "No page names a document: the meeting, its gift and its commitments are the records.",
    };

    /// <summary>Compiled commitments that were deleted, with the reason.</summary>
    private static readonly Dictionary<string, string> DeletedCommitments = new()
    {
        ["The two provinces signed to cooperate in six fields"] = "It repeats the agreement and its six groups.",
        ["The leaders of the three provinces, which all lie on Ring Road 5 (Vành đai 5), signed to cooperate"] =
            "It repeats the agreement.",
    };

    /// <summary>Records of another type than their compiled facts, with the type and the reason.</summary>
    private static readonly Dictionary<string, (string Type, string Reason)> RetypedRecords = new()
    {
        ["an-giang-dong-thap-2022-mang-luoi-abcd-mekong"] = ("statements", "The result is an appraisal."),
        ["bac-giang-lang-son-2023-sat-canh-luc-kho-khan"] = ("statements", "The result is an appraisal."),
        ["ha-noi-hoa-binh-nha-dai-doan-ket"] = ("commitments", "The result is a plan: the houses will be built."),
        ["ha-noi-quang-tri-2023-cong-trinh-ho-tro"] = ("commitments", "The result is a plan: the works are under way or planned."),
        ["thanh-hoa-nghe-an-ha-tinh-2022-ket-qua-hai-nam"] = ("statements", "The commitment is an appraisal of two years."),
        ["tp-hcm-nine-provinces-2023-danh-gia-hieu-qua"] = ("statements", "The result is an appraisal by the leaders."),
    };

    /// <summary>Meetings with an inferred year in the compiled facts that a page states, with the reason.</summary>
    private static readonly Dictionary<string, string> MeetingsWithStatedYear = new()
    {
        ["hai-duong-hai-phong-quang-ninh-2022-03-13"] = "The caption of a page that was added has the date with its year.",
    };

    private static readonly string[] FigureMembers = ["quantity", "outOf", "amount", "currency"];

    private static readonly JsonArray CompiledFacts =
        File.Exists(Path.Combine(RepositoryFiles.Root, "..", "shared", "data", "cooperations.json"))
            ? JsonNode.Parse(File.ReadAllText(Path.Combine(RepositoryFiles.Root, "..", "shared", "data", "cooperations.json")))!.AsArray()
            : [];

    [Fact]
    public async Task Agreements_groups_and_amounts_equal_those_of_the_compiled_facts()
    {
        Assert.Equal(GetFactsWithAgreement().Select(facts => facts.GetId()).Order(),
            (await GetCompiledRecords("agreements")).GetIds().Order());
        Assert.Equal(GetAllFacts().Sum(facts => GetList(facts["agreement"]!, "fields").Count()),
            (await GetCompiledRecords("cooperation-groups")).Count);
        Assert.Equal(SumAmounts(GetAllFacts().SelectMany(facts => GetList(facts, "results"))),
            SumAmounts(await GetCompiledRecords("results")));
    }

    [Fact]
    public async Task Each_compiled_page_is_a_source_with_its_address_and_date()
    {
        foreach (var facts in GetAllFacts())
        {
            foreach (var page in GetSources(facts))
            {
                var source = await api.GetJson("/v1/sources/" + BuildSourceId(facts, (string)page["ref"]!));
                Assert.All(["url", "language"], member => Assert.Equal((string?)page[member], (string?)source[member]));
                Assert.StartsWith((string?)page["publishedOn"] ?? "", (string?)source["publishedOn"] ?? "", StringComparison.Ordinal);
                Assert.Contains((string?)page["title"], (string?[])[null, (string?)source["title"]]);
            }
        }
    }

    [Fact]
    public async Task Each_agreement_has_its_parties_fields_date_and_documents()
    {
        foreach (var facts in GetFactsWithAgreement())
        {
            var (compiled, agreement) = (facts["agreement"]!, await api.GetJson("/v1/agreements/" + facts.GetId()));
            Assert.Equal(GetList(facts, "parties").Select(party => $"{party["code"]} {party["name"]}").Order(),
                (await GetParties(facts, agreement)).Select(unit => $"{unit["code"]} {unit["name"]}").Order());
            Assert.StartsWith((string?)compiled["adoptedOn"] ?? "", (string?)agreement["adoptedOn"] ?? "", StringComparison.Ordinal);
            Assert.Contains((int?)compiled["fieldsCount"], (int?[])[null, (int?)agreement["declaredGroups"]?["total"]]);
            var groups = await api.GetAllItems($"/v1/agreements/{facts.GetId()}/cooperation-groups");
            Assert.Equal(GetList(compiled, "fields").Count(), groups.Count);
            Assert.All(GetList(compiled, "fields").Zip(groups), pair =>
            {
                Assert.NotEqual(0, CountSharedWords((string)pair.First["name"]!, pair.Second));
                AssertCited(facts, pair.First, pair.Second);
            });
            var documents = GetList(compiled, "laterDocuments").Append(compiled["implementedBy"]).OfType<JsonNode>().ToList();
            Assert.Equal(documents.Select(document => (string?)document["date"]),
                GetList(agreement, "laterDocuments").Select(document => (string?)document["issuedOn"]));
            Assert.All(documents.Zip(GetList(agreement, "laterDocuments")), pair =>
                Assert.Equal(FindNumbers((string)pair.First["document"]!), FindNumbers((string)pair.Second["title"]!)));
            AssertCited(facts, compiled, agreement);
        }
    }

    [Fact]
    public async Task Each_party_existed_on_the_day_of_the_agreement()
    {
        foreach (var facts in GetFactsWithAgreement())
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
                var place = ((string?)compiled["place"] ?? "").Split(", ")[^1].Replace(" (province)", "", StringComparison.Ordinal);
                Assert.Contains(place, (string?)meeting["place"] ?? "", StringComparison.Ordinal);
                Assert.Equal($"{compiled["attendance"]} {compiled["attendanceUnit"]} {ToBound(compiled["attendanceBound"])}",
                    $"{meeting["attendance"]?["quantity"]} {meeting["attendance"]?["unitEn"]} {meeting["attendance"]?["bound"]}");
                var inferred = meeting["citations"]!.AsArray().Where(citation => (string)citation!["basis"]! == "Inferred").ToList();
                Assert.Equal((bool)compiled["heldOn"]!["yearInferred"]! && !MeetingsWithStatedYear.ContainsKey(meeting.GetId()),
                    inferred.Exists(citation => Supports(citation!, "heldOn")));
                Assert.All(inferred, citation => Assert.False(string.IsNullOrWhiteSpace((string?)citation!["note"])));
                AssertCited(facts, compiled, meeting);
            }
        }
    }

    [Fact]
    public async Task Each_compiled_participant_is_one_official_with_a_position_at_that_time()
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
                foreach (var person in people)
                {
                    var participant = Assert.Single(GetList(meeting, "participants"),
                        participant => Fold(officials[(string)participant["officialId"]!]) == Fold(person));
                    var official = officials[(string)participant["officialId"]!];
                    Assert.True((bool?)person["diacriticsShown"] == false
                        ? (bool?)official["diacriticsShown"] == false || CitesAddedPage(official, "name")
                        : GetList(official, "aliases").Prepend(official["name"]!).Any(name => (string)name! == (string)person["name"]!),
                        $"{official["name"]}, compiled as {person["name"]}");
                    Assert.Equal(await FindUnitId((string?)person["province"], facts), (string?)participant["provinceId"]);
                    Assert.Contains(official["positions"]!.AsArray(), position =>
                        (string?)position!["title"] == (string?)participant["title"]
                        && (string?)position["observedOn"] == (string?)meeting["heldOn"]
                        && (string?)position["provinceId"] == (string?)participant["provinceId"]);
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
        Assert.All(["nguyen-van-hieu", "nguyen-van-ut", "tran-duy-dong"],
            id => Assert.Contains(officials[id]["citations"]!.AsArray(), citation => (string)citation!["basis"]! == "Inferred"));
    }

    [Fact]
    public async Task Each_compiled_commitment_is_one_record_with_its_parties()
    {
        foreach (var facts in GetAllFacts())
        {
            var records = await GetRecordsById(facts);
            var found = new List<string>();
            foreach (var compiled in GetList(facts, "commitments"))
            {
                var record = FindRecord(facts, compiled, (string)compiled["text"]!, records.Values.Select(typed => typed.Record));
                if (DeletedCommitments.ContainsKey((string)compiled["text"]!))
                {
                    Assert.Null(record);
                    continue;
                }
                Assert.True(record is not null, $"{facts.GetId()}: {compiled["text"]}");
                found.Add(record.GetId());
                Assert.Equal(RetypedRecords.GetValueOrDefault(record.GetId()).Type ?? "commitments", records[record.GetId()].Type);
                var partyIds = GetList(record, "voicedBy").Concat(GetList(record, "responsible"))
                    .SelectMany(party => (string?[])[(string?)party["officialId"], (string?)party["provinceId"]]);
                foreach (var partyName in ((string?)compiled["by"])?.Split(" and ") ?? [])
                    Assert.Contains(await FindUnitId(partyName, facts) ?? Fold(partyName).Replace(' ', '-'), partyIds);
            }
            Assert.Distinct(found);
        }
    }

    [Fact]
    public async Task Each_compiled_result_is_one_record_with_its_figures()
    {
        foreach (var facts in GetAllFacts())
        {
            var records = await GetRecordsById(facts);
            var found = new List<string>();
            foreach (var compiled in GetList(facts, "results"))
            {
                var record = FindRecord(facts, compiled, (string)compiled["what"]!, records.Values.Select(typed => typed.Record)
                    .Where(record => FigureMembers.All(member => compiled[member]?.ToJsonString() == record[member]?.ToJsonString())));
                Assert.True(record is not null, $"{facts.GetId()}: {compiled["what"]}");
                found.Add(record.GetId());
                var type = records[record.GetId()].Type;
                Assert.Equal(RetypedRecords.GetValueOrDefault(record.GetId()).Type ?? "results", type);
                Assert.Equal(compiled["unit"] is null, record["unitEn"] is null);
                Assert.Equal(((string?)compiled["bound"] == "about", ToBound(compiled["bound"])),
                    ((bool?)record["approximate"] == true, (string?)record["bound"] ?? ""));
                var (giverId, receiverId) =
                    (await FindUnitId((string?)compiled["giver"], facts), await FindUnitId((string?)compiled["receiver"], facts));
                if (type == "commitments")
                    Assert.Equal([receiverId], GetList(record, "beneficiaryIds").Select(id => (string?)id));
                else
                    Assert.Equal((giverId, receiverId), ((string?)record["giverId"], (string?)record["receiverId"]));
            }
            Assert.Distinct(found);
        }
    }

    [Fact]
    public async Task Records_contain_no_number_that_neither_the_compiled_facts_nor_an_added_page_has()
    {
        foreach (var type in
            (string[])["meetings", "agreements", "cooperation-groups", "commitments", "results", "statements", "officials"])
        {
            foreach (var record in await GetCompiledRecords(type))
            {
                var knownNumbers = GetAllFacts()
                    .Where(facts => record["citations"]!.AsArray()
                        .Any(citation => ((string)citation!["sourceId"]!).StartsWith(facts.GetId() + "-s", StringComparison.Ordinal)))
                    .SelectMany(GetTexts).SelectMany(FindNumbers).ToHashSet();
                var texts = record.AsObject()
                    .Where(member => member.Key is not ("id" or "revision" or "ordinal" or "citations")
                        && !member.Key.EndsWith("Id", StringComparison.Ordinal) && !member.Key.EndsWith("Ids", StringComparison.Ordinal)
                        && !CitesAddedPage(record, member.Key))
                    .SelectMany(member => GetTexts(member.Value));
                Assert.All(texts.SelectMany(FindNumbers),
                    number => Assert.True(knownNumbers.Contains(number), $"{record.GetId()}: {number}"));
            }
        }
    }

    /// <summary>Returns the records of a type that cite a page of the compiled facts, or a page added to them, first.</summary>
    private async Task<List<JsonNode>> GetCompiledRecords(string type) => [.. (await api.GetAllItems("/v1/" + type)).Where(record =>
        GetAllFacts().Any(facts => GetFirstSourceId(record).StartsWith(facts.GetId() + "-s", StringComparison.Ordinal)))];

    /// <summary>Returns the records of a type that cite a page of these facts first.</summary>
    private async Task<List<JsonNode>> GetCompiledRecords(string type, JsonNode facts) =>
        [.. (await GetCompiledRecords(type)).Where(
            record => GetFirstSourceId(record).StartsWith(facts.GetId() + "-s", StringComparison.Ordinal))];

    /// <summary>Returns the commitments, results and statements that cite a page of these facts first, with their types.</summary>
    private async Task<Dictionary<string, (string Type, JsonNode Record)>> GetRecordsById(JsonNode facts)
    {
        var records = new Dictionary<string, (string, JsonNode)>();
        foreach (var type in (string[])["commitments", "results", "statements"])
        {
            foreach (var record in await GetCompiledRecords(type, facts))
                records.Add(record.GetId(), (type, record));
        }
        return records;
    }

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

    /// <summary>Returns the record that cites the place of a compiled fact and has the most words in common with it, or null.</summary>
    private static JsonNode? FindRecord(JsonNode facts, JsonNode compiled, string text, IEnumerable<JsonNode> records) =>
        records.Where(record => FindMissingCitation(facts, compiled, record) is null)
            .MaxBy(record => CountSharedWords(text, record));

    private static int CountSharedWords(string text, JsonNode record) =>
        WordPattern().Matches(Fold(text)).Select(word => word.Value)
            .Intersect(WordPattern().Matches(Fold($"{record["titleEn"]} {record["nameEn"]}")).Select(word => word.Value)).Count();

    private static void AssertCited(JsonNode facts, JsonNode compiled, JsonNode record) =>
        Assert.Null(FindMissingCitation(facts, compiled, record));

    /// <summary>Returns a page and place of the locator of a compiled fact that the record does not cite, or null.</summary>
    private static string? FindMissingCitation(JsonNode facts, JsonNode compiled, JsonNode record) =>
        LocatorPattern().Matches((string)compiled["locator"]!).FirstOrDefault(match => !record["citations"]!.AsArray().Any(citation =>
            (string?)citation!["sourceId"] == BuildSourceId(facts, match.Groups["ref"].Value)
                && (match.Groups["place"].Length == 0
                    || ((string?)citation["locator"])?.Contains(match.Groups["place"].Value, StringComparison.Ordinal) == true)))?.Value;

    /// <summary>Returns true if a page that is not in the compiled facts supports the member or the member that it translates.</summary>
    private static bool CitesAddedPage(JsonNode record, string member) => record["citations"]!.AsArray().Any(citation =>
        (Supports(citation!, member) || (member.EndsWith("En", StringComparison.Ordinal) && Supports(citation!, member[..^2])))
        && !GetAllFacts().Any(facts =>
            GetSources(facts).Any(page => BuildSourceId(facts, (string)page["ref"]!) == (string?)citation!["sourceId"])));

    private static IEnumerable<JsonNode> GetAllFacts()
    {
        Prerequisite.Require(CompiledFacts.Count > 0, "The compiled facts are missing: they are not part of the repository.");
        return CompiledFacts.Select(facts => facts!);
    }

    private static IEnumerable<JsonNode> GetFactsWithAgreement() =>
        GetAllFacts().Where(facts => !DeletedAgreements.ContainsKey(facts.GetId()));

    private static Dictionary<string, long> SumAmounts(IEnumerable<JsonNode> results) =>
        results.Where(result => result["amount"] is not null).GroupBy(result => (string)result["currency"]!)
            .ToDictionary(group => group.Key, group => group.Sum(result => (long)result["amount"]!));

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

    /// <summary>Returns the numbers of a text without separators and leading zeros; 5.7 million is 5700000.</summary>
    private static IEnumerable<string> FindNumbers(string text) =>
        NumberPattern().Matches(LargeNumberPattern().Replace(text, WriteOut)).Select(match => match.Value.TrimStart('0'));

    private static string WriteOut(Match largeNumber) =>
        (decimal.Parse(largeNumber.Groups["number"].Value.Replace(',', '.'), CultureInfo.InvariantCulture)
            * (largeNumber.Groups["unit"].Value is "million" or "triệu" ? 1_000_000 : 1_000_000_000))
        .ToString("0", CultureInfo.InvariantCulture);

    [GeneratedRegex(@"(?<=^|; )(?<ref>S\d) (?<place>[^;(]*[^;( ])|(?<=from )(?<ref>S\d)")]
    private static partial Regex LocatorPattern();

    [GeneratedRegex(@"\d+")]
    private static partial Regex NumberPattern();

    [GeneratedRegex(@"(?<number>\d+([.,]\d+)?) (?<unit>million|triệu|billion|tỷ)")]
    private static partial Regex LargeNumberPattern();

    [GeneratedRegex(@"\w+")]
    private static partial Regex WordPattern();

    [GeneratedRegex(@"\p{Mn}")]
    private static partial Regex CombiningMarkPattern();
}
