using System.Diagnostics;
using System.Text.RegularExpressions;
using CooperationApi.Contracts;
using CooperationApi.Tests.Access;

namespace CooperationApi.Tests.Import;

/// <summary>Another report goes in as the README says: its commands are run as they stand.</summary>
public sealed partial class ReadmeImportTests
{
    [Fact]
    public async Task The_commands_that_add_a_report_add_it()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux() && File.Exists("/usr/bin/curl"), "There is no curl here.");
        await using var service = await Guarded.Start();
        using var folder = new Folder();
        var readme = Repository.Read("README.md");
        await File.WriteAllTextAsync(folder.Path("bundle.json"), Bundle().Match(readme).Groups[1].Value, TestContext.Current.CancellationToken);
        await File.WriteAllTextAsync(folder.Path("report.txt"), "Một bài báo làm ví dụ.", TestContext.Current.CancellationToken);
        var script = Commands().Match(readme).Groups[1].Value.Replace("http://localhost:5000", service.Address.ToString().TrimEnd('/'), StringComparison.Ordinal)
            .Replace("curl ", "curl --silent --show-error --fail-with-body ", StringComparison.Ordinal);
        using var shell = Process.Start(new ProcessStartInfo("bash", ["-euo", "pipefail", "-c", script])
        {
            WorkingDirectory = folder.Path("."),
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            Environment = { ["ADMIN"] = await service.Key(Role.Admin) },
        })!;
        var (output, error) = (shell.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken), shell.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken));
        await shell.WaitForExitAsync(TestContext.Current.CancellationToken);
        Assert.True(shell.ExitCode == 0, await output + await error);
        Assert.Contains("\"dryRun\":true", await output, StringComparison.Ordinal);
        using var corrected = await service.Get("/v1/officials/nguyen-van-a");
        Assert.Contains("Nguyễn Văn A", await corrected.Text(), StringComparison.Ordinal);
        using var source = await service.Get("/v1/sources/vi-du-2027-s1");
        Assert.Contains("\"sha256\"", await source.Text(), StringComparison.Ordinal);
    }

    [GeneratedRegex("""```json\n(\{\n  "sources".+?)\n```""", RegexOptions.Singleline)]
    private static partial Regex Bundle();

    [GeneratedRegex(@"```sh\n(curl 'http://localhost:5000/v1/imports\?dryRun=true'.+?)\n```", RegexOptions.Singleline)]
    private static partial Regex Commands();
}
