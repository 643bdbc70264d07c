using System.Text.Json.Nodes;
using CooperationApi.Contracts;
using CooperationApi.Tests.Access;
using CooperationApi.Tests.Features.Records;

namespace CooperationApi.Tests.Http.Problems;

/// <summary>Tests of suggestions: only a close and unambiguous one is given, without regard to diacritics.</summary>
[Collection(nameof(SharedApi))]
public sealed class SuggestionTests(ApiFixture api)
{
    [Theory]
    [InlineData("/v1/meetings?kind=H%E1%BB%99i%20ngh%E1%BB%8B", "not_allowed", null)]
    [InlineData("/v1/commitments?status=Bad", "not_allowed", null)]
    [InlineData("/v1/meetings?sort=x", "not_allowed", null)]
    [InlineData("/v1/meetings?date=2019", "unknown_parameter", null)]
    [InlineData("/v1/meetings?provinceId=thai-b%C3%ACnh", "invalid_id", "thai-binh")]
    [InlineData("/v1/meetings?provinceId=Th%C3%A1i%20B%C3%ACnh", "invalid_id", "thai-binh")]
    [InlineData("/v1/meetings?provinceId=thaibinh", "record_not_found", "thai-binh")]
    [InlineData("/v1/meetings?provinceId=thai-binhh", "record_not_found", "thai-binh")]
    [InlineData("/v1/meetings?provinceId=atlantis", "record_not_found", null)]
    public async Task Query_parameter_gets_a_suggestion_only_if_one_is_close(string address, string code, string? suggestion)
    {
        var error = Assert.Single((await api.GetProblem(400, address))["errors"]!.AsArray())!;
        Assert.Equal((code, suggestion), ((string?)error["code"], (string?)error["suggestion"]));
    }

    [Theory]
    [InlineData("/v1/provinces/thai-binhh", "thai-binh")]
    [InlineData("/v1/provinces/thai-binhh?revision=5", "thai-binh")]
    [InlineData("/v1/provinces/thai-binhh/revisions", "thai-binh")]
    [InlineData("/v1/provinces/thai-binhh/meetings", "thai-binh")]
    [InlineData("/v1/provinces/thai-binhh/relations", "thai-binh")]
    [InlineData("/v1/officials/tran-thi-dieu-thuyy", "tran-thi-dieu-thuy")]
    [InlineData("/v1/provinces/atlantis", null)]
    public async Task Path_of_a_missing_record_gets_the_closest_id(string address, string? suggestion)
    {
        var problem = await api.GetProblem(404, address);
        Assert.Equal(("record_not_found", suggestion), ((string?)problem["code"], (string?)problem["suggestion"]));
    }

    [Theory]
    [InlineData("/v1/provinces/thai-b%C3%ACnh")]
    [InlineData("/v1/provinces/Th%C3%A1i%20B%C3%ACnh/meetings")]
    [InlineData("/v1/provinces/Thai-Binh")]
    public async Task Path_with_letters_that_no_id_has_gets_the_id_without_them(string address)
    {
        var problem = await api.GetProblem(404, address);
        Assert.Equal(("not_found", "thai-binh"), ((string?)problem["code"], (string?)problem["suggestion"]));
    }

    [Theory]
    [InlineData("26%2F10%2F2019", "2019-10-26")]
    [InlineData("10%2F2019", "2019-10")]
    [InlineData("05%2F06%2F2019", null)]
    public async Task Date_as_people_write_it_gets_the_form_of_the_API_unless_it_is_ambiguous(string date, string? suggestion)
    {
        var error = Assert.Single((await api.GetProblem(400, $"/v1/meetings?from={date}"))["errors"]!.AsArray())!;
        Assert.Equal(("invalid_partial_date", suggestion), ((string?)error["code"], (string?)error["suggestion"]));
    }

    [Fact]
    public async Task New_key_with_an_unknown_province_gets_the_closest_id()
    {
        await using var service = await AuthenticatedService.Start();
        var request = new JsonObject { ["name"] = "Một khóa", ["role"] = "Editor", ["provinceIds"] = new JsonArray("thai-binhh") };
        using var response = await service.Send("POST", "/v1/keys", await service.CreateKeySecret(), request);
        var error = Assert.Single((await ApiFixture.ReadProblem(400, response))["errors"]!.AsArray())!;
        Assert.Equal(("unknown_reference", "/provinceIds/0", "thai-binh"),
            ((string?)error["code"], (string?)error["pointer"], (string?)error["suggestion"]));
    }

    [Fact]
    public async Task Record_gets_suggestions_for_members_values_and_references()
    {
        await using var service = await AuthenticatedService.Start();
        var key = await service.CreateKeySecret(Role.Editor);
        var record = RecordWriteTests.CreateOrganization();
        (record["kind"], record["nam"], record["date"]) = ("Đảng ủy", "Tên", "2019");
        Assert.Equal(["/kind: not_allowed → ", "/nam: unknown_member → name", "/date: unknown_member → "], await Put(record));

        record = RecordWriteTests.CreateOrganization();
        (record["provinceId"], record["citations"]![0]!["supports"]) = ("Thái Bình", new JsonArray("naem"));
        Assert.Equal(["/citations/0/supports: unsupported_member → name", "/provinceId: invalid_id → thai-binh"],
            (await Put(record)).Order(StringComparer.Ordinal));

        record = RecordWriteTests.CreateOrganization();
        record["provinceId"] = "thai-binhh";
        Assert.Equal(["/provinceId: unknown_reference → thai-binh"], await Put(record));

        async Task<IEnumerable<string>> Put(JsonNode body)
        {
            using var response = await service.Send("PUT", "/v1/organizations/vi-du", key, body, "If-None-Match: *");
            return (await ApiFixture.ReadProblem(400, response))["errors"]!.AsArray()
                .Select(error => $"{error!["pointer"]}: {error["code"]} → {error["suggestion"]}").ToList();
        }
    }
}
