using CooperationApi.Text;

namespace CooperationApi.Tests.Text;

public sealed class DateSpellingTests
{
    [Theory]
    [InlineData("26/10/2019", "2019-10-26")]
    [InlineData("26-10-2019", "2019-10-26")]
    [InlineData("26.10.2019", "2019-10-26")]
    [InlineData("10/26/2019", "2019-10-26")]
    [InlineData("6/6/2019", "2019-06-06")]
    [InlineData("2019/10/26", "2019-10-26")]
    [InlineData("2019-1-6", "2019-01-06")]
    [InlineData("2019-10-26T00:00:00", "2019-10-26")]
    [InlineData("2019-10-26 00:00:00.000", "2019-10-26")]
    [InlineData("ngày 26 tháng 10 năm 2019", "2019-10-26")]
    [InlineData("Ngày 5 tháng 6 năm 2019", "2019-06-05")]
    [InlineData("tháng 10/2019", "2019-10")]
    [InlineData("Tháng 10 năm 2019", "2019-10")]
    [InlineData("10/2019", "2019-10")]
    [InlineData("năm 2019", "2019")]
    public void Date_as_people_write_it_has_one_form_in_the_API(string text, string date) =>
        Assert.Equal(date, DateSpelling.FindIsoDate(text));

    [Theory]
    [InlineData("05/06/2019")]
    [InlineData("31/2/2019")]
    [InlineData("13/13/2019")]
    [InlineData("26/10/19")]
    [InlineData("2019-10-26T17:00:00Z")]
    [InlineData("2019-13")]
    [InlineData("cuối năm 2019")]
    [InlineData("quý 3/2019")]
    [InlineData("")]
    public void Text_without_an_unambiguous_date_has_none(string text) => Assert.Null(DateSpelling.FindIsoDate(text));
}
