using CooperationApi.Text;

namespace CooperationApi.Tests.Text;

/// <summary>Tests of the words beside a quote that distinguish it. Braces mark the quote in the text.</summary>
public sealed class SourceWordsTests
{
    [Theory]
    [InlineData("Hà Nội trao tặng {3 tỷ đồng} cho quỹ.", "3 tỷ đồng")]
    [InlineData("{3 tỷ đồng} cho quỹ.", "3 tỷ đồng")]
    [InlineData("Quỹ nhận {3 tỷ đồng}", "3 tỷ đồng")]
    [InlineData("😀 một {3 tỷ} 😀 hai 2 tỷ", "3 tỷ")]
    public void Words_that_occur_once_need_no_prefix(string text, string expected)
    {
        Assert.Equal(expected, Describe(text));
    }

    [Theory]
    [InlineData("Năm 2015 tặng {3 tỷ}, năm 2019 tặng 3 tỷ.", "3 tỷ [, năm]")]
    [InlineData("Năm 2015 tặng 3 tỷ, năm 2019 tặng {3 tỷ}.", "[2019 tặng] 3 tỷ")]
    [InlineData("{3 tỷ} đồng và 3 tỷ đô la", "3 tỷ [đồng]")]
    [InlineData("Quỹ {3 tỷ}. Quà 3 tỷ.", "[Quỹ] 3 tỷ")]
    [InlineData("một bò, hai bò, {một bò}, ba bò", "[bò,] một bò")]
    public void Words_that_occur_twice_get_the_nearest_words_that_differ(string text, string expected)
    {
        Assert.Equal(expected, Describe(text));
    }

    [Theory]
    [InlineData("Lúa 3 tấn. Lúa {3 tấn}. Lúa 3 tấn.", "[tấn. Lúa] 3 tấn [. Lúa]")]
    [InlineData("a x b, a {x} b, a x c", "[b, a] x [b]")]
    [InlineData("3 tỷ\n{3 tỷ}\n3 tỷ", "[tỷ] 3 tỷ [3]")]
    public void Words_that_occur_thrice_get_a_prefix_and_a_suffix_if_one_is_not_enough(string text, string expected)
    {
        Assert.Equal(expected, Describe(text));
    }

    [Theory]
    [InlineData("Tặng hà nội, tặng {Hà Nội}", "[nội, tặng] Hà Nội")]
    [InlineData("Đã HẠ NƠI đó và {hà nội}", "[và] hà nội")]
    [InlineData("dong {đồng}", "[dong] đồng")]
    [InlineData("Hà, Nội và {Hà Nội}", "[và] Hà Nội")]
    public void Words_are_equal_without_case_diacritics_and_punctuation(string text, string expected)
    {
        Assert.Equal(expected, Describe(text));
    }

    [Theory]
    [InlineData("Tặng 100 con b{ò giố}ng tốt", "bò giống")]
    [InlineData("Thu 3.{000} đồng", "3.000")]
    [InlineData("Ở TP.{Hà Nội} hôm nay", "TP.Hà Nội")]
    [InlineData("Ở TP. {Hà Nội}", "Hà Nội")]
    [InlineData("Số 15-{CT}/TU", "CT")]
    [InlineData("Ông nói “{Hà Nội}”.", "Hà Nội")]
    [InlineData("Ông nói {“Hà Nội”}.", "“Hà Nội”")]
    [InlineData("Quỹ{ 3 tỷ }đồng", "3 tỷ")]
    [InlineData("a_{b}_c", "a_b_c")]
    public void Quote_inside_a_word_is_extended_to_whole_words(string text, string expected)
    {
        Assert.Equal(expected, Describe(text));
    }

    [Fact]
    public void Quote_in_a_long_text_without_blanks_is_not_extended_to_all_of_it()
    {
        Assert.Equal("b", Describe(new string('a', 200) + "{b}" + new string('c', 200)));
    }

    [Theory]
    [InlineData("Thái Bình\n{3 tỷ}\nHà Nam\n3 tỷ", "[Bình] 3 tỷ")]
    [InlineData("Thái Bình:\n– {3 tỷ};\nHà Nam:\n– 3 tỷ;", "[Bình:] – 3 tỷ")]
    [InlineData("3 tỷ\nA\n***\n{3 tỷ}\nHà Nam", "3 tỷ [Hà]")]
    [InlineData("Năm 2015\nvà Quỹ {3 tỷ}.\nNăm 2016\nvà Quỹ 3 tỷ!\nHết", "3 tỷ. [Năm]")]
    [InlineData("Ô\t{5}\tB\t5", "[Ô] 5")]
    public void Prefix_and_suffix_are_in_one_block_of_the_page(string text, string expected)
    {
        Assert.Equal(expected, Describe(text));
    }

    [Fact]
    public void Same_passage_with_the_same_twenty_words_on_both_sides_gets_these_words()
    {
        var line = string.Join(' ', Enumerable.Range(1, 30)) + " {x} " + string.Join(' ', Enumerable.Range(31, 30));
        var expected = $"[{string.Join(' ', Enumerable.Range(11, 20))}] x [{string.Join(' ', Enumerable.Range(31, 20))}]";
        Assert.Equal(expected, Describe(line + " và " + line.Replace("{x}", "x", StringComparison.Ordinal)));
    }

    [Fact]
    public void Start_of_a_long_quote_that_occurs_twice_gets_more_words_or_a_prefix()
    {
        var words = string.Join(' ', Enumerable.Range(100, 90));
        Assert.Equal("100 101 102 103 104 105…185 186 187 188 189", Describe($"{{{words}}} và 100 101 102 103 104 và"));
        Assert.Equal("[là] 100 101 102 103 104…185 186 187 188 189", Describe($"{words} và là {{{words}}}"));
    }

    private static string Describe(string markedText)
    {
        var (open, close) = (markedText.IndexOf('{', StringComparison.Ordinal), markedText.IndexOf('}', StringComparison.Ordinal) - 1);
        var text = markedText.Remove(open, 1).Remove(close, 1);
        var directive = new SourceWords(text).CreateDirective(CountCodePoints(text[..open]), CountCodePoints(text[open..close]));
        return (directive.Prefix is null ? "" : $"[{directive.Prefix.Trim()}] ") + directive.TextStart
            + (directive.TextEnd is null ? "" : $"…{directive.TextEnd}")
            + (directive.Suffix is null ? "" : $" [{directive.Suffix.Trim()}]");
    }

    private static int CountCodePoints(string text) => text.EnumerateRunes().Count();
}
