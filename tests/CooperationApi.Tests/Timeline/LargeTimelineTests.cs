using System.Text;
using System.Text.Json.Nodes;
using CooperationApi.Contracts;
using CooperationApi.Tests.Access;
using CooperationApi.Tests.Editing;

namespace CooperationApi.Tests.Timeline;

/// <summary>What a large import brings is sorted into the timeline at its end.</summary>
public sealed class LargeTimelineTests
{
    // Past 15,000 new records, what a record has a part in waits for the end of the import.
    private const int Meetings = 15_100, Late = 150;

    private const string Timeline = "/v1/timeline?provinceId=thai-binh&unit=current&types=meetings&from=2011-01-01&to=2011-12-31&limit=200";

    [Fact]
    public async Task What_a_large_import_brought_stands_there_until_it_is_changed_or_removed()
    {
        await using var service = await Guarded.Start();
        var key = await service.Key();
        var lines = string.Join('\n', Enumerable.Range(0, Meetings).Select(i => new JsonObject { ["type"] = "meetings", ["data"] = Meeting(i) }.ToJsonString(Wire.Json)));
        using var content = new StringContent(lines, Encoding.UTF8, "application/x-ndjson");
        content.Headers.ContentType!.CharSet = null;
        using var answer = await service.Send("POST", "/v1/imports", content, $"Authorization: Bearer {key}");
        Assert.True(answer.IsSuccessStatusCode, await answer.Text());
        var late = Enumerable.Range(Meetings - Late, Late).Select(i => $"hop-{i}").Order().ToList();
        Assert.Equal(late, (await Ids(service)).Order());

        using var moved = await service.Send("PUT", $"/v1/meetings/hop-{Meetings - 1}", key, Meeting(Meetings - 1, "2012-01-01"), "If-Match: *");
        using var removed = await service.Send("DELETE", $"/v1/meetings/hop-{Meetings - 2}", key, null, "If-Match: *");
        Assert.Equal((200, 204), ((int)moved.StatusCode, (int)removed.StatusCode));
        Assert.Equal(late.Except([$"hop-{Meetings - 1}", $"hop-{Meetings - 2}"]), (await Ids(service)).Order());
    }

    private static async Task<IEnumerable<string>> Ids(Guarded service)
    {
        using var page = await service.Get(Timeline);
        return JsonNode.Parse(await page.Text())!.Items().Ids();
    }

    /// <summary>A meeting of two provinces that are one today, all but the last ones in another year.</summary>
    private static JsonObject Meeting(int i, string? heldOn = null) => new()
    {
        ["id"] = $"hop-{i}",
        ["title"] = $"Cuộc họp số {i}",
        ["kind"] = "Visit",
        ["heldOn"] = heldOn ?? (i < Meetings - Late ? "2012-10-26" : "2011-10-26"),
        ["provinceIds"] = new JsonArray("thai-binh", "hung-yen"),
        ["participants"] = new JsonArray(),
        ["citations"] = Cited(),
    };

    private static JsonNode Cited()
    {
        var citations = EditTests.Organization()["citations"]!.DeepClone();
        citations[0]!["supports"] = new JsonArray("title");
        return citations;
    }
}
