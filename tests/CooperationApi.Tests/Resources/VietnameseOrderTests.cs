using System.Globalization;
using System.Text;
using CooperationApi.Resources;

namespace CooperationApi.Tests.Resources;

public sealed class VietnameseOrderTests
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
        Assert.Equal(words, words.Reverse().OrderBy(VietnameseOrder.Key, StringComparer.Ordinal));
        var dictionary = CultureInfo.GetCultureInfo("vi-VN").CompareInfo;
        Assert.Equal(words.Order(Comparer<string>.Create((one, other) => dictionary.Compare(one, other))), words);
    }

    [Fact]
    public void A_word_comes_before_those_that_it_begins()
    {
        string[] names = ["Hà", "Hà Nam", "Hà Nội", "Hài"];
        Assert.Equal(names, names.Reverse().OrderBy(VietnameseOrder.Key, StringComparer.Ordinal));
    }

    [Fact]
    public void Case_and_normalisation_form_make_no_difference()
    {
        Assert.Equal(VietnameseOrder.Key("Đắk Lắk"), VietnameseOrder.Key("ĐẮK LẮK"));
        Assert.Equal(VietnameseOrder.Key("Đắk Lắk"), VietnameseOrder.Key("Đắk Lắk".Normalize(NormalizationForm.FormD)));
    }

    [Theory]
    [InlineData("")]
    [InlineData("\u0301")]
    [InlineData("\u0306")]
    [InlineData("😀 2030 – 7%")]
    [InlineData("Ω ж 漢")]
    public void Any_text_has_a_key_of_its_own_or_that_of_nothing(string text)
    {
        Assert.DoesNotContain(VietnameseOrder.Key(text), character => character > 127 && !char.IsLetter(character));
    }
}
