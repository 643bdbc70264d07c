using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;

namespace CooperationApi.Tests.Features.Citations;

/// <summary>Tests of the `verify` command, which checks the citations of a source against its text.</summary>
public sealed class SourceVerificationTests
{
    // An emoji is one code point but two UTF-16 code units, so the offsets after it show which of them are counted.
    private const string Text = "😀 Hà Nội trao tặng 3 tỷ đồng 😀 và 100 con bò giống.";

    [Fact]
    public async Task Every_quote_of_the_seed_report_is_verified()
    {
        var (exitCode, output, _) = await Verify(SeedFacts.SourceId, ReadReport());
        Assert.Equal(0, exitCode);
        Assert.Matches($"^{SeedFacts.SourceId}: hash, length and all [0-9]{{3}} quotes match\\.$", output.Trim());
    }

    [Fact]
    public async Task Altered_letter_in_the_report_is_reported_with_the_affected_quotes()
    {
        var (exitCode, output,
            _) = await Verify(SeedFacts.SourceId,
                ReadReport().Replace("xã hội tỉnh Thái Bình 3 tỷ đồng", "xã hội tỉnh Thái Bình 4 tỷ đồng", StringComparison.Ordinal));
        Assert.Equal(1, exitCode);
        Assert.Contains("sha256: ", output, StringComparison.Ordinal);
        Assert.DoesNotContain("length: ", output, StringComparison.Ordinal);
        Assert.Contains("results/ha-noi-thai-binh-2019-trao-tang-quy-an-sinh-xa-hoi-3-ty-dong", output, StringComparison.Ordinal);
        Assert.DoesNotContain("officials/", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Truncated_report_is_reported_with_every_quote_after_the_cut()
    {
        var report = ReadReport();
        var (exitCode, output, _) = await Verify(SeedFacts.SourceId, report[..(report.Length / 2)]);
        Assert.Equal(1, exitCode);
        Assert.Contains("length: ", output, StringComparison.Ordinal);
        Assert.Contains("results/ha-noi-thai-binh-2019-trao-tang-100-con-bo-giong", output, StringComparison.Ordinal);
        Assert.DoesNotContain("officials/nguyen-thi-bich-ngoc", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Text_is_checked_in_code_points_after_NFC_normalization()
    {
        using var folder = new TempFolder();
        var store = await folder.CreateStore();
        Assert.Equal(0, (await CliProcess.Import(store, CreateBundle())).ExitCode);
        foreach (var (text, expectedExitCode) in new[] { (Text, 0), ("\uFEFF" + Text.Normalize(NormalizationForm.FormD), 0),
            (Text.Replace('3', '4'), 1) })
        {
            var result = await Verify(folder, store, "our-own", text);
            Assert.True(result.ExitCode == expectedExitCode, result.Output + result.Error);
        }
    }

    [Fact]
    public async Task Unknown_source_is_reported()
    {
        var (exitCode, output, _) = await Verify("there-is-none", "text");
        Assert.Equal(1, exitCode);
        Assert.Contains("there-is-none", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Text_that_is_not_UTF_8_is_rejected()
    {
        using var folder = new TempFolder();
        await File.WriteAllBytesAsync(folder.GetPath("text"), [0xff, 0xfe, 0x41], TestContext.Current.CancellationToken);
        var (exitCode, output, _) = await CliProcess.Run("verify", $"--Storage:Path={await folder.CreateStore()}", "--source",
            SeedFacts.SourceId, "--text", folder.GetPath("text"));
        Assert.Equal(1, exitCode);
        Assert.Contains("UTF-8", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task All_texts_of_a_folder_are_verified_by_their_names()
    {
        using var folder = new TempFolder();
        var store = await folder.CreateStore();
        var (imported, _, importError) = await CliProcess.Import(store, CreateBundle());
        Assert.True(imported == 0, importError);
        var texts = Directory.CreateDirectory(folder.GetPath("texts"));
        var (exitCode, output, _) = await CliProcess.Run("verify", $"--Storage:Path={store}", "--all", texts.FullName);
        Assert.Equal((1, "0 text(s), 0 with mismatches."), (exitCode, output.TrimEnd().Split('\n')[^1]));

        await WriteText("our-own", Text);
        (exitCode, output, _) = await CliProcess.Run("verify", $"--Storage:Path={store}", "--all", texts.FullName);
        Assert.Equal((0, "1 text(s), 0 with mismatches."), (exitCode, output.TrimEnd().Split('\n')[^1]));

        await WriteText(SeedFacts.SourceId, "một văn bản khác");
        await WriteText("there-is-none", Text);
        (exitCode, output, _) = await CliProcess.Run("verify", $"--Storage:Path={store}", "--all", texts.FullName);
        Assert.Equal((1, "3 text(s), 2 with mismatches."), (exitCode, output.TrimEnd().Split('\n')[^1]));
        Assert.Contains("Source 'there-is-none' does not exist.", output, StringComparison.Ordinal);

        Task WriteText(string name, string text) =>
            File.WriteAllTextAsync(Path.Combine(texts.FullName, name + ".txt"), text, TestContext.Current.CancellationToken);
    }

    [Theory]
    [InlineData("--source", "an-id")]
    [InlineData("--source", "an-id", "--all", ".")]
    [InlineData]
    public async Task Verify_requires_one_source_with_its_text_or_a_folder(params string[] arguments)
    {
        var (exitCode, _, error) = await CliProcess.Run(["verify", .. arguments]);
        Assert.NotEqual(0, exitCode);
        Assert.Contains("--all", error, StringComparison.Ordinal);
    }

    private static async Task<ProcessResult> Verify(string source, string text)
    {
        using var folder = new TempFolder();
        return await Verify(folder, await folder.CreateStore(), source, text);
    }

    private static async Task<ProcessResult> Verify(TempFolder folder, string store, string source, string text)
    {
        await File.WriteAllTextAsync(folder.GetPath("text"), text, new UTF8Encoding(false), TestContext.Current.CancellationToken);
        return await CliProcess.Run("verify", $"--Storage:Path={store}", "--source", source, "--text", folder.GetPath("text"));
    }

    private static JsonObject CreateBundle()
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
        var result = new JsonObject
        {
            ["id"] = "our-cows",
            ["title"] = "100 con bò giống",
            ["kind"] = "Contribution",
            ["citations"] = new JsonArray(citation),
        };
        return new() { ["sources"] = new JsonArray(source), ["results"] = new JsonArray(result) };
    }

    private static string ReadReport()
    {
        Prerequisite.Require(RepositoryFiles.SeedReportPath is not null, "The text of the seed report is missing: it is not published.");
        return File.ReadAllText(RepositoryFiles.SeedReportPath!);
    }
}
