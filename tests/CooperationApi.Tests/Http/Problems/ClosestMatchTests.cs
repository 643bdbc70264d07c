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

    [Theory]
    [InlineData("Hội nghị", new[] { "Conference", "Visit", "WorkingSession" })]
    [InlineData("Bad", new[] { "Agreed", "Done", "Active" })]
    [InlineData("date", new[] { "title", "heldOn", "place" })]
    [InlineData("x", new[] { "id", "title" })]
    public void Distant_input_finds_nothing(string input, string[] candidates) => Assert.Null(ClosestMatch.Find(input, candidates));

    [Fact]
    public void Input_between_two_candidates_finds_nothing() =>
        Assert.Null(ClosestMatch.Find("ha-nan", ["ha-nam", "ha-nai"]));

    [Theory]
    [InlineData("thai-bình", "thai-binh")]
    [InlineData("thaibinh", "thai-binh")]
    [InlineData("Thái Bình", "thai-binh")]
    [InlineData("Đà Nẵng", "da-nang")]
    public void Diacritics_and_blanks_do_not_matter(string input, string expected) =>
        Assert.Equal(expected, ClosestMatch.Find(input, ["thai-binh", "thai-nguyen", "da-nang"]));
}
