using System.Text;
using System.Text.RegularExpressions;
using CooperationApi.Faults;

namespace CooperationApi.Tests.Faults;

public sealed class WordingTests
{
    // More than any text has places for; each is told from the others wherever it comes.
    private static readonly object[] Values = ["⟦0⟧", "⟦1⟧", "⟦2⟧", "⟦3⟧", "⟦4⟧"];

    public static TheoryData<string> Problems => [.. Wording.ProblemCodes];

    public static TheoryData<string> Faults => [.. Wording.FaultCodes];

    [Theory, MemberData(nameof(Problems))]
    public void A_problem_has_a_title_in_both_languages(string code) =>
        AreTranslations(Wording.ProblemTitle(Language.English, code), Wording.ProblemTitle(Language.Vietnamese, code));

    [Theory, MemberData(nameof(Problems))]
    public void A_problem_has_a_detail_in_both_languages(string code) =>
        AreTranslations(Wording.ProblemDetail(Language.English, code, Values), Wording.ProblemDetail(Language.Vietnamese, code, Values));

    [Theory, MemberData(nameof(Faults))]
    public void A_fault_has_a_detail_in_both_languages(string code) =>
        AreTranslations(Wording.Detail(Language.English, code, Values), Wording.Detail(Language.Vietnamese, code, Values));

    [Theory, MemberData(nameof(Problems)), MemberData(nameof(Faults))]
    public void A_code_is_in_snake_case(string code) => Assert.Matches("^[a-z]+(_[a-z]+)*$", code);

    [Fact]
    public void What_somebody_sent_is_not_said_back_by_the_kilobyte()
    {
        Assert.InRange(Wording.Detail(Language.English, "not_a_number", [new string('9', 10_000)]).Length, 100, 200);
    }

    [Fact]
    public void What_somebody_sent_is_cut_between_characters()
    {
        var said = Wording.Detail(Language.English, "not_a_number", ["x" + string.Concat(Enumerable.Repeat("😀", 100))]);
        Assert.DoesNotContain('\uFFFD', Encoding.UTF8.GetString(Encoding.UTF8.GetBytes(said)));
    }

    private static void AreTranslations(string english, string vietnamese)
    {
        Assert.Equal(Places(english), Places(vietnamese));
        Assert.NotEqual(english, vietnamese);
        Assert.True(vietnamese.IsNormalized());
        Assert.Contains(vietnamese, character => character is 'đ' or 'Đ' || char.IsLetter(character) && character.ToString().Normalize(NormalizationForm.FormD).Length > 1);
        Assert.All(english.Where(char.IsLetter), letter => Assert.True(char.IsAscii(letter), english));
    }

    private static IEnumerable<string> Places(string text) => Regex.Matches(text, "⟦[0-9]⟧").Select(place => place.Value).Order().Distinct();
}
