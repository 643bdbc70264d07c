using System.Text.Json.Nodes;
using CooperationApi.Contracts;

namespace CooperationApi.Tests.Resources;

/// <summary>
/// Tests of the whole seeded store: results follow their agreements, nothing planned is a result, no cycles, cited themes.
/// </summary>
[Collection(nameof(SharedApi))]
public sealed class StoreConsistencyTests(ApiFixture api)
{
    [Fact]
    public async Task No_result_precedes_its_agreement()
    {
        var adopted = (await api.GetAllItems("/v1/agreements")).ToDictionary(agreement => agreement.GetId(),
            agreement => Parse(agreement["adoptedOn"]));
        var held = await GetMeetingDates();
        var results = (await api.GetAllItems("/v1/results")).Where(result => result["agreementId"] is not null).ToList();
        Assert.NotEmpty(results);
        Assert.All(results, result =>
        {
            var adoptedOn = adopted[(string)result["agreementId"]!];
            var given = result["meetingId"] is { } meetingId ? held[(string)meetingId!] : null;
            Assert.False((Parse(result["period"]?["to"]) ?? given)?.LastDay < adoptedOn?.FirstDay, result.GetId());
            Assert.False(given?.LastDay < adoptedOn?.FirstDay, result.GetId());
        });
    }

    [Fact]
    public async Task No_result_is_planned()
    {
        var held = await GetMeetingDates();
        string[] wordsOfPlans = ["sẽ ", "dự kiến", "kế hoạch", "triển khai thủ tục", "to be built", "are planned"];
        Assert.All(await api.GetAllItems("/v1/results"), result =>
        {
            var texts = new[] { result["title"], result["titleEn"], result["period"]?["label"], result["period"]?["labelEn"] }
                .Concat(result["citations"]!.AsArray().Where(citation => Supports(citation!, "title"))
                    .Select(citation => citation!["quote"]));
            Assert.All(texts, text => Assert.DoesNotContain(wordsOfPlans,
                word => ((string?)text ?? "").Contains(word, StringComparison.OrdinalIgnoreCase)));
            if (result["reportedAt"] is { } meetingId)
                Assert.False(Parse(result["period"]?["from"])?.FirstDay > held[(string)meetingId!]?.LastDay, result.GetId());
        });
    }

    [Fact]
    public async Task References_between_records_of_one_type_form_no_cycle()
    {
        var followed = 0;
        foreach (var resource in api.Catalog.All)
        {
            var records = (await api.GetAllItems($"/v1/{resource.Type}")).ToDictionary(record => record.GetId());
            foreach (var reference in resource.References.Where(reference => reference.ToType == resource.Type && !reference.IsSymmetric))
            {
                foreach (var id in records.Keys)
                    followed += Follow(records, reference.Member, id, []);
            }
        }
        Assert.NotEqual(0, followed);

        static int Follow(Dictionary<string, JsonNode> records, string member, string id, HashSet<string> path)
        {
            Assert.True(path.Add(id), $"{member}: {string.Join(" → ", path)} → {id}");
            var targets = records[id][member.Split('[')[0]] switch
            {
                JsonArray list => list.Select(item => (string)(item is JsonObject ? item["id"] : item)!),
                { } single => [(string)single!],
                null => [],
            };
            return targets.Sum(target => 1 + Follow(records, member, target, [.. path]));
        }
    }

    [Fact]
    public async Task Themes_of_each_group_are_cited_with_their_basis()
    {
        var groups = await api.GetAllItems("/v1/cooperation-groups");
        Assert.All(groups.Where(group => group["themes"]!.AsArray().Count > 0), group =>
        {
            var citations = group["citations"]!.AsArray().Where(citation => Supports(citation!, "themes")).ToList();
            Assert.NotEmpty(citations);
            // The report of 2019 names themes but ties none of them to a group; its quotes are the words of the themes.
            if ((string?)group["agreementId"] != "noi-dung-hop-tac-ha-noi-thai-binh-2019")
                return;
            Assert.All(citations, citation => Assert.Equal("Inferred", (string?)citation!["basis"]));
            Assert.All(group["themes"]!.AsArray(), theme => Assert.Contains(citations,
                citation => ((string?)citation!["quote"])!.Contains((string)theme!, StringComparison.Ordinal)));
        });
        Assert.Equal(12, groups.Count(group => (string?)group["agreementId"] == "noi-dung-hop-tac-ha-noi-thai-binh-2019"));
    }

    private async Task<Dictionary<string, PartialDate?>> GetMeetingDates() =>
        (await api.GetAllItems("/v1/meetings")).ToDictionary(meeting => meeting.GetId(), meeting => Parse(meeting["heldOn"]));

    private static PartialDate? Parse(JsonNode? date) => date is null ? null : PartialDate.Parse((string)date!);

    private static bool Supports(JsonNode citation, string member) => citation["supports"]!.AsArray().Any(name => (string?)name == member);
}
