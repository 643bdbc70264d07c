using System.Net;
using System.Text.Json;
using System.Text.RegularExpressions;
using CooperationApi.Contracts;
using CooperationApi.Http.Problems;
using CooperationApi.Tests.Access;

namespace CooperationApi.Tests.Http.Problems;

[Collection(nameof(SharedApi))]
public sealed partial class ProblemGuideTests(ApiFixture api)
{
    public static TheoryData<string, string> CodesAndLanguages =>
        [.. ProblemMessages.ProblemCodes.SelectMany(code => new[] { (code, "vi"), (code, "en") })];

    [Fact]
    public void Every_problem_code_has_an_explanation() =>
        Assert.Equal(ProblemMessages.ProblemCodes.Order(StringComparer.Ordinal), ProblemGuides.Codes.Order(StringComparer.Ordinal));

    [Fact]
    public void Explanations_have_other_words_in_each_language() => Assert.All(ProblemGuides.Codes, code =>
    {
        var guide = ProblemGuides.Find(code)!;
        foreach (var text in new[] { guide.Cause, guide.Cure })
        {
            Assert.NotEqual(text.English, text.Vietnamese);
            Assert.EndsWith(".", text.English, StringComparison.Ordinal);
            Assert.EndsWith(".", text.Vietnamese, StringComparison.Ordinal);
        }
    });

    [Theory, MemberData(nameof(CodesAndLanguages))]
    public async Task A_problem_code_has_a_page_with_cause_cure_and_a_valid_example(string code, string language)
    {
        using var response = await api.Get($"/problems/{code}?lang={language}");
        Assert.Equal((HttpStatusCode.OK, "text/html; charset=utf-8"), (response.StatusCode, response.GetHeader("Content-Type")));
        var page = WebUtility.HtmlDecode(await response.ReadText());
        var guide = ProblemGuides.Find(code)!;
        var languageOfTexts = language == "vi" ? Language.Vietnamese : Language.English;
        Assert.Contains(guide.Cause.Get(languageOfTexts), page, StringComparison.Ordinal);
        Assert.Contains(guide.Cure.Get(languageOfTexts), page, StringComparison.Ordinal);

        var example = JsonSerializer.Deserialize<Problem>(ExamplePattern().Match(page).Groups[1].Value, ApiJson.Options)!;
        Assert.Equal((code, guide.Status, ProblemMessages.GetProblemTitle(languageOfTexts, code)),
            (example.Code, example.Status, example.Title));
        Assert.DoesNotContain("{", example.Detail, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("/v1/meetings/khong-co", "record_not_found")]
    [InlineData("/v1/meetings?provnceId=ha-noi", "invalid_request")]
    [InlineData("/v1/nowhere", "not_found")]
    public async Task A_problem_links_to_the_page_of_its_code(string address, string code)
    {
        using var response = await api.Get(address);
        Assert.Equal($"</problems/{code}>; rel=\"help\"", response.GetHeader("Link"));
    }

    [Fact]
    public async Task An_unknown_code_has_no_page()
    {
        using var response = await api.Get("/problems/unknown_code");
        Assert.Equal(HttpStatusCode.NotFound, response.StatusCode);
    }

    [Theory]
    [InlineData("Pages:Enabled")]
    [InlineData("Access:AllowAnonymousRead")]
    public async Task A_problem_has_no_link_if_there_are_no_pages(string setting)
    {
        await using var service = await AuthenticatedService.Start((setting, "false"));
        using var response = await service.Get("/v1/nowhere");
        Assert.False(response.IsSuccessStatusCode);
        Assert.Null(response.GetHeader("Link"));
    }

    [GeneratedRegex("<pre>(.*?)</pre>", RegexOptions.Singleline)]
    private static partial Regex ExamplePattern();
}
