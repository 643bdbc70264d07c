using System.Globalization;
using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using CooperationApi.Contracts;
using CooperationApi.Tests.Access;
using CooperationApi.Tests.Features.Records;

namespace CooperationApi.Tests.Queries;

/// <summary>Tests of pages with large records.</summary>
public sealed class LargePageTests
{
    private const int RecordCount = 60, MaxPageBytes = 4 << 20;

    [Fact]
    public async Task Page_of_large_records_ends_early_and_the_next_one_continues()
    {
        await using var service = await AuthenticatedService.Start();
        var key = await service.CreateKeySecret(Role.Editor);
        var ids = Enumerable.Range(0, RecordCount).Select(i => string.Create(CultureInfo.InvariantCulture, $"lon-{i:00}")).ToList();
        var lines = string.Concat(ids.Select(id => new JsonObject { ["type"] = "organizations", ["data"] = CreateLargeRecord(id) }
            .ToJsonString(ApiJson.Options) + "\n"));
        using (var content = new ByteArrayContent(Encoding.UTF8.GetBytes(lines)))
        {
            content.Headers.TryAddWithoutValidation("Content-Type", "application/x-ndjson");
            using var imported = await service.Send("POST", "/v1/imports", content, $"Authorization: Bearer {key}");
            Assert.True(imported.StatusCode == HttpStatusCode.OK, await imported.ReadText());
        }

        var (pages, address) = (new List<List<string>>(), $"/v1/organizations?sort=id&limit=200&id={string.Join(',', ids)}");
        for (var next = (string?)null; ;)
        {
            using var response = await service.Get(next is null ? address : $"{address}&cursor={next}");
            var text = await response.ReadText();
            var page = JsonNode.Parse(text)!;
            var sizes = page["items"]!.AsArray()
                .Select(item => (long)Encoding.UTF8.GetByteCount(item!.ToJsonString(ApiJson.Options))).ToList();
            // The last record may exceed the limit, and no record is added after that.
            Assert.True(sizes.SkipLast(1).Sum() < MaxPageBytes, text[..200]);
            pages.Add([.. page["items"]!.AsArray().Select(item => item!.GetId())]);
            next = (string?)page["next"];
            if (next is null)
                break;
            Assert.True(sizes.Sum() >= MaxPageBytes, text[..200]);
        }
        Assert.Equal(2, pages.Count);
        Assert.Equal(ids, pages.SelectMany(page => page));
    }

    // About 100 kB of JSON: 33 notes of 1,000 letters of three bytes.
    private static JsonObject CreateLargeRecord(string id)
    {
        var record = RecordWriteTests.CreateOrganization();
        record["id"] = id;
        record["citations"] = new JsonArray([.. Enumerable.Range(0, 33).Select(page => new JsonObject
        {
            ["sourceId"] = SeedFacts.SourceId,
            ["locator"] = $"page {page}",
            ["supports"] = new JsonArray("name"),
            ["basis"] = "Referenced",
            ["note"] = new string('ế', 1000),
        })]);
        return record;
    }
}
