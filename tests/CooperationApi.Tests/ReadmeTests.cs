using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace CooperationApi.Tests;

/// <summary>The README promises answers; these are the ones that it promises.</summary>
[Collection(nameof(Reading))]
public sealed partial class ReadmeTests(Api api)
{
    public static TheoryData<string, string> Examples() =>
        [.. Example().Matches(Repository.Read("README.md")).Select(match => (match.Groups["address"].Value, match.Groups["answer"].Value))];

    [Theory]
    [MemberData(nameof(Examples))]
    public async Task A_question_of_the_readme_is_answered_as_the_readme_says(string address, string answer)
    {
        Assert.True(JsonNode.DeepEquals(JsonNode.Parse(answer), await api.Json(address)), $"{address} answers otherwise than the README says.");
    }

    [Fact]
    public void The_readme_asks_five_questions_or_more() => Assert.True(Examples().Count >= 5);

    [Fact]
    public void Every_setting_is_in_the_readme()
    {
        var settings = new Dictionary<string, Type> { ["Storage"] = typeof(CooperationApi.Storage.StorageOptions), ["Changes"] = typeof(CooperationApi.Changes.ChangeOptions), ["Exports"] = typeof(CooperationApi.Exports.ExportOptions), ["Mirror"] = typeof(CooperationApi.Mirror.MirrorOptions), ["Limits"] = typeof(CooperationApi.Http.LimitOptions), ["Access"] = typeof(CooperationApi.Access.AccessOptions) }
            .SelectMany(section => section.Value.GetProperties().Where(property => property.CanWrite).Select(property => $"| `{section.Key}:{property.Name}` |"));
        Assert.All(settings, setting => Assert.Contains(setting, Repository.Read("README.md"), StringComparison.Ordinal));
    }

    [GeneratedRegex("""```sh\ncurl 'http://localhost:5000(?<address>[^']+)'\n```\n```json\n(?<answer>.+?)\n```""", RegexOptions.Singleline)]
    private static partial Regex Example();
}
