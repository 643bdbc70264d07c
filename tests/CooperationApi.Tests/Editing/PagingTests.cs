using System.Text.Json.Nodes;
using CooperationApi.Contracts;
using CooperationApi.Tests.Access;

namespace CooperationApi.Tests.Editing;

/// <summary>Whoever goes through a list while others change it misses no row that stays, and meets none twice.</summary>
public sealed class PagingTests
{
    private const int Rows = 3000;

    [Theory]
    [InlineData("sort=name")]
    [InlineData("sort=id&kind=Other")]
    [InlineData("q=co%20quan&sort=name")]
    public async Task A_row_made_or_removed_after_each_page_makes_nobody_miss_or_repeat_another(string list)
    {
        await using var service = await Guarded.Start();
        var key = await service.Key(Role.Editor);
        var (exit, output, error) = await Executable.Import(service.StorePath, new JsonObject { ["organizations"] = new JsonArray([.. Enumerable.Range(0, Rows).Select(Organization)]) });
        Assert.True(exit == 0, output + error);
        var random = new Random(3000);
        var (stay, removed, met) = (Enumerable.Range(0, Rows).Select(Id).ToHashSet(), new HashSet<string>(), new List<string>());
        string? next = null;
        var made = Rows;
        do
        {
            using var answer = await service.Get($"/v1/organizations?{list}&limit=60&fields=id{(next is null ? "" : "&cursor=" + next)}");
            var page = JsonNode.Parse(await answer.Text())!;
            met.AddRange(page.Items().Ids().Where(id => id.StartsWith("co-quan-", StringComparison.Ordinal)));
            next = (string?)page["next"];
            // By turns: one is made anywhere, the row that the page ended with goes, another goes anywhere.
            if (made % 2 == 0)
            {
                using var put = await service.Send("PUT", $"/v1/organizations/{Id(made)}", key, Organization(made), "If-None-Match: *");
                Assert.Equal(201, (int)put.StatusCode);
            }
            var gone = made % 2 == 0 ? met[^1] : Id(random.Next(Rows));
            made++;
            if (!removed.Add(gone))
                continue;
            using var delete = await service.Send("DELETE", $"/v1/organizations/{gone}", key, null, "If-Match: *");
            Assert.Equal(204, (int)delete.StatusCode);
        }
        while (next is not null);
        Assert.Equal(met.Count, met.Distinct().Count());
        Assert.True(made > Rows + 40, $"{made - Rows} pages");
        Assert.Empty(stay.Except(removed).Except(met));
    }

    private static string Id(int number) => $"co-quan-{number * 7919 % 10007:00000}";

    private static JsonObject Organization(int number)
    {
        var organization = EditTests.Organization($"Cơ quan {number * 104729 % 1000003}");
        organization["id"] = Id(number);
        return organization;
    }
}
