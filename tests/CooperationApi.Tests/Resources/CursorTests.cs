using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;

namespace CooperationApi.Tests.Resources;

[Collection(nameof(Reading))]
public sealed class CursorTests(Api api)
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
    public async Task A_cursor_is_refused_by_a_list_with_other_filters_or_another_order(string other)
    {
        Assert.Equal(["cursor: cursor_filter_mismatch"], (await api.Problem(400, $"{other}&cursor={await Next()}")).Faults());
    }

    [Theory]
    [InlineData("/v1/provinces?kind=Province&sort=name&limit=3", 3)]
    [InlineData("/v1/provinces?limit=200&sort=name&kind=Province&total=true", 66)]
    [InlineData("/v1/provinces?limit=1&kind=Province&fields=id", 1)]
    public async Task A_cursor_goes_on_whatever_the_size_of_the_page_and_the_members_wanted(string same, int rows)
    {
        var whole = (await api.All("/v1/provinces?sort=name&kind=Province")).Ids();
        var rest = (await api.Json($"{same}&cursor={await Next()}")).Items().Ids();
        Assert.Equal(whole.Skip(10).Take(rows), rest);
    }

    [Fact]
    public async Task The_order_of_a_filters_values_is_no_other_filter()
    {
        var next = (await api.Json("/v1/provinces?kind=Province,Municipality&limit=80"))["next"];
        Assert.Equal(6, (await api.Json($"/v1/provinces?kind=Municipality,Province&limit=80&cursor={next}")).Items().Count);
    }

    [Fact]
    public async Task A_cursor_altered_in_any_one_character_is_refused()
    {
        var next = await Next();
        for (var i = 0; i < next.Length; i++)
        {
            foreach (var other in new[] { next[i] == 'A' ? 'B' : 'A', char.IsLower(next[i]) ? char.ToUpperInvariant(next[i]) : 'z', '.' }.Where(other => other != next[i]))
                await IsInvalid($"{next[..i]}{other}{next[(i + 1)..]}");
        }
    }

    [Fact]
    public async Task A_cursor_that_is_longer_or_shorter_is_refused()
    {
        var next = await Next();
        foreach (var altered in new[] { next + "A", next + "=", next + "AAAA", "A" + next, next[1..], next[..^1], next[..^4], next + next, next[..4], "A", "AAAAAAAA", "AAAAAAAAAAAA" })
            await IsInvalid(altered);
    }

    [Theory]
    [InlineData("' OR 1=1 --")]
    [InlineData("../../etc")]
    [InlineData("bnVsbA==")]
    [InlineData("null")]
    [InlineData("0")]
    public async Task What_is_no_cursor_is_refused(string text) => await IsInvalid(Uri.EscapeDataString(text));

    [Fact]
    public async Task Five_thousand_characters_are_no_cursor() => await IsInvalid(new string('A', 5000));

    [Theory]
    [InlineData("""[null,"ha-noi"]""")]
    [InlineData("""[true,"ha-noi"]""")]
    [InlineData("""[1.5,"ha-noi"]""")]
    [InlineData("""[1e400,"ha-noi"]""")]
    [InlineData("""[99999999999999999999,"ha-noi"]""")]
    [InlineData("""[{},"ha-noi"]""")]
    [InlineData("""[["a"],"ha-noi"]""")]
    [InlineData("""["a"]""")]
    [InlineData("""["a","b","c"]""")]
    [InlineData("[]")]
    [InlineData("null")]
    [InlineData("{}")]
    [InlineData("\"\"")]
    public async Task A_forged_cursor_with_a_checksum_that_is_right_is_refused(string after)
    {
        var content = JsonNode.Parse(Content(await Next()))!;
        await IsInvalid(Forge(Encoding.UTF8.GetBytes($$"""{"binding":{{content["binding"]!.ToJsonString()}},"after":{{after}}}""")));
    }

    [Theory]
    [InlineData("not JSON")]
    [InlineData("")]
    [InlineData("null")]
    [InlineData("[]")]
    [InlineData("{}")]
    [InlineData("""{"binding":null,"after":["a","b"]}""")]
    [InlineData("""{"binding":"a"}""")]
    [InlineData("""{"binding":"a","after":["a","b"],"more":1}""")]
    [InlineData("{\"binding\":\"a\",\"after\":[\"a\",\"\\ud800\"]}")]
    public async Task A_forged_cursor_of_another_form_is_refused(string content) => await IsRefused(Forge(Encoding.UTF8.GetBytes(content)));

    [Fact]
    public async Task A_forged_cursor_of_bytes_that_are_no_text_is_refused() => await IsRefused(Forge([0xff, 0xfe, 0x00, 0x80]));

    private async Task<string> Next() => (string)(await api.Json(List))["next"]!;

    private async Task IsInvalid(string cursor) => Assert.Equal(["cursor: cursor_invalid"], (await api.Problem(400, $"{List}&cursor={cursor}")).Faults());

    private async Task IsRefused(string cursor) =>
        Assert.Matches("^cursor: (cursor_invalid|cursor_filter_mismatch)$", Assert.Single((await api.Problem(400, $"{List}&cursor={cursor}")).Faults()));

    // How a cursor is made is in its source, which is open: whoever reads it can make one.
    private static byte[] Content(string cursor) => Base64Url.DecodeFromChars(cursor)[6..];

    private static string Forge(byte[] content) => Base64Url.EncodeToString([.. SHA256.HashData(content)[..6], .. content]);
}
