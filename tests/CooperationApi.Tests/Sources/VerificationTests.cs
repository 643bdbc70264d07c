using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;

namespace CooperationApi.Tests.Sources;

/// <summary>The `verify` verb: whoever holds a source's text can check what the record says of it.</summary>
[Collection(nameof(VerbProcesses))]
public sealed class VerificationTests
{
    // Letters outside the basic plane count as one; what stands behind them shows it.
    private const string Text = "😀 Hà Nội trao tặng 3 tỷ đồng 😀 và 100 con bò giống.";

    [Fact]
    public async Task Every_quote_of_the_founding_report_stands()
    {
        var (exit, output, _) = await Verify(Founding.Source, Report());
        Assert.Equal(0, exit);
        Assert.Matches($"^{Founding.Source}: hash, length and all [0-9]{{3}} quotes hold\\.$", output.Trim());
    }

    [Fact]
    public async Task One_altered_letter_of_the_report_is_found_with_the_quotes_that_it_breaks()
    {
        var (exit, output, _) = await Verify(Founding.Source, Report().Replace("xã hội tỉnh Thái Bình 3 tỷ đồng", "xã hội tỉnh Thái Bình 4 tỷ đồng", StringComparison.Ordinal));
        Assert.Equal(1, exit);
        Assert.Contains("sha256: ", output, StringComparison.Ordinal);
        Assert.DoesNotContain("length: ", output, StringComparison.Ordinal);
        Assert.Contains("results/ha-noi-thai-binh-2019-trao-tang-quy-an-sinh-xa-hoi-3-ty-dong", output, StringComparison.Ordinal);
        Assert.DoesNotContain("officials/", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_report_that_is_cut_off_is_found_with_every_quote_behind_the_cut()
    {
        var report = Report();
        var (exit, output, _) = await Verify(Founding.Source, report[..(report.Length / 2)]);
        Assert.Equal(1, exit);
        Assert.Contains("length: ", output, StringComparison.Ordinal);
        Assert.Contains("results/ha-noi-thai-binh-2019-trao-tang-100-con-bo-giong", output, StringComparison.Ordinal);
        Assert.DoesNotContain("officials/nguyen-thi-bich-ngoc", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_text_is_checked_in_code_points_of_its_composed_form()
    {
        using var folder = new Folder();
        var store = await folder.Store();
        Assert.Equal(0, (await Executable.Import(store, Bundle())).Exit);
        foreach (var (text, exit) in new[] { (Text, 0), ("\uFEFF" + Text.Normalize(NormalizationForm.FormD), 0), (Text.Replace('3', '4'), 1) })
        {
            var ended = await Verify(folder, store, "our-own", text);
            Assert.True(ended.Exit == exit, ended.Output + ended.Error);
        }
    }

    [Fact]
    public async Task A_source_that_is_not_there_is_named()
    {
        var (exit, output, _) = await Verify("there-is-none", "text");
        Assert.Equal(1, exit);
        Assert.Contains("there-is-none", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Bytes_that_are_no_text_are_refused()
    {
        using var folder = new Folder();
        await File.WriteAllBytesAsync(folder.Path("text"), [0xff, 0xfe, 0x41], TestContext.Current.CancellationToken);
        var (exit, _, error) = await Executable.Run("verify", $"--Storage:Path={await folder.Store()}", "--source", Founding.Source, "--text", folder.Path("text"));
        Assert.Equal(1, exit);
        Assert.Contains("UTF-8", error, StringComparison.Ordinal);
    }

    private static async Task<Ended> Verify(string source, string text)
    {
        using var folder = new Folder();
        return await Verify(folder, await folder.Store(), source, text);
    }

    private static async Task<Ended> Verify(Folder folder, string store, string source, string text)
    {
        await File.WriteAllTextAsync(folder.Path("text"), text, new UTF8Encoding(false), TestContext.Current.CancellationToken);
        return await Executable.Run("verify", $"--Storage:Path={store}", "--source", source, "--text", folder.Path("text"));
    }

    private static JsonObject Bundle()
    {
        var source = new JsonObject
        {
            ["id"] = "our-own",
            ["title"] = "Văn bản thử",
            ["kind"] = "Official",
            ["sha256"] = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(Text))),
            ["length"] = Text.EnumerateRunes().Count(),
        };
        var start = Text[..Text.IndexOf("100 con", StringComparison.Ordinal)].EnumerateRunes().Count();
        var citation = new JsonObject
        {
            ["sourceId"] = "our-own",
            ["quote"] = "100 con bò giống",
            ["start"] = start,
            ["end"] = start + 16,
            ["supports"] = new JsonArray("title"),
            ["basis"] = "Stated",
        };
        var result = new JsonObject { ["id"] = "our-cows", ["title"] = "100 con bò giống", ["kind"] = "Contribution", ["citations"] = new JsonArray(citation) };
        return new() { ["sources"] = new JsonArray(source), ["results"] = new JsonArray(result) };
    }

    private static string Report()
    {
        Assert.SkipWhen(Repository.FoundingReport is null, "The founding report's text isn't beside this checkout: it is not published.");
        return File.ReadAllText(Repository.FoundingReport!);
    }
}
