namespace CooperationApi.Tests.Indicators;

[Collection(nameof(Reading))]
public sealed class IndicatorTests(Api api)
{
    [Theory]
    [InlineData("thai-binh-tang-truong-kinh-te-9-thang-2019", 10.22, "%", null, null)]
    [InlineData("thai-binh-tang-truong-kinh-te-hang-nam", 10, "%", null, "AtLeast")]
    [InlineData("thai-binh-ty-le-xa-dat-chuan-nong-thon-moi", 100, "%", null, null)]
    [InlineData("mxp-so-nha-may-2019", 7, "nhà máy", null, null)]
    [InlineData("mxp-so-cong-nhan-2019", 16_000, "công nhân", null, null)]
    [InlineData("mxp-san-luong-hang-nam-2019", 9_000_000, "sản phẩm/năm", true, null)]
    [InlineData("mxp-doanh-thu-xuat-khau-9-thang-2019", 280_000_000, "USD", true, null)]
    public async Task A_figure_is_as_the_report_has_it(string id, double value, string unit, bool? approximate, string? bound)
    {
        var figure = await api.Json($"/v1/indicators/{id}");
        Assert.Equal((value, unit, approximate, bound), ((double)figure["value"]!, (string)figure["unit"]!, (bool?)figure["approximate"], (string?)figure["bound"]));
    }

    [Fact]
    public async Task Figures_of_a_company_are_told_from_those_of_its_province()
    {
        var company = (await api.All("/v1/organizations/cong-ty-co-phan-san-xuat-hang-the-thao-mxp/indicators")).Ids();
        Assert.Equal(["mxp-doanh-thu-xuat-khau-9-thang-2019", "mxp-san-luong-hang-nam-2019", "mxp-so-cong-nhan-2019", "mxp-so-nha-may-2019"], company.Order());
        Assert.Empty((await api.All("/v1/provinces/thai-binh/indicators")).Ids().Intersect(company));
    }

    [Theory]
    [InlineData("from=2019-09-30&to=2019-09-30", true)]
    [InlineData("from=2019-10", false)]
    public async Task A_figure_is_found_by_the_period_that_it_is_about(string range, bool fits)
    {
        Assert.Equal(fits, (await api.All($"/v1/indicators?{range}")).Ids().Contains("thai-binh-tang-truong-kinh-te-9-thang-2019"));
    }
}
