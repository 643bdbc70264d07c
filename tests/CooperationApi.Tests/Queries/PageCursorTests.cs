using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;

namespace CooperationApi.Tests.Queries;

[Collection(nameof(SharedApi))]
public sealed class PageCursorTests(ApiFixture api)
{
    private const string List = "/v1/provinces?sort=name&kind=Province&limit=10";

    [Theory]
    [InlineData("/v1/provinces?sort=name&limit=10")]
    [InlineData("/v1/provinces?sort=name&kind=Municipality&limit=10")]
    [InlineData("/v1/provinces?sort=name&kind=Province,Municipality&limit=10")]
    [InlineData("/v1/provinces?sort=-name&kind=Province&limit=10")]
    [InlineData("/v1/provinces?sort=code&kind=Province&limit=10")]
    [InlineData("/v1/provinces?sort=name&kind=Province&at=2019-10-26&limit=10")]
    [InlineData("/v1/provinces?sort=name&kind=Province&status=Ended&limit=10")]
    [InlineData("/v1/organizations?sort=name&limit=10")]
    public async Task Cursor_is_rejected_by_a_list_with_other_filters_or_order(string address)
    {
        Assert.Equal(["cursor: cursor_filter_mismatch"],
            (await api.GetProblem(400, $"{address}&cursor={await GetNextCursor()}")).GetErrors());
    }

    [Theory]
    [InlineData("/v1/provinces?kind=Province&sort=name&limit=3", 3)]
    [InlineData("/v1/provinces?limit=200&sort=name&kind=Province&total=true", 66)]
    [InlineData("/v1/provinces?limit=1&kind=Province&fields=id", 1)]
    public async Task Cursor_works_with_another_page_size_or_other_fields(string address, int rows)
    {
        var allIds = (await api.GetAllItems("/v1/provinces?sort=name&kind=Province")).GetIds();
        var rest = (await api.GetJson($"{address}&cursor={await GetNextCursor()}")).GetItems().GetIds();
        Assert.Equal(allIds.Skip(10).Take(rows), rest);
    }

    [Fact]
    public async Task Order_of_filter_values_does_not_matter_to_a_cursor()
    {
        var next = (await api.GetJson("/v1/provinces?kind=Province,Municipality&limit=80"))["next"];
        Assert.Equal(6, (await api.GetJson($"/v1/provinces?kind=Municipality,Province&limit=80&cursor={next}")).GetItems().Count);
    }

    [Fact]
    public async Task Cursor_with_any_one_character_altered_is_rejected()
    {
        var next = await GetNextCursor();
        for (var i = 0; i < next.Length; i++)
        {
            foreach (var replacement in new[] { next[i] == 'A' ? 'B' : 'A', char.IsLower(next[i]) ? char.ToUpperInvariant(next[i]) : 'z',
                '.' }.Where(replacement => replacement != next[i]))
                await AssertInvalid($"{next[..i]}{replacement}{next[(i + 1)..]}");
        }
    }

    [Fact]
    public async Task Lengthened_or_truncated_cursor_is_rejected()
    {
        var next = await GetNextCursor();
        foreach (var altered in new[] { next + "A", next + "=", next + "AAAA", "A" + next, next[1..], next[..^1], next[..^4], next + next,
            next[..4], "A", "AAAAAAAA", "AAAAAAAAAAAA" })
            await AssertInvalid(altered);
    }

    [Theory]
    [InlineData("' OR 1=1 --")]
    [InlineData("../../etc")]
    [InlineData("bnVsbA==")]
    [InlineData("null")]
    [InlineData("0")]
    public async Task Arbitrary_text_as_cursor_is_rejected(string text) => await AssertInvalid(Uri.EscapeDataString(text));

    [Fact]
    public async Task Cursor_of_5000_characters_is_rejected() => await AssertInvalid(new string('A', 5000));

    [Theory]
    [InlineData("""[null,"ha-noi"]""")]
    [InlineData("""[true,"ha-noi"]""")]
    [InlineData("""[1.5,"ha-noi"]""")]
    [InlineData("""[1e400,"ha-noi"]""")]
    [InlineData("""[99999999999999999999,"ha-noi"]""")]
    [InlineData("""[{},"ha-noi"]""")]
    [InlineData("""[["a"],"ha-noi"]""")]
    [InlineData("""["a",1]""")]
    [InlineData("""["a"]""")]
    [InlineData("""["a","b","c"]""")]
    [InlineData("[]")]
    [InlineData("null")]
    [InlineData("{}")]
    [InlineData("\"\"")]
    public async Task Forged_cursor_with_a_valid_checksum_is_rejected(string after)
    {
        var content = JsonNode.Parse(DecodeContent(await GetNextCursor()))!;
        await AssertInvalid(Forge(Encoding.UTF8.GetBytes($$"""{"scope":{{content["scope"]!.ToJsonString()}},"sortValues":{{after}}}""")));
    }

    [Theory]
    [InlineData("/v1/meetings?limit=1", """["yesterday","a"]""", """[2019,"a"]""", """["2019-02-30","a"]""", """["2019","A b"]""")]
    [InlineData("/v1/results?sort=amount&limit=1", """["1","a"]""", """[-2,"a"]""")]
    [InlineData("/v1/results?sort=title&limit=1", """[1,"a"]""", """["a",""]""")]
    [InlineData("/v1/search?q=h%E1%BB%A3p&limit=1", """[9223372036854775807,"x"]""", """[8000008,"x"]""", """[8000008,"-1"]""",
        """[8000008,"9223372036854775807"]""", """[-1,"ha-noi/provinces"]""", """[1,"ha-noi"]""", """[1,"ha-noi/towns"]""")]
    [InlineData("/v1/timeline?limit=1", """["2019-13","meetings","a",""]""", """["--10-26","meetings","a",""]""",
        """["2019","officials","a",""]""", """["2019","meetings","A",""]""", """["2019","meetings","a","Merged"]""",
        """["2019","provinces","ha-noi","9"]""")]
    [InlineData("/v1/sources/ha-noi-thai-binh-2019-10-26/citations?limit=1", """["towns",1,0]""", """["meetings",0,0]""",
        """["meetings",1,-1]""", """["meetings",1,9223372036854775807]""")]
    [InlineData("/v1/changes?limit=1", """["x!",1,0,0]""", """["abc",-1,0,0]""", """["abc",5,4,0]""", """["abc",1,0,-1]""")]
    public async Task Forged_cursor_with_a_value_of_another_type_or_range_is_rejected(string address, params string[] forgedValues)
    {
        var scope = JsonNode.Parse(DecodeContent((string)(await api.GetJson(address))["next"]!))!["scope"]!.ToJsonString();
        foreach (var values in forgedValues)
        {
            var forged = Forge(Encoding.UTF8.GetBytes($$"""{"scope":{{scope}},"sortValues":{{values}}}"""));
            Assert.Equal(["cursor: cursor_invalid"], (await api.GetProblem(400, $"{address}&cursor={forged}")).GetErrors());
        }
    }

    [Fact]
    public async Task Cursor_with_a_revision_below_1_is_rejected()
    {
        var forged = CooperationApi.Queries.PageCursor.Encode("revisions\nprovinces\nha-noi\nFalse", 0L);
        Assert.Equal(["cursor: cursor_invalid"],
            (await api.GetProblem(400, $"/v1/provinces/ha-noi/revisions?sort=revision&cursor={forged}")).GetErrors());
    }

    [Theory]
    [InlineData("not JSON")]
    [InlineData("")]
    [InlineData("null")]
    [InlineData("[]")]
    [InlineData("{}")]
    [InlineData("""{"scope":null,"sortValues":["a","b"]}""")]
    [InlineData("""{"scope":"a"}""")]
    [InlineData("""{"scope":"a","sortValues":["a","b"],"more":1}""")]
    [InlineData("{\"scope\":\"a\",\"sortValues\":[\"a\",\"\\ud800\"]}")]
    public async Task Forged_cursor_with_other_content_is_rejected(string content) =>
        await AssertRejected(Forge(Encoding.UTF8.GetBytes(content)));

    [Fact]
    public async Task Forged_cursor_with_invalid_UTF_8_is_rejected() => await AssertRejected(Forge([0xff, 0xfe, 0x00, 0x80]));

    private async Task<string> GetNextCursor() => (string)(await api.GetJson(List))["next"]!;

    private async Task AssertInvalid(string cursor) =>
        Assert.Equal(["cursor: cursor_invalid"], (await api.GetProblem(400, $"{List}&cursor={cursor}")).GetErrors());

    private async Task AssertRejected(string cursor) =>
        Assert.Matches("^cursor: (cursor_invalid|cursor_filter_mismatch)$",
            Assert.Single((await api.GetProblem(400, $"{List}&cursor={cursor}")).GetErrors()));

    // The cursor format is public, so clients can forge cursors with a valid checksum.
    private static byte[] DecodeContent(string cursor) => Base64Url.DecodeFromChars(cursor)[6..];

    private static string Forge(byte[] content) => Base64Url.EncodeToString([.. SHA256.HashData(content)[..6], .. content]);
}
