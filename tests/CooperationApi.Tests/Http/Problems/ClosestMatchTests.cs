using CooperationApi.Http.Problems;

namespace CooperationApi.Tests.Http.Problems;

public sealed class ClosestMatchTests
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
    public void Mistyped_name_finds_the_intended_one(string input, string expected) =>
        Assert.Equal(expected, ClosestMatch.Find(input, Parameters));

    [Fact]
    public void No_candidates_give_no_match() => Assert.Null(ClosestMatch.Find("anything", []));
}
