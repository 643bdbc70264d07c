using System.Net;
using CooperationApi.Contracts;
using CooperationApi.Tests.Access;
using Dapper;

namespace CooperationApi.Tests.Storage.PostgreSql;

/// <summary>
/// Tests of instances that share a PostgreSQL database, of a database on another server, and of a server that does not respond.
/// </summary>
[Trait("Engine", "PostgreSQL")]
public sealed class SeveralInstancesTests
{
    private const long LostRevisionsLimit = 1 << 20;

    [Fact]
    public async Task Change_of_one_instance_is_in_the_next_response_of_another()
    {
        Prerequisite.Require(TestStore.IsPostgreSql, "PostgreSQL is not configured.");
        using var folder = new TempFolder();
        var store = await folder.CreateStore();
        await using var first = AuthenticatedService.StartOnStore(store);
        await using var second = AuthenticatedService.StartOnStore(store, ("Storage:HighWaterMarkPath", folder.GetPath("second.hwm")));
        var key = await first.CreateKeySecret();
        // The second instance has the previous version in its cache, and learns the key from the database.
        for (var i = 0; i < 20; i++)
        {
            Assert.Equal(i == 0 ? 404 : 200, await second.GetStatusCode("/v1/organizations/hai-may"));
            var (writer, reader) = i % 2 == 0 ? (first, second) : (second, first);
            var revision = await writer.PutOrganization(key, "hai-may", $"Lần {i}");
            var read = await reader.SendForJson(HttpStatusCode.OK, "GET", "/v1/organizations/hai-may", key);
            Assert.Equal(revision, (long)read["revision"]!);
            var head = await reader.SendForJson(HttpStatusCode.OK, "GET", "/v1/changes/head", key);
            Assert.Equal(revision, (long)head["revision"]!);
        }
    }

    [Fact]
    public async Task Key_that_one_instance_revokes_is_rejected_by_the_next_request_to_another()
    {
        Prerequisite.Require(TestStore.IsPostgreSql, "PostgreSQL is not configured.");
        using var folder = new TempFolder();
        var store = await folder.CreateStore();
        await using var first = AuthenticatedService.StartOnStore(store);
        await using var second = AuthenticatedService.StartOnStore(store, ("Storage:HighWaterMarkPath", folder.GetPath("second.hwm")));
        var admin = await first.CreateKeySecret();
        var created = await first.CreateKey(Role.Admin);
        Assert.Equal(200, await second.GetStatusCode("/v1/keys", created.Secret));
        using var revoked = await first.Send("DELETE", $"/v1/keys/{created.Key.Id}", admin);
        Assert.True(revoked.IsSuccessStatusCode);
        Assert.Equal(401, await second.GetStatusCode("/v1/keys", created.Secret));
    }

    [Fact]
    public async Task Concurrent_writes_of_two_instances_are_numbered_without_gaps()
    {
        Prerequisite.Require(TestStore.IsPostgreSql, "PostgreSQL is not configured.");
        const int WriterCount = 8, WritesPerWriter = 10;
        using var folder = new TempFolder();
        var store = await folder.CreateStore();
        await using var first = AuthenticatedService.StartOnStore(store);
        await using var second = AuthenticatedService.StartOnStore(store, ("Storage:HighWaterMarkPath", folder.GetPath("second.hwm")));
        var key = await first.CreateKeySecret();
        var start = (long)(await first.SendForJson(HttpStatusCode.OK, "GET", "/v1/changes/head", key))["revision"]!;
        var revisions = await Task.WhenAll(Enumerable.Range(0, WriterCount).Select(async writer =>
        {
            var written = new List<long>();
            for (var i = 0; i < WritesPerWriter; i++)
                written.Add(await (writer % 2 == 0 ? first : second).PutOrganization(key, $"nguoi-viet-{writer}", $"Lần {i}"));
            Assert.Equal(written.Order(), written);
            return written;
        }));
        Assert.Equal(Enumerable.Range(1, WriterCount * WritesPerWriter).Select(i => start + i),
            revisions.SelectMany(written => written).Order());
    }

    [Fact]
    public async Task Restored_dump_begins_a_new_epoch_also_for_an_instance_without_a_high_water_mark()
    {
        Prerequisite.Require(TestStore.IsPostgreSql, "PostgreSQL is not configured.");
        await using var service = await AuthenticatedService.Start();
        var key = await service.CreateKeySecret();
        await service.PutOrganization(key, "ban-sao", "Trước bản sao");
        var before = await service.SendForJson(HttpStatusCode.OK, "GET", "/v1/changes/head", key);
        var (dump, restored) = (service.GetPath("store.dump"), service.GetPath("restored.db"));
        await TestStore.BackUp(service.StorePath, dump);
        await TestStore.Restore(dump, restored, isDump: true);
        await using var other = AuthenticatedService.StartOnStore(restored);
        var after = await other.SendForJson(HttpStatusCode.OK, "GET", "/v1/changes/head", key);
        Assert.NotEqual((string?)before["epoch"], (string?)after["epoch"]);
        Assert.Equal((long)before["revision"]! + LostRevisionsLimit, (long)after["revision"]!);
    }

    [Fact]
    public async Task Write_on_another_server_begins_a_new_epoch_after_the_revisions_that_may_be_lost()
    {
        Prerequisite.Require(TestStore.IsPostgreSql, "PostgreSQL is not configured.");
        await using var service = await AuthenticatedService.Start();
        var key = await service.CreateKeySecret();
        var before = await service.SendForJson(HttpStatusCode.OK, "GET", "/v1/changes/head", key);
        await using (var connection = TestStore.CreateConnection(service.StorePath))
            Assert.Equal(1, await connection.ExecuteAsync("UPDATE store_origin SET server = '1/00000001'"));
        var revision = await service.PutOrganization(key, "may-chu-khac", "Máy chủ khác");
        var after = await service.SendForJson(HttpStatusCode.OK, "GET", "/v1/changes/head", key);
        Assert.NotEqual((string?)before["epoch"], (string?)after["epoch"]);
        Assert.Equal((long)before["revision"]! + LostRevisionsLimit + 1, revision);
        await service.Restart();
        Assert.Equal((string?)after["epoch"],
            (string?)(await service.SendForJson(HttpStatusCode.OK, "GET", "/v1/changes/head", key))["epoch"]);
    }

    [Fact]
    public async Task Request_to_a_server_that_sends_nothing_for_10_seconds_gets_503()
    {
        Prerequisite.Require(TestStore.IsPostgreSql, "PostgreSQL is not configured.");
        await using var service = await AuthenticatedService.Start();
        await using (var connection = TestStore.CreateConnection(service.StorePath))
        {
            await connection.OpenAsync(TestContext.Current.CancellationToken);
            await using var transaction = await connection.BeginTransactionAsync(TestContext.Current.CancellationToken);
            // Each request reads this table first.
            await connection.ExecuteAsync("LOCK TABLE store_version IN ACCESS EXCLUSIVE MODE");
            Assert.Equal(503, await service.GetStatusCode("/v1/provinces/thai-binh"));
        }
        Assert.Equal(200, await service.GetStatusCode("/v1/provinces/thai-binh"));
    }
}
