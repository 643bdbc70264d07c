using System.Text.Json.Nodes;
using CooperationApi.Tests.Access;
using CooperationApi.Tests.Editing;
using Dapper;
using Microsoft.Data.Sqlite;

namespace CooperationApi.Tests.Changes;

/// <summary>What is kept of the past where not all of it is to be kept.</summary>
public sealed class RetentionTests : IAsyncLifetime
{
    private Guarded service = null!;
    private string key = "";

    public async ValueTask InitializeAsync()
    {
        service = await Guarded.Start(("Changes:KeepDays", "30"));
        key = await service.Key();
    }

    public ValueTask DisposeAsync() => service.DisposeAsync();

    [Fact]
    public async Task A_cursor_before_what_is_kept_has_expired_and_a_new_copy_holds_nothing_that_was_deleted()
    {
        await Put("a", "một");
        await Put("b", "một");
        var old = new Copy(service, "limit=1000");
        await old.Follow();
        Assert.Contains("organizations/b", old.Records.Keys);
        await Put("a", "hai");
        using (await service.Send("DELETE", "/v1/organizations/b", key, null, "If-Match: *"))
        using (await service.Send("DELETE", "/v1/organizations/a", key, null, "If-Match: *"))
            await Put("a", "ba");
        var head = (long)(await Json("/v1/changes/head"))["revision"]!;
        await Later(31);
        await Put("c", "một");
        Assert.Equal(head, Query("SELECT horizon FROM feed"));
        // Of each record the newest, what was taken out included.
        Assert.Equal(1, Query("SELECT count(*) FROM change WHERE id = 'a'"));
        Assert.Equal(1, Query("SELECT count(*) FROM change WHERE id = 'b' AND op = 'remove'"));

        // It is told that its place is gone, and begins anew.
        Assert.True(await old.Step());
        Assert.Empty(old.Records);
        await old.Follow();
        await old.IsTheRecord();
        Assert.DoesNotContain("organizations/b", old.Records.Keys);
        Assert.Equal("record_removed", await service.Refused(410, "GET", "/v1/organizations/b"));
    }

    [Fact]
    public async Task Who_is_amid_the_first_run_when_the_past_is_thinned_begins_anew()
    {
        await Put("a", "một");
        await Put("a", "hai");
        var copy = new Copy(service, "limit=100");
        await copy.Step();
        await Later(31);
        Assert.True(await copy.Step());
        Assert.Empty(copy.Records);
        await copy.Follow();
        await copy.IsTheRecord();
    }

    [Fact]
    public async Task A_copy_that_is_in_step_with_what_is_kept_goes_on()
    {
        await Put("a", "một");
        var copy = new Copy(service, "limit=1000");
        await copy.Follow();
        await Later(31);
        await Put("a", "hai");
        await copy.Follow();
        // One for all, and one for the new change.
        Assert.Equal(2, copy.Pages);
        await copy.IsTheRecord();
    }

    [Fact]
    public async Task A_history_says_where_it_begins_and_never_tells_a_state_that_is_no_longer_kept()
    {
        var first = await Put("a", "một");
        var second = await Put("a", "hai");
        await Later(31);
        var third = await Put("a", "ba");
        var history = (await Json("/v1/organizations/a/revisions")).Items();
        Assert.Equal([third, second], history.Select(revision => (long)revision["revision"]!));
        Assert.Equal([null, true], history.Select(revision => (bool?)revision["oldest"]));
        Assert.Equal("hai", (string?)(await Json($"/v1/organizations/a?revision={second}"))["name"]);
        Assert.Equal("revision_expired", await service.Refused(410, "GET", $"/v1/organizations/a?revision={first}"));
        await Put("b", "một");
        Assert.Equal("record_not_made_yet", await service.Refused(404, "GET", $"/v1/organizations/b?revision={third}"));
    }

    [Fact]
    public async Task What_is_young_enough_is_all_kept()
    {
        await Put("a", "một");
        await Put("a", "hai");
        await Later(29);
        Assert.Equal(0, Query("SELECT horizon FROM feed"));
        Assert.Equal(2, Query("SELECT count(*) FROM change WHERE id = 'a'"));
    }

    /// <summary>So many days pass, and the service is started again, which thins at its start.</summary>
    private async Task Later(int days)
    {
        var kept = Query("SELECT horizon FROM feed");
        service.Clock.Pass(TimeSpan.FromDays(days));
        await service.Restart();
        for (var attempt = 0; attempt < 50 && (days < 30 || Query("SELECT horizon FROM feed") == kept); attempt++)
            await Task.Delay(20, TestContext.Current.CancellationToken);
    }

    private async Task<long> Put(string id, string name)
    {
        using var made = await service.Send("PUT", $"/v1/organizations/{id}", key, EditTests.Organization(name), await service.Status($"/v1/organizations/{id}") == 200 ? "If-Match: *" : "If-None-Match: *");
        var text = await made.Text();
        Assert.True((int)made.StatusCode is 200 or 201, text);
        return (long)JsonNode.Parse(text)!["revision"]!;
    }

    private async Task<JsonNode> Json(string address)
    {
        using var answer = await service.Get(address);
        var text = await answer.Text();
        Assert.True((int)answer.StatusCode == 200, text);
        return JsonNode.Parse(text)!;
    }

    private long Query(string sql)
    {
        using var store = new SqliteConnection($"Data Source={service.StorePath};Pooling=false");
        return store.QuerySingle<long>(sql);
    }
}
