using CooperationApi.Text;

namespace CooperationApi.Tests.Text;

public sealed class TextDirectiveTests
{
    [Theory]
    [InlineData("Ha Noi", "Ha%20Noi")]
    [InlineData("Hà Nội", "H%C3%A0%20N%E1%BB%99i")]
    [InlineData("2015-2019", "2015%2D2019")]
    [InlineData("- 100 con", "%2D%20100%20con")]
    [InlineData("R&D", "R%26D")]
    [InlineData("3,8 tỷ", "3%2C8%20t%E1%BB%B7")]
    [InlineData("a#b?c=d+e%f/g:h", "a%23b%3Fc%3Dd%2Be%25f%2Fg%3Ah")]
    [InlineData("“a” – b…", "%E2%80%9Ca%E2%80%9D%20%E2%80%93%20b%E2%80%A6")]
    [InlineData(" a\u00A0\n b\t", "a%20b")]
    [InlineData("co\u00ADoperation\u200B", "cooperation")]
    [InlineData("😀 a_b.c~d", "%F0%9F%98%80%20a_b.c~d")]
    public void Words_are_encoded_without_the_syntax_of_directives(string words, string encoded)
    {
        Assert.Equal(encoded, TextDirective.Encode(words));
    }

    [Theory]
    [InlineData("https://example.vn/bai", "https://example.vn/bai#:~:text=a")]
    [InlineData("https://example.vn/bai?x=1&y=:~:", "https://example.vn/bai?x=1&y=:~:#:~:text=a")]
    [InlineData("https://example.vn/bai#", "https://example.vn/bai#:~:text=a")]
    [InlineData("https://example.vn/bai#muc-2", "https://example.vn/bai#muc-2:~:text=a")]
    [InlineData("https://example.vn/bai#:~:text=b", "https://example.vn/bai#:~:text=a")]
    [InlineData("https://example.vn/bai#muc-2:~:text=b&text=c", "https://example.vn/bai#muc-2:~:text=a")]
    [InlineData("https://example.vn/#!/bai/1", "https://example.vn/#!/bai/1:~:text=a")]
    public void Directive_keeps_the_fragment_and_replaces_other_directives(string url, string link)
    {
        Assert.Equal(link, TextDirective.AddTo(url, "text=a"));
    }

    [Theory]
    [InlineData(null, "a", null, null)]
    [InlineData("https://example.vn/bai", null, null, "https://example.vn/bai")]
    [InlineData("https://example.vn/bai#muc-2", null, null, "https://example.vn/bai#muc-2")]
    [InlineData("https://example.vn/bai", "a b", null, "https://example.vn/bai#:~:text=a%20b")]
    [InlineData("https://example.vn/bai", "a b", "text=c-,a%20b", "https://example.vn/bai#:~:text=c-,a%20b")]
    public void Link_needs_the_URL_of_the_source_and_opens_at_the_quote(string? url, string? quote, string? directive, string? link)
    {
        Assert.Equal(link, TextDirective.CreateLink(url, quote, directive));
    }

    [Theory]
    [InlineData("một hai\nba bốn", "một hai", "ba bốn")]
    [InlineData("một\nhai", "một", "hai")]
    [InlineData("a b c d e f g\n1 2 3 4 5 6 7", "a b c d e", "3 4 5 6 7")]
    [InlineData("a b\ngiữa\n– c d.", "a b", "c d.")]
    public void Quote_with_a_line_break_is_written_as_its_first_and_last_words(string quote, string first, string last)
    {
        var directive = TextDirective.FromQuote(quote);
        Assert.Equal((first, last), (directive.TextStart, directive.TextEnd));
    }

    [Fact]
    public void Quote_above_300_encoded_characters_is_written_as_its_first_and_last_words()
    {
        var words = Enumerable.Range(100, 75).Select(number => $"{number}").ToList();
        var exact = TextDirective.FromQuote(string.Join(' ', words.Take(50)));
        Assert.Equal((297, null), (TextDirective.Encode(exact.TextStart).Length, exact.TextEnd));
        var range = TextDirective.FromQuote(string.Join(' ', words.Take(51)));
        Assert.Equal(("100 101 102 103 104", "146 147 148 149 150"), (range.TextStart, range.TextEnd));
        // A browser opens the first passage that ends in the last words.
        var repeated = TextDirective.FromQuote(string.Join(' ', words.Take(60).Concat(words.Skip(55).Take(5))));
        Assert.Equal("159 155 156 157 158 159", repeated.TextEnd);
    }
}
