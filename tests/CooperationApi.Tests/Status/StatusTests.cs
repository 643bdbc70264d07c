namespace CooperationApi.Tests.Status;

[Collection(nameof(Reading))]
public sealed class StatusTests(Api api)
{
    [Fact]
    public async Task The_numbers_of_records_are_the_totals_of_the_lists()
    {
        var records = (await api.Json("/v1/status"))["records"]!.AsObject();
        Assert.Equal(Catalog.Types.Order(), records.Select(type => type.Key).Order());
        foreach (var (type, count) in records)
            Assert.Equal((long)(await api.Json($"/v1/{type}?total=true&limit=1"))["total"]!, (long)count!);
    }

    [Fact]
    public async Task The_revision_is_that_of_the_record_that_changed_last()
    {
        var status = await api.Json("/v1/status");
        var revisions = new List<long>();
        foreach (var type in Catalog.Types)
            revisions.AddRange((await api.All($"/v1/{type}")).Select(record => (long)record["revision"]!));
        Assert.Equal(revisions.Max(), (long)status["revision"]!);
        Assert.Equal(revisions.Count, revisions.Distinct().Count());
        Assert.InRange(DateTimeOffset.Parse((string)status["changedAt"]!, null), DateTimeOffset.UtcNow.AddHours(-1), DateTimeOffset.UtcNow);
    }

    [Fact]
    public async Task The_service_is_alive_and_ready()
    {
        Assert.Equal("""{"status":"live"}""", (await api.Json("/health/live")).ToJsonString());
        var ready = await api.Json("/health/ready");
        Assert.Equal(("ready", (long)(await api.Json("/v1/status"))["revision"]!), ((string?)ready["status"], (long)ready["revision"]!));
    }

    [Fact]
    public async Task What_is_true_only_now_is_not_kept()
    {
        foreach (var address in new[] { "/health/live", "/health/ready", "/v1/nothing" })
        {
            using var answer = await api.Get(address);
            Assert.Equal("no-store", answer.Header("Cache-Control"));
        }
        using var status = await api.Get("/v1/status");
        Assert.Equal("no-cache", status.Header("Cache-Control"));
    }
}
