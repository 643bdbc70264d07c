using System.Text.RegularExpressions;
using CooperationApi.Tests.Access;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;

namespace CooperationApi.Tests;

/// <summary>Runs the Python and curl programs of README.md, and compiles the C# samples of the documents.</summary>
public sealed partial class DocumentationSampleTests
{
    private const string DocumentedAddress = "http://localhost:5000";

    // Declared by the reader of a sample.
    private const string Declarations =
        """
        string key = "";
        var copy = new SampleCopy();
        """;

    private const string DeclaredTypes =
        """
        internal sealed class SampleCopy
        {
            public string? Cursor { get; set; }
            public void Apply(System.Collections.Generic.IEnumerable<CooperationApi.Contracts.Change> changes) { }
            public void SaveCursor(string cursor) { }
            public void ReplaceBy(string path, string cursor) { }
        }
        """;

    private const string ImplicitUsings =
        "global using System; global using System.Collections.Generic; global using System.IO; global using System.Linq; global using "
        + "System.Net.Http; global using System.Threading.Tasks;";

    public static TheoryData<string, string> CSharpSamples() =>
        [.. RepositoryFiles.GetDocumentPaths().Concat(["src/CooperationApi.Client/README.md", "src/CooperationApi.Contracts/README.md"])
            .SelectMany(path => FindBlocks(path, "csharp").Select(sample => (path, sample)))];

    [Theory]
    [MemberData(nameof(CSharpSamples))]
    public void CSharp_sample_compiles(string document, string sample)
    {
        var cancel = TestContext.Current.CancellationToken;
        var directives = UsingDirectivePattern().Matches(sample).Select(match => match.Value);
        var source = $"{string.Concat(directives)}\n{Declarations}\n{UsingDirectivePattern().Replace(sample, "")}\n{DeclaredTypes}";
        var references = ((string)AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES")!).Split(Path.PathSeparator)
            .Select(path => MetadataReference.CreateFromFile(path));
        var compilation = CSharpCompilation.Create("Sample",
            [CSharpSyntaxTree.ParseText(ImplicitUsings, cancellationToken: cancel),
                CSharpSyntaxTree.ParseText(source, cancellationToken: cancel)], references,
            new(OutputKind.ConsoleApplication, nullableContextOptions: NullableContextOptions.Enable));
        Assert.All(compilation.GetDiagnostics(cancel), diagnostic =>
            Assert.True(diagnostic.Severity < DiagnosticSeverity.Error, $"{document}: {diagnostic}"));
    }

    [Fact]
    public async Task Python_program_of_the_README_lists_the_meetings_of_Thai_Binh()
    {
        Prerequisite.Require(ExternalProgram.AreInstalled("python3"), "python3 is not installed.");
        await using var service = await AuthenticatedService.Start();
        var output = await Run("python3", ["-c", Assert.Single(FindBlocks("README.md", "python"))], service);
        Assert.Equal(await ListMeetings(service, ' '), output);
    }

    [Fact]
    public async Task Curl_commands_of_the_README_list_meetings_get_304_and_download_a_workbook()
    {
        Prerequisite.Require(ExternalProgram.AreInstalled("bash", "curl", "jq"), "bash, curl or jq is not installed.");
        await using var service = await AuthenticatedService.Start();
        var output = await Run("bash",
            ["-euo", "pipefail", "-c",
                Assert.Single(FindBlocks("README.md", "sh"), block => block.Contains("jq -r", StringComparison.Ordinal))], service);
        Assert.Equal(await ListMeetings(service, '\t') + "304\n", output);
        Assert.True(new FileInfo(service.GetPath("results.xlsx")).Length > 0);
    }

    private static async Task<string> ListMeetings(AuthenticatedService service, char separator)
    {
        var meetings = (await service.SendForJson(System.Net.HttpStatusCode.OK, "GET", "/v1/meetings?provinceId=thai-binh&sort=-heldOn",
            await service.CreateKeySecret())).GetItems();
        return string.Concat(meetings.Select(meeting => $"{meeting["heldOn"]}{separator}{meeting["title"]}\n"));
    }

    /// <summary>Runs a program against the service, in the folder of the service; returns its standard output.</summary>
    private static async Task<string> Run(string program, string[] args, AuthenticatedService service)
    {
        var (exitCode, output, error) = await ExternalProgram.Run(program,
            args.Select(arg => arg.Replace(DocumentedAddress, service.Address.ToString().TrimEnd('/'), StringComparison.Ordinal)),
            service.GetPath("."), ("PYTHONIOENCODING", "utf-8"));
        Assert.True(exitCode == 0, error);
        return output.ReplaceLineEndings("\n");
    }

    private static IEnumerable<string> FindBlocks(string path, string language) =>
        BlockPattern().Matches(RepositoryFiles.ReadText(path)).Where(match => match.Groups["language"].Value == language)
            .Select(match => match.Groups["code"].Value);

    [GeneratedRegex(@"^```(?<language>\w+)\n(?<code>.*?)^```$", RegexOptions.Singleline | RegexOptions.Multiline)]
    private static partial Regex BlockPattern();

    [GeneratedRegex(@"^using [A-Z][\w.]*;\n", RegexOptions.Multiline)]
    private static partial Regex UsingDirectivePattern();
}
