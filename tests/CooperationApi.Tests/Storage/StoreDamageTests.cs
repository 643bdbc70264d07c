using System.Text.Json.Nodes;

namespace CooperationApi.Tests.Storage;

/// <summary>Tests of damage to the store file of a running service: responses are correct or 503.</summary>
[Collection(nameof(ServiceProcesses))]
public sealed class StoreDamageTests
{
    public static TheoryData<string> DamageKinds => ["deleted", "emptied", "zeroed", "overwritten"];

    [Theory, MemberData(nameof(DamageKinds))]
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
    public async Task Service_with_an_unreadable_store_is_live_but_not_ready()
    {
        using var folder = new TempFolder();
        await using var service = await ServiceProcess.Start(await folder.CreateStore());
        DamageFile(folder.GetPath("cooperation.db"), "overwritten");
        Assert.Equal(200, (await service.Get("/health/live")).Status);
        Assert.Equal(503, (await service.Get("/health/ready")).Status);
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
