using System.Globalization;
using System.Net;
using System.Text.Json.Nodes;
using CooperationApi.Contracts;
using CooperationApi.Tests.Access;

namespace CooperationApi.Tests.Resources.Provinces;

/// <summary>Tests of a long chain of province units, each the successor of the one before.</summary>
public sealed class SuccessionChainTests
{
    private const int UnitCount = 500;

    private static readonly DateOnly Start = new(2008, 8, 1);

    [Fact]
    public async Task Relations_of_a_unit_in_a_long_chain_have_the_records_of_all_its_units()
    {
        await using var service = await AuthenticatedService.Start();
        var key = await service.CreateKeySecret(Role.Editor);
        await service.SendForJson(HttpStatusCode.OK, "POST", "/v1/imports", key, new JsonObject
        {
            ["provinces"] = new JsonArray([.. Enumerable.Range(0, UnitCount).Select(CreateUnit)]),
            ["meetings"] = new JsonArray(CreateMeeting(0), CreateMeeting(UnitCount - 1)),
        });

        var relations = await service.SendForJson(HttpStatusCode.OK, "GET", "/v1/provinces/don-vi-250/relations?unit=current", key);
        var relation = Assert.Single(relations["items"]!.AsArray())!;
        Assert.Equal(("ha-noi", 2, 2), ((string?)relation["provinceId"], (int)relation["meetings"]!, (int)relation["records"]!));
        // The current unit first, then its predecessors in the order of their ids.
        Assert.Equal([$"don-vi-{UnitCount - 1}", .. Enumerable.Range(0, UnitCount - 1).Select(GetId).Order(StringComparer.Ordinal)],
            relations["units"]!.AsArray().Select(id => (string)id!));

        var reversed = await service.SendForJson(HttpStatusCode.OK, "GET", "/v1/provinces/ha-noi/relations?unit=current", key);
        Assert.Equal(2, (int)reversed.GetItems().Single(item => (string?)item["provinceId"] == GetId(UnitCount - 1))["meetings"]!);

        var page = await service.SendForJson(HttpStatusCode.OK, "GET", "/v1/provinces/don-vi-250/meetings?unit=current", key);
        Assert.Equal(["cuoc-hop-499", "cuoc-hop-0"], page.GetItems().GetIds());
        Assert.Equal(Enumerable.Range(0, UnitCount).Reverse().Select(GetId), page["units"]!.AsArray().Select(unit => unit!.GetId()));
        Assert.Empty((await service.SendForJson(HttpStatusCode.OK, "GET", "/v1/provinces/don-vi-250/relations", key)).GetItems());
    }

    private static string GetId(int index) => $"don-vi-{index}";

    /// <summary>Creates a unit that exists for one day; the last one still exists.</summary>
    private static JsonObject CreateUnit(int index)
    {
        var version = new JsonObject
        {
            ["name"] = $"Đơn vị {index}",
            ["nameEn"] = $"Unit {index}",
            ["kind"] = "Province",
            ["region"] = "Đồng bằng sông Hồng",
            ["validFrom"] = Format(index),
        };
        if (index < UnitCount - 1)
            version["validTo"] = Format(index);
        var unit = version.DeepClone().AsObject();
        (unit["id"], unit["code"], unit["versions"], unit["citations"]) = (GetId(index), "99", new JsonArray(version), CreateCitations());
        if (index > 0)
            unit["predecessors"] = CreateSuccession(index - 1, index);
        if (index < UnitCount - 1)
            unit["successors"] = CreateSuccession(index + 1, index + 1);
        return unit;
    }

    private static JsonArray CreateSuccession(int otherIndex, int day) =>
        new(new JsonObject { ["id"] = GetId(otherIndex), ["on"] = Format(day), ["legalBasis"] = "Nghị quyết" });

    private static JsonObject CreateMeeting(int unitIndex) => new()
    {
        ["id"] = $"cuoc-hop-{unitIndex}",
        ["title"] = "Hội nghị hợp tác",
        ["kind"] = "Conference",
        ["heldOn"] = Format(unitIndex),
        ["provinceIds"] = new JsonArray("ha-noi", GetId(unitIndex)),
        ["citations"] = CreateCitations(),
    };

    private static JsonArray CreateCitations() => new(new JsonObject
    {
        ["sourceId"] = SeedFacts.SourceId,
        ["locator"] = "page 1",
        ["supports"] = new JsonArray("citations"),
        ["basis"] = "Referenced",
    });

    private static string Format(int day) => Start.AddDays(day).ToString("O", CultureInfo.InvariantCulture);
}
