using System.Text;
using System.Text.Json.Nodes;
using CooperationApi.Contracts;
using CooperationApi.Tests.Access;
using Dapper;

namespace CooperationApi.Tests.Features.Records;

/// <summary>Tests of records that were corrupted in the store: they are never served, and requests for them return 503.</summary>
public sealed class CorruptRecordTests : IAsyncLifetime
{
    private const string RecordUrl = "/v1/organizations/bi-hu";

    private AuthenticatedService service = null!;
    private string key = "";
    private long firstRevision, secondRevision;

    /// <summary>Bytes that replace a part of a body: an invalid UTF-8 byte, a quote that breaks the JSON, and another letter.</summary>
    public static TheoryData<byte> Corruptions => [0xFF, (byte)'"', (byte)'x'];

    public async ValueTask InitializeAsync()
    {
        service = await AuthenticatedService.Start();
        key = await service.CreateKeySecret(Role.Admin);
        firstRevision = await PutRecord("Tên zyxophon");
        secondRevision = await PutRecord("Tên zyxolith");
        var child = RecordWriteTests.CreateOrganization("Con");
        child["parentId"] = "bi-hu";
        using var childResponse = await service.Send("PUT", "/v1/organizations/con", key, child, "If-None-Match: *");
        using var otherResponse =
            await service.Send("PUT", "/v1/organizations/khac", key, RecordWriteTests.CreateOrganization("Khác"), "If-None-Match: *");
        Assert.Equal((201, 201), ((int)childResponse.StatusCode, (int)otherResponse.StatusCode));
    }

    public ValueTask DisposeAsync() => service.DisposeAsync();

    [Theory, MemberData(nameof(Corruptions))]
    public async Task Corrupt_current_record_returns_503_for_reads_and_writes(byte replacement)
    {
        await CorruptStore($"UPDATE record SET body = {TestStore.ReplaceJson("body", "oli", [replacement])} "
            + "WHERE type = 'organizations' AND id = 'bi-hu'");
        string[] readUrls =
        [
            RecordUrl, $"{RecordUrl}?fields=name", $"{RecordUrl}?expand=province", $"{RecordUrl}?revision={secondRevision}",
            $"{RecordUrl}/revisions", $"{RecordUrl}/revisions?format=ndjson", "/v1/organizations?limit=200",
            "/v1/organizations?format=ndjson", "/v1/organizations/con?expand=parent",
            "/v1/search?q=zyxolith", "/v1/changes?limit=1000", "/v1/changes?limit=1000&provinceId=hung-yen-2025",
        ];
        foreach (var address in readUrls)
            await AssertUnavailable("GET", address);
        await AssertUnavailable("PUT", RecordUrl, RecordWriteTests.CreateOrganization("Tên khác"), "If-Match: *");
        await AssertUnavailable("DELETE", RecordUrl, null, "If-Match: *");
        await AssertUnavailable("POST", $"{RecordUrl}/merge-into/khac");
        await AssertUnavailable("POST", "/v1/organizations/khac/merge-into/bi-hu");
        using var patched = await service.Send("PATCH", RecordUrl,
            new StringContent("{\"name\":\"Tên khác\"}", Encoding.UTF8, "application/merge-patch+json"),
            $"Authorization: Bearer {key}", "If-Match: *");
        Assert.Equal("damaged", (string?)(await ApiFixture.ReadProblem(503, patched))["code"]);
        Assert.Equal(200, (int)(await service.Get($"{RecordUrl}?revision={firstRevision}")).StatusCode);
    }

    [Theory, MemberData(nameof(Corruptions))]
    public async Task Corrupt_past_state_returns_503_wherever_it_is_read(byte replacement)
    {
        await CorruptStore($"UPDATE change SET archived_body = {TestStore.ReplaceJson("archived_body", "oph", [replacement])}");
        await AssertPastStateIsUnavailable();
    }

    [Fact]
    public async Task Past_state_with_another_hash_returns_503()
    {
        await CorruptStore($"UPDATE change SET archived_hash = '{new string('0', 64)}' WHERE archived_hash IS NOT NULL");
        await AssertPastStateIsUnavailable();
    }

    private async Task AssertPastStateIsUnavailable()
    {
        foreach (var address in (string[])[$"{RecordUrl}?revision={firstRevision}", $"{RecordUrl}/revisions", "/v1/changes?limit=1000",
            $"{RecordUrl}/revisions?limit=1", $"{RecordUrl}/revisions?sort=revision&limit=1", $"{RecordUrl}/revisions?format=csv",
            "/v1/changes?limit=1000&provinceId=hung-yen-2025"])
            await AssertUnavailable("GET", address);
        Assert.Equal(200, (int)(await service.Get(RecordUrl)).StatusCode);
    }

    private async Task AssertUnavailable(string method, string address, JsonNode? body = null, params string[] headers)
    {
        using var response = await service.Send(method, address, key, body, headers);
        var text = await response.ReadText();
        Assert.True((int)response.StatusCode == 503, $"{method} {address}: {(int)response.StatusCode} {text}");
        Assert.Equal("damaged", (string?)JsonNode.Parse(text)!["code"]);
    }

    private async Task<long> PutRecord(string name)
    {
        using var response = await service.Send("PUT", RecordUrl, key, RecordWriteTests.CreateOrganization(name),
            firstRevision == 0 ? "If-None-Match: *" : "If-Match: *");
        Assert.True(response.IsSuccessStatusCode, await response.ReadText());
        return (long)JsonNode.Parse(await response.ReadText())!["revision"]!;
    }

    private async Task CorruptStore(string sql)
    {
        using var connection = TestStore.CreateConnection(service.StorePath);
        Assert.NotEqual(0, await connection.ExecuteAsync(sql));
    }
}
