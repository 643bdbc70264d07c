using System.Text.Json.Nodes;
using CooperationApi.Contracts;
using CooperationApi.Tests.Access;
using Dapper;

namespace CooperationApi.Tests.Features.Records;

/// <summary>Tests of merges, which replace a record by another and rewrite all references to it.</summary>
public sealed class MergeTests : IAsyncLifetime
{
    private AuthenticatedService service = null!;
    private string key = "";

    public async ValueTask InitializeAsync()
    {
        service = await AuthenticatedService.Start();
        key = await service.CreateKeySecret(Role.Editor);
    }

    public ValueTask DisposeAsync() => service.DisposeAsync();

    [Theory]
    [InlineData("officials", "hoang-trung-hai", "nguyen-hong-dien")]
    // A meeting of the same day: the agreement is not earlier, and the reported results are not later.
    [InlineData("meetings", SeedFacts.ConferenceId, "dang-huong-den-tho-bac-ho-2019-10-26")]
    [InlineData("sources", SeedFacts.SourceId, "")]
    [InlineData("provinces", "thai-binh", "hung-yen")]
    public async Task Merge_rewrites_all_references_to_the_target(string type, string id, string into)
    {
        into = into.Length > 0 ? into : (await GetItems($"/v1/{type}?limit=200")).GetIds().First(otherId => otherId != id);
        var referring = await GetReferringRecords(type, id);
        Assert.NotEmpty(referring);
        var head = await GetHeadRevision();
        var merged = await Merge(200, type, id, into);
        Assert.Equal((type, id, into, referring.Count, head + referring.Count + 1),
            ((string)merged["type"]!, (string)merged["id"]!, (string)merged["into"]!, (int)merged["referencesUpdated"]!,
                (long)merged["revision"]!));
        Assert.Equal(head + referring.Count + 1, await GetHeadRevision());
        Assert.Empty(await GetReferringRecords(type, id));
        Assert.Subset((await GetReferringRecords(type, into)).ToHashSet(), referring.Except([$"{type}/{into}"]).ToHashSet());
        foreach (var record in referring)
        {
            var lastRevision = (await GetJson($"/v1/{record}/revisions?limit=1")).GetItems()[0];
            Assert.InRange((long)lastRevision["revision"]!, head + 1, head + referring.Count);
            Assert.NotEmpty(lastRevision["changes"]!.AsArray());
        }
    }

    [Fact]
    public async Task Merged_id_redirects_reads_and_rejects_writes()
    {
        await Merge(200, "officials", "hoang-trung-hai", "nguyen-hong-dien");
        foreach (var method in (string[])["GET", "HEAD"])
        {
            using var redirect = await service.Send(method, "/v1/officials/hoang-trung-hai?fields=name", content: null);
            Assert.Equal((308, "/v1/officials/nguyen-hong-dien?fields=name", ""),
                ((int)redirect.StatusCode, redirect.GetHeader("Location"), await redirect.ReadText()));
        }
        Assert.Equal("invalid_request", await service.SendForProblemCode(400, "GET", "/v1/officials/hoang-trung-hai?feilds=name"));
        var record = await GetJson("/v1/officials/nguyen-hong-dien");
        (record["id"], record.AsObject()["revision"]) = ("hoang-trung-hai", 0);
        Assert.Equal("record_merged",
            await service.SendForProblemCode(410, "PUT", "/v1/officials/hoang-trung-hai", key, record, "If-None-Match: *"));
        Assert.Equal("record_merged",
            await service.SendForProblemCode(410, "DELETE", "/v1/officials/hoang-trung-hai", key, null, "If-Match: *"));
        var history = (await GetJson("/v1/officials/hoang-trung-hai/revisions")).GetItems();
        Assert.Equal(("remove", "merged", "nguyen-hong-dien"),
            ((string?)history[0]["op"], (string?)history[0]["reason"], (string?)history[0]["into"]));
        Assert.Equal(200, await service.GetStatusCode($"/v1/officials/hoang-trung-hai?revision={(long)history[0]["revision"]! - 1}"));
        using var pastRedirect = await service.Get($"/v1/officials/hoang-trung-hai?revision={history[0]["revision"]}");
        Assert.Equal((308, $"/v1/officials/nguyen-hong-dien?revision={history[0]["revision"]}"),
            ((int)pastRedirect.StatusCode, pastRedirect.GetHeader("Location")));
    }

    [Theory]
    [InlineData("organizations", "hai", "officials")]
    [InlineData("sources", "bai-b", "citations")]
    [InlineData("provinces", "hung-yen", "relations")]
    [InlineData("provinces", "hung-yen", "meetings")]
    public async Task List_under_a_merged_id_redirects_to_the_list_under_its_target(string type, string into, string list)
    {
        var id = type == "provinces" ? "thai-binh" : "mot";
        if (type == "organizations")
        {
            foreach (var created in (string[])[id, into])
                await CreateRecord($"/v1/organizations/{created}", RecordWriteTests.CreateOrganization(created));
        }
        else if (type == "sources")
        {
            foreach (var created in (string[])[id, into])
                await CreateRecord($"/v1/sources/{created}", new JsonObject { ["title"] = $"Bài {created}", ["kind"] = "Press" });
        }
        await Merge(200, type, id, into);
        foreach (var query in (string[])["", "?format=csv"])
        {
            if (list == "relations" && query.Length > 0)
                continue;
            using var redirect = await service.Get($"/v1/{type}/{id}/{list}{query}");
            Assert.Equal((308, $"/v1/{type}/{into}/{list}{query}"), ((int)redirect.StatusCode, redirect.GetHeader("Location")));
        }
    }

    [Fact]
    public async Task List_under_a_deleted_record_is_gone()
    {
        await CreateRecord("/v1/organizations/mot", RecordWriteTests.CreateOrganization("Một"));
        using var deleted = await service.Send("DELETE", "/v1/organizations/mot", key, null, "If-Match: *");
        Assert.Equal("record_deleted", await service.SendForProblemCode(410, "GET", "/v1/organizations/mot/officials"));
        Assert.Equal("record_not_found", await service.SendForProblemCode(404, "GET", "/v1/organizations/khong-co/officials"));
    }

    [Fact]
    public async Task Filter_and_write_that_name_a_merged_record_say_where_it_went()
    {
        foreach (var id in (string[])["mot", "hai", "ba"])
            await CreateRecord($"/v1/organizations/{id}", RecordWriteTests.CreateOrganization(id));
        await Merge(200, "organizations", "mot", "hai");
        await Merge(200, "organizations", "hai", "ba");
        using var filtered = await service.Get("/v1/organizations?parentId=mot");
        var filterError = (await ApiFixture.ReadProblem(400, filtered))["errors"]![0]!;
        Assert.Equal(("merged_reference", "parentId", "ba"),
            ((string?)filterError["code"], (string?)filterError["parameter"], (string?)filterError["suggestion"]));
        var child = RecordWriteTests.CreateOrganization("Con");
        child["parentId"] = "mot";
        using var written = await service.Send("PUT", "/v1/organizations/con", key, child, "If-None-Match: *");
        var writeError = (await ApiFixture.ReadProblem(400, written))["errors"]![0]!;
        Assert.Equal(("merged_reference", "/parentId", "'organizations/mot' was merged into 'organizations/ba'. Refer to 'ba'."),
            ((string?)writeError["code"], (string?)writeError["pointer"], (string?)writeError["detail"]));
    }

    [Fact]
    public async Task Chain_of_merges_redirects_to_the_last_target_until_that_is_deleted()
    {
        foreach (var id in (string[])["mot", "hai", "ba"])
            await CreateRecord($"/v1/organizations/{id}", RecordWriteTests.CreateOrganization(id));
        await Merge(200, "organizations", "mot", "hai");
        await Merge(200, "organizations", "hai", "ba");
        using var redirect = await service.Get("/v1/organizations/mot");
        Assert.Equal("/v1/organizations/ba", redirect.GetHeader("Location"));
        using var deleted = await service.Send("DELETE", "/v1/organizations/ba", key, null, "If-Match: *");
        Assert.Equal(204, (int)deleted.StatusCode);
        Assert.Equal("record_deleted", await service.SendForProblemCode(410, "GET", "/v1/organizations/mot"));
    }

    [Fact]
    public async Task Merge_leaves_no_duplicate_references_and_no_self_references()
    {
        var (firstId, secondId, thirdId) = ("vi-du-a", "vi-du-b", "vi-du-c");
        await CreateRecord($"/v1/results/{firstId}", await CreateResult());
        await CreateRecord($"/v1/results/{secondId}", await CreateResult(firstId));
        await CreateRecord($"/v1/results/{thirdId}", await CreateResult(firstId, secondId));
        await Merge(200, "results", firstId, secondId);
        Assert.Empty((await GetJson($"/v1/results/{secondId}"))["probablySameAs"]?.AsArray() ?? []);
        Assert.Equal([secondId], (await GetJson($"/v1/results/{thirdId}"))["probablySameAs"]!.AsArray().Select(id => (string)id!));

        await CreateRecord("/v1/organizations/cha", RecordWriteTests.CreateOrganization("Cha"));
        var child = RecordWriteTests.CreateOrganization("Con");
        child["parentId"] = "cha";
        await CreateRecord("/v1/organizations/con", child);
        await Merge(200, "organizations", "cha", "con");
        Assert.Null((await GetJson("/v1/organizations/con"))["parentId"]);
    }

    [Fact]
    public async Task Repeated_merge_changes_nothing_and_returns_the_same_response()
    {
        var first = await Merge(200, "officials", "hoang-trung-hai", "nguyen-hong-dien");
        var head = await GetHeadRevision();
        Assert.Equal(first.ToJsonString(), (await Merge(200, "officials", "hoang-trung-hai", "nguyen-hong-dien")).ToJsonString());
        Assert.Equal(head, await GetHeadRevision());
        Assert.Equal("record_merged", (string?)(await Merge(410, "officials", "hoang-trung-hai", "dao-duc-toan"))["code"]);
        Assert.Equal("record_merged", (string?)(await Merge(410, "officials", "dao-duc-toan", "hoang-trung-hai"))["code"]);
    }

    [Fact]
    public async Task Dry_run_returns_the_outcome_and_saves_nothing()
    {
        var head = await GetHeadRevision();
        var dryRun = await Merge(200, "officials", "hoang-trung-hai", "nguyen-hong-dien", "?dryRun=true");
        Assert.Equal(head, await GetHeadRevision());
        Assert.Equal(200, await service.GetStatusCode("/v1/officials/hoang-trung-hai"));
        Assert.Equal(dryRun.ToJsonString(), (await Merge(200, "officials", "hoang-trung-hai", "nguyen-hong-dien")).ToJsonString());
    }

    [Theory]
    [InlineData(400, "merge_with_itself", "hoang-trung-hai", "hoang-trung-hai")]
    [InlineData(404, "record_not_found", "hoang-trung-hai", "nobody")]
    [InlineData(404, "record_not_found", "nobody", "hoang-trung-hai")]
    [InlineData(404, "record_not_found", "hoang-trung-hai", "no_body")]
    [InlineData(400, "invalid_request", "hoang-trung-hai", "nguyen-hong-dien", "?dryrun=true")]
    public async Task Invalid_merge_is_rejected(int status, string code, string id, string into, string query = "") =>
        Assert.Equal(code, (string?)(await Merge(status, "officials", id, into, query))["code"]);

    [Fact]
    public async Task Merge_precondition_is_optional_but_enforced()
    {
        var tag = (await service.Get("/v1/officials/hoang-trung-hai")).GetETag();
        Assert.Equal("precondition_failed",
            await service.SendForProblemCode(412, "POST", BuildMergePath("officials", "hoang-trung-hai", "dao-duc-toan"), key, null,
                "If-Match: \"x-1\""));
        using var merged =
            await service.Send("POST", BuildMergePath("officials", "hoang-trung-hai", "dao-duc-toan"), key, null, $"If-Match: {tag}");
        Assert.Equal(200, (int)merged.StatusCode);
    }

    [Fact]
    public async Task Merge_that_would_make_a_referring_record_invalid_is_rejected_entirely()
    {
        await CreateRecord("/v1/organizations/cha", RecordWriteTests.CreateOrganization("Cha"));
        await CreateRecord("/v1/organizations/me", RecordWriteTests.CreateOrganization("Mẹ"));
        foreach (var id in (string[])["con", "chau"])
        {
            var child = RecordWriteTests.CreateOrganization("Con");
            child["parentId"] = "cha";
            await CreateRecord($"/v1/organizations/{id}", child);
        }
        // An invalid record, as written before the rule existed.
        TestStore.ChangeRecord(service.StorePath, "organizations", "con",
            body => body.Replace("\"Con\"", "\"\"", StringComparison.Ordinal));
        var head = await GetHeadRevision();
        var problem = await Merge(409, "organizations", "cha", "me");
        Assert.Equal("merge_conflict", (string?)problem["code"]);
        Assert.Equal(["/name: too_short"], problem.GetErrors());
        Assert.Equal("organizations/con", (string?)problem["errors"]![0]!["record"]);
        Assert.Equal((head, "cha"), (await GetHeadRevision(), (string?)(await GetJson("/v1/organizations/chau"))["parentId"]));
    }

    [Fact]
    public async Task Merge_that_would_violate_constraints_is_rejected_with_all_pointers()
    {
        var (head, referring) = (await GetHeadRevision(), await GetReferringRecords("provinces", "thai-binh"));
        // hung-yen-2025 did not exist at the time of the meetings of thai-binh.
        var problem = await Merge(409, "provinces", "thai-binh", "hung-yen-2025");
        Assert.Equal("merge_conflict", (string?)problem["code"]);
        Assert.True((long)problem["errorCount"]! >= problem["errors"]!.AsArray().Count);
        Assert.All(problem["errors"]!.AsArray(), error =>
        {
            Assert.Contains((string?)error!["record"], referring);
            Assert.Matches("^/[a-zA-Z]+(/[0-9]+(/[a-zA-Z]+)?)?$", (string?)error["pointer"]);
        });
        Assert.Equal(head, await GetHeadRevision());
    }

    [Fact]
    public async Task Editor_bound_to_provinces_must_be_allowed_to_write_all_merged_records()
    {
        await CreateRecord("/v1/organizations/mot", RecordWriteTests.CreateOrganization("Một"));
        await CreateRecord("/v1/organizations/hai", RecordWriteTests.CreateOrganization("Hai"));
        var otherProvince = RecordWriteTests.CreateOrganization("Ba");
        (otherProvince["provinceId"], otherProvince["parentId"]) = ("ha-noi", "mot");
        await CreateRecord("/v1/organizations/ba", otherProvince);
        var boundKey = (await service.CreateKey(Role.Editor, ["hung-yen-2025"])).Secret;
        var head = await GetHeadRevision();
        Assert.Equal("province_forbidden",
            await service.SendForProblemCode(403, "POST", BuildMergePath("organizations", "mot", "hai"), boundKey));
        Assert.Equal("province_forbidden",
            await service.SendForProblemCode(403, "POST", BuildMergePath("organizations", "ba", "hai"), boundKey));
        Assert.Equal("province_forbidden",
            await service.SendForProblemCode(403, "POST", BuildMergePath("organizations", "hai", "ba"), boundKey));
        Assert.Equal(head, await GetHeadRevision());
        using var allowed = await service.Send("POST", BuildMergePath("organizations", "mot", "hai"),
            (await service.CreateKey(Role.Editor, ["hung-yen-2025", "ha-noi"])).Secret);
        Assert.Equal(200, (int)allowed.StatusCode);
    }

    private static string BuildMergePath(string type, string id, string into) => $"/v1/{type}/{id}/merge-into/{into}";

    private async Task<JsonNode> Merge(int status, string type, string id, string into, string query = "")
    {
        using var response = await service.Send("POST", BuildMergePath(type, id, into) + query, key);
        var text = await response.ReadText();
        Assert.True((int)response.StatusCode == status, text);
        return JsonNode.Parse(text)!;
    }

    private async Task<JsonNode> CreateResult(params string[] probablySameAs)
    {
        var result = (await GetItems("/v1/results?limit=1"))[0].DeepClone().AsObject();
        result.Remove("id");
        result.Remove("revision");
        if (probablySameAs.Length > 0)
            result["probablySameAs"] = new JsonArray([.. probablySameAs.Select(id => JsonValue.Create(id))]);
        else
            result.Remove("probablySameAs");
        return result;
    }

    private async Task CreateRecord(string address, JsonNode record)
    {
        using var response = await service.Send("PUT", address, key, record, "If-None-Match: *");
        Assert.True((int)response.StatusCode == 201, await response.ReadText());
    }

    /// <summary>Returns the records that refer to a record, read from the store.</summary>
    private async Task<List<string>> GetReferringRecords(string type, string id)
    {
        using var connection = TestStore.CreateConnection(service.StorePath);
        await connection.OpenAsync(TestContext.Current.CancellationToken);
        return [.. await connection.QueryAsync<string>(
            "SELECT DISTINCT type || '/' || id FROM named_reference WHERE to_type = @type AND to_id = @id", new { type, id })];
    }

    private async Task<long> GetHeadRevision() => (long)(await GetJson("/v1/status"))["revision"]!;

    private async Task<List<JsonNode>> GetItems(string address) => (await GetJson(address)).GetItems();

    private async Task<JsonNode> GetJson(string address)
    {
        using var response = await service.Get(address);
        var text = await response.ReadText();
        Assert.True((int)response.StatusCode == 200, $"{address}: {text}");
        return JsonNode.Parse(text)!;
    }
}
