namespace CooperationApi.Tests.Statements;

[Collection(nameof(Reading))]
public sealed class StatementTests(Api api)
{
    [Fact]
    public async Task What_an_official_said_is_listed_under_the_official()
    {
        var said = await api.All("/v1/officials/nguyen-hong-dien/statements");
        Assert.Contains("ha-noi-thai-binh-2019-tiem-nang-con-rat-lon", said.Ids());
        Assert.All(said, statement => Assert.Equal("nguyen-hong-dien", (string?)statement["officialId"]));
        Assert.Equal((await api.All("/v1/statements?officialId=nguyen-hong-dien")).Ids(), said.Ids());
    }

    [Fact]
    public async Task What_the_delegates_said_together_is_given_to_no_official()
    {
        Assert.Null((await api.Json("/v1/statements/ha-noi-thai-binh-2019-chua-toan-dien"))["officialId"]);
    }

    [Theory]
    [InlineData("ha-noi-thai-binh-2019-chua-toan-dien", "Limitation")]
    [InlineData("ha-noi-thai-binh-2019-ha-noi-vi-ca-nuoc", "Principle")]
    [InlineData("ha-noi-thai-binh-2019-mo-ra-chuong-moi", "Expectation")]
    [InlineData("ha-noi-thai-binh-2019-dai-bieu-danh-gia-cao", "Appraisal")]
    public async Task A_statement_is_found_by_its_kind(string id, string kind)
    {
        Assert.Equal(kind, (string?)(await api.Json($"/v1/statements/{id}"))["kind"]);
        Assert.Contains(id, (await api.All($"/v1/statements?kind={kind}&meetingId={Founding.Conference}")).Ids());
    }

    [Fact]
    public async Task Every_statement_of_the_conference_is_about_something_that_is_there()
    {
        foreach (var about in (await api.All($"/v1/meetings/{Founding.Conference}/statements")).SelectMany(statement => statement["about"]!.AsArray()).DistinctBy(about => about!.ToJsonString()))
            await api.Json($"/v1/{about!["type"]}/{about["id"]}");
    }
}
