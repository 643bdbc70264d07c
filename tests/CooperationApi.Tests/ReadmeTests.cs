using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace CooperationApi.Tests;

/// <summary>Runs the examples of README.md, README.vi.md and docs/ and compares the responses with the documented ones.</summary>
[Collection(nameof(SharedApi))]
public sealed partial class ReadmeTests(ApiFixture api)
{
    public static TheoryData<string, string, string> Examples() =>
    [
        .. RepositoryFiles.GetDocumentPaths().SelectMany(path => ExamplePattern().Matches(RepositoryFiles.ReadText(path))
            .Select(match => (path, match.Groups["address"].Value, match.Groups["response"].Value))),
    ];

    [Theory]
    [MemberData(nameof(Examples))]
    public async Task Documented_example_returns_the_documented_response(string document, string address, string expected)
    {
        Assert.True(JsonNode.DeepEquals(WithoutRevisions(JsonNode.Parse(expected)!), WithoutRevisions(await api.GetJson(address))),
            $"{document}: the response of {address} differs from the documented one.");
    }

    // Each record that is added to the seed data adds 1 to the revision of the examples.
    private static JsonNode WithoutRevisions(JsonNode node)
    {
        if (node is JsonObject members)
        {
            members.Remove("revision");
            foreach (var (_, value) in members)
                _ = value is null ? null : WithoutRevisions(value);
        }
        else if (node is JsonArray items)
        {
            foreach (var item in items)
                WithoutRevisions(item!);
        }
        return node;
    }

    [Fact]
    public void README_has_five_examples() => Assert.Equal(5, Examples().Count(example => example.Data.Item1 == "README.md"));

    [Fact]
    public void Settings_document_lists_exactly_the_settings()
    {
        var settings = new Dictionary<string, Type>
        {
            ["Storage"] = typeof(CooperationApi.Storage.StorageOptions),
            ["Changes"] = typeof(CooperationApi.Features.Changes.ChangesOptions),
            ["Exports"] = typeof(CooperationApi.Features.Exports.ExportsOptions),
            ["SelfCheck"] = typeof(CooperationApi.Features.Changes.SelfCheckOptions),
            ["Limits"] = typeof(CooperationApi.Http.LimitsOptions),
            ["Access"] = typeof(CooperationApi.Access.AccessOptions),
            ["OpenApi"] = typeof(CooperationApi.Http.OpenApi.OpenApiOptions),
            ["SecurityTxt"] = typeof(CooperationApi.Http.SecurityTxtOptions),
        }
            .SelectMany(
                section => section.Value.GetProperties().Where(property => property.CanWrite)
                    .Select(property => $"{section.Key}:{property.Name}")).ToList();
        var documented = SettingPattern().Matches(RepositoryFiles.ReadText("docs/settings.md")).Select(match => match.Groups[1].Value)
            .Where(name => settings.Any(setting => setting.Split(':')[0] == name.Split(':')[0]));
        Assert.Equal(settings.Order(), documented.Order());
    }

    [GeneratedRegex("""```sh\ncurl 'http://localhost:5000(?<address>[^']+)'\n```\n```json\n(?<response>.+?)\n```""",
        RegexOptions.Singleline)]
    private static partial Regex ExamplePattern();

    [GeneratedRegex(@"^\| `(\w+:\w+)` \|", RegexOptions.Multiline)]
    private static partial Regex SettingPattern();
}
