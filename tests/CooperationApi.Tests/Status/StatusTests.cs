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
    public async Task It_says_where_the_feed_begins_which_export_is_the_latest_and_what_is_new_from_which_source()
    {
        var status = await api.Json("/v1/status");
        var export = await api.Json("/v1/exports/latest");
        Assert.All(["id", "revision", "at"], member => Assert.Equal(export[member]!.ToJsonString(), status["lastExport"]![member]!.ToJsonString()));
        var oldest = (await api.Json($"/v1/changes?limit=1000&cursor={status["oldestCursor"]}")).Items();
        Assert.Equal(status["records"]!.AsObject().Sum(of => (long)of.Value!), oldest.Count);
        var sources = status["sources"]!.AsArray();
        Assert.Equal(sources.OrderByDescending(source => (long)source!["revision"]!), sources);
        // The founding record has less than a thousand changes: every source that is cited is there.
        var cited = new Dictionary<string, long>();
        foreach (var change in oldest.Where(change => change["data"]!["citations"] is not null))
        {
            foreach (var citation in change["data"]!["citations"]!.AsArray())
                cited[(string)citation!["sourceId"]!] = (long)change["revision"]!;
        }
        Assert.Equal(cited.OrderByDescending(source => source.Value).ThenBy(source => source.Key, StringComparer.Ordinal).Select(source => (source.Key, source.Value)), sources.Select(source => ((string)source!["id"]!, (long)source["revision"]!)));
        Assert.All(sources, source => Assert.InRange(DateTimeOffset.Parse((string)source!["changedAt"]!, null), DateTimeOffset.UtcNow.AddHours(-1), DateTimeOffset.UtcNow));
    }

    [Fact]
    public async Task It_says_what_came_of_its_own_check()
    {
        for (var patience = 0; ; patience++)
        {
            if ((await api.Json("/v1/status"))["selfCheck"] is { } check)
            {
                Assert.Equal((true, (long)(await api.Json("/v1/changes/head"))["revision"]!), ((bool)check["agrees"]!, (long)check["revision"]!));
                return;
            }
            Assert.True(patience < 200, "It does not check itself.");
            await Task.Delay(50, TestContext.Current.CancellationToken);
        }
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
