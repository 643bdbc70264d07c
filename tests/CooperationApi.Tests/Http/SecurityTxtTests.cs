using System.Net;
using CooperationApi.Tests.Access;

namespace CooperationApi.Tests.Http;

public sealed class SecurityTxtTests
{
    private const string Path = "/.well-known/security.txt";

    [Fact]
    public async Task Security_txt_has_the_configured_fields_without_a_key_until_it_expires()
    {
        await using var service = await AuthenticatedService.Start(("Access:AllowAnonymousRead", "false"),
            ("SecurityTxt:Contact", "mailto:an-ninh@hop-tac.example"), ("SecurityTxt:Expires", "2099-06-30T07:00:00+07:00"),
            ("SecurityTxt:Policy", "https://hop-tac.example/an-ninh"), ("SecurityTxt:PreferredLanguages", "vi, en"));
        using var response = await service.Get(Path);
        Assert.Equal((HttpStatusCode.OK, "text/plain; charset=utf-8"), (response.StatusCode, response.GetHeader("Content-Type")));
        Assert.Equal(
            """
            Contact: mailto:an-ninh@hop-tac.example
            Expires: 2099-06-30T00:00:00Z
            Policy: https://hop-tac.example/an-ninh
            Preferred-Languages: vi, en

            """, await response.ReadText());
    }

    [Fact]
    public async Task Expired_security_txt_is_not_sent()
    {
        await using var service = await AuthenticatedService.Start(
            ("SecurityTxt:Contact", "https://hop-tac.example/an-ninh"), ("SecurityTxt:Expires", "2020-06-30T00:00:00Z"));
        using var response = await service.Get(Path);
        Assert.Equal((HttpStatusCode.NotFound, "application/problem+json"), (response.StatusCode, response.GetHeader("Content-Type")));
    }

    [Fact]
    public async Task Security_txt_is_absent_without_a_contact()
    {
        await using var service = await AuthenticatedService.Start();
        Assert.Equal(404, await service.GetStatusCode(Path));
    }

    [Theory]
    [InlineData("--SecurityTxt:Contact=mailto:a@b.example", "Expires")]
    [InlineData("--SecurityTxt:Expires=2099-06-30T00:00:00Z", "Contact")]
    [InlineData("--SecurityTxt:Policy=https://b.example", "Contact")]
    [InlineData("--SecurityTxt:Contact=http://b.example --SecurityTxt:Expires=2099-06-30T00:00:00Z", "http://b.example")]
    [InlineData("--SecurityTxt:Contact=mailto:a@b.example --SecurityTxt:Expires=soon", "Expires")]
    public async Task An_invalid_security_txt_stops_the_start(string arguments, string expected)
    {
        using var folder = new TempFolder();
        var (exitCode, _, error) = await CliProcess.Run([$"--Storage:Path={folder.GetPath("cooperation.db")}", .. arguments.Split(' ')]);
        Assert.Equal(2, exitCode);
        Assert.Contains(expected, error, StringComparison.Ordinal);
    }
}
