using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace CooperationApi.Tests.Agreements;

/// <summary>
/// The fifteen cooperations against the collection of facts that they were made from, which isn't published: it lies beside a developer's checkout.
/// </summary>
[Collection(nameof(Reading))]
public sealed partial class CooperationDataTests(Api api)
{
    /// <summary>People of several entries who are one official, and why.</summary>
    private static readonly Dictionary<string, string> Merged = new()
    {
        ["dinh-tien-dung"] = "Same name, same post: Bí thư Thành ủy Hà Nội, in two reports of 2023.",
        ["nguyen-dang-binh"] = "Same name, same post: chairman in Bắc Kạn, at two conferences of one programme.",
        ["phan-van-mai"] = "Same name, same post: chairman in Hồ Chí Minh, at two conferences of one programme.",
        ["tran-ngoc-tam"] = "Same name, same post: chairman in Bến Tre, at two conferences of one programme.",
        ["vo-van-hoan"] = "Same name, both without diacritics, same post: deputy chairman in Hồ Chí Minh, in March 2023.",
        ["vo-van-hung"] = "Same name, same post: chairman in Quảng Trị, at two conferences of one programme.",
        ["nguyen-van-ut"] = "The editors' inference, which the record says: the same name with its diacritics, the same rank, Long An 2023 and Đồng Nai 2025.",
        ["tran-duy-dong"] = "The editors' inference, which the record says: the same name with its diacritics, deputy minister 2023 and chairman in Phú Thọ 2026.",
    };

    /// <summary>People with names alike who stay two officials, and why.</summary>
    private static readonly Dictionary<(string, string), string> KeptApart = new()
    {
        [("nguyen-van-hieu", "nguyen-van-hieu-can-tho")] = "One name has no diacritics and the posts differ: nothing at hand proves that they are one.",
        [("nguyen-thi-bich-ngoc", "nguyen-thi-bich-ngoc-bo-ke-hoach-va-dau-tu")] = "A common name; a council chairwoman in Hà Nội 2019 and a deputy minister 2024 share nothing else.",
    };

    private static readonly string[] Figures = ["quantity", "outOf", "amount", "currency"];

    private static readonly JsonArray Compiled =
        File.Exists(Path.Combine(Repository.Root, "..", "shared", "data", "cooperations.json"))
            ? JsonNode.Parse(File.ReadAllText(Path.Combine(Repository.Root, "..", "shared", "data", "cooperations.json")))!.AsArray()
            : [];

    [Fact]
    public async Task Everything_together_is_as_many_as_compiled()
    {
        Assert.Equal((15, 40), (All().Count(), All().Sum(facts => Sources(facts).Count())));
        Assert.Equal((58, 66, 39, 42), (All().Sum(facts => List(facts, "parties").Count()), All().Sum(facts => List(facts["agreement"]!, "fields").Count()),
            All().Sum(facts => List(facts, "commitments").Count()), All().Sum(facts => List(facts, "results").Count())));
        var (agreements, groups) = (await Ours("agreements"), await Ours("cooperation-groups"));
        Assert.Equal((15, 58), (agreements.Count, agreements.Sum(agreement => agreement["provinceIds"]!.AsArray().Count)));
        Assert.Equal((66, 39, 42, 40), (groups.Count, (await Ours("commitments")).Count, (await Ours("results")).Count, (await Ours("sources")).Count));
        var sums = (await Ours("results")).Where(result => result["amount"] is not null).GroupBy(result => (string)result["currency"]!)
            .ToDictionary(group => group.Key, group => group.Sum(result => (long)result["amount"]!));
        Assert.Equal(new() { ["VND"] = 23_100_000_000, ["USD"] = 254_300_000 }, sums);
    }

    [Fact]
    public async Task Each_page_is_a_source_as_compiled()
    {
        foreach (var facts in All())
        {
            foreach (var page in Sources(facts))
            {
                var source = await api.Json("/v1/sources/" + SourceId(facts, (string)page["ref"]!));
                Assert.All(["url", "publisher", "title", "publishedOn", "language"], member => Assert.Equal((string?)page[member], (string?)source[member]));
            }
        }
    }

    [Fact]
    public async Task Each_agreement_has_its_parties_fields_date_and_documents()
    {
        foreach (var facts in All())
        {
            var (compiled, agreement) = (facts["agreement"]!, await api.Json("/v1/agreements/" + facts.Id()));
            Assert.Equal(List(facts, "parties").Select(party => $"{party["code"]} {party["name"]}").Order(),
                (await Parties(facts, agreement)).Select(unit => $"{unit["code"]} {unit["name"]}").Order());
            Assert.Equal((string?)compiled["adoptedOn"], (string?)agreement["adoptedOn"]);
            Assert.Contains((string)compiled["title"]!, $"{agreement["title"]}\n{agreement["titleEn"]}\n{agreement["title"]} ({LaterHalf(agreement)})", StringComparison.Ordinal);
            Assert.Equal((int?)compiled["fieldsCount"], (int?)agreement["declaredGroups"]?["total"]);
            Assert.Equal(List(compiled, "fields").Select(field => (string?)field["name"]),
                (await api.All($"/v1/agreements/{facts.Id()}/cooperation-groups")).Select(group => (string?)group["nameEn"]));
            var documents = List(compiled, "laterDocuments").Append(compiled["implementedBy"]).OfType<JsonNode>().ToList();
            Assert.Equal(documents.Select(document => (string?)document["date"]), List(agreement, "laterDocuments").Select(document => (string?)document["issuedOn"]));
            Assert.All(documents.Zip(List(agreement, "laterDocuments")), pair =>
                Assert.Contains((string)pair.First["document"]!, (string[])[(string)pair.Second["title"]!, (string?)pair.Second["titleEn"] ?? ""]));
            AssertCited(facts, compiled, agreement);
        }
    }

    [Fact]
    public async Task Each_party_existed_on_the_day_of_the_agreement()
    {
        foreach (var facts in All())
        {
            var agreement = await api.Json("/v1/agreements/" + facts.Id());
            if (Day(facts) is { } day)
            {
                var units = (await api.All("/v1/provinces?at=" + day)).Ids();
                Assert.All(agreement["provinceIds"]!.AsArray(), id => Assert.Contains((string)id!, units));
            }
            else
            {
                // Its year isn't known: that the units are those of before the mergers is.
                Assert.Equal("ha-noi-hoa-binh", facts.Id());
                Assert.All(await Parties(facts, agreement), unit => Assert.True(string.CompareOrdinal((string)unit["validFrom"]!, "2025-07-01") < 0));
            }
        }
    }

    [Fact]
    public async Task Each_meeting_has_its_date_place_and_attendance()
    {
        foreach (var facts in All())
        {
            var meetings = await MeetingsOf(facts);
            Assert.Equal(Meetings(facts).Count(), meetings.Count);
            foreach (var compiled in Meetings(facts))
            {
                var meeting = Assert.Single(meetings, meeting => (string?)meeting["heldOn"] == (string?)compiled["heldOn"]!["value"]);
                Assert.Equal(compiled["place"] is null, meeting["place"] is null);
                Assert.EndsWith((string)compiled["kind"]!, (string)meeting["titleEn"]!, StringComparison.Ordinal);
                Assert.Equal($"{compiled["attendance"]} {compiled["attendanceUnit"]} {BoundOf(compiled["attendanceBound"])}",
                    $"{meeting["attendance"]?["quantity"]} {meeting["attendance"]?["unitEn"]} {meeting["attendance"]?["bound"]}");
                var inferred = meeting["citations"]!.AsArray().Where(citation => (string)citation!["basis"]! == "Inferred").ToList();
                Assert.Equal((bool)compiled["heldOn"]!["yearInferred"]!, inferred.Exists(citation => Supports(citation!, "heldOn")));
                Assert.All(inferred, citation => Assert.False(string.IsNullOrWhiteSpace((string?)citation!["note"])));
                AssertCited(facts, compiled, meeting);
            }
        }
    }

    [Fact]
    public async Task Each_person_took_part_with_the_title_that_was_seen_and_is_one_official()
    {
        var entries = 0;
        var seen = new Dictionary<string, int>();
        var officials = (await api.All("/v1/officials")).ToDictionary(official => official.Id());
        foreach (var facts in All())
        {
            var meetings = await MeetingsOf(facts);
            foreach (var compiled in Meetings(facts))
            {
                var meeting = meetings.Single(meeting => (string?)meeting["heldOn"] == (string?)compiled["heldOn"]!["value"]);
                var people = List(compiled, "hosts").Concat(List(compiled, "participants")).ToList();
                Assert.Equal(people.Count, List(meeting, "participants").Count());
                foreach (var (person, participant) in people.Zip(List(meeting, "participants")))
                {
                    var official = officials[(string)participant["officialId"]!];
                    Assert.Equal(((string?)person["name"], (string?)person["title"]), ((string?)official["name"], (string?)participant["title"]));
                    Assert.Equal((bool?)person["diacriticsShown"], (bool?)official["diacriticsShown"]);
                    Assert.Equal(await UnitNamed((string?)person["province"], facts), (string?)participant["provinceId"]);
                    Assert.Contains(official["positions"]!.AsArray(), post =>
                        (string?)post!["title"] == (string?)person["title"] && (string?)post["observedOn"] == (string?)meeting["heldOn"]
                        && (string?)post["provinceId"] == (string?)participant["provinceId"]);
                    AssertCited(facts, person, official);
                    seen[official.Id()] = seen.GetValueOrDefault(official.Id()) + 1;
                    entries++;
                }
            }
        }
        Assert.Equal(79, entries);
        Assert.Equal(Merged.Keys.Order(), seen.Where(official => official.Value > 1).Select(official => official.Key).Order());
        Assert.All(KeptApart.Keys, pair => Assert.Equal(Folded(officials[pair.Item1]), Folded(officials[pair.Item2])));
        Assert.Equal(KeptApart.Count, officials.Values.GroupBy(Folded).Count(alike => alike.Count() > 1));
        Assert.All(["nguyen-van-ut", "tran-duy-dong"], id => Assert.Contains(officials[id]["citations"]!.AsArray(), citation => (string)citation!["basis"]! == "Inferred"));
    }

    [Fact]
    public async Task Each_commitment_is_there_in_the_words_that_were_compiled()
    {
        foreach (var facts in All())
        {
            var commitments = await api.All($"/v1/agreements/{facts.Id()}/commitments");
            Assert.Equal(List(facts, "commitments").Count(), commitments.Count);
            foreach (var compiled in List(facts, "commitments"))
            {
                var commitment = Assert.Single(commitments, commitment => (string?)commitment["titleEn"] == (string?)compiled["text"]);
                var named = List(commitment, "voicedBy").Concat(List(commitment, "responsible")).SelectMany(party => (string?[])[(string?)party["officialId"], (string?)party["provinceId"]]);
                foreach (var by in ((string?)compiled["by"])?.Split(" and ") ?? [])
                    Assert.Contains(await UnitNamed(by, facts) ?? Folded(by).Replace(' ', '-'), named);
                AssertCited(facts, compiled, commitment);
            }
        }
    }

    [Fact]
    public async Task Each_result_has_the_figures_that_were_compiled_and_no_other()
    {
        foreach (var facts in All())
        {
            var results = await api.All($"/v1/agreements/{facts.Id()}/results");
            Assert.Equal(List(facts, "results").Count(), results.Count);
            foreach (var compiled in List(facts, "results"))
            {
                var result = Assert.Single(results, result => string.Equals((string?)result["titleEn"], (string?)compiled["what"], StringComparison.OrdinalIgnoreCase));
                Assert.All(Figures, member => Assert.Equal(compiled[member]?.ToJsonString(), result[member]?.ToJsonString()));
                Assert.Equal((string?)compiled["unit"], (string?)result["unitEn"]);
                Assert.Equal(((string?)compiled["bound"] == "about", BoundOf(compiled["bound"])), ((bool?)result["approximate"] == true, (string?)result["bound"] ?? ""));
                Assert.Equal(await UnitNamed((string?)compiled["giver"], facts), (string?)result["giverId"]);
                Assert.Equal(await UnitNamed((string?)compiled["receiver"], facts), (string?)result["receiverId"]);
                AssertCited(facts, compiled, result);
            }
        }
    }

    [Fact]
    public async Task No_number_stands_in_a_record_that_the_compiled_facts_lack()
    {
        foreach (var type in (string[])["meetings", "agreements", "cooperation-groups", "commitments", "results", "officials"])
        {
            foreach (var record in await Ours(type))
            {
                var facts = All().Single(facts => SourceOf(record).StartsWith(facts.Id() + "-s", StringComparison.Ordinal));
                var known = NumbersIn(All().Where(facts => record["citations"]!.AsArray().Any(citation => ((string)citation!["sourceId"]!).StartsWith(facts.Id() + "-s", StringComparison.Ordinal)))
                    .Select(facts => facts.ToJsonString())).ToHashSet();
                var said = record.AsObject().Where(member => member.Key is not ("id" or "revision" or "ordinal" or "citations") && !member.Key.EndsWith("Id", StringComparison.Ordinal) && !member.Key.EndsWith("Ids", StringComparison.Ordinal))
                    .SelectMany(member => Texts(member.Value)).ToList();
                Assert.All(NumbersIn(said), number => Assert.Contains(number, known));
                Assert.NotNull(facts);
            }
        }
    }

    /// <summary>The records of a type that rest on the fifteen's pages.</summary>
    private async Task<List<JsonNode>> Ours(string type) => [.. (await api.All("/v1/" + type)).Where(record =>
        All().Any(facts => (type == "sources" ? record.Id() : SourceOf(record)).StartsWith(facts.Id() + "-s", StringComparison.Ordinal)))];

    private async Task<List<JsonNode>> MeetingsOf(JsonNode facts) =>
        [.. (await Ours("meetings")).Where(meeting => SourceOf(meeting).StartsWith(facts.Id() + "-s", StringComparison.Ordinal))];

    private async Task<List<JsonNode>> Parties(JsonNode facts, JsonNode agreement)
    {
        var units = new List<JsonNode>();
        foreach (var id in agreement["provinceIds"]!.AsArray())
        {
            var unit = await api.Json($"/v1/provinces/{id}");
            // As the compilation calls it, which is the last name of the time before the mergers.
            units.Add(facts["parties"]!.AsArray().Any(party => (string?)party!["csvName"] == (string?)unit["name"]) ? await api.Json($"/v1/provinces/{id}?at={Day(facts)}") : unit);
        }
        return units;
    }

    /// <summary>The id of the unit that bore a name at the time; null if none did.</summary>
    private async Task<string?> UnitNamed(string? name, JsonNode facts) =>
        (await api.All("/v1/provinces?at=" + (Day(facts) ?? "2023-01-01"))).Find(unit => (string?)unit["name"] == name)?.Id();

    /// <summary>Every page that a locator names is cited at the place that it says.</summary>
    private static void AssertCited(JsonNode facts, JsonNode compiled, JsonNode record)
    {
        var citations = record["citations"]!.AsArray();
        foreach (Match page in Page().Matches((string)compiled["locator"]!))
        {
            var source = SourceId(facts, page.Groups["ref"].Value);
            Assert.Contains(citations, citation => (string?)citation!["sourceId"] == source
                && (page.Groups["place"].Length == 0 || ((string?)citation["locator"])?.StartsWith(page.Groups["place"].Value, StringComparison.Ordinal) == true));
        }
    }

    private static IEnumerable<JsonNode> All()
    {
        Assert.SkipWhen(Compiled.Count == 0, "The collection of facts isn't beside this checkout.");
        return Compiled.Select(facts => facts!);
    }

    private static IEnumerable<JsonNode> Sources(JsonNode facts) => List(facts, "additionalSources").Prepend(facts["source"]!);

    private static IEnumerable<JsonNode> Meetings(JsonNode facts) => List(facts, "otherMeetings").Prepend(facts["meeting"]!);

    private static IEnumerable<JsonNode> List(JsonNode node, string name) => (node[name]?.AsArray() ?? []).Select(item => item!);

    private static string SourceId(JsonNode facts, string reference) => $"{facts.Id()}-{reference.ToLowerInvariant()}";

    private static string SourceOf(JsonNode record) => (string)record["citations"]![0]!["sourceId"]!;

    private static bool Supports(JsonNode citation, string member) => citation["supports"]!.AsArray().Any(name => (string?)name == member);

    /// <summary>A day of the agreement's time; null where the year isn't known.</summary>
    private static string? Day(JsonNode facts) => ((string?)facts["agreement"]!["adoptedOn"] ?? (string)facts["meeting"]!["heldOn"]!["value"]!) switch
    {
        { Length: 10 } day => day,
        ['-', ..] => null,
        { Length: 4 } year => year + "-01-01",
        var month => month + "-01",
    };

    private static string BoundOf(JsonNode? words) => (string?)words switch { "more than" => "AtLeast", "nearly" => "AtMost", _ => "" };

    private static string? LaterHalf(JsonNode agreement) => ((string?)agreement["titleEn"])?.Split(": ", 2).ElementAtOrDefault(1);

    private static string Folded(JsonNode official) => Folded((string)official["name"]!);

    private static string Folded(string name) => Marks().Replace(name.ToLowerInvariant().Replace('đ', 'd').Normalize(System.Text.NormalizationForm.FormD), "");

    private static IEnumerable<string> Texts(JsonNode? node) => node switch
    {
        JsonObject members => members.Where(member => !member.Key.EndsWith("Id", StringComparison.Ordinal)).SelectMany(member => Texts(member.Value)),
        JsonArray items => items.SelectMany(Texts),
        null => [],
        _ => [node.GetValueKind() == JsonValueKind.String ? (string)node! : node.ToJsonString()],
    };

    private static IEnumerable<string> NumbersIn(IEnumerable<string> texts) =>
        texts.SelectMany(text => Number().Matches(text)).Select(match => match.Value.TrimStart('0'));

    [GeneratedRegex(@"(?<=^|; )(?<ref>S\d) (?<place>[^;(]*[^;( ])|(?<=from )(?<ref>S\d)")]
    private static partial Regex Page();

    [GeneratedRegex(@"\d+")]
    private static partial Regex Number();

    [GeneratedRegex(@"\p{Mn}")]
    private static partial Regex Marks();
}
