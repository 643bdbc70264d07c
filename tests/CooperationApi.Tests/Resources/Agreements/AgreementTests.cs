namespace CooperationApi.Tests.Resources.Agreements;

[Collection(nameof(SharedApi))]
public sealed class AgreementTests(ApiFixture api)
{
    [Fact]
    public async Task The_agreement_declares_five_and_seven_groups()
    {
        var agreement = await api.GetJson($"/v1/agreements/{SeedFacts.AgreementId}");
        Assert.Equal("""{"partyBuilding":5,"socioEconomic":7}""", agreement["declaredGroups"]!.ToJsonString());
    }

    [Fact]
    public async Task Agreement_belongs_to_the_conference_of_the_two_provinces()
    {
        var agreement = Assert.Single(await api.GetAllItems($"/v1/meetings/{SeedFacts.ConferenceId}/agreements"));
        Assert.Equal((SeedFacts.AgreementId, SeedFacts.ConferenceId, SeedFacts.Date),
            (agreement.GetId(), (string?)agreement["meetingId"], (string?)agreement["adoptedOn"]));
        Assert.Equal(["ha-noi", "thai-binh"], agreement["provinceIds"]!.AsArray().Select(id => (string?)id));
    }
}
