using System.Text;
using System.Text.RegularExpressions;
using CooperationApi.Tests.Access;

namespace CooperationApi.Tests.History;

/// <summary>What the README's chapter on history tells whoever reads it to send is taken.</summary>
public sealed partial class ReadmeHistoryTests
{
    [Fact]
    public async Task The_commands_of_the_chapter_do_what_it_says()
    {
        await using var service = await Guarded.Start();
        var key = await service.Key();
        var chapter = Repository.Read("README.md").Split("\n## ").Single(chapter => chapter.StartsWith("History\n", StringComparison.Ordinal));
        var commands = Command().Matches(chapter);
        Assert.Equal(["GET", "GET", "POST", "POST"], commands.Select(Method));
        foreach (var command in commands.AsEnumerable())
        {
            Assert.True(Method(command) == "GET" || command.Value.Contains("Bearer $ADMIN", StringComparison.Ordinal), command.Value);
            var content = command.Groups["body"] is { Success: true, Value: var body } ? new StringContent(body, Encoding.UTF8, "application/json") : null;
            using var answer = await service.Send(Method(command), command.Groups["address"].Value, content, $"Authorization: Bearer {key}");
            Assert.True((int)answer.StatusCode == 200, $"{command.Value}: {await answer.Text()}");
        }
    }

    private static string Method(Match command) => command.Groups["method"] is { Success: true, Value: var method } ? method : command.Groups["body"].Success ? "POST" : "GET";

    [GeneratedRegex(@"curl (-X (?<method>[A-Z]+) )?'http://localhost:5000(?<address>[^']+)'( (\\\n  )?-H (""[^""]+""|'[^']+'))*( \\\n  -d '(?<body>[^']+)')?")]
    private static partial Regex Command();
}
