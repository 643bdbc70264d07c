using System.Text;
using System.Text.Json.Nodes;
using CooperationApi.Contracts;
using CooperationApi.Tests.Access;
using CooperationApi.Tests.Features.Records;

namespace CooperationApi.Tests.Features.Timeline;

/// <summary>Tests of the timeline after a bulk load.</summary>
public sealed class LargeTimelineTests
{
    // Beyond 15,000 new records (a bulk load), event rows are inserted at the end of the import.
    private const int MeetingCount = 15_100, LateMeetingCount = 150;

    private const string TimelineAddress =
        "/v1/timeline?provinceId=thai-binh&unit=current&types=meetings&from=2011-01-01&to=2011-12-31&limit=200";

    [Fact]
    public async Task Large_import_appears_in_the_timeline_until_changed_or_deleted()
    {
        await using var service = await AuthenticatedService.Start();
        var key = await service.CreateKeySecret();
        var lines = string.Join('\n',
            Enumerable.Range(0, MeetingCount)
                .Select(i => new JsonObject { ["type"] = "meetings", ["data"] = CreateMeeting(i) }.ToJsonString(ApiJson.Options)));
        using var content = new StringContent(lines, Encoding.UTF8, "application/x-ndjson");
        content.Headers.ContentType!.CharSet = null;
        using var response = await service.Send("POST", "/v1/imports", content, $"Authorization: Bearer {key}");
        Assert.True(response.IsSuccessStatusCode, await response.ReadText());
        var late = Enumerable.Range(MeetingCount - LateMeetingCount, LateMeetingCount).Select(i => $"hop-{i}").Order().ToList();
        Assert.Equal(late, (await GetTimelineIds(service)).Order());

        using var updated = await service.Send("PUT", $"/v1/meetings/hop-{MeetingCount - 1}", key,
            CreateMeeting(MeetingCount - 1, "2012-01-01"), "If-Match: *");
        using var deleted = await service.Send("DELETE", $"/v1/meetings/hop-{MeetingCount - 2}", key, null, "If-Match: *");
        Assert.Equal((200, 204), ((int)updated.StatusCode, (int)deleted.StatusCode));
        Assert.Equal(late.Except([$"hop-{MeetingCount - 1}", $"hop-{MeetingCount - 2}"]), (await GetTimelineIds(service)).Order());
    }

    private static async Task<IEnumerable<string>> GetTimelineIds(AuthenticatedService service)
    {
        using var page = await service.Get(TimelineAddress);
        return JsonNode.Parse(await page.ReadText())!.GetItems().GetIds();
    }

    /// <summary>Creates a meeting of two provinces that were merged later; only the last meetings are in 2011.</summary>
    private static JsonObject CreateMeeting(int i, string? heldOn = null) => new()
    {
        ["id"] = $"hop-{i}",
        ["title"] = $"Cuộc họp số {i}",
        ["kind"] = "Visit",
        ["heldOn"] = heldOn ?? (i < MeetingCount - LateMeetingCount ? "2012-10-26" : "2011-10-26"),
        ["provinceIds"] = new JsonArray("thai-binh", "hung-yen"),
        ["participants"] = new JsonArray(),
        ["citations"] = CreateCitations(),
    };

    private static JsonNode CreateCitations()
    {
        var citations = RecordWriteTests.CreateOrganization()["citations"]!.DeepClone();
        citations[0]!["supports"] = new JsonArray("title");
        return citations;
    }
}
