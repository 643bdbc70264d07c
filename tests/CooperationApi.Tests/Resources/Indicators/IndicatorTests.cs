namespace CooperationApi.Tests.Resources.Indicators;

[Collection(nameof(SharedApi))]
public sealed class IndicatorTests(ApiFixture api)
{
    [Theory]
    [InlineData("thai-binh-tang-truong-kinh-te-9-thang-2019", 10.22, "%", null, null)]
    [InlineData("thai-binh-tang-truong-kinh-te-hang-nam", 10, "%", null, "AtLeast")]
    [InlineData("thai-binh-ty-le-xa-dat-chuan-nong-thon-moi", 100, "%", null, null)]
    [InlineData("mxp-so-nha-may-2019", 7, "nhà máy", null, null)]
    [InlineData("mxp-so-cong-nhan-2019", 16_000, "công nhân", null, null)]
    [InlineData("mxp-san-luong-hang-nam-2019", 9_000_000, "sản phẩm/năm", true, null)]
    [InlineData("mxp-doanh-thu-xuat-khau-9-thang-2019", 280_000_000, "USD", true, null)]
    public async Task Indicator_has_the_value_of_the_report(string id, double value, string unit, bool? approximate, string? bound)
    {
        var indicator = await api.GetJson($"/v1/indicators/{id}");
        Assert.Equal((value, unit, approximate, bound),
            ((double)indicator["value"]!, (string)indicator["unit"]!, (bool?)indicator["approximate"], (string?)indicator["bound"]));
    }

    [Fact]
    public async Task Indicators_of_a_company_are_not_those_of_its_province()
    {
        var company = (await api.GetAllItems("/v1/organizations/cong-ty-co-phan-san-xuat-hang-the-thao-mxp/indicators")).GetIds();
        Assert.Equal(
            ["mxp-doanh-thu-xuat-khau-9-thang-2019", "mxp-san-luong-hang-nam-2019", "mxp-so-cong-nhan-2019", "mxp-so-nha-may-2019"],
            company.Order());
        Assert.Empty((await api.GetAllItems("/v1/provinces/thai-binh/indicators")).GetIds().Intersect(company));
    }

    [Theory]
    [InlineData("from=2019-09-30&to=2019-09-30", true)]
    [InlineData("from=2019-10", false)]
    public async Task Indicator_is_found_by_its_period(string range, bool isFound)
    {
        Assert.Equal(isFound,
            (await api.GetAllItems($"/v1/indicators?{range}")).GetIds().Contains("thai-binh-tang-truong-kinh-te-9-thang-2019"));
    }
}
