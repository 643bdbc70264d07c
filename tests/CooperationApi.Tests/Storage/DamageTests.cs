using System.Text.Json.Nodes;

namespace CooperationApi.Tests.Storage;

/// <summary>What happens to the file under a running service. It may answer no more, but never wrongly.</summary>
[Collection(nameof(Processes))]
public sealed class DamageTests
{
    public static TheoryData<string> Damages => ["deleted", "emptied", "zeroed", "overwritten"];

    [Theory, MemberData(nameof(Damages))]
    public async Task A_store_that_is_harmed_while_it_is_served_is_answered_truly_or_not_at_all(string damage)
    {
        using var folder = new Folder();
        await using var service = await Served.On(await folder.Store());
        var whole = new List<(string Address, string Body)>();
        foreach (var address in Addresses())
            whole.Add((address, (await service.Get(address)).Body));
        Harm(folder.Path("cooperation.db"), damage);
        foreach (var (address, known) in whole)
        {
            // An address of another spelling: the answer to the first is kept, and would prove nothing.
            var (status, body) = await service.Get(address + "&");
            if (status == 503)
                Assert.Equal("unavailable", (string?)JsonNode.Parse(body)!["code"]);
            else
                Assert.Equal((address, 200, known), (address, status, body));
        }
    }

    [Fact]
    public async Task A_service_whose_store_can_not_be_read_is_alive_and_not_ready()
    {
        using var folder = new Folder();
        await using var harmed = await Served.On(await folder.Store());
        Harm(folder.Path("cooperation.db"), "overwritten");
        Assert.Equal(200, (await harmed.Get("/health/live")).Status);
        Assert.Equal(503, (await harmed.Get("/health/ready")).Status);
    }

    private static IEnumerable<string> Addresses() => Catalog.Types.SelectMany(type => new[] { $"/v1/{type}?limit=200", $"/v1/{type}?limit=1&total=true" })
        .Concat(["/v1/provinces/ha-noi?", "/v1/provinces/hue?at=2019-10-26", $"/v1/sources/{Founding.Source}/citations?", "/v1/status?", "/v1/provinces/thai-binh/results?"]);

    private static void Harm(string store, string damage)
    {
        var length = new FileInfo(store).Length;
        if (damage == "deleted")
        {
            foreach (var file in new[] { store, store + "-wal", store + "-shm" })
                File.Delete(file);
            return;
        }
        // In place: a new file of this name would leave the service with the old one.
        using var stream = new FileStream(store, FileMode.Open, FileAccess.Write, FileShare.ReadWrite);
        if (damage == "emptied")
            stream.SetLength(0);
        else
            stream.Write([.. Enumerable.Repeat(damage == "zeroed" ? (byte)0 : (byte)'x', (int)length)]);
    }
}
