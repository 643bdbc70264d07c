using System.Text;
using System.Text.RegularExpressions;
using CooperationApi.Tests.Access;

namespace CooperationApi.Tests.Features.Records;

/// <summary>Runs the commands of the chapter History in docs/operations.md.</summary>
public sealed partial class ReadmeHistoryTests
{
    [Fact]
    public async Task Documented_history_commands_succeed()
    {
        await using var service = await AuthenticatedService.Start();
        var key = await service.CreateKeySecret();
        var chapter = RepositoryFiles.ReadText("docs/operations.md").Split("\n## ")
            .Single(chapter => chapter.StartsWith("History\n", StringComparison.Ordinal));
        var commands = CommandPattern().Matches(chapter);
        Assert.Equal(["GET", "GET", "POST", "POST"], commands.Select(GetMethod));
        foreach (var command in commands.AsEnumerable())
        {
            Assert.True(GetMethod(command) == "GET" || command.Value.Contains("Bearer $ADMIN", StringComparison.Ordinal), command.Value);
            var content = command.Groups["body"] is { Success: true, Value: var body }
                ? new StringContent(body, Encoding.UTF8, "application/json")
                : null;
            using var response =
                await service.Send(GetMethod(command), command.Groups["address"].Value, content, $"Authorization: Bearer {key}");
            Assert.True((int)response.StatusCode == 200, $"{command.Value}: {await response.ReadText()}");
        }
    }

    private static string GetMethod(Match command) =>
        command.Groups["method"] is { Success: true, Value: var method } ? method : command.Groups["body"].Success ? "POST" : "GET";

    [GeneratedRegex(
        @"curl (-X (?<method>[A-Z]+) )?'http://localhost:5000(?<address>[^']+)'( (\\\n  )?-H (""[^""]+""|'[^']+'))*"
        + @"( \\\n  -d '(?<body>[^']+)')?")]
    private static partial Regex CommandPattern();
}
