using System.Text;
using System.Text.Json.Nodes;
using CooperationApi.Contracts;
using CooperationApi.Tests.Access;
using Microsoft.Data.Sqlite;

namespace CooperationApi.Tests.Editing;

/// <summary>What is redacted can be read nowhere any more: not in an answer, not in search, not in the bytes of the file.</summary>
public sealed class RedactionTests : IAsyncLifetime
{
    private const string Address = "/v1/organizations/bi-mat", Reason = "Dữ liệu cá nhân được ghi nhầm";

    // Words that nothing else has: in the record's first state, its second, and its last.
    private static readonly string[] Words = ["zyxophon", "zyxotrap", "zyxolith"];

    private Guarded service = null!;
    private string key = "";

    public async ValueTask InitializeAsync()
    {
        service = await Guarded.Start();
        key = await service.Key(Role.Admin);
    }

    public ValueTask DisposeAsync() => service.DisposeAsync();

    [Fact]
    public async Task A_redacted_record_is_gone_with_all_that_it_ever_said()
    {
        var first = await Edited();
        Assert.All(Words, word => Assert.True(IsInFiles(word), word));
        await Warm();
        var redacted = await Redact(200);
        Assert.Equal((first + 3, Reason, true), ((long)redacted["revision"]!, (string?)redacted["reason"], (bool)redacted["erased"]!));
        Assert.All(Words, word => Assert.False(IsInFiles(word), word));

        using var gone = await service.Get(Address);
        var problem = await Api.ProblemOf(410, gone);
        Assert.Equal("record_redacted", (string?)problem["code"]);
        Assert.Contains(Reason, (string?)problem["detail"]);
        Assert.Contains((string)redacted["at"]!, (string?)problem["detail"]);
        foreach (var number in Enumerable.Range((int)first, 4))
            Assert.Equal("record_redacted", await service.Refused(410, "GET", $"{Address}?revision={number}"));
        Assert.Equal("record_redacted", await service.Refused(410, "PUT", Address, key, EditTests.Organization(), "If-None-Match: *"));
        Assert.Equal("record_redacted", await service.Refused(410, "DELETE", Address, key, null, "If-Match: *"));
        await FindsNothing();

        var history = (await Json(Address + "/revisions")).Items();
        Assert.Equal(Enumerable.Range(0, 4).Select(i => first + 3 - i), history.Select(item => (long)item["revision"]!));
        Assert.Equal(("remove", "redacted", Reason), ((string?)history[0]["op"], (string?)history[0]["reason"], (string?)history[0]["note"]));
        Assert.All(history.Skip(1), item => Assert.True((bool)item["redacted"]!));
        Assert.All(history, item => Assert.Empty(item["changes"]!.AsArray()));
    }

    [Theory]
    [InlineData("deleted")]
    [InlineData("merged")]
    public async Task What_was_taken_out_before_can_be_redacted_still(string how)
    {
        await Edited();
        if (how == "deleted")
            Assert.Equal(204, (int)(await service.Send("DELETE", Address, key, null, "If-Match: *")).StatusCode);
        else
            Assert.Equal(200, (int)(await service.Send("POST", $"{Address}/merge-into/tinh-uy-thai-binh", key)).StatusCode);
        await Redact(200);
        Assert.All(Words, word => Assert.False(IsInFiles(word), word));
        Assert.Equal("record_redacted", await service.Refused(410, "GET", Address));
        Assert.Equal(["redacted", how], (await Json(Address + "/revisions")).Items().Take(2).Select(item => (string)item["reason"]!));
        await FindsNothing();
    }

    [Fact]
    public async Task Of_many_that_were_edited_and_redacted_no_trace_is_left()
    {
        for (var i = 0; i < 120; i++)
            await Put($"/v1/organizations/so-{i}", EditTests.Organization($"Zyxo{i}mot {new string('a', i * 37 % 280 + 1)}"), 201);
        for (var i = 0; i < 120; i += 2)
            await Put($"/v1/organizations/so-{i}", EditTests.Organization($"Zyxo{i}hai {new string('b', i * 53 % 285 + 1)}"), 200);
        var gone = Enumerable.Range(0, 12).Select(i => i * 10).ToList();
        foreach (var i in gone)
            await Redact(200, $"/v1/organizations/so-{i}");
        var bytes = Files();
        Assert.All(gone.SelectMany(i => (string[])[$"zyxo{i}mot", $"zyxo{i}hai"]), word => Assert.DoesNotContain(word, bytes, StringComparison.OrdinalIgnoreCase));
        Assert.Contains("zyxo1mot", bytes, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Words_that_another_record_has_are_still_found()
    {
        await Edited();
        await Put("/v1/organizations/khac", EditTests.Organization("Zyxophon khác"), 201);
        await Redact(200);
        Assert.Equal(["khac"], (await Json("/v1/search?q=zyxopho&suggest=true")).Items().Ids());
        Assert.Equal(["khac"], (await Json("/v1/search?q=zyxophon")).Items().Ids());
        Assert.False(IsInFiles("zyxolith"));
    }

    [Fact]
    public async Task While_somebody_reads_a_state_of_before_the_file_keeps_it_and_is_cleared_thereafter()
    {
        await Edited();
        using (var reader = new SqliteConnection($"Data Source={service.StorePath};Mode=ReadOnly;Pooling=false"))
        {
            await reader.OpenAsync(TestContext.Current.CancellationToken);
            using var snapshot = reader.BeginTransaction(deferred: true);
            using var read = new SqliteCommand("SELECT count(*) FROM record", reader, snapshot);
            Assert.NotNull(read.ExecuteScalar());
            Assert.False((bool)(await Redact(200))["erased"]!);
            Assert.Equal("record_redacted", await service.Refused(410, "GET", Address));
        }
        var again = await Redact(200);
        Assert.True((bool)again["erased"]!);
        Assert.All(Words, word => Assert.False(IsInFiles(word), word));
    }

    [Fact]
    public async Task What_one_process_left_undone_the_next_one_does()
    {
        await Edited();
        await Redact(200);
        await Execute($"INSERT INTO search_word (word) VALUES ('{Words[0]}'); DELETE FROM search_word WHERE word = '{Words[0]}'; UPDATE feed SET unerased = 1");
        await service.Restart();
        for (var i = 0; i < 100 && (long)(await Execute("SELECT unerased FROM feed"))! != 0; i++)
            await Task.Delay(100, TestContext.Current.CancellationToken);
        Assert.Equal(0L, await Execute("SELECT unerased FROM feed"));
        Assert.False(IsInFiles(Words[0]));
    }

    [Fact]
    public async Task A_redaction_that_is_sent_again_changes_nothing_and_keeps_its_reason()
    {
        await Edited();
        var first = await Redact(200);
        var head = (long)(await Json("/v1/status"))["revision"]!;
        Assert.Equal(first.ToJsonString(), (await Redact(200, reason: "Một lý do khác")).ToJsonString());
        Assert.Equal(head, (long)(await Json("/v1/status"))["revision"]!);
    }

    [Fact]
    public async Task A_record_that_others_name_is_not_redacted_and_they_are_listed()
    {
        var before = await (await service.Get("/v1/meetings/" + Founding.Conference)).Text();
        var problem = await Redact(409, "/v1/meetings/" + Founding.Conference);
        Assert.Equal("still_referenced", (string?)problem["code"]);
        Assert.NotEmpty(problem.Faults());
        Assert.Equal(before, await (await service.Get("/v1/meetings/" + Founding.Conference)).Text());
    }

    [Theory]
    [InlineData("""{"reason":"x"}""", "/reason: too_short")]
    [InlineData("""{}""", ": members_missing")]
    [InlineData("""{"reason":"abc","why":"x"}""", "/why: unknown_member")]
    [InlineData("""{"reason":"a\u0000bc"}""", "/reason: invalid_characters")]
    [InlineData("""{"reason":7}""", "/reason: wrong_type")]
    public async Task A_redaction_has_a_reason(string body, string fault)
    {
        await Edited();
        using var answer = await service.Send("POST", Address + "/redact", key, JsonNode.Parse(body));
        Assert.Equal([fault], (await Api.ProblemOf(400, answer)).Faults());
        Assert.Equal(200, await service.Status(Address));
    }

    [Fact]
    public async Task Only_an_admin_redacts_and_only_what_was_there()
    {
        await Edited();
        Assert.Equal("role_insufficient", await service.Refused(403, "POST", Address + "/redact", await service.Key(Role.Editor), new JsonObject { ["reason"] = Reason }));
        Assert.Equal("record_not_found", (string?)(await Redact(404, "/v1/organizations/nobody"))["code"]);
        Assert.Equal("invalid_request", (string?)(await Redact(400, Address, query: "?dryRun=true"))["code"]);
    }

    [Fact]
    public async Task A_bundle_brings_nothing_back()
    {
        await Edited();
        await Redact(200);
        var record = EditTests.Organization();
        record["id"] = "bi-mat";
        var (exit, output, error) = await Executable.Import(service.StorePath, new JsonObject { ["organizations"] = new JsonArray(record) });
        Assert.NotEqual(0, exit);
        Assert.Contains("/organizations/0/id", output + error, StringComparison.Ordinal);
        Assert.Equal("record_redacted", await service.Refused(410, "GET", Address));
    }

    [Theory]
    [InlineData("CAST(X'FF' AS TEXT)")]
    [InlineData("'x'")]
    public async Task A_record_that_is_damaged_can_be_redacted_too(string damage)
    {
        await Edited();
        await Execute($"UPDATE record SET body = replace(body, 'oli', {damage}) WHERE id = 'bi-mat'");
        await Redact(200);
        Assert.All(Words, word => Assert.False(IsInFiles(word), word));
        await FindsNothing();
    }

    [Fact]
    public async Task Of_a_record_that_is_no_JSON_any_more_it_is_said_that_it_can_not_be_read()
    {
        await Edited();
        await Execute("UPDATE record SET body = replace(body, 'oli', '\"') WHERE id = 'bi-mat'");
        Assert.Equal("unavailable", (string?)(await Redact(503))["code"]);
    }

    /// <summary>Makes the record and changes it twice; gives its first number.</summary>
    private async Task<long> Edited()
    {
        var first = (long)(await Put(Address, EditTests.Organization("Zyxophon tối mật"), 201))["revision"]!;
        await Put(Address, EditTests.Organization($"Zyxotrap {new string('x', 280)}"), 200);
        await Put(Address, EditTests.Organization("Zyxolith"), 200);
        return first;
    }

    /// <summary>Asks for everything that shows it, so that whatever keeps answers has them.</summary>
    private async Task Warm()
    {
        foreach (var address in (string[])[Address, Address + "/revisions", "/v1/search?q=zyxolith", "/v1/organizations?q=zyxolith", "/v1/search?q=zyx&suggest=true"])
            Assert.Contains("Zyxolith", await (await service.Get(address)).Text(), StringComparison.Ordinal);
    }

    private async Task FindsNothing()
    {
        foreach (var address in (string[])["/v1/search?q=zyxolith", "/v1/organizations?q=zyxolith", "/v1/search?q=zyx&suggest=true", "/v1/search?q=zyxophon", "/v1/organizations?id=bi-mat"])
            Assert.Empty((await Json(address)).Items());
        Assert.Equal(0L, await Execute("SELECT count(*) FROM search_word WHERE word LIKE 'zyxo%'"));
    }

    private bool IsInFiles(string word) => Files().Contains(word, StringComparison.OrdinalIgnoreCase);

    /// <summary>The bytes of the store's files, each as a character.</summary>
    private string Files() => string.Concat(((string[])["", "-wal", "-shm", "-journal"]).Select(ending => service.StorePath + ending).Where(File.Exists).Select(path =>
    {
        using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        var bytes = new MemoryStream();
        file.CopyTo(bytes);
        return Encoding.Latin1.GetString(bytes.ToArray());
    }));

    private async Task<object?> Execute(string sql)
    {
        using var connection = new SqliteConnection($"Data Source={service.StorePath};Pooling=false");
        await connection.OpenAsync(TestContext.Current.CancellationToken);
        using var command = new SqliteCommand(sql, connection);
        return await command.ExecuteScalarAsync(TestContext.Current.CancellationToken);
    }

    private async Task<JsonNode> Redact(int status, string address = Address, string reason = Reason, string query = "")
    {
        using var answer = await service.Send("POST", $"{address}/redact{query}", key, new JsonObject { ["reason"] = reason });
        var text = await answer.Text();
        Assert.True((int)answer.StatusCode == status, text);
        return JsonNode.Parse(text)!;
    }

    private async Task<JsonNode> Put(string address, JsonNode record, int status)
    {
        using var put = await service.Send("PUT", address, key, record, status == 201 ? "If-None-Match: *" : "If-Match: *");
        var text = await put.Text();
        Assert.True((int)put.StatusCode == status, text);
        return JsonNode.Parse(text)!;
    }

    private async Task<JsonNode> Json(string address)
    {
        using var answer = await service.Get(address);
        var text = await answer.Text();
        Assert.True((int)answer.StatusCode == 200, $"{address}: {text}");
        return JsonNode.Parse(text)!;
    }
}
