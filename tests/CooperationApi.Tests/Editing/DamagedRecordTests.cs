using System.Text;
using System.Text.Json.Nodes;
using CooperationApi.Contracts;
using CooperationApi.Tests.Access;
using Dapper;
using Microsoft.Data.Sqlite;

namespace CooperationApi.Tests.Editing;

/// <summary>A record that is not as it was written is told to nobody, and the fault is never said to be the caller's.</summary>
public sealed class DamagedRecordTests : IAsyncLifetime
{
    private const string Address = "/v1/organizations/bi-hu";

    private Guarded service = null!;
    private string key = "";
    private long first, second;

    /// <summary>What is damaged: a byte that no text has, JSON that ends nowhere, and another letter.</summary>
    public static TheoryData<string> Damages => ["CAST(X'FF' AS TEXT)", "'\"'", "'x'"];

    public async ValueTask InitializeAsync()
    {
        service = await Guarded.Start();
        key = await service.Key(Role.Admin);
        first = await Put("Tên zyxophon");
        second = await Put("Tên zyxolith");
        var child = EditTests.Organization("Con");
        child["parentId"] = "bi-hu";
        using var made = await service.Send("PUT", "/v1/organizations/con", key, child, "If-None-Match: *");
        using var other = await service.Send("PUT", "/v1/organizations/khac", key, EditTests.Organization("Khác"), "If-None-Match: *");
        Assert.Equal((201, 201), ((int)made.StatusCode, (int)other.StatusCode));
    }

    public ValueTask DisposeAsync() => service.DisposeAsync();

    [Theory, MemberData(nameof(Damages))]
    public async Task One_that_stands_is_neither_read_nor_built_upon(string damage)
    {
        await Damage("UPDATE record SET body = replace(body, 'oli', {0}) WHERE type = 'organizations' AND id = 'bi-hu'", damage);
        string[] reading =
        [
            Address, $"{Address}?fields=name", $"{Address}?expand=province", $"{Address}?revision={second}", $"{Address}/revisions", $"{Address}/revisions?format=ndjson", "/v1/organizations?limit=200", "/v1/organizations?format=ndjson", "/v1/organizations/con?expand=parent",
            "/v1/search?q=zyxolith", "/v1/changes?limit=1000", "/v1/changes?limit=1000&provinceId=hung-yen-2025",
        ];
        foreach (var address in reading)
            await Unavailable("GET", address);
        await Unavailable("PUT", Address, EditTests.Organization("Tên khác"), "If-Match: *");
        await Unavailable("DELETE", Address, null, "If-Match: *");
        await Unavailable("POST", $"{Address}/merge-into/khac");
        await Unavailable("POST", "/v1/organizations/khac/merge-into/bi-hu");
        using var patched = await service.Send("PATCH", Address, new StringContent("{\"name\":\"Tên khác\"}", Encoding.UTF8, "application/merge-patch+json"),
            $"Authorization: Bearer {key}", "If-Match: *");
        Assert.Equal("unavailable", (string?)(await Api.ProblemOf(503, patched))["code"]);
        Assert.Equal(200, (int)(await service.Get($"{Address}?revision={first}")).StatusCode);
    }

    [Theory]
    [InlineData("CAST(X'FF' AS TEXT)")]
    [InlineData("'\"'")]
    public async Task A_state_of_the_past_that_is_no_JSON_any_more_is_not_told(string damage)
    {
        await Damage("UPDATE change SET past_body = replace(past_body, 'oph', {0})", damage);
        foreach (var address in (string[])[$"{Address}?revision={first}", $"{Address}/revisions", "/v1/changes?limit=1000", "/v1/changes?limit=1000&provinceId=hung-yen-2025"])
            await Unavailable("GET", address);
        Assert.Equal(200, (int)(await service.Get(Address)).StatusCode);
    }

    private async Task Unavailable(string method, string address, JsonNode? body = null, params string[] headers)
    {
        using var answer = await service.Send(method, address, key, body, headers);
        var text = await answer.Text();
        Assert.True((int)answer.StatusCode == 503, $"{method} {address}: {(int)answer.StatusCode} {text}");
        Assert.Equal("unavailable", (string?)JsonNode.Parse(text)!["code"]);
    }

    private async Task<long> Put(string name)
    {
        using var put = await service.Send("PUT", Address, key, EditTests.Organization(name), first == 0 ? "If-None-Match: *" : "If-Match: *");
        Assert.True(put.IsSuccessStatusCode, await put.Text());
        return (long)JsonNode.Parse(await put.Text())!["revision"]!;
    }

    private async Task Damage(string sql, string damage)
    {
        using var connection = new SqliteConnection($"Data Source={service.StorePath};Pooling=false");
        Assert.NotEqual(0, await connection.ExecuteAsync(string.Format(null, sql, damage)));
    }
}
