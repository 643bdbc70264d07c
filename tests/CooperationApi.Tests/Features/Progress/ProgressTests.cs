using System.Text.Json.Nodes;

namespace CooperationApi.Tests.Features.Progress;

/// <summary>Tests of the progress of the seed data.</summary>
[Collection(nameof(SharedApi))]
public sealed class ProgressTests(ApiFixture api)
{
    private const string AgreementId = "noi-dung-hop-tac-ha-noi-thai-binh-2019";

    [Fact]
    public async Task Progress_of_the_founding_agreement_has_its_12_groups_and_all_commitments_of_the_meeting()
    {
        var progress = await api.GetJson($"/v1/agreements/{AgreementId}/progress");
        Assert.Equal((await api.GetAllItems($"/v1/cooperation-groups?agreementId={AgreementId}")).GetIds(),
            progress["groups"]!.AsArray().Select(group => (string)group!["groupId"]!));
        Assert.Equal((await api.GetAllItems($"/v1/commitments?agreementId={AgreementId}&sort=id")).GetIds(), GetIds(progress, "agreed"));
        Assert.Equal(
            (await api.GetAllItems($"/v1/commitments?meetingId={SeedFacts.ConferenceId}&sort=id"))
                .Where(commitment => commitment["agreementId"] is null).GetIds(),
            GetIds(progress, "raised"));
        Assert.All(progress["groups"]!.AsArray(), group => Assert.NotEqual(0, Sum(group!["total"]!)));
    }

    [Fact]
    public async Task Assignment_to_buy_100_cows_is_delivered_by_the_gift_as_the_editors_conclude()
    {
        var progress = await api.GetJson("/v1/provinces/thai-binh/progress");
        var assignment = progress["raised"]!.AsArray()
            .Single(commitment => commitment!.GetId() == "ha-noi-thai-binh-2019-giao-thu-tuc-mua-bo-giong")!;
        Assert.Equal(("Delivered", 100, 3_800_000_000, true, 100),
            ((string?)assignment["state"], (int)assignment["planned"]!["quantity"]!, (long)assignment["planned"]!["amount"]!,
                (bool)assignment["planned"]!["approximate"]!, (int)assignment["delivered"]!["quantity"]!));
        Assert.Null(assignment["delivered"]!["amount"]);
        Assert.Equal(["ngành nông nghiệp"], assignment["responsible"]!.AsArray().Select(party => (string?)party!["name"]));
        var result = Assert.Single(assignment["results"]!.AsArray())!;
        Assert.Equal(("ha-noi-thai-binh-2019-trao-tang-100-con-bo-giong", "Inferred"), (result.GetId(), (string?)result["fulfilsBasis"]));
    }

    [Fact]
    public async Task Commitment_without_news_names_its_latest_evidence()
    {
        var commitment = (await api.GetJson($"/v1/agreements/{AgreementId}/progress"))["agreed"]![0]!;
        Assert.Equal(("NoNews", "2019-10-26"), ((string?)commitment["state"], (string?)commitment["latestEvidence"]!["on"]));
        Assert.Null(commitment["planned"]);
        Assert.Null(commitment["delivered"]);
    }

    [Fact]
    public async Task Progress_of_an_official_has_the_commitments_that_the_official_voiced()
    {
        var progress = await api.GetJson("/v1/officials/hoang-trung-hai/progress");
        Assert.Equal((await api.GetAllItems("/v1/commitments?voicedById=hoang-trung-hai&sort=id")).GetIds(), GetIds(progress, "raised"));
        var founding = (await api.GetAllItems($"/v1/meetings/{SeedFacts.ConferenceId}/commitments")).GetIds();
        Assert.Equal(10, GetIds(progress, "raised").Intersect(founding).Count());
        Assert.All(progress["raised"]!.AsArray(),
            commitment => Assert.Equal("Hoàng Trung Hải", (string?)commitment!["voicedBy"]![0]!["name"]));
    }

    [Fact]
    public async Task Totals_of_every_agreement_equal_its_traceability()
    {
        foreach (var agreement in await api.GetAllItems("/v1/agreements"))
        {
            var progress = await api.GetJson($"/v1/agreements/{agreement.GetId()}/progress");
            var traceability = await api.GetJson($"/v1/statistics/traceability?agreementId={agreement.GetId()}");
            var agreed = progress["total"]!["agreed"]!;
            Assert.Equal(((long)traceability["commitments"]!["records"]!, (long)traceability["commitments"]!["joined"]!),
                ((long)agreed["commitments"]!, (long)agreed["withResult"]!));
            var resultsUnderAgreement = progress["otherResults"]!.AsArray()
                .Concat(progress["agreed"]!.AsArray().Concat(progress["raised"]!.AsArray())
                    .SelectMany(commitment => commitment!["results"]!.AsArray()))
                .Where(result => (string?)result!["agreementId"] == agreement.GetId()).Select(result => result!.GetId()).Distinct();
            Assert.Equal((long)traceability["results"]!["records"]!, resultsUnderAgreement.Count());
        }
    }

    [Theory]
    [InlineData($"/v1/agreements/{AgreementId}/progress")]
    [InlineData("/v1/provinces/ha-noi/progress")]
    [InlineData("/v1/officials/nguyen-hong-dien/progress")]
    public async Task Every_total_is_the_sum_of_its_states(string address)
    {
        var progress = await api.GetJson(address);
        foreach (var totals in progress["groups"]!.AsArray().Concat(progress["pillars"]!.AsArray()).Append(progress))
        {
            foreach (var kind in (string[])["agreed", "raised"])
            {
                var counts = totals!["total"]![kind]!;
                Assert.Equal((long)counts["commitments"]!,
                    ((string[])["delivered", "partlyDelivered", "reported", "noNews"]).Sum(state => (long)counts[state]!));
                Assert.InRange((long)counts["withResult"]!, 0, (long)counts["commitments"]!);
            }
        }
        Assert.Equal(progress["agreed"]!.AsArray().Count, (int)progress["total"]!["agreed"]!["commitments"]!);
        Assert.Equal(progress["raised"]!.AsArray().Count, (int)progress["total"]!["raised"]!["commitments"]!);
    }

    [Fact]
    public async Task Progress_of_an_unknown_record_or_with_an_unknown_parameter_is_an_error()
    {
        await api.GetProblem(404, "/v1/agreements/khong-co/progress");
        await api.GetProblem(400, $"/v1/agreements/{AgreementId}/progress?limit=1");
        await api.GetProblem(404, "/v1/meetings/hoi-nghi-ha-noi-thai-binh-2019-10-26/progress");
    }

    private static IEnumerable<string> GetIds(JsonNode progress, string member) =>
        progress[member]!.AsArray().Select(commitment => commitment!.GetId());

    private static long Sum(JsonNode totals) =>
        (long)totals["agreed"]!["commitments"]! + (long)totals["raised"]!["commitments"]! + (long)totals["results"]!;
}
