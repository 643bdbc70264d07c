using System.Net;
using System.Text.Json.Nodes;
using CooperationApi.Contracts;
using CooperationApi.Tests.Access;

namespace CooperationApi.Tests.Features.Progress;

/// <summary>Tests of the derived states, with commitments and results of their own.</summary>
public sealed class ProgressStateTests : IAsyncLifetime
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
    // Without a plan in figures.
    [InlineData("Agreed", "", "", "NoNews")]
    [InlineData("InProgress", "", "", "Reported")]
    [InlineData("Done", "", "", "Delivered")]
    [InlineData("Agreed", "", "100 con bò", "Reported")]
    // With a planned quantity.
    [InlineData("Agreed", "100 con bò", "", "NoNews")]
    [InlineData("Agreed", "100 con bò", "40 con bò", "PartlyDelivered")]
    [InlineData("Agreed", "100 con bò", "40 con bò, 60 con bò", "Delivered")]
    [InlineData("Agreed", "100 con bò", "40 con lợn", "Reported")]
    public async Task State_follows_from_the_status_the_plan_and_the_results(string status, string plan, string delivered, string state)
    {
        await Import(plan, status, delivered.Split(", ", StringSplitOptions.RemoveEmptyEntries));
        var commitment = await GetCommitment();
        Assert.Equal(state, (string?)commitment["state"]);
        Assert.Equal("2020", ((string?)commitment["latestEvidence"]!["on"])![..4]);
    }

    [Fact]
    public async Task Part_of_a_result_does_not_count_twice()
    {
        await Import("100 con bò", "Agreed", ["60 con bò", "40 con bò"], ("partOf", "ket-qua-0"));
        var commitment = await GetCommitment();
        Assert.Equal((60, "PartlyDelivered"), ((int)commitment["delivered"]!["quantity"]!, (string?)commitment["state"]));
    }

    [Fact]
    public async Task Too_many_commitments_are_an_error()
    {
        await Import("", "Agreed", []);
        var commitments = Enumerable.Range(0, 1001).Select(i => (JsonNode)CreateCommitment($"nhieu-{i}", "", "Agreed"));
        await service.SendForJson(HttpStatusCode.OK, "POST", "/v1/imports", key,
            new JsonObject { ["commitments"] = new JsonArray([.. commitments]) });
        using var response = await service.Get("/v1/agreements/thoa-thuan/progress");
        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
        Assert.Equal("progress_too_large", (string?)JsonNode.Parse(await response.ReadText())!["errors"]![0]!["code"]);
    }

    [Fact]
    public async Task Progress_of_a_merged_agreement_redirects()
    {
        await Import("", "Agreed", []);
        await service.SendForJson(HttpStatusCode.OK, "POST", $"/v1/agreements/thoa-thuan/merge-into/{SeedFacts.AgreementId}", key, null);
        using var response = await service.Send("GET", "/v1/agreements/thoa-thuan/progress", content: null);
        Assert.Equal((308, $"/v1/agreements/{SeedFacts.AgreementId}/progress"),
            ((int)response.StatusCode, response.GetHeader("Location")));
    }

    private async Task<JsonNode> GetCommitment()
    {
        using var response = await service.Get("/v1/agreements/thoa-thuan/progress");
        return Assert.Single(JsonNode.Parse(await response.ReadText())!["agreed"]!.AsArray())!;
    }

    /// <summary>
    /// Imports an agreement of 2019 with one commitment, and results of 2020 that fulfil it; the last one has more members.
    /// </summary>
    private async Task Import(string plan, string status, string[] delivered, params (string Name, JsonNode Value)[] lastMembers)
    {
        var results = delivered.Select((figure, i) =>
        {
            var result = new JsonObject
            {
                ["id"] = $"ket-qua-{i}",
                ["title"] = "Bàn giao",
                ["kind"] = "Output",
                ["agreementId"] = "thoa-thuan",
                ["fulfils"] = new JsonArray("cam-ket"),
                ["period"] = new JsonObject { ["from"] = "2020-03", ["to"] = "2020-03" },
                ["citations"] = CreateCitations("title", "fulfils"),
            };
            AddQuantity(result, figure);
            foreach (var (name, value) in i == delivered.Length - 1 ? lastMembers : [])
                result[name] = value;
            return (JsonNode)result;
        });
        await service.SendForJson(HttpStatusCode.OK, "POST", "/v1/imports", key, new JsonObject
        {
            ["agreements"] = new JsonArray(new JsonObject
            {
                ["id"] = "thoa-thuan",
                ["title"] = "Thỏa thuận thử",
                ["provinceIds"] = new JsonArray("ha-noi", "lai-chau"),
                ["adoptedOn"] = "2019-05-01",
                ["citations"] = CreateCitations("title"),
            }),
            ["commitments"] = new JsonArray(CreateCommitment("cam-ket", plan, status)),
            ["results"] = new JsonArray([.. results]),
        });
    }

    private static JsonObject CreateCommitment(string id, string plan, string status)
    {
        var commitment = new JsonObject
        {
            ["id"] = id,
            ["title"] = "Trao bò giống",
            ["kind"] = "Content",
            ["agreementId"] = "thoa-thuan",
            ["status"] = status,
            ["statusAsOf"] = "2020-01",
            ["citations"] = CreateCitations("title", "status"),
        };
        AddQuantity(commitment, plan);
        return commitment;
    }

    private static void AddQuantity(JsonObject record, string figure)
    {
        if (figure.Split(' ', 2) is [var quantity, var unit])
            (record["quantity"], record["unit"]) = (JsonNode.Parse(quantity), unit);
    }

    private static JsonArray CreateCitations(params string[] supports) =>
        [new JsonObject
        {
            ["sourceId"] = "ha-noi-quang-tri-2023-s1",
            ["locator"] = "đoạn 1",
            ["supports"] = new JsonArray([.. supports.Select(member => (JsonNode)member)]),
            ["basis"] = "Referenced",
        }];
}
