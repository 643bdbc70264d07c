using CooperationApi.Mirror;
using CooperationApi.Tests.Access;
using CooperationApi.Tests.Editing;
using Dapper;
using Microsoft.Data.Sqlite;

namespace CooperationApi.Tests.Changes;

/// <summary>The service notices by itself when a copy that follows its feed would not be what it has.</summary>
public sealed class SelfCheckTests
{
    [Fact]
    public async Task What_changes_rightly_agrees_and_what_the_feed_does_not_tell_is_noticed()
    {
        await using var service = await Guarded.Start();
        var key = await service.Key();
        var check = service.Find<SelfCheck>();
        await check.Check(TestContext.Current.CancellationToken);
        foreach (var (method, id) in (List<(string, string)>)[("PUT", "a"), ("PUT", "b"), ("DELETE", "a")])
        {
            using var answer = await service.Send(method, $"/v1/organizations/{id}", key, method == "PUT" ? EditTests.Organization(id) : null, method == "PUT" ? "If-None-Match: *" : "If-Match: *");
            Assert.True(answer.IsSuccessStatusCode, await answer.Text());
        }
        await check.Check(TestContext.Current.CancellationToken);
        Assert.True(check.Last!.Agrees);
        Assert.Equal(502, check.Last.Revision);
        Assert.DoesNotContain(service.Log, line => line.Contains("is not what the record is", StringComparison.Ordinal));

        // As only a fault of the service's own, or somebody with a tool, can do it.
        using (var store = new SqliteConnection($"Data Source={service.StorePath};Pooling=false"))
            store.Execute("UPDATE record SET hash = replace(hash, substr(hash, 1, 8), '00000000') WHERE type = 'organizations' AND id = 'b'");
        await check.Check(TestContext.Current.CancellationToken);
        Assert.False(check.Last.Agrees);
        Assert.Equal(["organizations"], check.Last.Differing!);
        Assert.Contains(service.Log, line => line.Contains("is not what the record is: organizations differ", StringComparison.Ordinal));
        Assert.Contains("\"agrees\":false", (await (await service.Get("/v1/status")).Text()), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Another_life_of_the_store_is_checked_from_its_own_beginning()
    {
        await using var service = await Guarded.Start();
        await service.Find<SelfCheck>().Check(TestContext.Current.CancellationToken);
        await service.Restart(() => File.Delete(service.StorePath + ".fence"));
        await service.Find<SelfCheck>().Check(TestContext.Current.CancellationToken);
        Assert.True(service.Find<SelfCheck>().Last!.Agrees);
    }
}
