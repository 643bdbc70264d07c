namespace CooperationApi.Tests.Agreements;

[Collection(nameof(Reading))]
public sealed class AgreementTests(Api api)
{
    [Fact]
    public async Task The_agreement_declares_five_and_seven_groups()
    {
        var agreement = await api.Json($"/v1/agreements/{Founding.Agreement}");
        Assert.Equal("""{"partyBuilding":5,"socioEconomic":7}""", agreement["declaredGroups"]!.ToJsonString());
    }

    [Fact]
    public async Task The_agreement_is_that_of_the_conference_between_the_two_provinces()
    {
        var agreement = Assert.Single(await api.All($"/v1/meetings/{Founding.Conference}/agreements"));
        Assert.Equal((Founding.Agreement, Founding.Conference, Founding.Day), (agreement.Id(), (string?)agreement["meetingId"], (string?)agreement["adoptedOn"]));
        Assert.Equal(["ha-noi", "thai-binh"], agreement["provinceIds"]!.AsArray().Select(id => (string?)id));
    }
}
