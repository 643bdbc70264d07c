using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using CooperationApi.Contracts;
using CooperationApi.Tests.Access;
using Dapper;
using Microsoft.Data.Sqlite;

namespace CooperationApi.Tests.Editing;

/// <summary>Two records that are about the same become one, and all that named either name that one.</summary>
public sealed class MergeTests : IAsyncLifetime
{
    private Guarded service = null!;
    private string key = "";

    public async ValueTask InitializeAsync()
    {
        service = await Guarded.Start();
        key = await service.Key(Role.Editor);
    }

    public ValueTask DisposeAsync() => service.DisposeAsync();

    [Theory]
    [InlineData("officials", "hoang-trung-hai", "nguyen-hong-dien")]
    [InlineData("meetings", Founding.Conference, "")]
    [InlineData("sources", Founding.Source, "")]
    [InlineData("provinces", "thai-binh", "hung-yen")]
    public async Task Whatever_named_the_one_names_the_other(string type, string id, string into)
    {
        into = into.Length > 0 ? into : (await Items($"/v1/{type}?limit=200")).Ids().First(other => other != id);
        var naming = await Naming(type, id);
        Assert.NotEmpty(naming);
        var head = await Head();
        var merged = await Merge(200, type, id, into);
        Assert.Equal((type, id, into, naming.Count, head + naming.Count + 1), ((string)merged["type"]!, (string)merged["id"]!, (string)merged["into"]!, (int)merged["repointed"]!, (long)merged["revision"]!));
        Assert.Equal(head + naming.Count + 1, await Head());
        Assert.Empty(await Naming(type, id));
        Assert.Subset((await Naming(type, into)).ToHashSet(), naming.Except([$"{type}/{into}"]).ToHashSet());
        foreach (var record in naming)
        {
            var last = (await Json($"/v1/{record}/revisions?limit=1")).Items()[0];
            Assert.InRange((long)last["revision"]!, head + 1, head + naming.Count);
            Assert.NotEmpty(last["changes"]!.AsArray());
        }
    }

    [Fact]
    public async Task The_old_address_leads_to_the_new_one_and_takes_no_writes()
    {
        await Merge(200, "officials", "hoang-trung-hai", "nguyen-hong-dien");
        foreach (var method in (string[])["GET", "HEAD"])
        {
            using var moved = await service.Send(method, "/v1/officials/hoang-trung-hai?fields=name", content: null);
            Assert.Equal((308, "/v1/officials/nguyen-hong-dien?fields=name", ""), ((int)moved.StatusCode, moved.Header("Location"), await moved.Text()));
        }
        Assert.Equal("invalid_request", await service.Refused(400, "GET", "/v1/officials/hoang-trung-hai?feilds=name"));
        var record = await Json("/v1/officials/nguyen-hong-dien");
        (record["id"], record.AsObject()["revision"]) = ("hoang-trung-hai", 0);
        Assert.Equal("record_merged", await service.Refused(410, "PUT", "/v1/officials/hoang-trung-hai", key, record, "If-None-Match: *"));
        Assert.Equal("record_merged", await service.Refused(410, "DELETE", "/v1/officials/hoang-trung-hai", key, null, "If-Match: *"));
        var history = (await Json("/v1/officials/hoang-trung-hai/revisions")).Items();
        Assert.Equal(("remove", "merged", "nguyen-hong-dien"), ((string?)history[0]["op"], (string?)history[0]["reason"], (string?)history[0]["into"]));
        Assert.Equal(200, await service.Status($"/v1/officials/hoang-trung-hai?revision={(long)history[0]["revision"]! - 1}"));
        using var then = await service.Get($"/v1/officials/hoang-trung-hai?revision={history[0]["revision"]}");
        Assert.Equal((308, $"/v1/officials/nguyen-hong-dien?revision={history[0]["revision"]}"), ((int)then.StatusCode, then.Header("Location")));
    }

    [Fact]
    public async Task A_chain_of_merges_leads_to_the_last_that_stands_and_nowhere_when_that_is_gone()
    {
        foreach (var id in (string[])["mot", "hai", "ba"])
            await Make($"/v1/organizations/{id}", EditTests.Organization(id));
        await Merge(200, "organizations", "mot", "hai");
        await Merge(200, "organizations", "hai", "ba");
        using var moved = await service.Get("/v1/organizations/mot");
        Assert.Equal("/v1/organizations/ba", moved.Header("Location"));
        using var removed = await service.Send("DELETE", "/v1/organizations/ba", key, null, "If-Match: *");
        Assert.Equal(204, (int)removed.StatusCode);
        Assert.Equal("record_removed", await service.Refused(410, "GET", "/v1/organizations/mot"));
    }

    [Fact]
    public async Task Nothing_stands_twice_in_a_list_and_nothing_names_itself()
    {
        var (one, other, third) = ("vi-du-a", "vi-du-b", "vi-du-c");
        await Make($"/v1/results/{one}", await Result());
        await Make($"/v1/results/{other}", await Result(one));
        await Make($"/v1/results/{third}", await Result(one, other));
        await Merge(200, "results", one, other);
        Assert.Empty((await Json($"/v1/results/{other}"))["probablySameAs"]?.AsArray() ?? []);
        Assert.Equal([other], (await Json($"/v1/results/{third}"))["probablySameAs"]!.AsArray().Select(id => (string)id!));

        await Make("/v1/organizations/cha", EditTests.Organization("Cha"));
        var child = EditTests.Organization("Con");
        child["parentId"] = "cha";
        await Make("/v1/organizations/con", child);
        await Merge(200, "organizations", "cha", "con");
        Assert.Null((await Json("/v1/organizations/con"))["parentId"]);
    }

    [Fact]
    public async Task A_merge_that_is_sent_again_changes_nothing_and_answers_the_same()
    {
        var first = await Merge(200, "officials", "hoang-trung-hai", "nguyen-hong-dien");
        var head = await Head();
        Assert.Equal(first.ToJsonString(), (await Merge(200, "officials", "hoang-trung-hai", "nguyen-hong-dien")).ToJsonString());
        Assert.Equal(head, await Head());
        Assert.Equal("record_merged", (string?)(await Merge(410, "officials", "hoang-trung-hai", "dao-duc-toan"))["code"]);
        Assert.Equal("record_merged", (string?)(await Merge(410, "officials", "dao-duc-toan", "hoang-trung-hai"))["code"]);
    }

    [Fact]
    public async Task A_dry_run_says_what_would_be_and_keeps_nothing()
    {
        var head = await Head();
        var tried = await Merge(200, "officials", "hoang-trung-hai", "nguyen-hong-dien", "?dryRun=true");
        Assert.Equal(head, await Head());
        Assert.Equal(200, await service.Status("/v1/officials/hoang-trung-hai"));
        Assert.Equal(tried.ToJsonString(), (await Merge(200, "officials", "hoang-trung-hai", "nguyen-hong-dien")).ToJsonString());
    }

    [Theory]
    [InlineData(400, "merge_with_itself", "hoang-trung-hai", "hoang-trung-hai")]
    [InlineData(404, "record_not_found", "hoang-trung-hai", "nobody")]
    [InlineData(404, "record_not_found", "nobody", "hoang-trung-hai")]
    [InlineData(404, "record_not_found", "hoang-trung-hai", "no_body")]
    [InlineData(400, "invalid_request", "hoang-trung-hai", "nguyen-hong-dien", "?dryrun=true")]
    public async Task What_can_t_be_merged_is_refused(int status, string code, string id, string into, string query = "") =>
        Assert.Equal(code, (string?)(await Merge(status, "officials", id, into, query))["code"]);

    [Fact]
    public async Task A_precondition_is_honoured_and_none_is_demanded()
    {
        var tag = (await service.Get("/v1/officials/hoang-trung-hai")).ETag();
        Assert.Equal("precondition_failed", await service.Refused(412, "POST", Path("officials", "hoang-trung-hai", "dao-duc-toan"), key, null, "If-Match: \"x-1\""));
        using var merged = await service.Send("POST", Path("officials", "hoang-trung-hai", "dao-duc-toan"), key, null, $"If-Match: {tag}");
        Assert.Equal(200, (int)merged.StatusCode);
    }

    [Fact]
    public async Task A_merge_after_which_a_record_would_be_against_its_rules_is_refused_whole()
    {
        await Make("/v1/organizations/cha", EditTests.Organization("Cha"));
        await Make("/v1/organizations/me", EditTests.Organization("Mẹ"));
        foreach (var id in (string[])["con", "chau"])
        {
            var child = EditTests.Organization("Con");
            child["parentId"] = "cha";
            await Make($"/v1/organizations/{id}", child);
        }
        // As if it had been written before there was the rule.
        await Rewrite("con", body => body.Replace("\"Con\"", "\"\"", StringComparison.Ordinal));
        var head = await Head();
        var problem = await Merge(409, "organizations", "cha", "me");
        Assert.Equal("merge_breaks_rules", (string?)problem["code"]);
        Assert.Equal(["/name: too_short"], problem.Faults());
        Assert.Equal("organizations/con", (string?)problem["errors"]![0]!["record"]);
        Assert.Equal((head, "cha"), (await Head(), (string?)(await Json("/v1/organizations/chau"))["parentId"]));
    }

    [Fact]
    public async Task A_merge_after_which_a_record_would_not_fit_the_others_is_refused_with_each_place()
    {
        var (head, naming) = (await Head(), await Naming("provinces", "thai-binh"));
        // Which there was not, when those met.
        var problem = await Merge(409, "provinces", "thai-binh", "hung-yen-2025");
        Assert.Equal("merge_breaks_rules", (string?)problem["code"]);
        Assert.True((long)problem["errorCount"]! >= problem["errors"]!.AsArray().Count);
        Assert.All(problem["errors"]!.AsArray(), error =>
        {
            Assert.Contains((string?)error!["record"], naming);
            Assert.Matches("^/[a-zA-Z]+(/[0-9]+(/[a-zA-Z]+)?)?$", (string?)error["pointer"]);
        });
        Assert.Equal(head, await Head());
    }

    [Fact]
    public async Task Who_is_bound_to_provinces_must_be_allowed_to_write_all_that_changes()
    {
        await Make("/v1/organizations/mot", EditTests.Organization("Một"));
        await Make("/v1/organizations/hai", EditTests.Organization("Hai"));
        var elsewhere = EditTests.Organization("Ba");
        (elsewhere["provinceId"], elsewhere["parentId"]) = ("ha-noi", "mot");
        await Make("/v1/organizations/ba", elsewhere);
        var bound = (await service.Make(Role.Editor, ["hung-yen-2025"])).Secret;
        var head = await Head();
        Assert.Equal("province_foreign", await service.Refused(403, "POST", Path("organizations", "mot", "hai"), bound));
        Assert.Equal("province_foreign", await service.Refused(403, "POST", Path("organizations", "ba", "hai"), bound));
        Assert.Equal("province_foreign", await service.Refused(403, "POST", Path("organizations", "hai", "ba"), bound));
        Assert.Equal(head, await Head());
        using var allowed = await service.Send("POST", Path("organizations", "mot", "hai"), (await service.Make(Role.Editor, ["hung-yen-2025", "ha-noi"])).Secret);
        Assert.Equal(200, (int)allowed.StatusCode);
    }

    private static string Path(string type, string id, string into) => $"/v1/{type}/{id}/merge-into/{into}";

    private async Task<JsonNode> Merge(int status, string type, string id, string into, string query = "")
    {
        using var answer = await service.Send("POST", Path(type, id, into) + query, key);
        var text = await answer.Text();
        Assert.True((int)answer.StatusCode == status, text);
        return JsonNode.Parse(text)!;
    }

    private async Task<JsonNode> Result(params string[] probablySameAs)
    {
        var result = (await Items("/v1/results?limit=1"))[0].DeepClone().AsObject();
        result.Remove("id");
        result.Remove("revision");
        if (probablySameAs.Length > 0)
            result["probablySameAs"] = new JsonArray([.. probablySameAs.Select(id => JsonValue.Create(id))]);
        else
            result.Remove("probablySameAs");
        return result;
    }

    private async Task Make(string address, JsonNode record)
    {
        using var made = await service.Send("PUT", address, key, record, "If-None-Match: *");
        Assert.True((int)made.StatusCode == 201, await made.Text());
    }

    /// <summary>The records that name one, as the store has them.</summary>
    private async Task<List<string>> Naming(string type, string id)
    {
        using var connection = new SqliteConnection($"Data Source={service.StorePath};Mode=ReadOnly;Pooling=false");
        await connection.OpenAsync(TestContext.Current.CancellationToken);
        return [.. await connection.QueryAsync<string>("SELECT DISTINCT type || '/' || id FROM reference WHERE to_type = @type AND to_id = @id", new { type, id })];
    }

    /// <summary>Has an organization stand in the store in words that its rules would not let in.</summary>
    private async Task Rewrite(string id, Func<string, string> change)
    {
        using var connection = new SqliteConnection($"Data Source={service.StorePath};Pooling=false");
        var body = change(await connection.QuerySingleAsync<string>("SELECT body FROM record WHERE type = 'organizations' AND id = @id", new { id }));
        var hash = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(body)));
        await connection.ExecuteAsync("UPDATE record SET body = @body, hash = @hash WHERE type = 'organizations' AND id = @id", new { id, body, hash });
    }

    private async Task<long> Head() => (long)(await Json("/v1/status"))["revision"]!;

    private async Task<List<JsonNode>> Items(string address) => (await Json(address)).Items();

    private async Task<JsonNode> Json(string address)
    {
        using var answer = await service.Get(address);
        var text = await answer.Text();
        Assert.True((int)answer.StatusCode == 200, $"{address}: {text}");
        return JsonNode.Parse(text)!;
    }
}
