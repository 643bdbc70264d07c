using System.Globalization;
using System.Text;
using CooperationApi.Text;

namespace CooperationApi.Tests.Text;

public sealed class VietnameseSortKeyTests
{
    [Theory]
    [InlineData("a ă â b c d đ e ê g h i k l m n o ô ơ p q r s t u ư v x y")]
    [InlineData("ma mà mả mã má mạ mai")]
    [InlineData("an ăn ân")]
    [InlineData("An Dak Đà Ea")]
    [InlineData("dung dũng đung")]
    [InlineData("hoa hoà hoá hoạ hoài")]
    [InlineData("lam làm lạm lan")]
    [InlineData("tô tồ tố tộ tơ tờ")]
    public void Words_sort_as_in_a_Vietnamese_dictionary(string inOrder)
    {
        var words = inOrder.Split(' ');
        Assert.Equal(words, words.Reverse().OrderBy(VietnameseSortKey.Create, StringComparer.Ordinal));
        var dictionary = CultureInfo.GetCultureInfo("vi-VN").CompareInfo;
        Assert.Equal(words.Order(Comparer<string>.Create((x, y) => dictionary.Compare(x, y))), words);
    }

    [Fact]
    public void Word_sorts_before_words_it_is_a_prefix_of()
    {
        string[] names = ["Hà", "Hà Nam", "Hà Nội", "Hài"];
        Assert.Equal(names, names.Reverse().OrderBy(VietnameseSortKey.Create, StringComparer.Ordinal));
    }

    [Fact]
    public void Sort_key_ignores_case_and_normalization_form()
    {
        Assert.Equal(VietnameseSortKey.Create("Đắk Lắk"), VietnameseSortKey.Create("ĐẮK LẮK"));
        Assert.Equal(VietnameseSortKey.Create("Đắk Lắk"), VietnameseSortKey.Create("Đắk Lắk".Normalize(NormalizationForm.FormD)));
    }

    [Theory]
    [InlineData("Đà Nẵng", "\u00D0à Nẵng")]
    [InlineData("Đà Nẵng", "\u0189à Nẵng")]
    [InlineData("đà nẵng", "\u00F0à nẵng")]
    [InlineData("đà nẵng", "\u0256à nẵng")]
    [InlineData("Hà Nam 2", "Ｈà Ｎａｍ ２")]
    [InlineData("file", "\uFB01le")]
    [InlineData("Ha Noi", "\U0001D407a Noi")]
    public void Letters_of_another_form_have_the_same_sort_key_and_words(string name, string otherForm)
    {
        Assert.Equal(VietnameseSortKey.Create(name), VietnameseSortKey.Create(otherForm));
        Assert.Equal(TextFolding.Fold(name), TextFolding.Fold(otherForm));
        Assert.Equal(TextFolding.FoldKeepDiacritics(name), TextFolding.FoldKeepDiacritics(otherForm));
        Assert.Equal(TextFolding.FindWords(name).Select(word => word.Folded), TextFolding.FindWords(otherForm).Select(word => word.Folded));
        Assert.All(TextFolding.FindWords(otherForm), word => Assert.Equal(word.Folded,
            TextFolding.Fold(otherForm.Substring(word.Start, word.Length)).Trim()));
    }

    [Theory]
    [InlineData("")]
    [InlineData("\u0301")]
    [InlineData("\u0306")]
    [InlineData("😀 2030 – 7%")]
    [InlineData("Ω ж 漢")]
    public void Sort_key_contains_no_non_ASCII_characters_except_letters(string text)
    {
        Assert.DoesNotContain(VietnameseSortKey.Create(text), character => character > 127 && !char.IsLetter(character));
    }
}
