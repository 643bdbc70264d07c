using CooperationApi.Features.Changes;
using CooperationApi.Tests.Access;
using CooperationApi.Tests.Features.Records;
using Dapper;

namespace CooperationApi.Tests.Features.Changes;

/// <summary>Tests of the self-check, which compares a replay of the feed with the store.</summary>
public sealed class FeedSelfCheckTests
{
    [Fact]
    public async Task Self_check_passes_after_normal_writes_and_detects_changes_missing_from_the_feed()
    {
        await using var service = await AuthenticatedService.Start();
        var key = await service.CreateKeySecret();
        var selfCheck = service.GetService<FeedSelfCheck>();
        await selfCheck.Check(TestContext.Current.CancellationToken);
        var revisionBefore = selfCheck.LastReport!.Revision;
        foreach (var (method, id) in (List<(string, string)>)[("PUT", "a"), ("PUT", "b"), ("DELETE", "a")])
        {
            using var response = await service.Send(method, $"/v1/organizations/{id}", key,
                method == "PUT" ? RecordWriteTests.CreateOrganization(id) : null, method == "PUT" ? "If-None-Match: *" : "If-Match: *");
            Assert.True(response.IsSuccessStatusCode, await response.ReadText());
        }
        await selfCheck.Check(TestContext.Current.CancellationToken);
        Assert.True(selfCheck.LastReport.Passed);
        Assert.Equal(revisionBefore + 3, selfCheck.LastReport.Revision);
        Assert.DoesNotContain(service.Log, line => line.Contains("Self-check failed at revision", StringComparison.Ordinal));

        // A write without a change in the feed, as by a bug or an external tool.
        using (var connection = TestStore.CreateConnection(service.StorePath))
            connection.Execute(
                "UPDATE record SET hash = replace(hash, substr(hash, 1, 8), '00000000') WHERE type = 'organizations' AND id = 'b'");
        await selfCheck.Check(TestContext.Current.CancellationToken);
        Assert.False(selfCheck.LastReport.Passed);
        Assert.Equal(["organizations"], selfCheck.LastReport.MismatchedTypes!);
        Assert.Contains(service.Log,
            line => line.Contains("replaying the feed does not reproduce organizations", StringComparison.Ordinal));
        Assert.Contains("\"passed\":false", (await (await service.Get("/v1/status")).ReadText()), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Self_check_completes_during_constant_writes()
    {
        await using var service = await AuthenticatedService.Start();
        var key = await service.CreateKeySecret();
        var selfCheck = service.GetService<FeedSelfCheck>();
        using var stopping = new CancellationTokenSource();
        var writing = Task.Run(async () =>
        {
            for (var i = 0; !stopping.IsCancellationRequested; i++)
                await service.PutOrganization(key, "a", $"Tên {i}");
        }, TestContext.Current.CancellationToken);
        for (var i = 0; i < 5; i++)
        {
            await selfCheck.Check(TestContext.Current.CancellationToken);
            Assert.True(selfCheck.LastReport!.Passed);
        }
        await stopping.CancelAsync();
        await writing;
    }

    [Fact]
    public async Task Self_check_detects_a_damaged_past_state_in_its_sample()
    {
        await using var service = await AuthenticatedService.Start();
        var key = await service.CreateKeySecret();
        var pastRevision = await service.PutOrganization(key, "a", "Hai tỷ");
        await service.PutOrganization(key, "a", "Hai tỷ đồng");
        var selfCheck = service.GetService<FeedSelfCheck>();
        await selfCheck.Check(TestContext.Current.CancellationToken);
        Assert.True(selfCheck.LastReport!.Passed);

        using (var connection = TestStore.CreateConnection(service.StorePath))
            Assert.Equal(1, connection.Execute(
                $"UPDATE change SET archived_body = {TestStore.ReplaceJson("archived_body", "Hai", "Chín")} "
                + "WHERE id = 'a' AND archived_body IS NOT NULL"));
        await selfCheck.Check(TestContext.Current.CancellationToken);
        Assert.False(selfCheck.LastReport.Passed);
        Assert.Null(selfCheck.LastReport.MismatchedTypes);
        Assert.Equal([pastRevision], selfCheck.LastReport.DamagedRevisions!);
        Assert.Contains(service.Log, line => line.Contains($"revisions {pastRevision} do not match", StringComparison.Ordinal));
        Assert.Contains($"\"damagedRevisions\":[{pastRevision}]", await (await service.Get("/v1/status")).ReadText(),
            StringComparison.Ordinal);
    }

    [Fact]
    public async Task Self_check_starts_from_the_beginning_of_a_new_epoch()
    {
        await using var service = await AuthenticatedService.Start();
        await service.GetService<FeedSelfCheck>().Check(TestContext.Current.CancellationToken);
        await service.Restart(() => TestStore.StartNewEpoch(service.StorePath));
        await service.GetService<FeedSelfCheck>().Check(TestContext.Current.CancellationToken);
        Assert.True(service.GetService<FeedSelfCheck>().LastReport!.Passed);
    }
}
