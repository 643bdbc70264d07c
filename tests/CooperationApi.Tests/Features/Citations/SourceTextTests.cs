using System.Net;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using CooperationApi.Contracts;
using CooperationApi.Tests.Access;
using CooperationApi.Tests.Features.Records;

namespace CooperationApi.Tests.Features.Citations;

/// <summary>Tests of source texts: quotes must match the stored text of their source.</summary>
public sealed class SourceTextTests : IAsyncLifetime
{
    // An emoji is one code point but two UTF-16 code units, so the offsets after it show which of them are counted.
    private const string Text = "😀 Hà Nội trao tặng 3 tỷ đồng 😀 và 100 con bò giống.", Quote = "100 con bò giống";
    private const string SourceAddress = "/v1/sources/bai-bao", TextAddress = SourceAddress + "/text",
        RecordAddress = "/v1/organizations/mot-co-quan";

    private static readonly int Start = Text[..Text.IndexOf(Quote, StringComparison.Ordinal)].EnumerateRunes().Count();

    private AuthenticatedService service = null!;
    private string key = "";

    public async ValueTask InitializeAsync()
    {
        service = await AuthenticatedService.Start();
        key = await service.CreateKeySecret(Role.Editor);
        Assert.Equal(201, await Put(SourceAddress, new JsonObject { ["title"] = "Một bài báo", ["kind"] = "Press" }));
    }

    public ValueTask DisposeAsync() => service.DisposeAsync();

    [Fact]
    public async Task Source_has_the_hash_and_length_of_its_text_and_the_text_is_not_readable()
    {
        var source = await UploadText(200, "\uFEFF" + Text.Normalize(NormalizationForm.FormD));
        Assert.Equal((Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(Text))), Text.EnumerateRunes().Count()),
            ((string?)source["sha256"], (int)source["length"]!));
        Assert.Equal(source.ToJsonString(), (await UploadText(200, Text)).ToJsonString());
        Assert.Equal("method_not_allowed", await service.SendForProblemCode(405, "GET", TextAddress, key));
        Assert.DoesNotContain("trao tặng",
            (await service.SendForJson(HttpStatusCode.OK, "GET", SourceAddress, key)).ToJsonString(ApiJson.Options),
            StringComparison.Ordinal);
        Assert.Empty(
            (await service.SendForJson(HttpStatusCode.OK, "GET", "/v1/search?q=%22trao%20tang%203%20ty%22&types=sources",
                key))["items"]!.AsArray());
    }

    [Fact]
    public async Task Dry_run_of_an_upload_returns_the_source_and_stores_no_text()
    {
        using var content = new StringContent(Text, Encoding.UTF8, "text/plain");
        using var response = await service.Send("PUT", TextAddress + "?dryRun=true", content, $"Authorization: Bearer {key}");
        Assert.Equal(200, (int)response.StatusCode);
        Assert.Equal(Text.EnumerateRunes().Count(), (int)JsonNode.Parse(await response.ReadText())!["length"]!);
        Assert.Null((await service.SendForJson(HttpStatusCode.OK, "GET", SourceAddress, key))["length"]);
        await UploadText(200, "Khác");
    }

    [Fact]
    public async Task Quote_is_accepted_only_if_it_matches_the_text_at_its_offsets()
    {
        await UploadText(200, Text);
        Assert.Equal(201, await Put(RecordAddress, CreateRecordWithQuote(Quote, Start)));
        foreach (var (quote, start, code) in new[] { (Quote, Start + 1, "quote_elsewhere"), (Quote, Start - 1, "quote_elsewhere"),
            ("100 con bò giồng", Start, "quote_mismatch"), ("100 Con bò giống", Start, "quote_mismatch"),
            (Quote, 5000, "quote_elsewhere") })
        {
            using var rejected = await service.Send("PUT", RecordAddress, key, CreateRecordWithQuote(quote, start), "If-Match: *");
            var error = Assert.Single((await ApiFixture.ReadProblem(400, rejected))["errors"]!.AsArray())!;
            Assert.Equal((code, "/citations/0/quote"), ((string?)error["code"], (string?)error["pointer"]));
            if (code == "quote_elsewhere")
                Assert.EndsWith($"at the offset {Start}.", (string?)error["detail"], StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData("100\u00A0con bò giống", "Character 4 of the quote is a no-break space (U+00A0)", "has a space (U+0020) there")]
    [InlineData("nói: \"tặng", "Character 6 of the quote is a straight quotation mark (\", U+0022)", "(“, U+201C) there, at the offset 5.")]
    [InlineData("2015\u20112019", "Character 5 of the quote is a non-breaking hyphen (\u2011, U+2011)",
        "has an en dash (–, U+2013) there, at the offset 34.")]
    public async Task Quote_in_other_typography_gets_the_first_character_that_differs(string quote, string found, string expected)
    {
        await UploadText(200, "Ông nói: “tặng 100 con bò giống” (2015–2019)"[4..]);
        foreach (var record in new[] { CreateRecordWithoutOffsets(quote), CreateRecordWithQuote(quote, 0) })
        {
            using var rejected = await service.Send("PUT", RecordAddress, key, record, "If-None-Match: *");
            var error = Assert.Single((await ApiFixture.ReadProblem(400, rejected))["errors"]!.AsArray())!;
            Assert.Equal("quote_differs", (string?)error["code"]);
            Assert.StartsWith(found, (string?)error["detail"], StringComparison.Ordinal);
            Assert.Contains(expected, (string?)error["detail"], StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task Quote_without_offsets_gets_those_of_its_only_occurrence_in_the_stored_text()
    {
        await UploadText(200, Text);
        using var created = await service.Send("PUT", RecordAddress, key, CreateRecordWithoutOffsets(Quote), "If-None-Match: *");
        var citation = JsonNode.Parse(await created.ReadText())!["citations"]![0]!;
        Assert.Equal((201, Start, Start + Quote.EnumerateRunes().Count()),
            ((int)created.StatusCode, (int)citation["start"]!, (int)citation["end"]!));
        // A repeated request writes the same record: it succeeds, whatever its precondition.
        using var repeated = await service.Send("PUT", RecordAddress, key, CreateRecordWithoutOffsets(Quote), "If-None-Match: *");
        Assert.Equal((200, created.GetETag()), ((int)repeated.StatusCode, repeated.GetETag()));
        var bundle = new JsonObject { ["organizations"] = new JsonArray(CreateRecordWithoutOffsets(Quote)) };
        bundle["organizations"]![0]!["id"] = "mot-co-quan";
        Assert.Equal(1, (int)(await service.SendForJson(HttpStatusCode.OK, "POST", "/v1/imports", key, bundle))["unchanged"]!);
    }

    [Theory]
    [InlineData("9 tỷ đồng", "quote_not_found", "bai-bao")]
    [InlineData("ng", "quote_ambiguous", "16, 26, 48")]
    public async Task Quote_without_offsets_that_does_not_occur_once_is_rejected(string quote, string code, string detail)
    {
        await UploadText(200, Text);
        using var rejected = await service.Send("PUT", RecordAddress, key, CreateRecordWithoutOffsets(quote), "If-None-Match: *");
        var problem = await ApiFixture.ReadProblem(400, rejected);
        Assert.Equal([$"/citations/0/quote: {code}"], problem.GetErrors());
        Assert.Contains(detail, (string?)problem["errors"]![0]!["detail"], StringComparison.Ordinal);
        var bundle = new JsonObject { ["organizations"] = new JsonArray(CreateRecordWithoutOffsets(quote)) };
        bundle["organizations"]![0]!["id"] = "mot-co-quan";
        using var import = await service.Send("POST", "/v1/imports", key, bundle);
        Assert.Equal([$"/organizations/0/citations/0/quote: {code}"], (await ApiFixture.ReadProblem(400, import)).GetErrors());
    }

    [Theory]
    [InlineData(null, null)]
    [InlineData(3, null)]
    [InlineData(null, 3)]
    [InlineData(3, 5)]
    public async Task Quote_from_a_source_without_stored_text_requires_matching_offsets(int? start, int? end)
    {
        var record = CreateRecordWithoutOffsets(Quote);
        if (start is not null)
            record["citations"]![0]!["start"] = start;
        if (end is not null)
            record["citations"]![0]!["end"] = end;
        using var rejected = await service.Send("PUT", RecordAddress, key, record, "If-None-Match: *");
        Assert.Equal("quote_offsets_missing", (string?)(await ApiFixture.ReadProblem(400, rejected))["errors"]![0]!["code"]);
    }

    [Theory]
    [InlineData("bò\u00ADgiống")]
    [InlineData("\u00A03 tỷ")]
    [InlineData("tỷ\tđồng")]
    public async Task Quote_may_have_the_invisible_characters_of_the_stored_text(string quote)
    {
        Assert.Equal(400, await Put(RecordAddress, CreateRecordWithQuote(quote, 4)));
        await UploadText(200, $"Tặng{quote}.");
        Assert.Equal(201, await Put(RecordAddress, CreateRecordWithoutOffsets(quote)));
        Assert.Equal(quote, (string?)(await service.SendForJson(HttpStatusCode.OK, "GET", RecordAddress, key))["citations"]![0]!["quote"]);
        Assert.Equal(200, await service.GetStatusCode("/v1/organizations?format=xlsx", key));
    }

    [Fact]
    public async Task Stored_quotes_that_do_not_match_their_text_are_logged_after_the_start()
    {
        await UploadText(200, Text);
        await Put(RecordAddress, CreateRecordWithQuote(Quote, Start));
        // A store of an earlier version, which accepted a quote without offsets.
        await service.Restart(() =>
        {
            TestStore.ChangeRecord(service.StorePath, "organizations", "mot-co-quan", body =>
                Regex.Replace(body.Replace(Quote, "9 tỷ đồng", StringComparison.Ordinal), """,?"(start|end)":[0-9]+""", ""));
        });
        while (!service.Log.Any(entry => entry.Contains("organizations/mot-co-quan citations[0]", StringComparison.Ordinal)))
            await Task.Delay(20, TestContext.Current.CancellationToken);
    }

    [Theory]
    [InlineData("😀", "Một dòng mới. 😀", "quote_elsewhere", "It occurs in the text of the source at the offset 48.")]
    [InlineData("100 con", "100\u00A0con", "quote_differs", "the text of the source 'bai-bao' has a no-break space (U+00A0) there")]
    [InlineData("100 con bò", "500 con bò", "quote_mismatch", "reads: “500 con bò giống”.")]
    public async Task Text_that_contradicts_existing_quotes_is_rejected_with_the_cause(string words, string otherWords, string code,
        string detail)
    {
        Assert.Equal(201, await Put(RecordAddress, CreateRecordWithQuote(Quote, Start)));
        var position = Text.IndexOf(words, StringComparison.Ordinal);
        var problem = await UploadText(409, Text.Remove(position, words.Length).Insert(position, otherWords));
        var error = Assert.Single(problem["errors"]!.AsArray())!;
        Assert.Equal(("quote_mismatch", code, "organizations/mot-co-quan", "/citations/0/quote"),
            ((string?)problem["code"], (string?)error["code"], (string?)error["record"], (string?)error["pointer"]));
        Assert.Contains(detail, (string?)error["detail"], StringComparison.Ordinal);
        Assert.Null((await service.SendForJson(HttpStatusCode.OK, "GET", SourceAddress, key))["sha256"]);
        await UploadText(200, Text);
    }

    [Fact]
    public async Task Text_must_match_the_hash_of_its_source_and_the_hash_is_then_fixed()
    {
        Assert.Equal(200,
            await Put(SourceAddress,
                new JsonObject
                {
                    ["title"] = "Một bài báo",
                    ["kind"] = "Press",
                    ["sha256"] = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(Text))),
                }, "If-Match: *"));
        Assert.Equal("source_text_conflict", (string?)(await UploadText(400, Text + " "))["errors"]![0]!["code"]);
        await UploadText(200, Text);
        // With a stored text, the hash of the source can no longer be changed.
        using var conflicting = await service.Send("PATCH", SourceAddress,
            new StringContent("""{"sha256":"0000000000000000000000000000000000000000000000000000000000000000"}""",
            Encoding.UTF8, "application/merge-patch+json"), $"Authorization: Bearer {key}", "If-Match: *");
        Assert.Equal("source_hash_mismatch", (string?)(await ApiFixture.ReadProblem(400, conflicting))["errors"]![0]!["code"]);
    }

    [Fact]
    public async Task Text_is_deleted_with_its_source()
    {
        await UploadText(200, Text);
        using var deleted = await service.Send("DELETE", SourceAddress, key, null, "If-Match: *");
        Assert.Equal(204, (int)deleted.StatusCode);
        Assert.Equal("record_deleted", (string?)(await UploadText(410, Text))["code"]);
        await Put("/v1/sources/bai-bao-khac", new JsonObject { ["title"] = "Bài khác", ["kind"] = "Press" });
        var recordWithQuote = CreateRecordWithQuote("không có ở đâu", 0);
        recordWithQuote["citations"]![0]!["sourceId"] = "bai-bao-khac";
        Assert.Equal(201, await Put(RecordAddress, recordWithQuote));
    }

    [Theory]
    [InlineData(new byte[] { 0xC3, 0x28 })]
    [InlineData(new byte[] { })]
    [InlineData(new byte[] { (byte)'a', 0, (byte)'b' })]
    public async Task Invalid_text_is_rejected(byte[] bytes)
    {
        using var response = await SendText(bytes);
        Assert.Equal("invalid_source_text", (string?)(await ApiFixture.ReadProblem(400, response))["errors"]![0]!["code"]);
    }

    [Fact]
    public async Task Province_editor_may_upload_only_text_that_matches_the_source_hash()
    {
        var provinceSecret = (await service.CreateKey(Role.Editor, ["hung-yen-2025"])).Secret;
        using var rejected = await SendText(Encoding.UTF8.GetBytes(Text), provinceSecret);
        Assert.Equal("province_forbidden", (string?)(await ApiFixture.ReadProblem(403, rejected))["code"]);
        var hash = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(Text)));
        await Put(SourceAddress,
            new JsonObject { ["title"] = "Một bài báo", ["kind"] = "Press", ["sha256"] = hash, ["length"] = Text.EnumerateRunes().Count() },
            "If-Match: *");
        using var accepted = await SendText(Encoding.UTF8.GetBytes(Text), provinceSecret);
        Assert.Equal(200, (int)accepted.StatusCode);
    }

    [Fact]
    public async Task Seed_report_matches_its_source()
    {
        Prerequisite.Require(RepositoryFiles.SeedReportPath is not null, "The text of the seed report is missing: it is not published.");
        using var content = new StringContent(
            await File.ReadAllTextAsync(RepositoryFiles.SeedReportPath, TestContext.Current.CancellationToken), Encoding.UTF8,
            "text/plain");
        using var accepted = await service.Send("PUT", $"/v1/sources/{SeedFacts.SourceId}/text", content, $"Authorization: Bearer {key}");
        Assert.Equal(200, (int)accepted.StatusCode);
    }

    private static JsonObject CreateRecordWithQuote(string quote, int start)
    {
        var record = RecordWriteTests.CreateOrganization();
        record["citations"] = new JsonArray(new JsonObject
        {
            ["sourceId"] = "bai-bao",
            ["quote"] = quote,
            ["start"] = start,
            ["end"] = start + quote.EnumerateRunes().Count(),
            ["supports"] = new JsonArray("name"),
            ["basis"] = "Stated",
        });
        return record;
    }

    private static JsonObject CreateRecordWithoutOffsets(string quote)
    {
        var record = CreateRecordWithQuote(quote, 0);
        record["citations"]![0]!.AsObject().Remove("start");
        record["citations"]![0]!.AsObject().Remove("end");
        return record;
    }

    private async Task<int> Put(string address, JsonObject record, string condition = "If-None-Match: *")
    {
        using var response = await service.Send("PUT", address, key, record, condition);
        return (int)response.StatusCode;
    }

    private async Task<JsonNode> UploadText(int status, string text)
    {
        using var response = await SendText(Encoding.UTF8.GetBytes(text));
        var body = await response.ReadText();
        Assert.True((int)response.StatusCode == status, $"{(int)response.StatusCode} {body}");
        return JsonNode.Parse(body)!;
    }

    private async Task<HttpResponseMessage> SendText(byte[] text, string? secret = null)
    {
        using var content = new ByteArrayContent(text);
        content.Headers.TryAddWithoutValidation("Content-Type", "text/plain; charset=utf-8");
        return await service.Send("PUT", TextAddress, content, $"Authorization: Bearer {secret ?? key}");
    }
}
