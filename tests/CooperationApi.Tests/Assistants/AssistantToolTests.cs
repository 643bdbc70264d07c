using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using CooperationApi.Tests.Access;
using ModelContextProtocol.Client;
using ModelContextProtocol.Protocol;

namespace CooperationApi.Tests.Assistants;

/// <summary>Tests of the tools at `/mcp` with the official client.</summary>
[Collection(nameof(SharedApi))]
public sealed class AssistantToolTests(ApiFixture api)
{
    private static readonly string[] ToolNames = ["get_evidence", "get_progress", "get_relations", "read_record", "search"];

    [Fact]
    public async Task Each_tool_only_reads_and_has_described_parameters()
    {
        await using var client = await Connect(api.Address);
        var tools = await client.ListToolsAsync(cancellationToken: TestContext.Current.CancellationToken);
        Assert.Equal(ToolNames, tools.Select(tool => tool.Name).Order(StringComparer.Ordinal));
        Assert.All(tools, tool =>
        {
            Assert.True(tool.ProtocolTool.Annotations?.ReadOnlyHint);
            Assert.NotEmpty(tool.Description);
            var parameters = JsonNode.Parse(tool.JsonSchema.GetRawText())!["properties"]!.AsObject();
            Assert.NotEmpty(parameters);
            Assert.All(parameters, parameter => Assert.NotNull(parameter.Value!["description"]));
        });
    }

    /// <summary>The words of a question, the record that answers it, and a text of the response of the second tool.</summary>
    [Theory]
    [InlineData("đoàn công tác Tỉnh ủy Thái Bình", "meetings", "hoi-nghi-ha-noi-thai-binh-2019-10-26",
        "\"officialId\":\"hoang-trung-hai\"")]
    [InlineData("Quỹ An sinh xã hội", "results", "ha-noi-thai-binh-2019-trao-tang-quy-an-sinh-xa-hoi-3-ty-dong", "\"amount\":3000000000")]
    [InlineData("Thái Bình", "provinces", "thai-binh", "\"hung-yen-2025\":\"Hưng Yên\"")]
    [InlineData("bò giống", "commitments", "ha-noi-thai-binh-2019-giao-thu-tuc-mua-bo-giong", "\"amount\":3800000000")]
    [InlineData("Nguyễn Văn Út", "officials", "nguyen-van-ut", "\"positions\":")]
    [InlineData("cảng Nghi Sơn", "results", "thanh-hoa-nghe-an-ha-tinh-2022-gia-tri-qua-cang-nghi-son", "\"currency\":\"USD\"")]
    [InlineData("An Giang Đồng Tháp", "agreements", "an-giang-dong-thap-2022", "\"an-giang\":\"An Giang\"")]
    [InlineData("duyên hải Trung Bộ", "agreements", "tp-hcm-central-coast-2023", "\"adoptedOn\":")]
    [InlineData("Cổ Cò Đà Nẵng", "results", "quang-nam-da-nang-2016-song-co-co-da-nang", "8,3")]
    [InlineData("nhà đại đoàn kết", "commitments", "ha-noi-hoa-binh-nha-dai-doan-ket", "300")]
    [InlineData("lữ hành khách đồng bằng sông Cửu Long", "results", "tp-hcm-mekong-delta-2023-khach-du-lich", "5700000")]
    [InlineData("Vành đai 5", "commitments", "ha-noi-thai-binh-2019-vanh-dai-5", "\"original\":\"https://kinhtedothi.vn/")]
    public async Task Question_finds_the_right_record_with_the_second_call(string words, string type, string id, string text)
    {
        await using var client = await Connect(api.Address);
        var hits = (await Call(client, "search", ("words", words), ("types", type)))["hits"]!.AsArray();
        Assert.Equal(id, (string?)hits[0]!["id"]);
        Assert.Contains(text, await CallForText(client, "read_record", ("type", type), ("id", id)), StringComparison.Ordinal);
    }

    /// <summary>Questions that the record does not answer.</summary>
    [Theory]
    [InlineData("No record has all these words.", "search", "words", "GDP Cà Mau")]
    [InlineData("No record has all these words.", "search", "words", "sân bay Long Thành")]
    [InlineData("No record has all these words.", "search", "words", "Nguyễn Xuân Phúc")]
    [InlineData("No record has all these words.", "search", "words", "học phí")]
    [InlineData("No record of the province has another province.", "get_relations", "provinceId", "kon-tum")]
    [InlineData("officials", "read_record", "type", "officials", "id", "nguyen-xuan-phuc")]
    [InlineData("No citation supports the member 'dueOn'.", "get_evidence", "type", "commitments", "id", "ha-noi-thai-binh-2019-vanh-dai-5",
        "member", "dueOn")]
    [InlineData("provinces", "get_progress", "type", "provinces", "id", "ha-noi-2030")]
    public async Task Question_without_an_answer_gets_a_message_and_no_record(string message, string tool, params string[] arguments)
    {
        await using var client = await Connect(api.Address);
        var response = await Call(client, tool, [.. arguments.Chunk(2).Select(pair => (pair[0], pair[1]))]);
        Assert.Contains(message, (string?)response["message"], StringComparison.Ordinal);
        Assert.True(response["hits"] is null or JsonArray { Count: 0 });
        Assert.True(response["evidence"] is null or JsonArray { Count: 0 });
        Assert.True(response["partners"] is null or JsonArray { Count: 0 });
        Assert.NotNull(response["revision"]);
    }

    [Fact]
    public async Task Evidence_of_an_amount_has_the_quote_and_the_link_to_its_words()
    {
        await using var client = await Connect(api.Address);
        var evidence = (await Call(client, "get_evidence", ("type", "results"),
            ("id", "ha-noi-thai-binh-2015-quy-xoa-doi-giam-ngheo-2-ty-dong"), ("member", "amount")))["evidence"]!.AsArray();
        Assert.Equal("2 tỷ đồng", (string?)evidence[0]!["quote"]);
        Assert.EndsWith("#:~:text=2%20t%E1%BB%B7%20%C4%91%E1%BB%93ng", (string?)evidence[0]!["original"], StringComparison.Ordinal);
    }

    [Fact]
    public async Task Progress_and_partners_are_those_of_the_API()
    {
        await using var client = await Connect(api.Address);
        var progress = await Call(client, "get_progress", ("type", "agreements"), ("id", "noi-dung-hop-tac-ha-noi-thai-binh-2019"));
        var total = (await api.GetJson("/v1/agreements/noi-dung-hop-tac-ha-noi-thai-binh-2019/progress"))["total"];
        Assert.True(JsonNode.DeepEquals(total, progress["total"]));
        var partners = await Call(client, "get_relations", ("provinceId", "thai-binh"));
        var relations = (await api.GetJson("/v1/provinces/thai-binh/relations"))["items"];
        Assert.True(JsonNode.DeepEquals(relations, partners["partners"]));
    }

    [Fact]
    public async Task Large_record_is_shortened_to_four_kilobytes_and_says_so()
    {
        await using var client = await Connect(api.Address);
        var text = await CallForText(client, "read_record", ("type", "meetings"), ("id", "hoi-nghi-ha-noi-thai-binh-2019-10-26"));
        Assert.InRange(Encoding.UTF8.GetByteCount(text), 1, 4000);
        var record = JsonNode.Parse(text)!;
        Assert.NotEmpty(record["shortened"]!.AsArray());
        Assert.EndsWith("/v1/meetings/hoi-nghi-ha-noi-thai-binh-2019-10-26", (string?)record["link"], StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("search", "words", "")]
    [InlineData("search", "words", "thái bình", "types", "countries")]
    public async Task Invalid_argument_is_an_error_that_names_it(string tool, params string[] arguments)
    {
        await using var client = await Connect(api.Address);
        var result = await CallTool(client, tool, [.. arguments.Chunk(2).Select(pair => (pair[0], pair[1]))]);
        Assert.True(result.IsError);
        Assert.Matches("q|types", ((TextContentBlock)result.Content[0]).Text);
    }

    [Fact]
    public async Task Tools_need_the_key_that_reading_needs_and_can_be_disabled()
    {
        await using (var closed = await AuthenticatedService.Start(("Access:AllowAnonymousRead", "false")))
        {
            var error = await Assert.ThrowsAnyAsync<HttpRequestException>(() => Connect(closed.Address));
            Assert.Equal(HttpStatusCode.Unauthorized, error.StatusCode);
            await using var client = await Connect(closed.Address, await closed.CreateKeySecret(Contracts.Role.Reader));
            Assert.Equal("Thái Bình", (string?)(await Call(client, "read_record", ("type", "provinces"), ("id", "thai-binh")))["name"]);
        }
        await using var disabled = await AuthenticatedService.Start(("Mcp:Enabled", "false"));
        await Assert.ThrowsAnyAsync<HttpRequestException>(() => Connect(disabled.Address));
    }

    private static async Task<McpClient> Connect(Uri address, string? key = null) => await McpClient.CreateAsync(
        new HttpClientTransport(new()
        {
            Endpoint = new(address, "/mcp"),
            TransportMode = HttpTransportMode.StreamableHttp,
            AdditionalHeaders = key is null ? null : new Dictionary<string, string> { ["Authorization"] = $"Bearer {key}" },
        }), cancellationToken: TestContext.Current.CancellationToken);

    private static async Task<JsonObject> Call(McpClient client, string tool, params (string Name, string Value)[] arguments) =>
        JsonNode.Parse(await CallForText(client, tool, arguments))!.AsObject();

    private static async Task<string> CallForText(McpClient client, string tool, params (string Name, string Value)[] arguments)
    {
        var result = await CallTool(client, tool, arguments);
        Assert.NotEqual(true, result.IsError);
        return Assert.IsType<TextContentBlock>(Assert.Single(result.Content)).Text;
    }

    private static async Task<CallToolResult> CallTool(McpClient client, string tool, (string Name, string Value)[] arguments) =>
        await client.CallToolAsync(tool, arguments.ToDictionary(argument => argument.Name, argument => (object?)argument.Value),
            cancellationToken: TestContext.Current.CancellationToken);
}
