namespace CooperationApi.Tests.Resources.CooperationGroups;

[Collection(nameof(SharedApi))]
public sealed class CooperationGroupTests(ApiFixture api)
{
    [Theory]
    [InlineData("PartyBuilding", 5)]
    [InlineData("SocioEconomic", 7)]
    public async Task A_pillar_has_exactly_its_groups_numbered_from_one(string pillar, int groups)
    {
        var found = await api.GetAllItems($"/v1/cooperation-groups?agreementId={SeedFacts.AgreementId}&pillar={pillar}");
        Assert.Equal(Enumerable.Range(1, groups), found.Select(group => (int)group["ordinal"]!));
        Assert.All(found, group => Assert.Equal(pillar, (string?)group["pillar"]));
    }

    [Fact]
    public async Task Agreement_has_exactly_twelve_groups()
    {
        Assert.Equal(12,
            (await api.GetAllItems($"/v1/agreements/{SeedFacts.AgreementId}/cooperation-groups", limit: 5)).DistinctBy(
                group => (string?)group["name"]).Count());
    }

    [Fact]
    public async Task Every_group_name_is_marked_as_editorial()
    {
        var groups = await api.GetAllItems($"/v1/cooperation-groups?agreementId={SeedFacts.AgreementId}");
        Assert.All(groups, group => Assert.Equal("Editorial", (string?)group["nameBasis"]));
        Assert.Equal(groups.GetIds(),
            (await api.GetAllItems($"/v1/cooperation-groups?agreementId={SeedFacts.AgreementId}&nameBasis=Editorial")).GetIds());
        Assert.Empty(await api.GetAllItems($"/v1/cooperation-groups?agreementId={SeedFacts.AgreementId}&nameBasis=Stated"));
    }

    [Fact]
    public async Task Every_group_has_themes_and_each_theme_is_quoted()
    {
        foreach (var group in await api.GetAllItems($"/v1/cooperation-groups?agreementId={SeedFacts.AgreementId}"))
        {
            var quotes = group["citations"]!.AsArray()
                .Where(citation => citation!["supports"]!.AsArray().Any(member => (string?)member == "themes"))
                .Select(citation => (string)citation!["quote"]!).ToList();
            Assert.NotEmpty(group["themes"]!.AsArray());
            Assert.All(group["themes"]!.AsArray(),
                theme => Assert.Contains(quotes, quote => quote.Contains((string)theme!, StringComparison.OrdinalIgnoreCase)));
        }
    }

    [Fact]
    public async Task Unknown_pillar_is_rejected_with_the_allowed_values()
    {
        var problem = await api.GetProblem(400, "/v1/cooperation-groups?pillar=Culture");
        Assert.Equal(["pillar: not_allowed"], problem.GetErrors());
        Assert.Equal(["PartyBuilding", "SocioEconomic"], problem["errors"]![0]!["allowed"]!.AsArray().Select(value => (string?)value));
    }
}
