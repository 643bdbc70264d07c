using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace CooperationApi.Tests.Resources;

/// <summary>Tests of the seed data as a whole: titles, posts, publishers, and who voiced the commitments of 2019.</summary>
[Collection(nameof(SharedApi))]
public sealed partial class SeedContentTests(ApiFixture api)
{
    private const int MaxTitleLength = 160;

    [Fact]
    public async Task Titles_are_short_bilingual_and_refer_to_no_other_record()
    {
        foreach (var type in (string[])["meetings", "agreements", "commitments", "results"])
        {
            foreach (var record in await api.GetAllItems("/v1/" + type))
            {
                Assert.NotNull((string?)record["titleEn"]);
                var title = (string)record["title"]!;
                Assert.InRange(title.Length, 1, MaxTitleLength);
                Assert.DoesNotMatch(BackReferencePattern(), title);
            }
        }
    }

    [Fact]
    public async Task Posts_are_Vietnamese_with_their_English_title_beside()
    {
        var posts = (await api.GetAllItems("/v1/officials")).SelectMany(official => official["positions"]!.AsArray())
            .Concat((await api.GetAllItems("/v1/meetings")).SelectMany(meeting => meeting["participants"]!.AsArray()))
            .Where(post => post!["title"] is not null).ToList();
        Assert.True(posts.Count > 150);
        Assert.All(posts, post => Assert.NotNull((string?)post!["titleEn"]));
        Assert.All(posts, post => Assert.DoesNotMatch(EnglishPostPattern(), (string)post!["title"]!));
    }

    [Fact]
    public async Task Publisher_has_one_name()
    {
        var publishers = (await api.GetAllItems("/v1/sources")).Select(source => (string?)source["publisher"]).OfType<string>().Distinct();
        // Two sites of this name.
        Assert.All(publishers.Except(["baomoi.net.vn"]).GroupBy(Simplify), names => Assert.Single(names));

        static string Simplify(string name) =>
            NonLetterPattern().Replace(name.ToLowerInvariant().Replace("báo ", "", StringComparison.Ordinal), "");
    }

    [Fact]
    public async Task Ten_commitments_of_2019_are_voiced_by_the_secretary_and_six_by_the_delegates()
    {
        var commitments = (await api.GetAllItems($"/v1/meetings/{SeedFacts.ConferenceId}/commitments")).Concat(
            await api.GetAllItems($"/v1/agreements/{SeedFacts.AgreementId}/commitments")).DistinctBy(commitment => commitment.GetId());
        var voices = commitments.CountBy(commitment => commitment["voicedBy"]!.AsArray() is [{ } voice, ..]
            ? (string)(voice["officialId"] ?? voice["description"])!
            : "nobody").ToDictionary();
        Assert.Equal(3, voices.Count);
        Assert.Equal((10, 6), (voices["hoang-trung-hai"], voices["các đại biểu"]));
    }

    [Fact]
    public async Task Gift_to_Quang_Tri_counts_in_the_year_of_its_meeting()
    {
        var row = Assert.Single((await api.GetJson("/v1/statistics/contributions?by=year&provinceId=quang-tri")).GetItems());
        Assert.Equal((2023, 3_000_000_000, 1), ((int)row["year"]!, (long)row["amount"]!, (int)row["datedByMeeting"]!));
    }

    [Fact]
    public async Task Import_of_every_bundle_again_changes_nothing()
    {
        using var isolated = ApiFixture.CreateIsolated();
        var revision = (long)(await isolated.GetJson("/v1/status"))["revision"]!;
        var bundles = Directory.GetFiles(Path.Combine(RepositoryFiles.Root, "src/CooperationApi/Features/Import/Seed"), "*.json");
        Assert.True(bundles.Length > 20);
        var all = new JsonObject();
        foreach (var bundle in bundles)
        {
            var content = JsonNode.Parse(await File.ReadAllTextAsync(bundle, TestContext.Current.CancellationToken))!.AsObject();
            foreach (var (type, records) in content)
            {
                var list = all[type] ??= new JsonArray();
                foreach (var record in records!.AsArray())
                    list.AsArray().Add(record!.DeepClone());
            }
        }
        var (exitCode, _, error) = await CliProcess.Import(isolated.StorePath, all);
        Assert.True(exitCode == 0, error);
        Assert.Equal(revision, (long)(await isolated.GetJson("/v1/status"))["revision"]!);
    }

    // Words that mean a record mentioned before: "that conference", "mentioned above".
    [GeneratedRegex(@"(hội nghị|tỉnh|doanh nghiệp|đơn vị|bên|chợ) đó\b|\b(nói trên|trước đó|kể trên)\b",
        RegexOptions.IgnoreCase)]
    private static partial Regex BackReferencePattern();

    [GeneratedRegex(@"\b(Chairman|Chairwoman|Secretary|Committee|Deputy|Director|Minister|Member|Council|Head|Vice)\b",
        RegexOptions.IgnoreCase)]
    private static partial Regex EnglishPostPattern();

    [GeneratedRegex(@"\.(vn|com|net|org)\b|[^\p{L}\p{N}]")]
    private static partial Regex NonLetterPattern();
}
