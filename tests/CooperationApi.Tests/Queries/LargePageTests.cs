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
    private const int RecordCount = 60, RevisionCount = 40, MaxPageBytes = 4 << 20;

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

    [Fact]
    public async Task Page_of_revisions_of_a_large_record_ends_early_and_the_next_one_continues()
    {
        await using var service = await AuthenticatedService.Start();
        var key = await service.CreateKeySecret(Role.Editor);
        var revisions = new List<long>();
        for (var i = 0; i < RevisionCount; i++)
        {
            var record = CreateLargeRecord("lon");
            record["name"] = $"Tên {i}";
            using var response =
                await service.Send("PUT", "/v1/organizations/lon", key, record, i == 0 ? "If-None-Match: *" : "If-Match: *");
            revisions.Add((long)JsonNode.Parse(await response.ReadText())!["revision"]!);
        }

        var (pages, next) = (new List<IReadOnlyList<JsonNode>>(), (string?)null);
        do
        {
            using var response = await service.Get("/v1/organizations/lon/revisions?limit=200" + (next is null ? "" : $"&cursor={next}"));
            var page = JsonNode.Parse(await response.ReadText())!;
            pages.Add(page.GetItems());
            next = (string?)page["next"];
        }
        while (next is not null);
        // Each revision counts the record before and after it: about 200 kB, so 4 MiB have 21 of them.
        Assert.Equal([21, 19], pages.Select(page => page.Count));
        Assert.Equal(revisions.AsEnumerable().Reverse(), pages.SelectMany(page => page).Select(revision => (long)revision["revision"]!));
        Assert.All(pages.SelectMany(page => page).SkipLast(1), revision =>
            Assert.Equal("/name", (string?)Assert.Single(revision["changes"]!.AsArray())!["path"]));
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
