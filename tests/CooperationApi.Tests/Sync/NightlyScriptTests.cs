using System.Net;
using System.Text.Json.Nodes;
using CooperationApi.Tests.Access;
using Dapper;
using Microsoft.Data.Sqlite;

namespace CooperationApi.Tests.Sync;

/// <summary>Tests of the nightly scripts in docs/ with changes and with a restored service.</summary>
public sealed class NightlyScriptTests
{
    [Fact]
    public async Task Nightly_Python_script_keeps_an_exact_copy()
    {
        Prerequisite.Require(ExternalProgram.AreInstalled("python3"), "python3 is not installed.");
        await using var service = await AuthenticatedService.Start(("Exports:Enabled", "true"));
        await service.WaitForLatestExport();
        await AssertScriptKeepsExactCopy(service, "python3", "nightly.py", service.GetPath("copy.db"), copy =>
        {
            using var rows = new SqliteConnection($"Data Source={copy};Mode=ReadOnly;Pooling=false");
            return rows.Query<(string Type, string Id, string Data)>("SELECT type, id, data FROM record")
                .ToDictionary(row => $"{row.Type}/{row.Id}", row => JsonNode.Parse(row.Data)!);
        });
    }

    [Fact]
    public async Task Nightly_curl_and_jq_script_keeps_an_exact_copy()
    {
        Prerequisite.Require(ExternalProgram.AreInstalled("curl", "jq"), "curl or jq is not installed.");
        await using var service = await AuthenticatedService.Start();
        await AssertScriptKeepsExactCopy(service, "sh", "nightly.sh", service.GetPath("copy.json"),
            copy => JsonNode.Parse(File.ReadAllText(copy))!["records"]!.AsObject()
            .SelectMany(type => type.Value!.AsObject().Select(record => KeyValuePair.Create($"{type.Key}/{record.Key}", record.Value!)))
            .ToDictionary());
    }

    [Theory]
    [InlineData("python3", "nightly.py", "copy.db")]
    [InlineData("sh", "nightly.sh", "copy.json")]
    public async Task Nightly_script_takes_a_key_and_leaves_no_copy_if_the_first_run_fails(string program, string script, string copyName)
    {
        Assert.SkipUnless(ExternalProgram.AreInstalled(program, "curl", "jq"), $"{program}, curl or jq is not installed.");
        await using var service = await AuthenticatedService.Start(("Access:AllowAnonymousRead", "false"));
        var (copy, keyFile) = (service.GetPath(copyName), service.GetPath("key"));
        await File.WriteAllTextAsync(keyFile, await service.CreateKeySecret(Contracts.Role.Reader) + "\n",
            TestContext.Current.CancellationToken);
        var address = service.Address.ToString();
        foreach (string[] args in (string[][])[[address, copy], ["http://127.0.0.1:9", copy, keyFile], [address, copy, keyFile + "2"]])
        {
            var (failure, failureOutput, error) = await RunScript(args);
            Assert.Equal((1, ""), (failure, failureOutput));
            Assert.StartsWith(copy + ": failed", error.TrimEnd().Split('\n')[^1], StringComparison.Ordinal);
            Assert.False(File.Exists(copy));
        }
        var (exitCode, output, success) = await RunScript([address, copy, keyFile]);
        Assert.Equal((0, ""), (exitCode, success));
        Assert.StartsWith(copy + ": ", Assert.Single(output.TrimEnd().Split('\n')), StringComparison.Ordinal);
        var bytes = await File.ReadAllBytesAsync(copy, TestContext.Current.CancellationToken);
        Assert.Equal(1, (await RunScript([address, copy])).ExitCode);
        Assert.Equal(bytes, await File.ReadAllBytesAsync(copy, TestContext.Current.CancellationToken));

        Task<ProcessResult> RunScript(string[] args) =>
            ExternalProgram.Run(program, [Path.Combine(RepositoryFiles.Root, "docs", script), .. args]);
    }

    private static async Task AssertScriptKeepsExactCopy(AuthenticatedService service, string program, string script, string copy,
        Func<string, Dictionary<string, JsonNode>> read)
    {
        var key = await service.CreateKeySecret();
        await RunScriptAndAssertExactCopy();

        var backup = service.GetPath("backup.db");
        await service.BackUp(backup);
        await service.PutOrganization(key, "a", "một");
        await service.PutOrganization(key, "b", "hai");
        await service.DeleteOrganization(key, "a");
        await service.ImportOrganizations(key, 1500, "m");
        await RunScriptAndAssertExactCopy();
        await RunScriptAndAssertExactCopy();

        await service.RestartOnBackup(backup);
        await RunScriptAndAssertExactCopy();
        Assert.DoesNotContain("organizations/b", read(copy).Keys);

        async Task RunScriptAndAssertExactCopy()
        {
            var (exitCode, output,
                error) = await ExternalProgram.Run(program,
                    [Path.Combine(RepositoryFiles.Root, "docs", script), service.Address.ToString().TrimEnd('/'), copy]);
            Assert.True(exitCode == 0, output + error);
            var listed = new Dictionary<string, JsonNode>();
            foreach (var type in (await service.SendForJson(HttpStatusCode.OK, "GET", "/v1/status", key))["records"]!.AsObject()
                .Select(entry => entry.Key))
            {
                using var lines = await service.Get($"/v1/{type}?format=ndjson");
                foreach (var record in (await lines.ReadText()).Split('\n', StringSplitOptions.RemoveEmptyEntries)
                    .Select(line => JsonNode.Parse(line)!).Where(record => record["id"] is not null))
                    listed[$"{type}/{record["id"]}"] = record;
            }
            var copied = read(copy);
            Assert.Equal(listed.Keys.Order(StringComparer.Ordinal), copied.Keys.Order(StringComparer.Ordinal));
            Assert.All(listed, record => Assert.True(JsonNode.DeepEquals(record.Value, copied[record.Key]), record.Key));
        }
    }
}
