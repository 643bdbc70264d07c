using System.Text.Json.Nodes;
using CooperationApi.Contracts;
using CooperationApi.Tests.Access;

namespace CooperationApi.Tests.Features.Records;

/// <summary>Tests of paging during concurrent writes.</summary>
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

    private static string ToId(int index) => $"co-quan-{index * 7919 % 10007:00000}";

    private static JsonObject CreateOrganization(int index)
    {
        var organization = RecordWriteTests.CreateOrganization($"Cơ quan {index * 104729 % 1000003}");
        organization["id"] = ToId(index);
        return organization;
    }
}
