namespace CooperationApi.Tests.Resources.Results;

[Collection(nameof(SharedApi))]
public sealed class ResultTests(ApiFixture api)
{
    private const string ThreeBillion = "ha-noi-thai-binh-2019-trao-tang-quy-an-sinh-xa-hoi-3-ty-dong";
    private const string Ceremony = "trao-tang-ha-noi-thai-binh-2019-10-26";
    private const string Cows = "ha-noi-thai-binh-2019-trao-tang-100-con-bo-giong";

    [Theory]
    [InlineData(ThreeBillion, 3_000_000_000, Ceremony, "quy-an-sinh-xa-hoi-tinh-thai-binh")]
    [InlineData("ha-noi-thai-binh-2015-quy-xoa-doi-giam-ngheo-2-ty-dong", 2_000_000_000, "tham-va-lam-viec-tai-thai-binh-2015",
        "quy-xoa-doi-giam-ngheo-tinh-thai-binh")]
    [InlineData("ha-noi-thai-binh-2018-phau-thuat-tre-em-570-trieu-dong", 570_000_000, "vong-tay-nhan-ai-2018", "thai-binh")]
    public async Task Monetary_contribution_has_amount_meeting_giver_and_receiver(string id, long amount, string meetingId,
        string receiverId)
    {
        var gift = await api.GetJson($"/v1/results/{id}");
        Assert.Equal((amount, "VND", "Contribution"), ((long)gift["amount"]!, (string?)gift["currency"], (string?)gift["kind"]));
        Assert.Equal((meetingId, "ha-noi", receiverId),
            ((string?)gift["meetingId"], (string?)gift["giverId"], (string?)gift["receiverId"]));
        Assert.Null(gift["approximate"]);
        Assert.Null(gift["quantity"]);
        Assert.Contains(id, (await api.GetAllItems($"/v1/meetings/{meetingId}/results")).GetIds());
    }

    [Fact]
    public async Task Contribution_in_kind_has_a_quantity_and_no_amount()
    {
        var gift = await api.GetJson($"/v1/results/{Cows}");
        Assert.Equal((100, "con bò giống"), ((int)gift["quantity"]!, (string?)gift["unit"]));
        Assert.Null(gift["amount"]);
        Assert.Null(gift["currency"]);
    }

    [Fact]
    public async Task Contributions_at_the_ceremony_are_the_money_and_the_cows()
    {
        Assert.Equal(new[] { Cows, ThreeBillion }.Order(),
            (await api.GetAllItems($"/v1/results?meetingId={Ceremony}&kind=Contribution")).GetIds().Order());
    }

    [Fact]
    public async Task Every_amount_is_an_integer_with_a_currency_and_every_quantity_has_a_unit()
    {
        var results = await api.GetAllItems("/v1/results");
        Assert.All(results, result =>
        {
            Assert.Equal(result["amount"] is null, result["currency"] is null);
            Assert.Equal(result["quantity"] is null, result["unit"] is null);
            Assert.True(result["amount"] is null || result["amount"]!.AsValue().TryGetValue<long>(out _), result.GetId());
        });
        Assert.Equal(results.Where(result => (string?)result["currency"] == "VND").GetIds(),
            (await api.GetAllItems("/v1/results?currency=VND")).GetIds());
    }

    [Fact]
    public async Task Quantity_reported_as_over_is_a_lower_bound()
    {
        var patients = await api.GetJson("/v1/results/ha-noi-thai-binh-2019-chuyen-tuyen-10000-luot-benh-nhan");
        Assert.Equal((10_000, "AtLeast"), ((int)patients["quantity"]!, (string?)patients["bound"]));
    }
}
