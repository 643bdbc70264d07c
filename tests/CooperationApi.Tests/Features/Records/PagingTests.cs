using System.Text.Json.Nodes;
using CooperationApi.Contracts;
using CooperationApi.Tests.Access;

namespace CooperationApi.Tests.Features.Records;

/// <summary>Tests of paging: concurrent writes, long names, and other forms of letters.</summary>
public sealed class PagingTests
{
    private const int RowCount = 3000;

    [Theory]
    [InlineData("sort=name")]
    [InlineData("sort=id&kind=Other")]
    [InlineData("q=co%20quan&sort=name")]
    public async Task Paging_neither_skips_nor_repeats_rows_while_others_are_created_or_deleted(string query)
    {
        await using var service = await AuthenticatedService.Start();
        var key = await service.CreateKeySecret(Role.Editor);
        var (exitCode, output,
            error) = await CliProcess.Import(service.StorePath,
                new JsonObject { ["organizations"] = new JsonArray([.. Enumerable.Range(0, RowCount).Select(CreateOrganization)]) });
        Assert.True(exitCode == 0, output + error);
        var random = new Random(3000);
        var (originalIds, deletedIds, readIds) =
            (Enumerable.Range(0, RowCount).Select(ToId).ToHashSet(), new HashSet<string>(), new List<string>());
        string? next = null;
        var nextIndex = RowCount;
        do
        {
            using var response =
                await service.Get($"/v1/organizations?{query}&limit=60&fields=id{(next is null ? "" : "&cursor=" + next)}");
            var page = JsonNode.Parse(await response.ReadText())!;
            readIds.AddRange(page.GetItems().GetIds().Where(id => id.StartsWith("co-quan-", StringComparison.Ordinal)));
            next = (string?)page["next"];
            // Alternately: create a row and delete the last row of the page, or delete a random row.
            if (nextIndex % 2 == 0)
            {
                using var put = await service.Send("PUT", $"/v1/organizations/{ToId(nextIndex)}", key, CreateOrganization(nextIndex),
                    "If-None-Match: *");
                Assert.Equal(201, (int)put.StatusCode);
            }
            var deletedId = nextIndex % 2 == 0 ? readIds[^1] : ToId(random.Next(RowCount));
            nextIndex++;
            if (!deletedIds.Add(deletedId))
                continue;
            using var delete = await service.Send("DELETE", $"/v1/organizations/{deletedId}", key, null, "If-Match: *");
            Assert.Equal(204, (int)delete.StatusCode);
        }
        while (next is not null);
        Assert.Equal(readIds.Count, readIds.Distinct().Count());
        Assert.True(nextIndex > RowCount + 40, $"{nextIndex - RowCount} pages");
        Assert.Empty(originalIds.Except(deletedIds).Except(readIds));
    }

    [Theory]
    [InlineData("organizations", "name", 300)]
    [InlineData("meetings", "title", 500)]
    public async Task Cursor_after_the_longest_sort_key_is_accepted(string type, string member, int maxLength)
    {
        await using var service = await AuthenticatedService.Start();
        var key = await service.CreateKeySecret(Role.Editor);
        // Each syllable has three letters, so a name has up to three times as many letters as characters.
        foreach (var (i, syllable) in "각힣".Index())
        {
            var record = RecordWriteTests.CreateOrganization();
            if (type == "meetings")
            {
                record = new() { ["kind"] = "Visit", ["citations"] = record["citations"]!.DeepClone() };
                record["citations"]![0]!["supports"] = new JsonArray("title");
            }
            record[member] = new string(syllable, maxLength);
            using var put = await service.Send("PUT", $"/v1/{type}/{new string('z', 99)}{i}", key, record, "If-None-Match: *");
            Assert.True((int)put.StatusCode == 201, await put.ReadText());
        }
        foreach (var sort in (string[])[member, "-" + member])
        {
            var ids = new List<string>();
            for (var next = ""; next is not null;)
            {
                using var response = await service.Get($"/v1/{type}?limit=1&fields=id&sort={sort}{next}");
                Assert.True(response.IsSuccessStatusCode, await response.ReadText());
                var page = JsonNode.Parse(await response.ReadText())!;
                ids.AddRange(page.GetItems().GetIds());
                next = page["next"] is { } cursor ? $"&cursor={cursor}" : null;
            }
            Assert.Equal(ids.Distinct(), ids);
            Assert.Equal(2, ids.Count(id => id.StartsWith("zz", StringComparison.Ordinal)));
        }
    }

    [Fact]
    public async Task Names_with_other_forms_of_letters_are_found_and_sorted_like_the_usual_letters()
    {
        await using var service = await AuthenticatedService.Start();
        var key = await service.CreateKeySecret(Role.Editor);
        string[] names = ["Đà Nẵng chữ a", "\u00D0à Nẵng chữ b", "\u0189à Nẵng chữ c", "Ｄà Ｎẵｎｇ chữ d", "Đà Nẵng chữ e"];
        foreach (var (i, name) in names.Index())
            await service.PutOrganization(key, $"chu-{i}", name);
        foreach (var text in (string[])["da nang chu", "\u00D0à Nẵng chữ", "Ｄａ nang chu"])
        {
            var query = Uri.EscapeDataString(text);
            Assert.Equal(names.Length, (await GetIds(service, $"/v1/search?types=organizations&q={query}")).Count);
            Assert.Equal(names.Length, (await GetIds(service, $"/v1/organizations?q={query}")).Count);
        }
        // Full-width D stays a D, which sorts before Đ.
        Assert.Equal(["chu-3", "chu-0", "chu-1", "chu-2", "chu-4"], await GetIds(service, "/v1/organizations?sort=name&q=da%20nang%20chu"));
    }

    private static async Task<List<string>> GetIds(AuthenticatedService service, string address)
    {
        using var response = await service.Get(address);
        return [.. JsonNode.Parse(await response.ReadText())!.GetItems().GetIds()];
    }

    private static string ToId(int index) => $"co-quan-{index * 7919 % 10007:00000}";

    private static JsonObject CreateOrganization(int index)
    {
        var organization = RecordWriteTests.CreateOrganization($"Cơ quan {index * 104729 % 1000003}");
        organization["id"] = ToId(index);
        return organization;
    }
}
