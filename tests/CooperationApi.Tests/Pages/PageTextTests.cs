using System.Text.RegularExpressions;
using System.Xml.Linq;
using CooperationApi.Contracts;
using CooperationApi.Pages.Charts;

namespace CooperationApi.Tests.Pages;

public sealed class PageTextTests
{
    private static readonly string Folder = Path.Combine(RepositoryFiles.Root, "src", "CooperationApi", "Pages");

    private static readonly Dictionary<string, string> Vietnamese = ReadTexts("PageTexts.resx"), English = ReadTexts("PageTexts.en.resx");

    private static readonly string[] RemovalReasons = ["deleted", "merged", "redacted"];

    [Fact]
    public void Both_languages_have_the_same_texts_with_the_same_arguments()
    {
        Assert.Equal(Vietnamese.Keys.Order(StringComparer.Ordinal), English.Keys.Order(StringComparer.Ordinal));
        Assert.All(Vietnamese, text => Assert.Equal(FindArguments(text.Value), FindArguments(English[text.Key])));
    }

    [Fact]
    public void Every_text_is_used_and_every_used_text_exists()
    {
        var code = string.Concat(Directory.GetFiles(Folder, "*.*", SearchOption.AllDirectories)
            .Where(file => file.EndsWith(".razor", StringComparison.Ordinal) || file.EndsWith(".cs", StringComparison.Ordinal))
            .Select(File.ReadAllText));
        var used = Regex.Matches(code, "[Tt]ext\\[(?:[^\\]\"]*\\? )?\"([A-Za-z.]+)\"(?: : \"([A-Za-z.]+)\")?")
            .SelectMany(match => match.Groups.Values.Skip(1)).Select(group => group.Value).Where(key => key.Length > 0)
            .Concat(Enum.GetNames<ProgressState>().Select(state => $"State.{state}"))
            .Concat(Enum.GetNames<CitationBasis>().Append(nameof(NameBasis.Editorial))
                .SelectMany(basis => new[] { $"Basis.{basis}", $"BasisText.{basis}" }))
            .Concat(Enum.GetNames<ProvinceEra>().Select(era => $"Era.{era}"))
            .Concat(RemovalReasons.Select(reason => $"Removal.{reason}"))
            .ToHashSet();
        Assert.Equal(used.Where(key => !key.StartsWith("member.", StringComparison.Ordinal)).Order(StringComparer.Ordinal),
            Vietnamese.Keys.Where(key => !key.StartsWith("member.", StringComparison.Ordinal)).Order(StringComparer.Ordinal));
    }

    private static Dictionary<string, string> ReadTexts(string name) => XDocument.Load(Path.Combine(Folder, name)).Root!.Elements("data")
        .ToDictionary(data => (string)data.Attribute("name")!, data => (string)data.Element("value")!);

    private static IEnumerable<string> FindArguments(string text) =>
        Regex.Matches(text, @"\{\d\}").Select(match => match.Value).Order(StringComparer.Ordinal);
}
