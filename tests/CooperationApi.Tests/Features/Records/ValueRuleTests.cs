using System.Text;
using System.Text.Json.Nodes;
using CooperationApi.Contracts;
using CooperationApi.Tests.Access;

namespace CooperationApi.Tests.Features.Records;

/// <summary>Tests of the rules for single values: texts with content, and numbers that are kept exactly.</summary>
public sealed class ValueRuleTests : IAsyncLifetime
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
    [InlineData(" ", "text_without_words", "outer_blanks")]
    [InlineData("\n", "text_without_words", "outer_blanks")]
    [InlineData("\u00A0", "invalid_characters", "text_without_words", "outer_blanks")]
    [InlineData("\u3164", "invalid_characters")]
    [InlineData("\u2800", "invalid_characters", "text_without_words")]
    [InlineData("\u0301", "invalid_characters", "text_without_words")]
    [InlineData("–", "text_without_words")]
    [InlineData("Sở Du lịch ", "outer_blanks")]
    [InlineData("\nSở Du lịch", "outer_blanks")]
    [InlineData("Sở\u00A0Du lịch", "invalid_characters")]
    [InlineData("Sở \u0301Du lịch", "invalid_characters")]
    [InlineData("Sở\u2028Du lịch", "invalid_characters")]
    [InlineData("Sở\u200BDu lịch", "invalid_characters")]
    [InlineData("Sở\uFE0FDu lịch", "invalid_characters")]
    public async Task Text_without_content_or_with_blanks_that_look_alike_is_rejected(string name, params string[] codes)
    {
        using var response = await service.Send("PUT", "/v1/organizations/so-du-lich-hung-yen", key,
            RecordWriteTests.CreateOrganization(name), "If-None-Match: *");
        Assert.Equal(codes.Select(code => $"/name: {code}"), (await ApiFixture.ReadProblem(400, response)).GetErrors());
    }

    [Fact]
    public async Task Invalid_character_is_named_with_its_position()
    {
        using var response = await service.Send("PUT", "/v1/organizations/so-du-lich-hung-yen", key,
            RecordWriteTests.CreateOrganization("Sở\u00A0Du lịch"), "If-None-Match: *");
        Assert.StartsWith("Character 3 of the text is a no-break space (U+00A0).",
            (string?)(await ApiFixture.ReadProblem(400, response))["errors"]![0]!["detail"], StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("999999999999.9999999999999999", "999999999999.9999999999999999")]
    [InlineData("0.1", "0.1")]
    [InlineData("1e3", "1000")]
    [InlineData("1000000000000", "1000000000000")]
    [InlineData("0.0000000000000000000000000001", "0.0000000000000000000000000001")]
    [InlineData("999999999999.99999999999999999", "/quantity: inexact_number")]
    [InlineData("1000000000000.00000000000000000000001", "/quantity: inexact_number")]
    [InlineData("0.00000000000000000000000000001", "/quantity: inexact_number")]
    [InlineData("1e-29", "/quantity: inexact_number")]
    [InlineData("1e400", "/quantity: inexact_number")]
    [InlineData("1000000000000.1", "/quantity: out_of_range")]
    public async Task Decimal_is_kept_exactly_or_rejected_before_a_limit_is_compared(string sent, string expected)
    {
        using var source = await service.Get("/v1/results?limit=200&sort=title");
        var id = JsonNode.Parse(await source.ReadText())!.GetItems().First(result => result["quantity"] is not null).GetId();
        using var content = new StringContent($$"""{"quantity":{{sent}},"outOf":null}""", Encoding.UTF8, "application/merge-patch+json");
        using var response = await service.Send("PATCH", $"/v1/results/{id}", content, $"Authorization: Bearer {key}", "If-Match: *");
        var body = JsonNode.Parse(await response.ReadText())!;
        Assert.Equal(expected,
            (int)response.StatusCode == 200 ? body["quantity"]!.ToJsonString() : Assert.Single(body.GetErrors()));

        var record = (await service.SendForJson(System.Net.HttpStatusCode.OK, "GET", $"/v1/results/{id}", key)).AsObject();
        record.Remove("revision");
        record.Remove("outOf");
        record["quantity"] = JsonNode.Parse(sent);
        var line = $$"""{"type":"results","data":{{record.ToJsonString()}}}""";
        using var lines = new StringContent(line, Encoding.UTF8, "application/x-ndjson");
        using var import = await service.Send("POST", "/v1/imports?dryRun=true", lines, $"Authorization: Bearer {key}");
        Assert.Equal((int)response.StatusCode, (int)import.StatusCode);
    }
}
