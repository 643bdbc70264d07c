using System.Text.Json.Nodes;
using CooperationApi.Tests.Access;
using Dapper;

namespace CooperationApi.Tests.Features.Changes;

/// <summary>Tests of the retention period of the change feed and of its compaction.</summary>
public sealed class ChangeLogCompactionTests : IAsyncLifetime
{
    private AuthenticatedService service = null!;
    private string key = "";

    public async ValueTask InitializeAsync()
    {
        service = await AuthenticatedService.Start(("Changes:RetentionDays", "30"));
        key = await service.CreateKeySecret();
    }

    public ValueTask DisposeAsync() => service.DisposeAsync();

    [Fact]
    public async Task Cursor_before_compaction_expires_and_a_new_replica_has_no_deleted_record()
    {
        await PutOrganization("a", "một");
        await PutOrganization("b", "một");
        var replica = new FeedReplica(service, "limit=1000");
        await replica.FollowToHead();
        Assert.Contains("organizations/b", replica.Records.Keys);
        await PutOrganization("a", "hai");
        using (await service.Send("DELETE", "/v1/organizations/b", key, null, "If-Match: *"))
        using (await service.Send("DELETE", "/v1/organizations/a", key, null, "If-Match: *"))
            await PutOrganization("a", "ba");
        var head = (long)(await GetJson("/v1/changes/head"))["revision"]!;
        await AdvanceDaysAndRestart(31);
        await PutOrganization("c", "một");
        Assert.Equal(head, QueryInt64("SELECT compacted_through FROM store_version"));
        // The newest change of each record is retained, removals included.
        Assert.Equal(1, QueryInt64("SELECT count(*) FROM change WHERE id = 'a'"));
        Assert.Equal(1, QueryInt64("SELECT count(*) FROM change WHERE id = 'b' AND op = 'remove'"));

        // The cursor has expired (410), so the replica starts from the beginning.
        Assert.True(await replica.ReadPage());
        Assert.Empty(replica.Records);
        await replica.FollowToHead();
        await replica.AssertMatchesDigest();
        Assert.DoesNotContain("organizations/b", replica.Records.Keys);
        Assert.Equal("record_deleted", await service.SendForProblemCode(410, "GET", "/v1/organizations/b"));
    }

    [Fact]
    public async Task Replica_restarts_if_the_feed_is_compacted_during_its_first_run()
    {
        await PutOrganization("a", "một");
        await PutOrganization("a", "hai");
        var replica = new FeedReplica(service, "limit=100");
        await replica.ReadPage();
        await AdvanceDaysAndRestart(31);
        Assert.True(await replica.ReadPage());
        Assert.Empty(replica.Records);
        await replica.FollowToHead();
        await replica.AssertMatchesDigest();
    }

    [Fact]
    public async Task Up_to_date_replica_continues_after_compaction()
    {
        await PutOrganization("a", "một");
        var replica = new FeedReplica(service, "limit=1000");
        await replica.FollowToHead();
        await AdvanceDaysAndRestart(31);
        await PutOrganization("a", "hai");
        await replica.FollowToHead();
        // One page for the first copy and one for the new change.
        Assert.Equal(2, replica.PageCount);
        await replica.AssertMatchesDigest();
    }

    [Fact]
    public async Task History_marks_its_oldest_revision_and_expired_revisions_return_410()
    {
        var first = await PutOrganization("a", "một");
        var second = await PutOrganization("a", "hai");
        await AdvanceDaysAndRestart(31);
        var third = await PutOrganization("a", "ba");
        var history = (await GetJson("/v1/organizations/a/revisions")).GetItems();
        Assert.Equal([third, second], history.Select(revision => (long)revision["revision"]!));
        Assert.Equal([null, true], history.Select(revision => (bool?)revision["oldest"]));
        Assert.Equal("hai", (string?)(await GetJson($"/v1/organizations/a?revision={second}"))["name"]);
        Assert.Equal("revision_expired", await service.SendForProblemCode(410, "GET", $"/v1/organizations/a?revision={first}"));
        await PutOrganization("b", "một");
        Assert.Equal("record_not_yet_created", await service.SendForProblemCode(404, "GET", $"/v1/organizations/b?revision={third}"));
    }

    [Fact]
    public async Task Changes_within_the_retention_period_are_not_compacted()
    {
        await PutOrganization("a", "một");
        await PutOrganization("a", "hai");
        await AdvanceDaysAndRestart(29);
        Assert.Equal(0, QueryInt64("SELECT compacted_through FROM store_version"));
        Assert.Equal(2, QueryInt64("SELECT count(*) FROM change WHERE id = 'a'"));
    }

    /// <summary>Advances the clock, restarts the service, which compacts the log at its start, and waits for the compaction.</summary>
    private async Task AdvanceDaysAndRestart(int days)
    {
        var horizon = QueryInt64("SELECT compacted_through FROM store_version");
        service.Clock.Advance(TimeSpan.FromDays(days));
        await service.Restart();
        for (var attempt = 0; attempt < 50
            && (days < 30 || QueryInt64("SELECT compacted_through FROM store_version") == horizon); attempt++)
            await Task.Delay(20, TestContext.Current.CancellationToken);
    }

    private Task<long> PutOrganization(string id, string name) => service.PutOrganization(key, id, name);

    private async Task<JsonNode> GetJson(string address)
    {
        using var response = await service.Get(address);
        var text = await response.ReadText();
        Assert.True((int)response.StatusCode == 200, text);
        return JsonNode.Parse(text)!;
    }

    private long QueryInt64(string sql)
    {
        using var connection = TestStore.CreateConnection(service.StorePath);
        return connection.QuerySingle<long>(sql);
    }
}
