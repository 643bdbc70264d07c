namespace CooperationApi.Tests.Commitments;

[Collection(nameof(Reading))]
public sealed class CommitmentTests(Api api)
{
    [Theory]
    [InlineData("ha-noi-thai-binh-2019-vanh-dai-5", "Project", "Agreed", "2019-10-26")]
    [InlineData("ha-noi-thai-binh-2019-thong-bao-ket-luan", "Document", "Unknown", "2019-10-26")]
    [InlineData("ha-noi-thai-binh-2019-phan-cong-pho-chu-tich", "Assignment", "Unknown", "2019-10-26")]
    [InlineData("ha-noi-thai-binh-2019-kien-nghi-nong-nghiep", "Recommendation", "Unknown", "2019-10-26")]
    [InlineData("ha-noi-thai-binh-2019-giao-thu-tuc-mua-bo-giong", "Assignment", "InProgress", "2019-10")]
    public async Task A_commitment_has_got_as_far_as_the_report_shows(string id, string kind, string status, string asOf)
    {
        var commitment = await api.Json($"/v1/commitments/{id}");
        Assert.Equal((kind, status, asOf), ((string?)commitment["kind"], (string?)commitment["status"], (string?)commitment["statusAsOf"]));
        Assert.Contains(id, (await api.All($"/v1/commitments?provinceId=thai-binh&status={status}&kind={kind}")).Ids());
    }

    [Fact]
    public async Task Nothing_of_the_conference_is_called_done()
    {
        Assert.Empty(await api.All($"/v1/commitments?meetingId={Founding.Conference}&status=Done"));
    }

    [Fact]
    public async Task The_ring_road_is_the_commitment_of_its_group()
    {
        Assert.Equal(["ha-noi-thai-binh-2019-vanh-dai-5"], (await api.All("/v1/cooperation-groups/ha-noi-thai-binh-2019-se-3/commitments")).Ids());
    }

    [Fact]
    public async Task The_purchase_of_cows_fulfils_the_assignment_to_buy_them()
    {
        Assert.Equal(["ha-noi-thai-binh-2019-mua-bo-giong-3-8-ty-dong"], (await api.All("/v1/commitments/ha-noi-thai-binh-2019-giao-thu-tuc-mua-bo-giong/results")).Ids());
    }

    [Fact]
    public async Task Several_values_of_a_filter_fit_what_fits_one_of_them()
    {
        var both = (await api.All("/v1/commitments?kind=Project,Document&sort=id")).Ids();
        Assert.Equal((await api.All("/v1/commitments?kind=Project")).Ids().Concat((await api.All("/v1/commitments?kind=Document")).Ids()).Order(StringComparer.Ordinal), both);
        Assert.Equal(both, (await api.All("/v1/commitments?kind=Document,Project&sort=id")).Ids());
    }
}
