using System.Net;
using System.Text.Json.Nodes;
using CooperationApi.Features.Changes;
using CooperationApi.Storage;
using CooperationApi.Tests.Access;

namespace CooperationApi.Tests.Features.Changes;

/// <summary>Tests of the followers of the feed in the metrics.</summary>
public sealed class FeedFollowerTests
{
    [Fact]
    public async Task Followers_are_the_readers_with_a_cursor_within_an_hour_and_lag_by_their_last_cursor()
    {
        await using var service = await AuthenticatedService.Start();
        var key = await service.CreateKeySecret();
        var head = service.GetService<Database>().Version.Revision;
        await service.Get("/v1/changes?limit=10");
        await service.Get("/v1/changes?cursor=*");
        Assert.Equal((0, null), Measure());

        await service.Get($"/v1/changes?cursor={await GetHeadCursor("/v1/changes/head")}");
        Assert.Equal((1, 0), Measure());
        await service.Get($"/v1/changes?types=provinces&cursor={await GetHeadCursor("/v1/changes/head?types=provinces")}");
        await service.PutOrganization(key, "mot-co-quan", "Một cơ quan");
        Assert.Equal((2, 1), Measure());

        // A reader with a key is another follower than anonymous readers with the same address.
        var first = await service.SendForJson(HttpStatusCode.OK, "GET", "/v1/changes?limit=1", key);
        await service.SendForJson(HttpStatusCode.OK, "GET", $"/v1/changes?cursor={first["next"]}", key);
        var (count, lag) = Measure();
        Assert.Equal(3, count);
        Assert.InRange(lag!.Value, head / 2, head);

        service.Clock.Advance(TimeSpan.FromMinutes(50));
        await service.Get($"/v1/changes?cursor={await GetHeadCursor("/v1/changes/head")}");
        service.Clock.Advance(TimeSpan.FromMinutes(20));
        Assert.Equal((1, 0), Measure());
        service.Clock.Advance(TimeSpan.FromMinutes(60));
        Assert.Equal((0, null), Measure());

        // An event stream is a follower as long as it is open.
        using var stream = await service.OpenStream("/v1/changes/live");
        Assert.True(SpinWait.SpinUntil(() => Measure() == (1, 0), TimeSpan.FromSeconds(30)));

        (int Count, long? MaxLag) Measure() => service.GetService<FeedFollowers>().Measure(service.GetService<Database>().Version);
        async Task<string> GetHeadCursor(string address)
        {
            using var response = await service.Get(address);
            return (string)JsonNode.Parse(await response.ReadText())!["cursor"]!;
        }
    }
}
