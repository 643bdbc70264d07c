using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using CooperationApi.Tests.Access;
using CooperationApi.Tests.Features.Records;
using Dapper;

namespace CooperationApi.Tests.Features.Citations;

/// <summary>Tests of the link of a citation: the URL of its source with a text directive.</summary>
public sealed class CitationLinkTests : IAsyncLifetime
{
    private const string Url = "https://example.vn/bai?id=1";
    private const string Text = "Năm 2015, quỹ nhận 3 tỷ đồng.\nNăm 2019, quỹ nhận 3 tỷ đồng, R&D: 3,8-4 tỷ.\nQuà: 100 con bò giống tốt";
    private const string SourceAddress = "/v1/sources/bai-bao", RecordAddress = "/v1/organizations/mot-co-quan";
    private const string ListAddress = SourceAddress + "/citations";
    private const string ExpandedAddress = RecordAddress + "?expand=citations.source";

    private AuthenticatedService service = null!;
    private string key = "";

    public async ValueTask InitializeAsync()
    {
        service = await AuthenticatedService.Start();
        key = await service.CreateKeySecret();
        await PutSource();
    }

    public ValueTask DisposeAsync() => service.DisposeAsync();

    [Theory]
    [InlineData("quỹ nhận", 10, "text=2015%2C-,qu%E1%BB%B9%20nh%E1%BA%ADn")]
    [InlineData("3 tỷ đồng", 19, "text=3%20t%E1%BB%B7%20%C4%91%E1%BB%93ng.,-N%C4%83m")]
    [InlineData("3 tỷ đồng", 49, "text=3%20t%E1%BB%B7%20%C4%91%E1%BB%93ng,-%2C%20R")]
    [InlineData("R&D: 3,8-4 tỷ", 60, "text=R%26D%3A%203%2C8%2D4%20t%E1%BB%B7")]
    [InlineData("Năm 2015", 0, "text=N%C4%83m%202015")]
    [InlineData("bò giống tốt", 88, "text=b%C3%B2%20gi%E1%BB%91ng%20t%E1%BB%91t")]
    [InlineData("ò gi", 89, "text=b%C3%B2%20gi%E1%BB%91ng")]
    [InlineData("tỷ.\nQuà", 71, "text=4-,t%E1%BB%B7,Qu%C3%A0")]
    public async Task Link_opens_the_source_at_the_only_place_of_the_quote(string quote, int start, string directive)
    {
        await UploadText(Text.Normalize(NormalizationForm.FormD));
        await PutRecord(quote, start);
        Assert.Equal($"{Url}#:~:{directive}", await GetListedLink());
        Assert.Equal($"{Url}#:~:{directive}", await GetExpandedLink());
    }

    [Fact]
    public async Task Link_without_a_stored_text_has_the_words_of_the_quote_alone()
    {
        await PutRecord("3 tỷ đồng", 19);
        Assert.Equal(Url + "#:~:text=3%20t%E1%BB%B7%20%C4%91%E1%BB%93ng", await GetListedLink());
        Assert.Equal(await GetListedLink(), await GetExpandedLink());
    }

    [Fact]
    public async Task Link_of_a_citation_without_a_quote_is_the_URL_of_the_source()
    {
        var record = CreateRecord("", 0);
        record["citations"] = new JsonArray(new JsonObject
        {
            ["sourceId"] = "bai-bao",
            ["locator"] = "paragraph 2",
            ["supports"] = new JsonArray("name"),
            ["basis"] = "Referenced",
        });
        Assert.Equal(201, await Put(RecordAddress, record));
        Assert.Equal((Url, Url), (await GetListedLink(), await GetExpandedLink()));
    }

    [Fact]
    public async Task Citation_of_a_source_without_a_URL_has_no_link()
    {
        await PutRecord("3 tỷ đồng", 19);
        await PutSource(source => source.Remove("url"), "If-Match: *");
        Assert.Equal((null, null), (await GetListedLink(), await GetExpandedLink()));
    }

    [Fact]
    public async Task Stored_text_changes_the_link_and_the_ETag_even_if_the_source_does_not_change()
    {
        using (var upload = await UploadText(Text))
        {
            var stored = JsonNode.Parse(await upload.ReadText())!;
            using var deleted = await service.Send("DELETE", SourceAddress, key, null, "If-Match: *");
            Assert.Equal(204, (int)deleted.StatusCode);
            await PutSource(source =>
                (source["sha256"], source["length"]) = (stored["sha256"]!.DeepClone(), stored["length"]!.DeepClone()));
        }
        await PutRecord("3 tỷ đồng", 49);
        using var before = await service.Get(ListAddress);
        using var expandedBefore = await service.Get(ExpandedAddress);
        Assert.EndsWith("text=3%20t%E1%BB%B7%20%C4%91%E1%BB%93ng", await GetListedLink(), StringComparison.Ordinal);
        var revision = (await GetJson(SourceAddress))["revision"]!.ToJsonString();
        (await UploadText(Text)).Dispose();
        Assert.Equal(revision, (await GetJson(SourceAddress))["revision"]!.ToJsonString());
        Assert.EndsWith(",-%2C%20R", await GetListedLink(), StringComparison.Ordinal);
        Assert.EndsWith(",-%2C%20R", await GetExpandedLink(), StringComparison.Ordinal);
        Assert.Equal(200, await service.GetStatusCode(ListAddress, null, $"If-None-Match: {before.GetETag()}"));
        Assert.Equal(200, await service.GetStatusCode(ExpandedAddress, null, $"If-None-Match: {expandedBefore.GetETag()}"));
        using var after = await service.Get(ListAddress);
        (await UploadText(Text)).Dispose();
        Assert.Equal(304, await service.GetStatusCode(ListAddress, null, $"If-None-Match: {after.GetETag()}"));
    }

    [Fact]
    public async Task Replaced_text_changes_the_links_of_all_its_citations()
    {
        await PutRecord("3 tỷ đồng", 19);
        await UploadText(Text);
        Assert.EndsWith(",-N%C4%83m", await GetListedLink(), StringComparison.Ordinal);
        await UploadText(Text.Replace("nhận 3 tỷ đồng, R", "nhận 5 tỷ đồng, R", StringComparison.Ordinal));
        Assert.EndsWith("text=3%20t%E1%BB%B7%20%C4%91%E1%BB%93ng", await GetListedLink(), StringComparison.Ordinal);
        Assert.Equal(0, await CountDirectives());
    }

    [Fact]
    public async Task Replaced_or_removed_record_leaves_no_words_of_the_source()
    {
        await UploadText(Text);
        await PutRecord("3 tỷ đồng", 19);
        Assert.Equal(1, await CountDirectives());
        await PutRecord("100 con", 80, "If-Match: *");
        Assert.Equal(0, await CountDirectives());
        await PutRecord("3 tỷ đồng", 19, "If-Match: *");
        Assert.Equal(1, await CountDirectives());
        using var redacted = await service.Send("POST", RecordAddress + "/redact", key, new JsonObject { ["reason"] = "Một lý do" });
        Assert.Equal(200, (int)redacted.StatusCode);
        Assert.Equal(0, await CountDirectives());
    }

    [Fact]
    public async Task Dry_run_of_an_upload_changes_no_link()
    {
        await PutRecord("3 tỷ đồng", 49);
        using var before = await service.Get(ListAddress);
        await UploadText(Text, "?dryRun=true");
        Assert.Equal(304, await service.GetStatusCode(ListAddress, null, $"If-None-Match: {before.GetETag()}"));
    }

    [Fact]
    public async Task Link_is_a_column_of_files_and_no_member_of_the_saved_record()
    {
        await UploadText(Text);
        await PutRecord("3 tỷ đồng", 49);
        using var csv = await service.Get(ListAddress + "?format=csv");
        var lines = (await csv.ReadText()).Split("\r\n");
        Assert.EndsWith(",link", lines[0], StringComparison.Ordinal);
        Assert.Contains((await GetListedLink())!, lines[1], StringComparison.Ordinal);
        using var ndjson = await service.Get(ListAddress + "?format=ndjson");
        Assert.Equal(await GetListedLink(), (string?)JsonNode.Parse((await ndjson.ReadText()).Split('\n')[0])!["link"]);
        var record = await GetJson(RecordAddress);
        Assert.Null(record["citations"]![0]!["link"]);
        using var plain = await service.Get(RecordAddress);
        await service.Get(ExpandedAddress);
        Assert.Equal(304, await service.GetStatusCode(RecordAddress, null, $"If-None-Match: {plain.GetETag()}"));
        record["citations"]![0]!["link"] = await GetListedLink();
        using var rejected = await service.Send("PUT", RecordAddress, key, record, "If-Match: *");
        Assert.Equal(["/citations/0/link: unknown_member"], (await ApiFixture.ReadProblem(400, rejected)).GetErrors());
    }

    [Fact]
    public async Task Expanded_related_records_have_links_too()
    {
        await UploadText(Text);
        await PutRecord("3 tỷ đồng", 49);
        var child = RecordWriteTests.CreateOrganization();
        child["citations"] = CreateRecord("3 tỷ đồng", 19)["citations"]!.DeepClone();
        child["parentId"] = "mot-co-quan";
        Assert.Equal(201, await Put("/v1/organizations/mot-co-quan-con", child));
        var expanded = await GetJson("/v1/organizations/mot-co-quan-con?expand=citations.source,parent.citations.source");
        Assert.EndsWith(",-N%C4%83m", (string?)expanded["citations"]![0]!["link"], StringComparison.Ordinal);
        Assert.EndsWith(",-%2C%20R", (string?)expanded["parent"]!["citations"]![0]!["link"], StringComparison.Ordinal);
        var document = await service.GetOpenApi();
        Assert.Empty(document.FindErrors(expanded, new JsonObject { ["$ref"] = "#/components/schemas/Organization" }, "expand"));
    }

    [Fact]
    public async Task Merged_source_gives_the_links_of_the_target()
    {
        await UploadText(Text);
        await PutRecord("3 tỷ đồng", 49);
        Assert.Equal(201, await Put("/v1/sources/bai-bao-khac", new JsonObject
        {
            ["title"] = "Bài khác",
            ["kind"] = "Press",
            ["url"] = "https://example.vn/khac#muc",
        }));
        using var merged = await service.Send("POST", SourceAddress + "/merge-into/bai-bao-khac", key, null);
        Assert.True(merged.IsSuccessStatusCode, await merged.ReadText());
        Assert.Equal("https://example.vn/khac#muc:~:text=3%20t%E1%BB%B7%20%C4%91%E1%BB%93ng", await GetExpandedLink());
        Assert.Equal(0, await CountDirectives());
    }

    private async Task PutSource(Action<JsonObject>? change = null, string condition = "If-None-Match: *")
    {
        var source = new JsonObject { ["title"] = "Một bài báo", ["kind"] = "Press", ["url"] = Url };
        change?.Invoke(source);
        using var response = await service.Send("PUT", SourceAddress, key, source, condition);
        Assert.True(response.IsSuccessStatusCode, await response.ReadText());
    }

    private static JsonObject CreateRecord(string quote, int start)
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

    private async Task PutRecord(string quote, int start, string condition = "If-None-Match: *")
    {
        Assert.Contains(await Put(RecordAddress, CreateRecord(quote, start), condition), (int[])[200, 201]);
    }

    private async Task<int> Put(string address, JsonObject record, string condition = "If-None-Match: *")
    {
        using var response = await service.Send("PUT", address, key, record, condition);
        return (int)response.StatusCode;
    }

    private async Task<HttpResponseMessage> UploadText(string text, string query = "")
    {
        using var content = new StringContent(text, Encoding.UTF8, "text/plain");
        var response = await service.Send("PUT", SourceAddress + "/text" + query, content, $"Authorization: Bearer {key}");
        Assert.True(response.IsSuccessStatusCode, await response.ReadText());
        return response;
    }

    private Task<JsonNode> GetJson(string address) => service.SendForJson(HttpStatusCode.OK, "GET", address, key);

    private async Task<string?> GetListedLink() => (string?)(await GetJson(ListAddress))["items"]![0]!["link"];

    private async Task<string?> GetExpandedLink() => (string?)(await GetJson(ExpandedAddress))["citations"]![0]!["link"];

    private async Task<int> CountDirectives()
    {
        await using var connection = TestStore.CreateConnection(service.StorePath);
        return await connection.QuerySingleAsync<int>("SELECT count(*) FROM text_directive");
    }
}
