using System.Net;
using System.Text.Json.Nodes;
using CooperationApi.Contracts;
using CooperationApi.Tests.Access;

namespace CooperationApi.Tests.Features.Records;

/// <summary>Tests of the rules between records: references without cycles, groups of the agreement, dates in order.</summary>
public sealed class RecordConsistencyTests : IAsyncLifetime
{
    private const string CommitmentId = "ha-noi-thai-binh-2019-vanh-dai-5";
    private const string ResultId = "ha-noi-thai-binh-2019-trao-tang-quy-an-sinh-xa-hoi-3-ty-dong";

    private AuthenticatedService service = null!;
    private string key = "";

    public async ValueTask InitializeAsync()
    {
        service = await AuthenticatedService.Start();
        key = await service.CreateKeySecret(Role.Editor);
    }

    public ValueTask DisposeAsync() => service.DisposeAsync();

    [Fact]
    public async Task Record_cannot_refer_to_itself_in_any_member_of_its_own_type()
    {
        var referringMembers = 0;
        foreach (var resource in service.GetService<CooperationApi.Resources.ResourceCatalog>().All)
        {
            foreach (var member in resource.References.Where(reference => reference.ToType == resource.Type).Select(item => item.Member))
            {
                referringMembers++;
                var record = await GetRecord($"/v1/{resource.Type}/{resource.Example}");
                JsonNode element = member.EndsWith("].id", StringComparison.Ordinal)
                    ? new JsonObject { ["id"] = resource.Example, ["on"] = "2025-07-01", ["legalBasis"] = "202/2025/QH15" }
                    : resource.Example;
                record[member.Split('[')[0]] = member.Contains("[]", StringComparison.Ordinal) ? new JsonArray(element) : element;
                Assert.Contains("self_reference", await ImportForErrorCodes(resource.Type, record));
            }
        }
        // Parents of organizations and of meetings, predecessors, successors, and results that are probably the same or parts of another.
        Assert.Equal(6, referringMembers);
    }

    [Fact]
    public async Task Cycle_of_parents_is_rejected_with_its_path()
    {
        foreach (var (id, parentId) in new[] { ("ong", (string?)null), ("cha", "ong"), ("con", "cha") })
            await Write(201, $"/v1/organizations/{id}", CreateOrganization(id, parentId), "If-None-Match: *");
        var problem = await Write(400, "/v1/organizations/ong", CreateOrganization("ong", "con"), "If-Match: *");
        Assert.Equal(["/parentId: reference_cycle"], problem.GetErrors());
        Assert.Contains("ong → con → cha → ong", (string?)problem["errors"]![0]!["detail"], StringComparison.Ordinal);
        Assert.Equal(["/parentId: reference_cycle"],
            (await Patch(400, "/v1/organizations/ong", new() { ["parentId"] = "cha" })).GetErrors());
        await Write(200, "/v1/organizations/con", CreateOrganization("con", "ong"), "If-Match: *");
    }

    [Fact]
    public async Task Import_of_records_that_refer_to_each_other_in_a_cycle_is_rejected_in_any_order()
    {
        foreach (var ids in (string[][])[["a", "b", "c"], ["c", "b", "a"], ["b", "a", "c"]])
        {
            JsonNode[] records = [.. ids.Select(id => CreateOrganization(id, id switch { "a" => "b", "b" => "c", _ => "a" }))];
            Assert.Equal(["reference_cycle"], await ImportForErrorCodes("organizations", records));
        }
        JsonNode[] tree = [CreateOrganization("a", "b"), CreateOrganization("b", "c"), CreateOrganization("c", null)];
        Assert.Empty(await ImportForErrorCodes("organizations", tree));
    }

    [Fact]
    public async Task Long_chain_of_parents_is_accepted_and_a_cycle_at_its_end_is_found()
    {
        const int Length = 3000;
        JsonNode[] chain = [.. Enumerable.Range(0, Length).Select(i => CreateOrganization($"o{i}", i + 1 < Length ? $"o{i + 1}" : null))];
        Assert.Empty(await ImportForErrorCodes("organizations", chain));
        Assert.Equal(["reference_cycle"], await ImportForErrorCodes("organizations", CreateOrganization($"o{Length - 1}", "o0")));
    }

    [Fact]
    public async Task At_most_twenty_results_are_linked_as_probably_the_same()
    {
        var result = await GetRecord("/v1/results/" + ResultId);
        JsonNode[] chain = [.. Enumerable.Range(1, 21).Select(i =>
        {
            var linked = result.DeepClone();
            linked["id"] = $"r{i}";
            linked["probablySameAs"] = i == 1 ? new JsonArray() : new JsonArray($"r{i - 1}");
            return linked;
        })];
        Assert.All(await ImportForErrorCodes("results", chain), code => Assert.Equal("too_many_linked_records", code));
        Assert.Empty(await ImportForErrorCodes("results", chain[..20]));
        Assert.Equal(["too_many_linked_records"], await ImportForErrorCodes("results", chain[20]));
    }

    [Fact]
    public async Task Merge_that_would_close_a_cycle_is_rejected()
    {
        foreach (var (id, parentId) in new[] { ("ong", (string?)null), ("cha", "ong"), ("con", "cha") })
            await Write(201, $"/v1/organizations/{id}", CreateOrganization(id, parentId), "If-None-Match: *");
        using var merge = await service.Send("POST", "/v1/organizations/ong/merge-into/con", key);
        var problem = await ApiFixture.ReadProblem(409, merge);
        Assert.Equal("merge_conflict", (string?)problem["code"]);
        Assert.Equal(("reference_cycle", "organizations/cha"),
            ((string?)problem["errors"]![0]!["code"], (string?)problem["errors"]![0]!["record"]));
    }

    [Fact]
    public async Task Successions_of_provinces_are_symmetric_and_acyclic()
    {
        var thaiBinh = await GetRecord("/v1/provinces/thai-binh");
        thaiBinh["successors"] = new JsonArray();
        Assert.Equal(["succession_not_symmetric"], await ImportForErrorCodes("provinces", thaiBinh));

        var haNoi = await GetRecord("/v1/provinces/ha-noi");
        haNoi["successors"] = new JsonArray(new JsonObject { ["id"] = "hung-yen-2025", ["on"] = "2025-07-01", ["legalBasis"] = "x1" });
        Assert.Equal(["succession_not_symmetric"], await ImportForErrorCodes("provinces", haNoi));

        // Hưng Yên of 2025 would become a predecessor of its own predecessor.
        var hungYen = await GetRecord("/v1/provinces/hung-yen-2025");
        hungYen["successors"] = new JsonArray(new JsonObject { ["id"] = "thai-binh", ["on"] = "2025-07-01", ["legalBasis"] = "x1" });
        thaiBinh = await GetRecord("/v1/provinces/thai-binh");
        thaiBinh["predecessors"] = new JsonArray(new JsonObject { ["id"] = "hung-yen-2025", ["on"] = "2025-07-01", ["legalBasis"] = "x1" });
        Assert.Equal(["reference_cycle"], (await ImportForErrorCodes("provinces", hungYen, thaiBinh)).Distinct());
    }

    [Fact]
    public async Task Groups_of_a_record_belong_to_its_agreement_or_to_the_agreement_of_its_meeting()
    {
        var otherGroup = (await service.SendForJson(HttpStatusCode.OK, "GET", "/v1/cooperation-groups?limit=200", key)).GetItems()
            .First(group => (string?)group["agreementId"] != SeedFacts.AgreementId);
        foreach (var (type, id) in new[] { ("results", ResultId), ("commitments", CommitmentId) })
        {
            var record = await GetRecord($"/v1/{type}/{id}");
            record["groupIds"] = new JsonArray(otherGroup.GetId());
            record["agreementId"] = SeedFacts.AgreementId;
            Assert.Equal(["group_outside_agreement"], await ImportForErrorCodes(type, record));
            record.Remove("agreementId");
            record["meetingId"] = SeedFacts.ConferenceId;
            Assert.Equal(["group_outside_agreement"], await ImportForErrorCodes(type, record));
            record["groupIds"] = new JsonArray("ha-noi-thai-binh-2019-se-1");
            Assert.Empty(await ImportForErrorCodes(type, record, commit: false));
        }
    }

    [Fact]
    public async Task Change_of_a_group_or_agreement_that_would_contradict_its_records_is_rejected()
    {
        var group = await GetRecord("/v1/cooperation-groups/ha-noi-thai-binh-2019-se-7");
        group["agreementId"] = (string?)(await service.SendForJson(HttpStatusCode.OK, "GET", "/v1/agreements?limit=200", key)).GetItems()
            .GetIds().First(id => id != SeedFacts.AgreementId);
        var problem = await Import(400, "cooperation-groups", group);
        Assert.Contains("results/" + ResultId, problem["errors"]!.AsArray().Select(error => (string?)error!["record"]));

        var agreement = await GetRecord("/v1/agreements/" + SeedFacts.AgreementId);
        agreement.Remove("meetingId");
        Assert.Contains("group_outside_agreement", await ImportForErrorCodes("agreements", agreement));
        agreement["meetingId"] = SeedFacts.ConferenceId;
        agreement["adoptedOn"] = "2019-10-25";
        Assert.Contains("date_before_meeting", await ImportForErrorCodes("agreements", agreement));
    }

    [Theory]
    [InlineData("statusAsOf", "2001", "date_before_adoption")]
    [InlineData("statusAsOf", "2019-10-25", "date_before_adoption")]
    [InlineData("statusAsOf", "2019-10", null)]
    [InlineData("dueOn", "2019-09", "date_before_adoption")]
    [InlineData("dueOn", "2019", null)]
    [InlineData("dueOn", "--10-01", null)]
    public async Task Status_and_due_date_cannot_be_before_the_adoption_of_the_agreement(string member, string date, string? code)
    {
        var commitment = await GetRecord($"/v1/commitments/{CommitmentId}");
        commitment[member] = date;
        commitment["agreementId"] = SeedFacts.AgreementId;
        commitment.Remove("meetingId");
        Assert.Equal(code is null ? [] : [code], await ImportForErrorCodes("commitments", commitment));
        commitment.Remove("agreementId");
        commitment["meetingId"] = SeedFacts.ConferenceId;
        Assert.Equal(code is null ? [] : ["date_before_meeting"], await ImportForErrorCodes("commitments", commitment));
    }

    [Fact]
    public async Task Later_documents_of_an_agreement_are_not_issued_before_its_adoption()
    {
        var agreement = await GetRecord("/v1/agreements/" + SeedFacts.AgreementId);
        agreement["laterDocuments"] = new JsonArray(new JsonObject { ["title"] = "Kế hoạch", ["issuedOn"] = "2018" });
        Assert.Equal(["date_before_adoption"], await ImportForErrorCodes("agreements", agreement));
    }

    [Theory]
    [InlineData("2024", "2026", true)]
    [InlineData("2024", "2025-07", true)]
    [InlineData("2024", "2025-06-30", false)]
    [InlineData("2024", "2025", false)]
    [InlineData("2024", null, false)]
    [InlineData(null, "2026", true)]
    public async Task Both_ends_of_a_period_are_within_the_validity_of_the_province(string? from, string? to, bool isRejected)
    {
        var result = await GetRecord("/v1/results/" + ResultId);
        var period = new JsonObject();
        if (from is not null)
            period["from"] = from;
        if (to is not null)
            period["to"] = to;
        result["period"] = period;
        var problem = await Import(isRejected ? 400 : 200, "results", result);
        if (!isRejected)
            return;
        Assert.All(problem["errors"]!.AsArray(), error => Assert.Equal("province_not_in_force", (string?)error!["code"]));
        var detail = (string)problem["errors"]![0]!["detail"]!;
        Assert.Contains("thai-binh", detail, StringComparison.Ordinal);
        Assert.Contains("hung-yen-2025", detail, StringComparison.Ordinal);
        Assert.Contains($"has the date {to}", detail, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Province_cannot_end_within_the_period_of_a_result()
    {
        var result = await GetRecord("/v1/results/" + ResultId);
        result["provinceIds"] = new JsonArray("ha-noi");
        result.Remove("receiverId");
        result["period"] = new JsonObject { ["from"] = "2024", ["to"] = "2026-02" };
        await Import(200, "results", result);
        var haNoi = await GetRecord("/v1/provinces/ha-noi");
        haNoi["validTo"] = "2026-01-31";
        haNoi["versions"]!.AsArray()[^1]!["validTo"] = "2026-01-31";
        var problem = await Import(400, "provinces", haNoi);
        Assert.Contains("results/" + ResultId, problem["errors"]!.AsArray().Select(error => (string?)error!["record"]));
    }

    private static JsonObject CreateOrganization(string id, string? parentId)
    {
        var organization = RecordWriteTests.CreateOrganization($"Cơ quan {id}");
        organization["id"] = id;
        if (parentId is not null)
            organization["parentId"] = parentId;
        return organization;
    }

    private async Task<JsonObject> GetRecord(string address)
    {
        var record = (await service.SendForJson(HttpStatusCode.OK, "GET", address, key)).AsObject();
        record.Remove("revision");
        return record;
    }

    private async Task<JsonNode> Import(int status, string type, params JsonNode[] records)
    {
        var bundle = new JsonObject { [type] = new JsonArray([.. records.Select(record => record.DeepClone())]) };
        using var response = await service.Send("POST", "/v1/imports?onConflict=replace", key, bundle);
        var text = await response.ReadText();
        Assert.True((int)response.StatusCode == status, text);
        return JsonNode.Parse(text)!;
    }

    /// <summary>Imports records; returns the codes of the errors, none if the import succeeds.</summary>
    private Task<List<string>> ImportForErrorCodes(string type, params JsonNode[] records) => ImportForErrorCodes(type, true, records);

    private Task<List<string>> ImportForErrorCodes(string type, JsonNode record, bool commit) => ImportForErrorCodes(type, commit, record);

    private async Task<List<string>> ImportForErrorCodes(string type, bool commit, params JsonNode[] records)
    {
        var bundle = new JsonObject { [type] = new JsonArray([.. records.Select(record => record.DeepClone())]) };
        using var response =
            await service.Send("POST", $"/v1/imports?onConflict=replace&dryRun={(commit ? "false" : "true")}", key, bundle);
        if (response.StatusCode == HttpStatusCode.OK)
            return [];
        return [.. (await ApiFixture.ReadProblem(400, response))["errors"]!.AsArray().Select(error => (string)error!["code"]!)];
    }

    private async Task<JsonNode> Write(int status, string address, JsonNode record, string condition)
    {
        using var response = await service.Send("PUT", address, key, record, condition);
        var text = await response.ReadText();
        Assert.True((int)response.StatusCode == status, text);
        return JsonNode.Parse(text)!;
    }

    private async Task<JsonNode> Patch(int status, string address, JsonObject patch)
    {
        using var content = new StringContent(patch.ToJsonString(), System.Text.Encoding.UTF8, "application/merge-patch+json");
        using var response = await service.Send("PATCH", address, content, $"Authorization: Bearer {key}", "If-Match: *");
        var text = await response.ReadText();
        Assert.True((int)response.StatusCode == status, text);
        return JsonNode.Parse(text)!;
    }
}
