using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;
using CooperationApi.Contracts;
using CooperationApi.Http.Problems;
using CooperationApi.Text;

namespace CooperationApi.Tests.Http.Problems;

public sealed class ProblemMessagesTests
{
    // More arguments than any message has placeholders, each recognizable in the formatted text.
    private static readonly object[] Arguments = ["⟦0⟧", "⟦1⟧", "⟦2⟧", "⟦3⟧", "⟦4⟧"];

    public static TheoryData<string> ProblemCodes => [.. ProblemMessages.ProblemCodes];

    public static TheoryData<string> ErrorCodes => [.. ProblemMessages.ErrorCodes];

    [Theory, MemberData(nameof(ProblemCodes))]
    public void A_problem_has_a_title_in_both_languages(string code) =>
        AssertTranslations(ProblemMessages.GetProblemTitle(Language.English, code),
            ProblemMessages.GetProblemTitle(Language.Vietnamese, code));

    [Theory, MemberData(nameof(ProblemCodes))]
    public void A_problem_has_a_detail_in_both_languages(string code) =>
        AssertTranslations(ProblemMessages.GetProblemDetail(Language.English, code, Arguments),
            ProblemMessages.GetProblemDetail(Language.Vietnamese, code, Arguments));

    [Theory, MemberData(nameof(ErrorCodes))]
    public void An_error_has_a_detail_in_both_languages(string code) =>
        AssertTranslations(ProblemMessages.GetErrorDetail(Language.English, code, Arguments),
            ProblemMessages.GetErrorDetail(Language.Vietnamese, code, Arguments));

    [Theory, MemberData(nameof(ProblemCodes)), MemberData(nameof(ErrorCodes))]
    public void A_code_is_in_snake_case(string code) => Assert.Matches("^[a-z]+(_[a-z]+)*$", code);

    [Fact]
    public void Echoed_input_is_truncated()
    {
        Assert.InRange(ProblemMessages.GetErrorDetail(Language.English, "invalid_integer", [new string('9', 10_000)]).Length, 100, 200);
    }

    [Fact]
    public void Echoed_input_is_truncated_between_characters()
    {
        var detail =
            ProblemMessages.GetErrorDetail(Language.English, "invalid_integer", ["x" + string.Concat(Enumerable.Repeat("😀", 100))]);
        Assert.DoesNotContain('\uFFFD', Encoding.UTF8.GetString(Encoding.UTF8.GetBytes(detail)));
    }

    [Theory]
    [InlineData("en", "'meetings/a' was deleted on 2026-11-22T08:00:00.000Z.")]
    [InlineData("vi", "'meetings/a' đã bị xóa lúc 15:00 ngày 22/11/2026.")]
    public void A_time_is_written_as_readers_of_the_language_write_it(string language, string expected) =>
        Assert.Equal(expected, ProblemMessages.GetProblemDetail(language == "vi" ? Language.Vietnamese : Language.English, "record_deleted",
            ["meetings", "a", new DateTimeOffset(2026, 11, 22, 8, 0, 0, TimeSpan.Zero), "deleted"]));

    [Theory]
    [InlineData("2019-10-26", "2019-10-26", "26/10/2019")]
    [InlineData("2019-10", "2019-10", "tháng 10/2019")]
    [InlineData("2019", "2019", "2019")]
    public void A_date_is_written_as_readers_of_the_language_write_it(string date, string english, string vietnamese)
    {
        object[] arguments = ["hop", PartialDate.Parse(date)];
        Assert.Contains(english, ProblemMessages.GetErrorDetail(Language.English, "date_before_meeting", arguments),
            StringComparison.Ordinal);
        Assert.Contains(vietnamese, ProblemMessages.GetErrorDetail(Language.Vietnamese, "date_before_meeting", arguments),
            StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(null, "2025-06-30", "until 2025-06-30", "đến 30/06/2025")]
    [InlineData("2025-07-01", null, "from 2025-07-01", "từ 01/07/2025")]
    [InlineData("2008-08-02", "2025-06-30", "from 2008-08-02 to 2025-06-30", "từ 02/08/2008 đến 30/06/2025")]
    public void A_period_without_a_start_or_an_end_has_no_sentinel(string? from, string? to, string english, string vietnamese)
    {
        object[] arguments = ["a", "b", new ValidityPeriod(Parse(from), Parse(to)), "c"];
        Assert.StartsWith($"'a' existed only {english};",
            ProblemMessages.GetErrorDetail(Language.English, "province_not_in_force", arguments), StringComparison.Ordinal);
        Assert.StartsWith($"'a' chỉ tồn tại {vietnamese},",
            ProblemMessages.GetErrorDetail(Language.Vietnamese, "province_not_in_force", arguments), StringComparison.Ordinal);

        static DateOnly? Parse(string? day) => day is null ? null : DateOnly.Parse(day, CultureInfo.InvariantCulture);
    }

    [Fact]
    public void No_message_has_words_of_the_program_or_a_pattern() => Assert.All(
        ProblemMessages.ErrorCodes.SelectMany(code => new[] { Language.English, Language.Vietnamese }
            .Select(language => ProblemMessages.GetErrorDetail(language, code, Arguments))),
        text => Assert.DoesNotMatch(@"System\.|Json[A-Z]|Exception|\^\[|\[a-z|9999-12-31|yyyy-MM", text));

    private static void AssertTranslations(string english, string vietnamese)
    {
        Assert.Equal(FindPlaceholders(english), FindPlaceholders(vietnamese));
        Assert.NotEqual(english, vietnamese);
        Assert.True(vietnamese.IsNormalized());
        Assert.Contains(vietnamese,
            character =>
                character is 'đ' or 'Đ' || char.IsLetter(character) && character.ToString().Normalize(NormalizationForm.FormD).Length > 1);
        Assert.All(english.Where(char.IsLetter), letter => Assert.True(char.IsAscii(letter), english));
    }

    private static IEnumerable<string> FindPlaceholders(string text) =>
        Regex.Matches(text, "⟦[0-9]⟧").Select(match => match.Value).Order().Distinct();
}
