using System.Net;
using System.Text.RegularExpressions;

namespace CooperationApi.Tests.Resources;

/// <summary>Sends the calls of docs/answers.md and finds the key facts of each answer in the responses.</summary>
[Collection(nameof(SharedApi))]
public sealed partial class QuestionTests(ApiFixture api)
{
    private static readonly string Document = RepositoryFiles.ReadText("docs/answers.md");

    private static readonly List<Answer> Answers = ReadAnswers();

    public static TheoryData<int> Numbers() => [.. Enumerable.Range(1, Answers.Count)];

    [Fact]
    public void Every_question_is_in_the_answers_once_in_order()
    {
        var questions = QuestionPattern().Matches(RepositoryFiles.ReadText("docs/questions.md")).Select(match => match.Value).ToList();
        Assert.Equal(25, questions.Count);
        Assert.Equal(questions, Answers.Select(answer => answer.Question));
    }

    [Theory]
    [MemberData(nameof(Numbers))]
    public async Task Calls_of_an_answer_succeed_and_return_its_key_facts(int number)
    {
        var answer = Answers[number - 1];
        Assert.NotEmpty(answer.Calls);
        var bodies = new List<string>();
        foreach (var call in answer.Calls)
        {
            using var response = await api.Get(call, "Accept-Language: vi");
            var body = await response.ReadText();
            Assert.True(response.StatusCode == HttpStatusCode.OK, $"{call}: {(int)response.StatusCode} {body}");
            bodies.Add(body);
        }
        if (answer.IsAnswered)
            Assert.InRange(answer.Facts.Count, 1, 4);
        else
            Assert.Empty(answer.Facts);
        Assert.All(answer.Facts, fact => Assert.True(bodies.Exists(body => body.Contains(fact, StringComparison.Ordinal)),
            $"No response to question {number} contains: {fact}"));
    }

    [Fact]
    public void Result_of_an_answer_agrees_with_its_calls() => Assert.All(Answers.Where(answer => answer.IsAnswered), answer =>
        Assert.Equal(answer.Calls.Count switch { 1 => "một lời gọi", 2 => "hai lời gọi", _ => "ba lời gọi" }, answer.Result));

    [Fact]
    public void Summary_agrees_with_the_answers()
    {
        var answered = Answers.Where(answer => answer.IsAnswered).ToList();
        var withOneCall = answered.Count(answer => answer.Calls.Count == 1);
        Assert.Contains($"\n{withOneCall} câu trả lời bằng một lời gọi, {answered.Count - withOneCall} câu bằng nhiều lời gọi, "
            + $"{Answers.Count - answered.Count} câu chưa trả lời được\n", Document, StringComparison.Ordinal);
        Assert.True(withOneCall >= 20, $"Only {withOneCall} questions are answered with one call.");
    }

    private static List<Answer> ReadAnswers() =>
    [
        .. Document.Split("\n## ").Skip(1).Select(chapter => new Answer(chapter.Split('\n')[0],
            [.. ReadBlock(chapter, "http").Select(line => line.StartsWith("GET /v1/", StringComparison.Ordinal)
                ? line["GET ".Length..] : throw new InvalidDataException($"Not a call: {line}"))],
            ReadBlock(chapter, "text"), ResultPattern().Match(chapter).Groups[1].Value)),
    ];

    private static List<string> ReadBlock(string chapter, string language) =>
        [.. BlockPattern().Matches(chapter).Where(match => match.Groups["language"].Value == language)
            .SelectMany(match => match.Groups["lines"].Value.Split('\n', StringSplitOptions.RemoveEmptyEntries))];

    [GeneratedRegex(@"^\d+\. .+$", RegexOptions.Multiline)]
    private static partial Regex QuestionPattern();

    [GeneratedRegex(@"^```(?<language>\w+)\n(?<lines>.*?)^```$", RegexOptions.Singleline | RegexOptions.Multiline)]
    private static partial Regex BlockPattern();

    [GeneratedRegex(@"^Kết quả: (.+)\s*\z", RegexOptions.Multiline)]
    private static partial Regex ResultPattern();

    private sealed record Answer(string Question, List<string> Calls, List<string> Facts, string Result)
    {
        public bool IsAnswered => !Result.StartsWith("chưa trả lời được – ", StringComparison.Ordinal);
    }
}
