namespace CooperationApi.Tests.Resources.Statements;

[Collection(nameof(SharedApi))]
public sealed class StatementTests(ApiFixture api)
{
    [Fact]
    public async Task Statements_of_an_official_are_listed_under_the_official()
    {
        var statements = await api.GetAllItems("/v1/officials/nguyen-hong-dien/statements");
        Assert.Contains("ha-noi-thai-binh-2019-tiem-nang-con-rat-lon", statements.GetIds());
        Assert.All(statements, statement => Assert.Equal("nguyen-hong-dien", (string?)statement["officialId"]));
        Assert.Equal((await api.GetAllItems("/v1/statements?officialId=nguyen-hong-dien")).GetIds(), statements.GetIds());
    }

    [Fact]
    public async Task Joint_statement_of_the_delegates_has_no_official()
    {
        Assert.Null((await api.GetJson("/v1/statements/ha-noi-thai-binh-2019-chua-toan-dien"))["officialId"]);
    }

    [Theory]
    [InlineData("ha-noi-thai-binh-2019-chua-toan-dien", "Limitation")]
    [InlineData("ha-noi-thai-binh-2019-ha-noi-vi-ca-nuoc", "Principle")]
    [InlineData("ha-noi-thai-binh-2019-mo-ra-chuong-moi", "Expectation")]
    [InlineData("ha-noi-thai-binh-2019-dai-bieu-danh-gia-cao", "Appraisal")]
    public async Task Statement_is_found_by_its_kind(string id, string kind)
    {
        Assert.Equal(kind, (string?)(await api.GetJson($"/v1/statements/{id}"))["kind"]);
        Assert.Contains(id, (await api.GetAllItems($"/v1/statements?kind={kind}&meetingId={SeedFacts.ConferenceId}")).GetIds());
    }

    [Fact]
    public async Task Statements_of_the_conference_refer_to_existing_records()
    {
        foreach (var subject in (await api.GetAllItems($"/v1/meetings/{SeedFacts.ConferenceId}/statements")).SelectMany(
            statement => statement["about"]!.AsArray()).DistinctBy(subject => subject!.ToJsonString()))
            await api.GetJson($"/v1/{subject!["type"]}/{subject["id"]}");
    }
}
