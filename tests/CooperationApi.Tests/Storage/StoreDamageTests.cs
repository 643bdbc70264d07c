using System.Text.Json.Nodes;
using CooperationApi.Tests.Access;
using CooperationApi.Tests.Features.Records;
using Dapper;

namespace CooperationApi.Tests.Storage;

/// <summary>Tests of damage to the store of a running service: responses are correct or 503.</summary>
public sealed class StoreDamageTests
{
    public static TheoryData<string> DamageKinds => ["deleted", "emptied", "zeroed", "overwritten"];

    [Theory, MemberData(nameof(DamageKinds))]
    [Trait("Engine", "Sqlite")]
    public async Task Damaged_store_under_a_running_service_gives_correct_responses_or_503(string damage)
    {
        using var folder = new TempFolder();
        await using var service = await ServiceProcess.Start(await folder.CreateStore());
        var expected = new List<(string Address, string Body)>();
        foreach (var address in GetAddresses())
            expected.Add((address, (await service.Get(address)).Body));
        DamageFile(folder.GetPath("cooperation.db"), damage);
        foreach (var (address, expectedBody) in expected)
        {
            // A different URL, because the response to the first one is cached.
            var (status, body) = await service.Get(address + "&");
            if (status == 503)
                Assert.Equal("unavailable", (string?)JsonNode.Parse(body)!["code"]);
            else
                Assert.Equal((address, 200, expectedBody), (address, status, body));
        }
    }

    [Fact]
    [Trait("Engine", "Sqlite")]
    public async Task Service_with_an_unreadable_store_is_live_but_not_ready()
    {
        using var folder = new TempFolder();
        await using var service = await ServiceProcess.Start(await folder.CreateStore());
        DamageFile(folder.GetPath("cooperation.db"), "overwritten");
        Assert.Equal(200, (await service.Get("/health/live")).Status);
        Assert.Equal(503, (await service.Get("/health/ready")).Status);
    }

    [Theory]
    [Trait("Engine", "Sqlite")]
    [InlineData("deleted")]
    [InlineData("emptied")]
    [InlineData("replaced")]
    [InlineData("WAL deleted")]
    public Task Lost_store_file_makes_the_service_unready_and_refuses_writes_and_reads(string damage) =>
        AssertLossMakesTheServiceUnready(storePath =>
        {
            if (damage == "replaced")
            {
                File.Copy(storePath, storePath + ".other");
                File.Move(storePath + ".other", storePath, overwrite: true);
            }
            else if (damage == "WAL deleted")
                File.Delete(storePath + "-wal");
            else
                DamageFile(storePath, damage);
        });

    [Fact]
    public Task Removed_store_makes_the_service_unready_and_refuses_writes_and_reads() =>
        AssertLossMakesTheServiceUnready(TestStore.Remove);

    private static async Task AssertLossMakesTheServiceUnready(Action<string> damageStore)
    {
        await using var service = await AuthenticatedService.Start();
        var key = await service.CreateKeySecret();
        await service.PutOrganization(key, "a", "một");
        Assert.Equal(200, await service.GetStatusCode("/v1/organizations/a"));
        damageStore(service.StorePath);
        Assert.Equal("unavailable", await service.SendForProblemCode(503, "GET", "/health/ready"));
        Assert.Equal("unavailable",
            await service.SendForProblemCode(503, "PUT", "/v1/organizations/b", key, RecordWriteTests.CreateOrganization("hai"),
                "If-None-Match: *"));
        foreach (var address in (string[])["/v1/organizations/a", "/v1/status", "/v1/changes", "/v1/organizations?format=csv"])
            Assert.Equal((address, 503), (address, await service.GetStatusCode(address)));
        Assert.Equal(200, await service.GetStatusCode("/health/live"));
    }

    [Fact]
    [Trait("Engine", "Sqlite")]
    public async Task Store_file_that_is_moved_away_and_back_is_served_again()
    {
        await using var service = await AuthenticatedService.Start();
        var key = await service.CreateKeySecret();
        File.Move(service.StorePath, service.GetPath("away.db"));
        Assert.Equal(503, await service.GetStatusCode("/health/ready"));
        File.Move(service.GetPath("away.db"), service.StorePath);
        Assert.Equal(200, await service.GetStatusCode("/health/ready"));
        await service.PutOrganization(key, "a", "một");
        await service.Restart();
        Assert.Equal(200, await service.GetStatusCode("/v1/organizations/a"));
    }

    [Theory]
    [Trait("Engine", "Sqlite")]
    [InlineData("deleted")]
    [InlineData("emptied")]
    public Task Writer_gets_503_for_its_next_write_after_the_file_is_lost(string damage) =>
        AssertWriterGets503(storePath => DamageFile(storePath, damage));

    [Fact]
    public Task Writer_gets_503_for_its_next_write_after_the_store_is_removed() => AssertWriterGets503(TestStore.Remove);

    [Fact]
    [Trait("Engine", "PostgreSQL")]
    public async Task Service_connects_again_after_the_server_ended_its_connections()
    {
        Prerequisite.Require(TestStore.IsPostgreSql, "PostgreSQL is not configured.");
        await using var service = await AuthenticatedService.Start();
        var key = await service.CreateKeySecret();
        await service.PutOrganization(key, "a", "một");
        using (var connection = TestStore.CreateConnection(service.StorePath))
            Assert.NotEmpty(connection.Query<bool>(
                """
                SELECT pg_terminate_backend(pid) FROM pg_stat_activity
                WHERE datname = current_database() AND application_name = 'cooperation-api'
                """));
        // A request on an ended connection fails with 503 and without a change.
        for (var (attempt, status) = (0, 503); status != 201; attempt++)
        {
            Assert.True(attempt < 20, "The service does not connect again.");
            using var response =
                await service.Send("PUT", "/v1/organizations/b", key, RecordWriteTests.CreateOrganization("hai"), "If-None-Match: *");
            status = (int)response.StatusCode;
            Assert.True(status is 201 or 503, await response.ReadText());
        }
        Assert.Equal(200, await service.GetStatusCode("/health/ready"));
        Assert.Equal(200, await service.GetStatusCode("/v1/organizations/b"));
    }

    private static async Task AssertWriterGets503(Action<string> damageStore)
    {
        await using var service = await AuthenticatedService.Start();
        var key = await service.CreateKeySecret();
        var acknowledgedCount = 0;
        var writing = Task.Run(async () =>
        {
            while (true)
            {
                var id = $"w{acknowledgedCount}";
                using var response =
                    await service.Send("PUT", $"/v1/organizations/{id}", key, RecordWriteTests.CreateOrganization(id), "If-None-Match: *");
                if ((int)response.StatusCode != 201)
                    return (int)response.StatusCode;
                Interlocked.Increment(ref acknowledgedCount);
            }
        }, TestContext.Current.CancellationToken);
        while (Volatile.Read(ref acknowledgedCount) < 3)
            await Task.Delay(1, TestContext.Current.CancellationToken);
        damageStore(service.StorePath);
        // The writer ends only because of the response.
        Assert.Equal(503, await writing);
    }

    private static IEnumerable<string> GetAddresses() =>
        ResourceTypes.All.SelectMany(type => new[] { $"/v1/{type}?limit=200", $"/v1/{type}?limit=1&total=true" })
            .Concat(["/v1/provinces/ha-noi?", "/v1/provinces/hue?at=2019-10-26", $"/v1/sources/{SeedFacts.SourceId}/citations?",
                "/v1/status?", "/v1/provinces/thai-binh/results?"]);

    private static void DamageFile(string storePath, string damage)
    {
        var length = new FileInfo(storePath).Length;
        if (damage == "deleted")
        {
            foreach (var file in new[] { storePath, storePath + "-wal", storePath + "-shm" })
                File.Delete(file);
            return;
        }
        // The file is overwritten in place: with a new file, the service would still have the old one open.
        using var stream = new FileStream(storePath, FileMode.Open, FileAccess.Write, FileShare.ReadWrite);
        if (damage == "emptied")
            stream.SetLength(0);
        else
            stream.Write([.. Enumerable.Repeat(damage == "zeroed" ? (byte)0 : (byte)'x', (int)length)]);
    }
}
