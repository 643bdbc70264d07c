namespace CooperationApi.Tests.Results;

[Collection(nameof(Reading))]
public sealed class ResultTests(Api api)
{
    private const string ThreeBillion = "ha-noi-thai-binh-2019-trao-tang-quy-an-sinh-xa-hoi-3-ty-dong";
    private const string Cows = "ha-noi-thai-binh-2019-trao-tang-100-con-bo-giong";
    private const string Purchase = "ha-noi-thai-binh-2019-mua-bo-giong-3-8-ty-dong";

    [Theory]
    [InlineData(ThreeBillion, 3_000_000_000, "hoi-nghi-ha-noi-thai-binh-2019-10-26", "quy-an-sinh-xa-hoi-tinh-thai-binh")]
    [InlineData("ha-noi-thai-binh-2015-quy-xoa-doi-giam-ngheo-2-ty-dong", 2_000_000_000, "tham-va-lam-viec-tai-thai-binh-2015", "quy-xoa-doi-giam-ngheo-tinh-thai-binh")]
    [InlineData("ha-noi-thai-binh-2018-phau-thuat-tre-em-570-trieu-dong", 570_000_000, "vong-tay-nhan-ai-2018", "thai-binh")]
    public async Task Money_was_given_at_a_meeting(string id, long amount, string meetingId, string receiverId)
    {
        var gift = await api.Json($"/v1/results/{id}");
        Assert.Equal((amount, "VND", "Contribution"), ((long)gift["amount"]!, (string?)gift["currency"], (string?)gift["kind"]));
        Assert.Equal((meetingId, "ha-noi", receiverId), ((string?)gift["meetingId"], (string?)gift["giverId"], (string?)gift["receiverId"]));
        Assert.Null(gift["approximate"]);
        Assert.Null(gift["quantity"]);
        Assert.Contains(id, (await api.All($"/v1/meetings/{meetingId}/results")).Ids());
    }

    [Fact]
    public async Task A_hundred_cows_were_given_and_no_price_is_said()
    {
        var gift = await api.Json($"/v1/results/{Cows}");
        Assert.Equal((100, "con bò giống"), ((int)gift["quantity"]!, (string?)gift["unit"]));
        Assert.Null(gift["amount"]);
        Assert.Null(gift["currency"]);
    }

    [Fact]
    public async Task The_purchase_is_an_approximate_sum_of_its_own()
    {
        var purchase = await api.Json($"/v1/results/{Purchase}");
        Assert.Equal((3_800_000_000, "VND", true), ((long)purchase["amount"]!, (string?)purchase["currency"], (bool?)purchase["approximate"]));
        Assert.Null(purchase["quantity"]);
        Assert.Null(purchase["meetingId"]);
    }

    [Fact]
    public async Task Cows_and_purchase_are_probably_the_same_said_by_both_and_merged_by_nobody()
    {
        Assert.Equal([Purchase], (await api.Json($"/v1/results/{Cows}"))["probablySameAs"]!.AsArray().Select(id => (string?)id));
        Assert.Equal([Cows], (await api.Json($"/v1/results/{Purchase}"))["probablySameAs"]!.AsArray().Select(id => (string?)id));
        Assert.Empty((await api.Json($"/v1/results/{ThreeBillion}"))["probablySameAs"]!.AsArray());
    }

    [Fact]
    public async Task What_was_given_at_the_conference_is_the_money_and_the_cows()
    {
        Assert.Equal(new[] { Cows, ThreeBillion }.Order(), (await api.All($"/v1/results?meetingId={Founding.Conference}&kind=Contribution")).Ids().Order());
    }

    [Fact]
    public async Task Every_sum_is_a_whole_number_with_a_currency_and_every_quantity_has_a_unit()
    {
        var results = await api.All("/v1/results");
        Assert.All(results, result =>
        {
            Assert.Equal(result["amount"] is null, result["currency"] is null);
            Assert.Equal(result["quantity"] is null, result["unit"] is null);
            Assert.True(result["amount"] is null || result["amount"]!.AsValue().TryGetValue<long>(out _), result.Id());
        });
        Assert.Equal(results.Where(result => (string?)result["currency"] == "VND").Ids(), (await api.All("/v1/results?currency=VND")).Ids());
    }

    [Fact]
    public async Task What_is_probably_the_same_says_so_on_both_sides()
    {
        var same = (await api.All("/v1/results")).SelectMany(result => result["probablySameAs"]!.AsArray().Select(other => (result.Id(), (string)other!))).ToHashSet();
        Assert.NotEmpty(same);
        Assert.All(same, pair => Assert.Contains((pair.Item2, pair.Item1), same));
    }

    [Fact]
    public async Task The_number_of_patients_is_a_lower_bound_as_the_report_says_over()
    {
        var patients = await api.Json("/v1/results/ha-noi-thai-binh-2019-chuyen-tuyen-10000-luot-benh-nhan");
        Assert.Equal((10_000, "AtLeast"), ((int)patients["quantity"]!, (string?)patients["bound"]));
    }
}
