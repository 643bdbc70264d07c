using System.Text.Json.Nodes;

namespace CooperationApi.Tests.Verbs;

/// <summary>The program's command line.</summary>
[Collection(nameof(VerbProcesses))]
public sealed class VerbTests
{
    [Theory]
    [InlineData("nonsense")]
    [InlineData("import there-is-no-such-file.json")]
    public async Task A_command_line_that_says_nothing_it_knows_is_refused_and_makes_no_store(string words)
    {
        using var folder = new Folder();
        var (exit, _, error) = await Executable.Run([.. words.Split(' '), $"--Storage:Path={folder.Path("cooperation.db")}"]);
        Assert.Equal(2, exit);
        Assert.NotEqual("", error.Trim());
        Assert.Empty(folder.Snapshot());
    }

    [Theory]
    [InlineData("--Storag:Path=elsewhere.db", "Storage")]
    [InlineData("--Storage:Pth=elsewhere.db", "Pth")]
    [InlineData("--Limits:RequestsPerMinute=-1", "RequestsPerMinute")]
    [InlineData("--Storage:Engine=PostgreSQL", "PostgreSQL")]
    [InlineData("--urls=nowhere", "nowhere")]
    [InlineData("--urls", "urls")]
    [InlineData("--urls=http://127.0.0.1:0 import", "import")]
    public async Task A_setting_that_can_not_be_followed_stops_the_start_and_is_named(string words, string named)
    {
        using var folder = new Folder();
        var (exit, _, error) = await Executable.Run([$"--Storage:Path={folder.Path("cooperation.db")}", .. words.Split(' ')]);
        Assert.Equal(2, exit);
        Assert.Contains(named, error, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_folder_is_no_bundle()
    {
        using var folder = new Folder();
        var (exit, _, error) = await Executable.Run("import", Path.GetDirectoryName(folder.Path("x"))!, $"--Storage:Path={folder.Path("cooperation.db")}");
        Assert.NotEqual(0, exit);
        Assert.DoesNotContain("   at ", error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Help_needs_no_store()
    {
        var (exit, output, _) = await Executable.Run("--help");
        Assert.Equal(0, exit);
        Assert.All(["import", "verify"], verb => Assert.Contains(verb, output, StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_setting_is_followed_wherever_it_stands()
    {
        using var folder = new Folder();
        await File.WriteAllTextAsync(folder.Path("bundle.json"), "{}", TestContext.Current.CancellationToken);
        // A path that begins with a slash isn't a setting whose value comes next.
        await Executable.Run("import", folder.Path("bundle.json"), $"--Storage:Path={folder.Path("behind.db")}");
        Assert.True(File.Exists(folder.Path("behind.db")));
        await Executable.Run("import", $"--Storage:Path={folder.Path("before.db")}", folder.Path("bundle.json"));
        Assert.True(File.Exists(folder.Path("before.db")));
    }

    [Fact]
    public async Task A_verb_on_a_store_that_can_not_be_used_says_so()
    {
        using var folder = new Folder();
        await File.WriteAllTextAsync(folder.Path("cooperation.db"), "a text", TestContext.Current.CancellationToken);
        var before = folder.Snapshot();
        var (exit, output, error) = await Executable.Import(folder.Path("cooperation.db"), new JsonObject());
        Assert.Equal((3, ""), (exit, output));
        Assert.Contains(folder.Path("cooperation.db"), Assert.Single(error.Trim().Split('\n')), StringComparison.Ordinal);
        Assert.Equal(before, folder.Snapshot());
    }
}
