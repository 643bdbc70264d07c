using System.Globalization;
using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using CooperationApi.Contracts;
using CooperationApi.Tests.Access;

namespace CooperationApi.Tests.Features.Import;

/// <summary>
/// Sends the bundles of `MessyBundles.md`, as editors send them, and compares the answers in both languages with that page. After a change
/// of messages, `UPDATE_MESSY_BUNDLES=1` writes the new answers into the page for a review.
/// </summary>
public sealed partial class MessyBundleTests : IAsyncLifetime
{
    private const string PagePath = "tests/CooperationApi.Tests/Features/Import/MessyBundles.md", Fence = "```";

    private const string Citations =
        """[{"sourceId": "bao-vi-du", "locator": "đoạn 1", "supports": ["kind"], "basis": "Referenced"}]""";

    // The tones of Vietnamese, which Windows-1258 writes after the letter.
    private const string Tones = "\u0300\u0301\u0303\u0309\u0323";

    private AuthenticatedService service = null!;
    private string key = "";

    public async ValueTask InitializeAsync()
    {
        service = await AuthenticatedService.Start();
        key = await service.CreateKeySecret(Role.Editor);
    }

    public ValueTask DisposeAsync() => service.DisposeAsync();

    [Fact]
    public async Task Answers_to_bundles_of_editors_help_in_both_languages()
    {
        Encoding.RegisterProvider(CodePagesEncodingProvider.Instance);
        var page = RepositoryFiles.ReadText(PagePath);
        var sections = page.Split("\n## ");
        await Prepare(GetBlocks(sections[1]));
        var answers = new List<string> { sections[0], sections[1] };
        foreach (var section in sections[2..])
            answers.Add(await Answer(section));
        Assert.InRange(answers.Count, 22, 100);
        if (Environment.GetEnvironmentVariable("UPDATE_MESSY_BUNDLES") == "1")
            await File.WriteAllTextAsync(Path.Combine(RepositoryFiles.Root, PagePath), string.Join("\n## ", answers),
                TestContext.Current.CancellationToken);
        Assert.All(sections.Zip(answers), section => Assert.Equal(section.First, section.Second));
    }

    /// <summary>Imports the source and the record that the bundles refer to, and stores the text of the source.</summary>
    private async Task Prepare(List<string> blocks)
    {
        using var records = await Import(new StringContent(blocks[0], Encoding.UTF8, "application/json"));
        Assert.True(records.StatusCode == HttpStatusCode.OK, await records.ReadText());
        using var text = await service.Send("PUT", "/v1/sources/bao-vi-du/text", new StringContent(blocks[1], Encoding.UTF8, "text/plain"),
            $"Authorization: Bearer {key}");
        Assert.Equal(HttpStatusCode.OK, text.StatusCode);
    }

    /// <summary>Returns the section with the answers of the service.</summary>
    private async Task<string> Answer(string section)
    {
        var english = await Send(section, "en");
        var question = section[..section.IndexOf("\nEnglish:\n", StringComparison.Ordinal)];
        var answer = $"{question}\nEnglish:\n\n{Format(english, hasCodes: true)}\n";
        return english["code"] is null
            ? answer
            : $"{answer}\nVietnamese:\n\n{Format(await Send(section, "vi"), hasCodes: false)}\n";
    }

    private async Task<JsonNode> Send(string section, string language)
    {
        var mediaType = FindOption(section, "Content-Type") ?? "application/json";
        using var content = new ByteArrayContent(await GetBody(section));
        content.Headers.TryAddWithoutValidation("Content-Type", mediaType);
        using var response = await Import(content, $"Accept-Language: {language}");
        return response.IsSuccessStatusCode
            ? JsonNode.Parse(await response.ReadText())!
            : await ApiFixture.ReadProblem((int)response.StatusCode, response);
    }

    private Task<HttpResponseMessage> Import(HttpContent content, params string[] headers) =>
        service.Send("POST", "/v1/imports", content, [$"Authorization: Bearer {key}", .. headers]);

    private async Task<byte[]> GetBody(string section)
    {
        if (FindOption(section, "File") is { } address)
        {
            using var file = await service.Get(address);
            Assert.Equal(HttpStatusCode.OK, file.StatusCode);
            return await file.ReadBytes();
        }
        var text = CodePointPattern().Replace(GetBlocks(section)[0].Replace("<citations>", Citations, StringComparison.Ordinal),
            match => ((char)int.Parse(match.Groups[1].Value, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture)).ToString());
        return FindOption(section, "Encoding") switch
        {
            null => Encoding.UTF8.GetBytes(text),
            "UTF-8, decomposed" => Encoding.UTF8.GetBytes(text.Normalize(NormalizationForm.FormD)),
            "UTF-8 with byte order mark" => [.. Encoding.UTF8.Preamble, .. Encoding.UTF8.GetBytes(text)],
            "UTF-16 with byte order mark" => [.. Encoding.Unicode.Preamble, .. Encoding.Unicode.GetBytes(text)],
            "Windows-1258" => Encoding.GetEncoding(1258, EncoderFallback.ExceptionFallback, DecoderFallback.ExceptionFallback)
                .GetBytes(string.Concat(text.Select(WriteToneAfterLetter))),
            var encoding => throw new InvalidOperationException($"Unknown encoding: {encoding}"),
        };
    }

    private static string WriteToneAfterLetter(char letter)
    {
        var parts = letter.ToString().Normalize(NormalizationForm.FormD);
        var tones = string.Concat(parts.Where(Tones.Contains));
        return string.Concat(parts.Where(part => !Tones.Contains(part))).Normalize() + tones;
    }

    private static string Format(JsonNode answer, bool hasCodes)
    {
        var text = new StringBuilder(Fence).Append("text\n");
        if (answer["created"] is not null)
            text.Append(CultureInfo.InvariantCulture, $"200 created: {string.Join(", ", answer["createdRecords"]!.AsArray())}\n");
        else
        {
            text.Append(hasCodes ? $"{answer["status"]} {answer["code"]}\n" : "")
                .Append(CultureInfo.InvariantCulture, $"{answer["title"]} {answer["detail"]}\n");
            foreach (var error in answer["errors"]?.AsArray() ?? [])
                text.Append(CultureInfo.InvariantCulture, $"\n{FormatPlace(error!, hasCodes)}\n{error!["detail"]}\n");
        }
        return text.Append(Fence).ToString();
    }

    // The place and the members for programs are the same in both languages.
    private static string FormatPlace(JsonNode error, bool hasCodes)
    {
        var place = $"[{error["pointer"]}]";
        if (!hasCodes)
            return place;
        foreach (var member in error.AsObject().Where(member => member.Key is not ("pointer" or "detail")))
            place += $" {member.Key}: {(member.Value is JsonArray list ? string.Join(", ", list) : member.Value)};";
        return place.TrimEnd(';');
    }

    private static List<string> GetBlocks(string section) => [.. BlockPattern().Matches(section).Select(match => match.Groups[1].Value)];

    private static string? FindOption(string section, string name) =>
        Regex.Match(section, $"^{name}: (.+)$", RegexOptions.Multiline) is { Success: true } match ? match.Groups[1].Value : null;

    [GeneratedRegex("```[a-z]*\n(.*?)\n?```", RegexOptions.Singleline)]
    private static partial Regex BlockPattern();

    [GeneratedRegex("<U\\+([0-9A-F]{4})>")]
    private static partial Regex CodePointPattern();
}
