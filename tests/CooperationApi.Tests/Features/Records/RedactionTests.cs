using System.Net;
using System.Text.Json.Nodes;
using CooperationApi.Contracts;
using CooperationApi.Tests.Access;
using Dapper;

namespace CooperationApi.Tests.Features.Records;

/// <summary>Tests of redaction, which removes a record from responses, search results and the bytes of the store files.</summary>
public sealed class RedactionTests : IAsyncLifetime
{
    private const string RecordUrl = "/v1/organizations/bi-mat", Reason = "Dữ liệu cá nhân được ghi nhầm";

    // Words that occur only in the first, the second and the last revision of the record.
    private static readonly string[] SecretWords = ["zyxophon", "zyxotrap", "zyxolith"];

    private AuthenticatedService service = null!;
    private string key = "";

    public async ValueTask InitializeAsync()
    {
        service = await AuthenticatedService.Start();
        key = await service.CreateKeySecret(Role.Admin);
    }

    public ValueTask DisposeAsync() => service.DisposeAsync();

    [Fact]
    public async Task Redaction_purges_the_record_and_the_content_of_its_whole_history()
    {
        var first = await CreateEditedRecord();
        Assert.All(SecretWords, word => Assert.True(IsInFiles(word), word));
        await WarmCaches();
        await Redact(200);
        await TestStore.WaitForPurge(service.StorePath);
        var redacted = await Redact(200);
        Assert.Equal((first + 3, Reason, true), ((long)redacted["revision"]!, (string?)redacted["reason"], (bool)redacted["purged"]!));
        Assert.All(SecretWords, word => Assert.False(IsInFiles(word), word));

        using var goneResponse = await service.Get(RecordUrl);
        var problem = await ApiFixture.ReadProblem(410, goneResponse);
        Assert.Equal("record_redacted", (string?)problem["code"]);
        Assert.Contains(Reason, (string?)problem["detail"]);
        Assert.Contains((string)redacted["at"]!, (string?)problem["detail"]);
        foreach (var revision in Enumerable.Range((int)first, 4))
            Assert.Equal("record_redacted", await service.SendForProblemCode(410, "GET", $"{RecordUrl}?revision={revision}"));
        Assert.Equal("record_redacted",
            await service.SendForProblemCode(410, "PUT", RecordUrl, key, RecordWriteTests.CreateOrganization(), "If-None-Match: *"));
        Assert.Equal("record_redacted", await service.SendForProblemCode(410, "DELETE", RecordUrl, key, null, "If-Match: *"));
        await AssertNotFoundBySearch();

        var history = (await GetJson(RecordUrl + "/revisions")).GetItems();
        Assert.Equal(Enumerable.Range(0, 4).Select(i => first + 3 - i), history.Select(item => (long)item["revision"]!));
        Assert.Equal(("remove", "redacted", Reason),
            ((string?)history[0]["op"], (string?)history[0]["reason"], (string?)history[0]["note"]));
        Assert.All(history.Skip(1), item => Assert.True((bool)item["redacted"]!));
        Assert.All(history, item => Assert.Empty(item["changes"]!.AsArray()));
    }

    [Fact]
    public async Task Dry_run_of_a_redaction_returns_the_report_and_changes_nothing()
    {
        await CreateEditedRecord();
        var preview = await service.SendForJson(HttpStatusCode.OK, "POST", RecordUrl + "/redact?dryRun=true", key,
            new JsonObject { ["reason"] = Reason });
        Assert.False((bool)preview["purged"]!);
        Assert.Equal(200, await service.GetStatusCode(RecordUrl));
        Assert.All(SecretWords, word => Assert.True(IsInFiles(word), word));
        var redacted = await Redact(200);
        Assert.Equal((long)preview["revision"]!, (long)redacted["revision"]!);
    }

    [Theory]
    [InlineData("deleted")]
    [InlineData("merged")]
    public async Task Deleted_or_merged_record_can_still_be_redacted(string reason)
    {
        await CreateEditedRecord();
        if (reason == "deleted")
            Assert.Equal(204, (int)(await service.Send("DELETE", RecordUrl, key, null, "If-Match: *")).StatusCode);
        else
            Assert.Equal(200, (int)(await service.Send("POST", $"{RecordUrl}/merge-into/tinh-uy-thai-binh", key)).StatusCode);
        await Redact(200);
        await TestStore.WaitForPurge(service.StorePath);
        Assert.All(SecretWords, word => Assert.False(IsInFiles(word), word));
        Assert.Equal("record_redacted", await service.SendForProblemCode(410, "GET", RecordUrl));
        Assert.Equal(["redacted", reason],
            (await GetJson(RecordUrl + "/revisions")).GetItems().Take(2).Select(item => (string)item["reason"]!));
        await AssertNotFoundBySearch();
    }

    [Fact]
    public async Task Redaction_of_many_edited_records_leaves_no_trace_in_the_files()
    {
        for (var i = 0; i < 120; i++)
            await PutRecord($"/v1/organizations/so-{i}",
                RecordWriteTests.CreateOrganization($"Zyxo{i}mot {new string('a', i * 37 % 280 + 1)}"), 201);
        for (var i = 0; i < 120; i += 2)
            await PutRecord($"/v1/organizations/so-{i}",
                RecordWriteTests.CreateOrganization($"Zyxo{i}hai {new string('b', i * 53 % 285 + 1)}"), 200);
        var redactedIndexes = Enumerable.Range(0, 12).Select(i => i * 10).ToList();
        foreach (var i in redactedIndexes)
            await Redact(200, $"/v1/organizations/so-{i}");
        await TestStore.WaitForPurge(service.StorePath);
        var bytes = TestStore.ReadText(service.StorePath);
        Assert.All(redactedIndexes.SelectMany(i => (string[])[$"zyxo{i}mot", $"zyxo{i}hai"]),
            word => Assert.DoesNotContain(word, bytes, StringComparison.OrdinalIgnoreCase));
        Assert.Contains("zyxo1mot", bytes, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Search_still_finds_words_that_another_record_contains()
    {
        await CreateEditedRecord();
        await PutRecord("/v1/organizations/khac", RecordWriteTests.CreateOrganization("Zyxophon khác"), 201);
        await Redact(200);
        await TestStore.WaitForPurge(service.StorePath);
        Assert.Equal(["khac"], (await GetJson("/v1/search?q=zyxopho&suggest=true")).GetItems().GetIds());
        Assert.Equal(["khac"], (await GetJson("/v1/search?q=zyxophon")).GetItems().GetIds());
        Assert.False(IsInFiles("zyxolith"));
    }

    [Fact]
    public async Task Purge_waits_for_readers_of_an_older_snapshot_and_succeeds_afterwards()
    {
        await CreateEditedRecord();
        using (var reader = TestStore.CreateConnection(service.StorePath))
        {
            await reader.OpenAsync(TestContext.Current.CancellationToken);
            // A read transaction on both engines: SQLite takes the write lock at the first write. Dapper takes a text without a space or
            // semicolon for the name of a procedure.
            await reader.ExecuteAsync("BEGIN;");
            Assert.NotEqual(0, await reader.QuerySingleAsync<long>("SELECT count(*) FROM record"));
            Assert.False((bool)(await Redact(200))["purged"]!);
            Assert.Equal("record_redacted", await service.SendForProblemCode(410, "GET", RecordUrl));
        }
        await TestStore.WaitForPurge(service.StorePath);
        var repeated = await Redact(200);
        Assert.True((bool)repeated["purged"]!);
        Assert.All(SecretWords, word => Assert.False(IsInFiles(word), word));
    }

    [Fact]
    [Trait("Engine", "PostgreSQL")]
    public async Task Purge_waits_for_an_earlier_write_transaction_that_has_no_snapshot()
    {
        Prerequisite.Require(TestStore.IsPostgreSql, "PostgreSQL is not configured.");
        await CreateEditedRecord();
        using (var writer = TestStore.CreateConnection(service.StorePath))
        {
            await writer.OpenAsync(TestContext.Current.CancellationToken);
            await writer.ExecuteAsync("BEGIN; SELECT pg_current_xact_id();");
            Assert.False((bool)(await Redact(200))["purged"]!);
        }
        await TestStore.WaitForPurge(service.StorePath);
        Assert.All(SecretWords, word => Assert.False(IsInFiles(word), word));
    }

    [Fact]
    public async Task Unfinished_purge_is_resumed_after_a_restart()
    {
        await CreateEditedRecord();
        await Redact(200);
        await ExecuteScalar(
            $"INSERT INTO search_word (word) VALUES ('{SecretWords[0]}'); DELETE FROM search_word WHERE word = '{SecretWords[0]}'; UPDATE "
            + $"store_version SET unpurged_revision = 1");
        await service.Restart();
        await TestStore.WaitForPurge(service.StorePath);
        Assert.False(IsInFiles(SecretWords[0]));
    }

    [Fact]
    public async Task Repeated_redaction_changes_nothing_and_keeps_its_reason()
    {
        await CreateEditedRecord();
        var first = await Redact(200);
        var head = (long)(await GetJson("/v1/status"))["revision"]!;
        Assert.Equal(first.ToJsonString(), (await Redact(200, reason: "Một lý do khác")).ToJsonString());
        Assert.Equal(head, (long)(await GetJson("/v1/status"))["revision"]!);
    }

    [Fact]
    public async Task Referenced_record_is_not_redacted_and_the_references_are_listed()
    {
        var before = await (await service.Get("/v1/meetings/" + SeedFacts.ConferenceId)).ReadText();
        var problem = await Redact(409, "/v1/meetings/" + SeedFacts.ConferenceId);
        Assert.Equal("still_referenced", (string?)problem["code"]);
        Assert.NotEmpty(problem.GetErrors());
        Assert.Equal(before, await (await service.Get("/v1/meetings/" + SeedFacts.ConferenceId)).ReadText());
    }

    [Theory]
    [InlineData("""{"reason":"x"}""", "/reason: too_short")]
    [InlineData("""{}""", ": required_members_missing")]
    [InlineData("""{"reason":"abc","why":"x"}""", "/why: unknown_member")]
    [InlineData("""{"reason":"a\u0000bc"}""", "/reason: invalid_characters")]
    [InlineData("""{"reason":7}""", "/reason: text_required")]
    public async Task Redaction_requires_a_valid_reason(string body, string expectedError)
    {
        await CreateEditedRecord();
        using var response = await service.Send("POST", RecordUrl + "/redact", key, JsonNode.Parse(body));
        Assert.Equal([expectedError], (await ApiFixture.ReadProblem(400, response)).GetErrors());
        Assert.Equal(200, await service.GetStatusCode(RecordUrl));
    }

    [Fact]
    public async Task Only_an_admin_can_redact_and_only_a_record_that_existed()
    {
        await CreateEditedRecord();
        Assert.Equal("role_insufficient",
            await service.SendForProblemCode(403, "POST", RecordUrl + "/redact", await service.CreateKeySecret(Role.Editor),
                new JsonObject { ["reason"] = Reason }));
        Assert.Equal("record_not_found", (string?)(await Redact(404, "/v1/organizations/nobody"))["code"]);
        Assert.Equal("invalid_request", (string?)(await Redact(400, RecordUrl, query: "?total=true"))["code"]);
    }

    [Fact]
    public async Task Import_does_not_restore_a_redacted_record()
    {
        await CreateEditedRecord();
        await Redact(200);
        var record = RecordWriteTests.CreateOrganization();
        record["id"] = "bi-mat";
        var (exitCode, output, error) =
            await CliProcess.Import(service.StorePath, new JsonObject { ["organizations"] = new JsonArray(record) });
        Assert.NotEqual(0, exitCode);
        Assert.Contains("/organizations/0/id", output + error, StringComparison.Ordinal);
        Assert.Equal("record_redacted", await service.SendForProblemCode(410, "GET", RecordUrl));
    }

    [Theory]
    [InlineData(0xFF)]
    [InlineData((byte)'x')]
    public async Task Corrupt_record_can_be_redacted(byte replacement)
    {
        await CreateEditedRecord();
        await ExecuteScalar($"UPDATE record SET body = {TestStore.ReplaceJson("body", "oli", [replacement])} WHERE id = 'bi-mat'");
        await Redact(200);
        await TestStore.WaitForPurge(service.StorePath);
        Assert.All(SecretWords, word => Assert.False(IsInFiles(word), word));
        await AssertNotFoundBySearch();
    }

    [Fact]
    public async Task Redaction_of_a_record_with_invalid_JSON_returns_503()
    {
        await CreateEditedRecord();
        await ExecuteScalar($"UPDATE record SET body = {TestStore.ReplaceJson("body", "oli", "\"")} WHERE id = 'bi-mat'");
        Assert.Equal("damaged", (string?)(await Redact(503))["code"]);
    }

    /// <summary>Creates the record, changes it twice and returns its first revision.</summary>
    private async Task<long> CreateEditedRecord()
    {
        var firstRevision = (long)(await PutRecord(RecordUrl, RecordWriteTests.CreateOrganization("Zyxophon tối mật"), 201))["revision"]!;
        await PutRecord(RecordUrl, RecordWriteTests.CreateOrganization($"Zyxotrap {new string('x', 280)}"), 200);
        await PutRecord(RecordUrl, RecordWriteTests.CreateOrganization("Zyxolith"), 200);
        return firstRevision;
    }

    /// <summary>Requests every response that contains the record, to fill the caches.</summary>
    private async Task WarmCaches()
    {
        foreach (var address in (string[])[RecordUrl, RecordUrl + "/revisions", "/v1/search?q=zyxolith", "/v1/organizations?q=zyxolith",
            "/v1/search?q=zyx&suggest=true"])
            Assert.Contains("Zyxolith", await (await service.Get(address)).ReadText(), StringComparison.Ordinal);
    }

    private async Task AssertNotFoundBySearch()
    {
        foreach (var address in (string[])["/v1/search?q=zyxolith", "/v1/organizations?q=zyxolith", "/v1/search?q=zyx&suggest=true",
            "/v1/search?q=zyxophon", "/v1/organizations?id=bi-mat"])
            Assert.Empty((await GetJson(address)).GetItems());
        Assert.Equal(0L, await ExecuteScalar("SELECT count(*) FROM search_word WHERE word LIKE 'zyxo%'"));
    }

    private bool IsInFiles(string word) => TestStore.ReadText(service.StorePath).Contains(word, StringComparison.OrdinalIgnoreCase);

    private async Task<object?> ExecuteScalar(string sql)
    {
        using var connection = TestStore.CreateConnection(service.StorePath);
        return await connection.ExecuteScalarAsync(sql);
    }

    private async Task<JsonNode> Redact(int status, string address = RecordUrl, string reason = Reason, string query = "")
    {
        using var response = await service.Send("POST", $"{address}/redact{query}", key, new JsonObject { ["reason"] = reason });
        var text = await response.ReadText();
        Assert.True((int)response.StatusCode == status, text);
        return JsonNode.Parse(text)!;
    }

    private async Task<JsonNode> PutRecord(string address, JsonNode record, int status)
    {
        using var response = await service.Send("PUT", address, key, record, status == 201 ? "If-None-Match: *" : "If-Match: *");
        var text = await response.ReadText();
        Assert.True((int)response.StatusCode == status, text);
        return JsonNode.Parse(text)!;
    }

    private async Task<JsonNode> GetJson(string address)
    {
        using var response = await service.Get(address);
        var text = await response.ReadText();
        Assert.True((int)response.StatusCode == 200, $"{address}: {text}");
        return JsonNode.Parse(text)!;
    }
}
