using CooperationApi.Faults;

namespace CooperationApi.Tests.Faults;

public sealed class NearestTests
{
    private static readonly string[] Parameters = ["provinceId", "kind", "limit", "cursor", "from", "to", "sort", "total", "fields"];

    [Theory]
    [InlineData("provnceId", "provinceId")]
    [InlineData("PROVINCEID", "provinceId")]
    [InlineData("provinecId", "provinceId")]
    [InlineData("LIMIT", "limit")]
    [InlineData("limt", "limit")]
    [InlineData("lmiit", "limit")]
    [InlineData("curser", "cursor")]
    [InlineData("form", "from")]
    [InlineData("feilds", "fields")]
    public void A_slip_of_the_finger_is_seen_through(string written, string meant) => Assert.Equal(meant, Nearest.To(written, Parameters));

    [Fact]
    public void Among_nothing_nothing_is_nearest() => Assert.Null(Nearest.To("anything", []));
}
