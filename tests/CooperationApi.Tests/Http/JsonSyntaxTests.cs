using System.Text;
using System.Text.Json.Nodes;
using CooperationApi.Contracts;
using CooperationApi.Tests.Access;

namespace CooperationApi.Tests.Http;

/// <summary>Tests of messages about JSON that people write: in a word processor, by hand, or with another encoding.</summary>
public sealed class JsonSyntaxTests : IAsyncLifetime
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
    [InlineData("{“name”: \"Tỉnh ủy\"}", "json_typographic_quote", "Line 1, column 2: a curly opening quotation mark (“, U+201C)")]
    [InlineData("{\n  \"name\": \"Tỉnh ủy\", \"kind\": ‘Other’}", "json_typographic_quote",
        "Line 2, column 30: a curly opening apostrophe (‘")]
    [InlineData("{\"name\": \"Tỉnh ủy\",}", "json_trailing_comma", "Line 1, column 20: remove the comma before '}'.")]
    [InlineData("{\"citations\": [{},\n]}", "json_trailing_comma", "Line 2, column 1: remove the comma before ']'.")]
    [InlineData("{\"name\": \"Tỉnh ủy\", \"name\": \"Thành ủy\"}", "json_duplicate_member", "Line 1, column 21: the member 'name'")]
    [InlineData("{\"name\": \"Tỉnh ủy\"", "json_incomplete", "The JSON ends at line 1, column 19")]
    [InlineData("{\"name\": \"Tỉnh ủy}", "json_incomplete", "The JSON ends at line 1")]
    [InlineData("{\"name\": \"Tỉnh ủy\" \"kind\": \"Other\"}", "json_missing_comma", "Line 1, column 20: a comma is missing before '\"'.")]
    [InlineData("{name: \"Tỉnh ủy\"}", "json_unquoted_text", "Line 1, column 2: put the name or text that begins with 'n'")]
    [InlineData("{'name': 'Tỉnh ủy'}", "json_typographic_quote", "Line 1, column 2: a straight apostrophe (', U+0027)")]
    [InlineData("{\"name\": tỉnh ủy}", "json_unquoted_text", "Line 1, column 10: put the name or text that begins with 't'")]
    [InlineData("{\"name\": nghị}", "json_unquoted_text", "Line 1, column 10: put the name or text that begins with 'n'")]
    [InlineData("{\"name\": \"Ban \"A\" tỉnh\"}", "json_unescaped_quote", "Line 1, column 16: the quotation mark before 'A'")]
    [InlineData("{\"name\": \"D:\\Kho\"}", "json_invalid_escape", "Line 1, column 14: the backslash escape is not valid at 'K'.")]
    [InlineData("{\"name\": \"Tỉnh\tủy\"}", "json_control_character", "Line 1, column 15: JSON does not allow a tab (U+0009)")]
    [InlineData("{\"name\": \"\\uabxy\"}", "json_invalid_escape", "Line 1, column 15: the backslash escape is not valid at 'x'.")]
    [InlineData("{\"name\": \"\\\"\\q\"}", "json_invalid_escape", "Line 1, column 14: the backslash escape is not valid at 'q'.")]
    [InlineData("{\"amount\": 3.000.000}", "json_invalid_number", "Line 1, column 17: the number is not valid at '.'.")]
    [InlineData("{\"amount\": 3,000,000}", "json_invalid_number", "Line 1, column 14: the number is not valid at '0'.")]
    [InlineData("{\"amount\": 3 000 000}", "json_invalid_number", "Line 1, column 14: the number is not valid at '0'.")]
    [InlineData("{\"amount\": 3 tỷ}", "json_invalid_number", "Line 1, column 14: the number is not valid at 't'.")]
    [InlineData("{\"heldOn\": 2019-10-26}", "json_invalid_number", "Line 1, column 16: the number is not valid at a hyphen (-, U+002D).")]
    [InlineData("{\"name\" \"Tỉnh ủy\"}", "invalid_json", "Line 1, column 9: JSON does not allow a straight quotation mark")]
    [InlineData("{\"name\":\u00A0\"Tỉnh ủy\"}", "invalid_json", "Line 1, column 9: JSON does not allow a no-break space (U+00A0)")]
    [InlineData("{\"name\": \"Tỉnh ủy\"}\n{}", "json_text_after_end", "Line 2, column 1: the JSON is complete before '{'.")]
    [InlineData("{\"amount\": 3 \"currency\": \"VND\"}", "json_missing_comma", "Line 1, column 14: a comma is missing before '\"'.")]
    [InlineData("{\"amounts\": [3}", "invalid_json", "Line 1, column 15: JSON does not allow '}' here.")]
    [InlineData("{\"name\": \"Tỉnh ủy\"]", "invalid_json", "Line 1, column 19: JSON does not allow ']' here.")]
    [InlineData("{\"name\" = \"Tỉnh ủy\"}", "invalid_json", "Line 1, column 9: JSON does not allow '=' here.")]
    [InlineData("{\"name\": \"Tỉnh ủy\"}}", "json_text_after_end", "Line 1, column 20: the JSON is complete before '}'.")]
    [InlineData("{\"amount\": +3}", "json_invalid_number", "Line 1, column 12: the number is not valid at '+'.")]
    [InlineData("{\"amount\": 007}", "json_invalid_number", "Line 1, column 13: the number is not valid at '0'.")]
    [InlineData("{\"isActive\": True}", "json_unquoted_text", "Line 1, column 14: put the name or text that begins with 'T'")]
    [InlineData("id,name\n1,Tỉnh ủy", "body_not_json", "The text begins with 'i' and is not JSON")]
    [InlineData("\n<html>", "body_not_json", "The text begins with '<' and is not JSON")]
    [InlineData("PK\u0003\u0004", "body_is_archive", "The file is a workbook")]
    [InlineData("\uFEFF{\"name\": \"Tỉnh ủy\",}", "json_trailing_comma", "Line 1, column 20: remove the comma before '}'.")]
    [InlineData("[[[[[[[[[[[[[[[[[", "json_too_deep", "Line 1, column 17: lists and objects are nested more than 16 levels deep.")]
    [InlineData(" \n", "body_empty", "The JSON document is empty.")]
    public async Task Syntax_error_has_its_cause_its_line_and_its_column(string body, string code, string detail)
    {
        using var content = new StringContent(body, Encoding.UTF8, "application/json");
        var error = await SendForError("PUT", "/v1/organizations/vi-du", content, "If-None-Match: *");
        Assert.Equal(code, (string?)error["code"]);
        Assert.StartsWith(detail, (string?)error["detail"], StringComparison.Ordinal);
    }

    [Fact]
    public async Task Syntax_error_in_a_line_of_a_bundle_has_the_number_of_that_line()
    {
        using var content = new StringContent("\n\n  {\"type\": “organizations”}\n", Encoding.UTF8, "application/x-ndjson");
        var error = await SendForError("POST", "/v1/imports", content, "Accept-Language: vi");
        Assert.Equal(("/2", "json_typographic_quote"), ((string?)error["pointer"], (string?)error["code"]));
        Assert.StartsWith("Dòng 3, cột 12: dấu ngoặc kép cong mở (“, U+201C)", (string?)error["detail"], StringComparison.Ordinal);
    }

    [Fact]
    public async Task Text_in_UTF_16_is_rejected_with_the_encoding_to_use()
    {
        foreach (var encoding in new[] { Encoding.Unicode, Encoding.BigEndianUnicode })
        {
            using var content = new ByteArrayContent([.. encoding.Preamble, .. encoding.GetBytes("{\"name\": \"Tỉnh ủy\"}")]);
            content.Headers.TryAddWithoutValidation("Content-Type", "application/json");
            var error = await SendForError("PUT", "/v1/organizations/vi-du", content, "If-None-Match: *");
            Assert.Equal("json_wrong_encoding", (string?)error["code"]);
        }
    }

    [Theory]
    [InlineData("name", "7", "text_required")]
    [InlineData("citations", "{}", "list_required")]
    [InlineData("citations", "[7]", "object_required")]
    public async Task Value_of_another_type_gets_the_required_type(string member, string value, string code)
    {
        var record = Features.Records.RecordWriteTests.CreateOrganization();
        record[member] = JsonNode.Parse(value);
        using var content = new StringContent(record.ToJsonString(), Encoding.UTF8, "application/json");
        Assert.Equal(code, (string?)(await SendForError("PUT", "/v1/organizations/vi-du", content, "If-None-Match: *"))["code"]);
    }

    [Theory]
    [InlineData("amount", "\"1 tỷ\"", "integer_required", "1000000000")]
    [InlineData("quantity", "\"2,5\"", "number_required", "2.5")]
    public async Task Figure_as_text_gets_the_required_type_with_an_example(string member, string value, string code, string example)
    {
        using var patch = new StringContent($"{{\"{member}\": {value}}}", Encoding.UTF8, "application/merge-patch+json");
        var error = await SendForError("PATCH", "/v1/results/ha-noi-thai-binh-2019-trao-tang-quy-an-sinh-xa-hoi-3-ty-dong", patch,
            "If-Match: *");
        Assert.Equal(code, (string?)error["code"]);
        Assert.Contains(example, (string?)error["detail"], StringComparison.Ordinal);
    }

    private async Task<JsonNode> SendForError(string method, string address, HttpContent content, params string[] headers)
    {
        using var response = await service.Send(method, address, content, [$"Authorization: Bearer {key}", .. headers]);
        return Assert.Single((await ApiFixture.ReadProblem(400, response))["errors"]!.AsArray())!;
    }
}
