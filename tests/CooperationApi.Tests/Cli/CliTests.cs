using System.Text.Json.Nodes;

namespace CooperationApi.Tests.Cli;

/// <summary>Tests of the command line of the service.</summary>
public sealed class CliTests
{
    [Theory]
    [InlineData("nonsense")]
    [InlineData("import missing-file.json")]
    public async Task Invalid_command_line_is_rejected_and_creates_no_store(string arguments)
    {
        using var folder = new TempFolder();
        var (exitCode, _, error) = await CliProcess.Run([.. arguments.Split(' '), $"--Storage:Path={folder.GetPath("cooperation.db")}"]);
        Assert.Equal(2, exitCode);
        Assert.NotEqual("", error.Trim());
        Assert.Empty(folder.ListEntriesWithHashes());
    }

    [Theory]
    [InlineData("--Storag:Path=elsewhere.db", "Storage")]
    [InlineData("--Storage:Pth=elsewhere.db", "Pth")]
    [InlineData("--Limits:AnonymousRequestsPerMinute=-1", "AnonymousRequestsPerMinute")]
    [InlineData("--Storage:Engine=Oracle", "Engine must be Sqlite or PostgreSQL.")]
    [InlineData("--OpenApi:ServerUrl=portal.example", "ServerUrl: 'portal.example'")]
    [InlineData("--urls=nowhere", "nowhere")]
    [InlineData("--urls=http://127.0.0.1:99999", "port")]
    [InlineData("--urls=http://203.0.113.1:5000", "address")]
    [InlineData("--urls=https://127.0.0.1:0 --Kestrel:Certificates:Default:Path=/none.pfx", "none.pfx")]
    [InlineData("--urls=https://127.0.0.1:0 --Kestrel:Certificates:Default:Path=CooperationApi.dll", "listen")]
    [InlineData("--Kestrel:Endpoints:Public:Url=https://127.0.0.1:0", "certificate")]
    [InlineData("--urls", "urls")]
    [InlineData("--urls=http://127.0.0.1:0 import", "import")]
    public async Task Invalid_setting_prevents_the_start_and_is_reported(string arguments, string expected)
    {
        using var folder = new TempFolder();
        var (exitCode, _, error) = await CliProcess.Run([$"--Storage:Path={folder.GetPath("cooperation.db")}", .. arguments.Split(' ')]);
        Assert.Equal(2, exitCode);
        Assert.Contains(expected, error, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Folder_as_bundle_is_rejected()
    {
        using var folder = new TempFolder();
        var (exitCode, _,
            error) = await CliProcess.Run("import", Path.GetDirectoryName(folder.GetPath("x"))!,
                $"--Storage:Path={folder.GetPath("cooperation.db")}");
        Assert.NotEqual(0, exitCode);
        Assert.DoesNotContain("   at ", error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Help_needs_no_store()
    {
        var (exitCode, output, _) = await CliProcess.Run("--help");
        Assert.Equal(0, exitCode);
        Assert.All(["import", "verify"], command => Assert.Contains(command, output, StringComparison.Ordinal));
    }

    [Fact]
    public async Task Settings_are_accepted_before_and_after_arguments()
    {
        using var folder = new TempFolder();
        await File.WriteAllTextAsync(folder.GetPath("bundle.json"), "{}", TestContext.Current.CancellationToken);
        // A path that begins with a slash is not a setting such as `/key value`.
        await CliProcess.Run("import", folder.GetPath("bundle.json"), $"--Storage:Path={folder.GetPath("after.db")}");
        Assert.True(TestStore.Exists(folder.GetPath("after.db")));
        Assert.True(File.Exists(folder.GetPath("after.db.hwm")));
        await CliProcess.Run("import", $"--Storage:Path={folder.GetPath("before.db")}", folder.GetPath("bundle.json"));
        Assert.True(TestStore.Exists(folder.GetPath("before.db")));
        Assert.True(File.Exists(folder.GetPath("before.db.hwm")));
    }

    [Fact]
    public async Task Command_on_an_unusable_store_reports_the_error()
    {
        using var folder = new TempFolder();
        TestStore.CreateForeignDatabase(folder.GetPath("cooperation.db"));
        var before = folder.ListEntriesWithHashes();
        var (exitCode, output, error) = await CliProcess.Import(folder.GetPath("cooperation.db"), new JsonObject());
        Assert.Equal((3, ""), (exitCode, output));
        Assert.Contains(TestStore.GetStoreName(folder.GetPath("cooperation.db")), Assert.Single(error.Trim().Split('\n')),
            StringComparison.Ordinal);
        Assert.Equal(before, folder.ListEntriesWithHashes());
    }
}
