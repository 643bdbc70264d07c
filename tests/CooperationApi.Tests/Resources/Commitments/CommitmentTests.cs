namespace CooperationApi.Tests.Resources.Commitments;

[Collection(nameof(SharedApi))]
public sealed class CommitmentTests(ApiFixture api)
{
    [Theory]
    [InlineData("ha-noi-thai-binh-2019-vanh-dai-5", "Project", "Agreed", "2019-10-26")]
    [InlineData("ha-noi-thai-binh-2019-thong-bao-ket-luan", "Document", "Unknown", "2019-10-26")]
    [InlineData("ha-noi-thai-binh-2019-phan-cong-pho-chu-tich", "Assignment", "Unknown", "2019-10-26")]
    [InlineData("ha-noi-thai-binh-2019-kien-nghi-nong-nghiep", "Recommendation", "Unknown", "2019-10-26")]
    [InlineData("ha-noi-thai-binh-2019-giao-thu-tuc-mua-bo-giong", "Assignment", "InProgress", "2019-10")]
    public async Task Commitment_has_the_kind_and_status_that_the_report_shows(string id, string kind, string status, string asOf)
    {
        var commitment = await api.GetJson($"/v1/commitments/{id}");
        Assert.Equal((kind, status, asOf), ((string?)commitment["kind"], (string?)commitment["status"], (string?)commitment["statusAsOf"]));
        Assert.Contains(id, (await api.GetAllItems($"/v1/commitments?provinceId=thai-binh&status={status}&kind={kind}")).GetIds());
    }

    [Fact]
    public async Task No_commitment_of_the_conference_has_status_Done()
    {
        Assert.Empty(await api.GetAllItems($"/v1/commitments?meetingId={SeedFacts.ConferenceId}&status=Done"));
    }

    [Fact]
    public async Task The_ring_road_is_the_commitment_of_its_group()
    {
        Assert.Equal(["ha-noi-thai-binh-2019-vanh-dai-5"],
            (await api.GetAllItems("/v1/cooperation-groups/ha-noi-thai-binh-2019-se-3/commitments")).GetIds());
    }

    [Fact]
    public async Task The_gift_of_cows_probably_fulfils_the_assignment_to_buy_them()
    {
        Assert.Equal(["ha-noi-thai-binh-2019-trao-tang-100-con-bo-giong"],
            (await api.GetAllItems("/v1/commitments/ha-noi-thai-binh-2019-giao-thu-tuc-mua-bo-giong/results")).GetIds());
    }

    [Fact]
    public async Task Filter_with_several_values_matches_any_of_them()
    {
        var both = (await api.GetAllItems("/v1/commitments?kind=Project,Document&sort=id")).GetIds();
        Assert.Equal(
            (await api.GetAllItems("/v1/commitments?kind=Project")).GetIds()
                .Concat((await api.GetAllItems("/v1/commitments?kind=Document")).GetIds()).Order(StringComparer.Ordinal), both);
        Assert.Equal(both, (await api.GetAllItems("/v1/commitments?kind=Document,Project&sort=id")).GetIds());
    }
}
