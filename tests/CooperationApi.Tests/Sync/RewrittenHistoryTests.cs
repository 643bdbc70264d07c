using System.Data.Common;
using System.Net;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using CooperationApi.Tests.Access;
using Dapper;
using Microsoft.Data.Sqlite;

namespace CooperationApi.Tests.Sync;

/// <summary>
/// Trials of `cooperation-sync` against a service whose store was changed without a new revision: the copy keeps the true records.
/// </summary>
public sealed class RewrittenHistoryTests : IAsyncLifetime
{
    private const string TrueName = "Hai tỷ đồng", ForgedName = "Chín tỷ đồng";

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    private AuthenticatedService service = null!;
    private string key = "", trueHash = "";
    private long revision;

    private string CopyPath => service.GetPath("copy.db");

    public async ValueTask InitializeAsync()
    {
        service = await AuthenticatedService.Start();
        key = await service.CreateKeySecret();
        revision = await service.PutOrganization(key, "a", TrueName);
        trueHash = ComputeHash(await (await service.Get("/v1/organizations/a")).ReadText());
        await service.PutOrganization(key, "b", "Một");
        Assert.Equal(0, (await RunSync()).ExitCode);
    }

    public ValueTask DisposeAsync() => service.DisposeAsync();

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Rewritten_record_is_reported_with_both_hashes_and_not_overwritten(bool verify)
    {
        var forgedHash = "";
        await service.Restart(() => forgedHash = Forge("a"));
        await AssertCopyIsUnchanged(async () =>
        {
            // The next run reports it again.
            for (var run = 0; run < 2; run++)
                AssertContradicted(await RunSync(verify ? ["--verify"] : []), forgedHash);
        });
        var evidence = JsonNode.Parse(Assert.Single(await File.ReadAllLinesAsync(CopyPath + ".contradicted", Cancel)))!;
        Assert.Equal((trueHash, forgedHash), ((string?)evidence["copyHash"], (string?)evidence["serviceHash"]));
        Assert.Equal((trueHash, forgedHash),
            (ComputeHash((string)evidence["copyData"]!), ComputeHash((string)evidence["serviceData"]!)));
    }

    [Fact]
    public async Task Rewritten_record_is_not_overwritten_while_other_changes_are_applied()
    {
        var forgedHash = "";
        await service.Restart(() => forgedHash = Forge("a"));
        await service.PutOrganization(key, "b", "Một, sửa lại");
        AssertContradicted(await RunSync(), forgedHash);
        using var copy = new SqliteConnection($"Data Source={CopyPath};Mode=ReadOnly;Pooling=false");
        Assert.Equal([TrueName, "Một, sửa lại"],
            copy.Query<string>("SELECT json_extract(data, '$.name') FROM organizations WHERE id IN ('a', 'b') ORDER BY id"));
    }

    [Fact]
    public async Task Rewritten_last_change_is_reported_although_the_service_starts_a_new_epoch()
    {
        var epoch = await ReadEpoch();
        revision = await service.PutOrganization(key, "a", TrueName + " năm 2019");
        trueHash = ComputeHash(await (await service.Get("/v1/organizations/a")).ReadText());
        Assert.Equal(0, (await RunSync()).ExitCode);
        var forgedHash = "";
        await service.Restart(() => forgedHash = Forge("a"));
        Assert.NotEqual(epoch, await ReadEpoch());
        await AssertCopyIsUnchanged(async () => AssertContradicted(await RunSync(), forgedHash));
        Assert.False(File.Exists(CopyPath + ".new"));
    }

    [Fact]
    public async Task Rewritten_history_of_all_records_is_reported_and_the_copy_is_not_replaced()
    {
        using (var store = OpenStore())
        {
            var ids = store.Query<string>("SELECT id FROM record WHERE type = 'organizations' AND id <> 'b'").ToList();
            await service.Restart(() => ids.ForEach(id => Forge(id, "\"name\":\"", "\"name\":\"Giả ")));
        }
        await AssertCopyIsUnchanged(async () => Assert.Equal(5, (await RunSync()).ExitCode));
    }

    [Theory]
    [InlineData("DELETE FROM record WHERE type = 'organizations' AND id = 'a'; "
        + "DELETE FROM change WHERE type = 'organizations' AND id = 'a'")]
    [InlineData("UPDATE record SET revision = -1 WHERE type = 'organizations' AND id = 'a'")]
    public async Task Revision_that_the_service_no_longer_has_is_reported(string forgery)
    {
        await service.Restart(() =>
        {
            using var store = OpenStore();
            store.Execute(forgery);
        });
        await AssertCopyIsUnchanged(async () => AssertContradicted(await RunSync(), serviceHash: null));
    }

    [Fact]
    public async Task Outdated_row_of_the_copy_that_the_service_confirms_is_repaired()
    {
        using var copy = new SqliteConnection($"Data Source={CopyPath};Pooling=false");
        var trueData = copy.QuerySingle<string>("SELECT data FROM organizations WHERE id = 'a'");
        await service.PutOrganization(key, "a", TrueName + " năm 2019");
        Assert.Equal(0, (await RunSync()).ExitCode);
        copy.Execute("UPDATE organizations SET revision = @revision, hash = @trueHash, data = @trueData WHERE id = 'a'",
            new { revision, trueHash, trueData });
        var (exitCode, lines, _) = await RunSync();
        Assert.Equal(0, exitCode);
        Assert.Equal("a", (string?)Assert.Single(lines, line => (string?)line["event"] == "repaired")["id"]);
        Assert.False(File.Exists(CopyPath + ".contradicted"));
    }

    private Task<(int ExitCode, List<JsonNode> Lines, string Error)> RunSync(params string[] args) =>
        SyncProcess.Run([.. args, "--from", service.Address.ToString(), "--to", CopyPath]);

    private async Task<string?> ReadEpoch() =>
        (string?)(await service.SendForJson(HttpStatusCode.OK, "GET", "/v1/changes/head", key))["epoch"];

    private DbConnection OpenStore() => TestStore.CreateConnection(service.StorePath);

    /// <summary>Changes the body and the hash of a record in the store at the same revision. Returns the new hash.</summary>
    private string Forge(string id, string from = TrueName, string to = ForgedName) =>
        TestStore.ChangeRecord(service.StorePath, "organizations", id, body =>
        {
            var forged = body.Replace(from, to, StringComparison.Ordinal);
            Assert.NotEqual(body, forged);
            return forged;
        });

    private static string ComputeHash(string data) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(data)));

    private async Task AssertCopyIsUnchanged(Func<Task> runs)
    {
        var before = await File.ReadAllBytesAsync(CopyPath, Cancel);
        await runs();
        Assert.Equal(before, await File.ReadAllBytesAsync(CopyPath, Cancel));
    }

    private void AssertContradicted((int ExitCode, List<JsonNode> Lines, string Error) run, string? serviceHash)
    {
        Assert.True(run.ExitCode == 5, $"{run.ExitCode} {string.Join('\n', run.Lines)} {run.Error}");
        var contradicted = Assert.Single(run.Lines, line => (string?)line["event"] == "contradicted");
        Assert.Equal(("organizations", "a", revision, trueHash, serviceHash),
            ((string?)contradicted["type"], (string?)contradicted["id"], (long)contradicted["revision"]!,
                (string?)contradicted["copyHash"], (string?)contradicted["serviceHash"]));
        Assert.Equal(("failed", 5), ((string?)run.Lines[^1]["event"], (int)run.Lines[^1]["exit"]!));
        Assert.DoesNotContain(run.Lines, line => (string?)line["event"] is "repaired" or "in_sync");
        Assert.Contains(CopyPath + ".contradicted", run.Error, StringComparison.Ordinal);
    }
}
