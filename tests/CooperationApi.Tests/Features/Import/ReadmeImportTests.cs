using System.Text.RegularExpressions;
using CooperationApi.Contracts;
using CooperationApi.Tests.Access;

namespace CooperationApi.Tests.Features.Import;

/// <summary>Runs the commands of docs/bundles.md, which import another report.</summary>
public sealed partial class ReadmeImportTests
{
    [Fact]
    public async Task Documented_commands_for_adding_a_report_succeed()
    {
        Prerequisite.Require(ExternalProgram.AreInstalled("bash", "curl"), "bash or curl is not installed.");
        await using var service = await AuthenticatedService.Start();
        using var folder = new TempFolder();
        var readme = RepositoryFiles.ReadText("docs/bundles.md");
        await File.WriteAllTextAsync(folder.GetPath("bundle.json"), BundlePattern().Match(readme).Groups[1].Value,
            TestContext.Current.CancellationToken);
        await File.WriteAllTextAsync(folder.GetPath("report.txt"), "Một bài báo làm ví dụ.", TestContext.Current.CancellationToken);
        var script = CommandsPattern().Match(readme).Groups[1].Value.Replace("http://localhost:5000",
            service.Address.ToString().TrimEnd('/'), StringComparison.Ordinal)
            .Replace("curl ", "curl --silent --show-error --fail-with-body ", StringComparison.Ordinal);
        var (exitCode, output,
            error) = await ExternalProgram.Run("bash", ["-euo", "pipefail", "-c", script], folder.GetPath("."),
                ("ADMIN", await service.CreateKeySecret(Role.Admin)));
        Assert.True(exitCode == 0, output + error);
        Assert.Contains("\"dryRun\":true", output, StringComparison.Ordinal);
        using var corrected = await service.Get("/v1/officials/nguyen-van-a");
        Assert.Contains("Nguyễn Văn A", await corrected.ReadText(), StringComparison.Ordinal);
        using var source = await service.Get("/v1/sources/vi-du-2027-s1");
        Assert.Contains("\"sha256\"", await source.ReadText(), StringComparison.Ordinal);
    }

    [GeneratedRegex("""```json\n(\{\n  "sources".+?)\n```""", RegexOptions.Singleline)]
    private static partial Regex BundlePattern();

    [GeneratedRegex(@"```sh\n(curl 'http://localhost:5000/v1/imports\?dryRun=true'.+?)\n```", RegexOptions.Singleline)]
    private static partial Regex CommandsPattern();
}
