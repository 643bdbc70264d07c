using System.ComponentModel;
using System.Diagnostics;
using System.Net;
using System.Text.Json.Nodes;
using CooperationApi.Tests.Access;
using CooperationApi.Tests.Editing;
using Microsoft.Data.Sqlite;
using Dapper;

namespace CooperationApi.Tests.Syncing;

/// <summary>The scripts of the guide for integrators do what it says, on a record that changes and a service that is restored.</summary>
public sealed class GuideTests
{
    [Fact]
    public async Task The_night_in_Python_keeps_an_exact_copy()
    {
        Assert.SkipUnless(await Has("python3"), "There is no python3 on this machine.");
        await using var service = await Guarded.Start(("Exports:At", "01:30"));
        await service.LatestExport();
        await Nights(service, "python3", "nightly.py", service.Path("copy.db"), copy =>
        {
            using var rows = new SqliteConnection($"Data Source={copy};Mode=ReadOnly;Pooling=false");
            return rows.Query<(string Type, string Id, string Data)>("SELECT type, id, data FROM record").ToDictionary(row => $"{row.Type}/{row.Id}", row => JsonNode.Parse(row.Data)!);
        });
    }

    [Fact]
    public async Task The_night_with_curl_and_jq_keeps_an_exact_copy()
    {
        Assert.SkipUnless(await Has("curl") && await Has("jq"), "There is no curl or no jq on this machine.");
        await using var service = await Guarded.Start();
        await Nights(service, "sh", "nightly.sh", service.Path("copy.json"), copy => JsonNode.Parse(File.ReadAllText(copy))!["records"]!.AsObject()
            .SelectMany(type => type.Value!.AsObject().Select(record => KeyValuePair.Create($"{type.Key}/{record.Key}", record.Value!))).ToDictionary());
    }

    private static async Task Nights(Guarded service, string program, string script, string copy, Func<string, Dictionary<string, JsonNode>> read)
    {
        var key = await service.Key();
        await IsExactAfterANight();

        var backup = service.Path("backup.db");
        await service.BackUp(backup);
        await Send("PUT", "a", "một");
        await Send("PUT", "b", "hai");
        await Send("DELETE", "a", null);
        await service.Json(HttpStatusCode.OK, "POST", "/v1/imports", key, new JsonObject
        {
            ["organizations"] = new JsonArray([.. Enumerable.Range(0, 1500).Select(number =>
            {
                var record = EditTests.Organization($"Một trong nhiều {number}");
                record["id"] = $"m{number}";
                return (JsonNode?)record;
            })]),
        });
        await IsExactAfterANight();
        await IsExactAfterANight();

        await service.Restart(() =>
        {
            foreach (var left in (string[])["", "-wal", "-shm"])
                File.Delete(service.StorePath + left);
            File.Copy(backup, service.StorePath);
        });
        await IsExactAfterANight();
        Assert.DoesNotContain("organizations/b", read(copy).Keys);

        async Task Send(string method, string id, string? name)
        {
            using var answer = await service.Send(method, $"/v1/organizations/{id}", key, name is null ? null : EditTests.Organization(name), name is null ? "If-Match: *" : "If-None-Match: *");
            Assert.True(answer.IsSuccessStatusCode, await answer.Text());
        }

        async Task IsExactAfterANight()
        {
            var (exit, said) = await Run(program, Path.Combine(Repository.Root, "docs", script), service.Address.ToString().TrimEnd('/'), copy);
            Assert.True(exit == 0, said);
            var listed = new Dictionary<string, JsonNode>();
            foreach (var type in (await service.Json(HttpStatusCode.OK, "GET", "/v1/status", key))["records"]!.AsObject().Select(of => of.Key))
            {
                using var lines = await service.Get($"/v1/{type}?format=ndjson");
                foreach (var record in (await lines.Text()).Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => JsonNode.Parse(line)!).Where(record => record["id"] is not null))
                    listed[$"{type}/{record["id"]}"] = record;
            }
            var copied = read(copy);
            Assert.Equal(listed.Keys.Order(StringComparer.Ordinal), copied.Keys.Order(StringComparer.Ordinal));
            Assert.All(listed, record => Assert.True(JsonNode.DeepEquals(record.Value, copied[record.Key]), record.Key));
        }
    }

    private static async Task<bool> Has(string program)
    {
        try
        {
            return (await Run(program, "--version")).Exit == 0;
        }
        catch (Win32Exception)
        {
            return false;
        }
    }

    private static async Task<(int Exit, string Said)> Run(string program, params string[] args)
    {
        using var process = Process.Start(new ProcessStartInfo(program, args) { RedirectStandardOutput = true, RedirectStandardError = true })!;
        var (output, error) = (process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken), process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken));
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        return (process.ExitCode, await output + await error);
    }
}
