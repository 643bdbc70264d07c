namespace CooperationApi.Tests.Features.Status;

[Collection(nameof(SharedApi))]
public sealed class StatusTests(ApiFixture api)
{
    [Fact]
    public async Task Record_counts_equal_the_totals_of_the_lists()
    {
        var records = (await api.GetJson("/v1/status"))["records"]!.AsObject();
        Assert.Equal(ResourceTypes.All.Order(), records.Select(type => type.Key).Order());
        foreach (var (type, count) in records)
            Assert.Equal((long)(await api.GetJson($"/v1/{type}?total=true&limit=1"))["total"]!, (long)count!);
    }

    [Fact]
    public async Task Revision_is_that_of_the_last_changed_record()
    {
        var status = await api.GetJson("/v1/status");
        var revisions = new List<long>();
        foreach (var type in ResourceTypes.All)
            revisions.AddRange((await api.GetAllItems($"/v1/{type}")).Select(record => (long)record["revision"]!));
        Assert.Equal(revisions.Max(), (long)status["revision"]!);
        Assert.Equal(revisions.Count, revisions.Distinct().Count());
        Assert.InRange(DateTimeOffset.Parse((string)status["changedAt"]!, null), DateTimeOffset.UtcNow.AddHours(-1), DateTimeOffset.UtcNow);
    }

    [Fact]
    public async Task Status_has_the_oldest_cursor_the_last_export_and_the_newest_change_per_source()
    {
        var status = await api.GetJson("/v1/status");
        var export = await api.GetJson("/v1/exports/latest");
        Assert.All(["id", "revision", "at"],
            member => Assert.Equal(export[member]!.ToJsonString(), status["lastExport"]![member]!.ToJsonString()));
        var changes = (await api.GetJson($"/v1/changes?limit=1000&cursor={status["oldestCursor"]}")).GetItems();
        Assert.Equal(status["records"]!.AsObject().Sum(entry => (long)entry.Value!), changes.Count);
        var sources = status["sources"]!.AsArray();
        Assert.Equal(sources.OrderByDescending(source => (long)source!["revision"]!), sources);
        // The seed data has fewer than 1000 changes, so the page has every cited source.
        var lastRevisionBySource = new Dictionary<string, long>();
        foreach (var change in changes.Where(change => change["data"]!["citations"] is not null))
        {
            foreach (var citation in change["data"]!["citations"]!.AsArray())
                lastRevisionBySource[(string)citation!["sourceId"]!] = (long)change["revision"]!;
        }
        Assert.Equal(
            lastRevisionBySource.OrderByDescending(source => source.Value).ThenBy(source => source.Key, StringComparer.Ordinal)
                .Select(source => (source.Key, source.Value)),
                sources.Select(source => ((string)source!["id"]!, (long)source["revision"]!)));
        Assert.All(sources,
            source => Assert.InRange(DateTimeOffset.Parse((string)source!["changedAt"]!, null), DateTimeOffset.UtcNow.AddHours(-1),
                DateTimeOffset.UtcNow));
    }

    [Fact]
    public async Task Status_has_the_result_of_the_self_check()
    {
        for (var attempt = 0; ; attempt++)
        {
            if ((await api.GetJson("/v1/status"))["selfCheck"] is { } check)
            {
                Assert.Equal((true, (long)(await api.GetJson("/v1/changes/head"))["revision"]!),
                    ((bool)check["passed"]!, (long)check["revision"]!));
                return;
            }
            Assert.True(attempt < 200, "The self-check has not run within 10 s.");
            await Task.Delay(50, TestContext.Current.CancellationToken);
        }
    }

    [Fact]
    public async Task Service_is_live_and_ready()
    {
        Assert.Equal("""{"status":"live"}""", (await api.GetJson("/health/live")).ToJsonString());
        var ready = await api.GetJson("/health/ready");
        Assert.Equal(("ready", (long)(await api.GetJson("/v1/status"))["revision"]!), ((string?)ready["status"], (long)ready["revision"]!));
    }

    [Fact]
    public async Task Health_responses_are_no_store_and_status_is_no_cache()
    {
        foreach (var address in new[] { "/health/live", "/health/ready", "/v1/nothing" })
        {
            using var response = await api.Get(address);
            Assert.Equal("no-store", response.GetHeader("Cache-Control"));
        }
        using var status = await api.Get("/v1/status");
        Assert.Equal("no-cache", status.GetHeader("Cache-Control"));
    }
}
