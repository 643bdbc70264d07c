namespace CooperationApi.Tests.CooperationGroups;

[Collection(nameof(Reading))]
public sealed class CooperationGroupTests(Api api)
{
    [Theory]
    [InlineData("PartyBuilding", 5)]
    [InlineData("SocioEconomic", 7)]
    public async Task A_pillar_has_exactly_its_groups_numbered_from_one(string pillar, int groups)
    {
        var found = await api.All($"/v1/cooperation-groups?agreementId={Founding.Agreement}&pillar={pillar}");
        Assert.Equal(Enumerable.Range(1, groups), found.Select(group => (int)group["ordinal"]!));
        Assert.All(found, group => Assert.Equal(pillar, (string?)group["pillar"]));
    }

    [Fact]
    public async Task There_are_twelve_groups_and_no_more()
    {
        Assert.Equal(12, (await api.All($"/v1/agreements/{Founding.Agreement}/cooperation-groups", limit: 5)).DistinctBy(group => (string?)group["name"]).Count());
    }

    [Fact]
    public async Task No_name_claims_to_stand_in_the_report()
    {
        var groups = await api.All($"/v1/cooperation-groups?agreementId={Founding.Agreement}");
        Assert.All(groups, group => Assert.Equal("Editorial", (string?)group["nameBasis"]));
        Assert.Equal(groups.Ids(), (await api.All($"/v1/cooperation-groups?agreementId={Founding.Agreement}&nameBasis=Editorial")).Ids());
        Assert.Empty(await api.All($"/v1/cooperation-groups?agreementId={Founding.Agreement}&nameBasis=Stated"));
    }

    [Fact]
    public async Task Every_group_has_themes_and_each_theme_is_quoted()
    {
        foreach (var group in await api.All($"/v1/cooperation-groups?agreementId={Founding.Agreement}"))
        {
            var quotes = group["citations"]!.AsArray().Where(citation => citation!["supports"]!.AsArray().Any(member => (string?)member == "themes"))
                .Select(citation => (string)citation!["quote"]!).ToList();
            Assert.NotEmpty(group["themes"]!.AsArray());
            Assert.All(group["themes"]!.AsArray(), theme => Assert.Contains(quotes, quote => quote.Contains((string)theme!, StringComparison.OrdinalIgnoreCase)));
        }
    }

    [Fact]
    public async Task A_pillar_that_is_none_is_refused()
    {
        var problem = await api.Problem(400, "/v1/cooperation-groups?pillar=Culture");
        Assert.Equal(["pillar: not_allowed"], problem.Faults());
        Assert.Equal(["PartyBuilding", "SocioEconomic"], problem["errors"]![0]!["allowed"]!.AsArray().Select(value => (string?)value));
    }
}
