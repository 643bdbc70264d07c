using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace CooperationApi.CrashTests;

/// <summary>
/// Records that make requests expensive: half of them are meetings of many provinces with one common participant, so that a few records
/// have thousands of references, and one in fifty of these has almost the maximum size; the others are organizations, of which a quarter
/// forms a chain of parents and a quarter belongs to a chain of province units, each the successor of the one before.
/// </summary>
internal static class CrowdedBundle
{
    private const int ProvincesPerMeeting = 20, MaxNoteLength = 1000, MaxParticipants = 1000, LargeMeetingInterval = 100,
        RecordsPerUnit = 20;

    // With 1,000 participants, 290 letters of three bytes and the ids of each make 970 kB of JSON. A record has at most 1 MB.
    private const int LargeTitleLength = 290;

    private static readonly DateOnly FirstUnitStart = new(2008, 8, 1);

    // Letters outside ASCII are written as such, so that a large record is not larger in the request than in the store.
    private static readonly JsonSerializerOptions JsonOptions = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>The id of the province unit in the middle of the chain.</summary>
    public static string GetMiddleUnitId(int recordCount) => GetUnitId(recordCount / RecordsPerUnit / 2);

    /// <summary>
    /// Writes the records to an NDJSON file, after the chain of units. The provinces and the official exist on the day of the meetings.
    /// </summary>
    public static async Task Write(string path, int recordCount, string sourceId, string officialId, IReadOnlyList<string> provinceIds,
        string day, CancellationToken cancel)
    {
        await using var file = new StreamWriter(path);
        var unitCount = recordCount / RecordsPerUnit;
        for (var i = 0; i < unitCount; i++)
            await WriteRecord("provinces", CreateUnit(i, unitCount), i);
        for (var i = 0; i < recordCount; i++)
        {
            if (i % 2 == 0)
                await WriteRecord("meetings", CreateMeeting(i), i);
            else
                await WriteRecord("organizations", CreateOrganization(i), i);
        }

        Task WriteRecord(string type, JsonObject record, int i)
        {
            record["citations"] = CreateCitations(sourceId, i);
            return file.WriteLineAsync(new JsonObject { ["type"] = type, ["data"] = record }.ToJsonString(JsonOptions).AsMemory(), cancel);
        }

        JsonObject CreateMeeting(int i) => new()
        {
            ["id"] = $"cuoc-hop-{i}",
            ["title"] = $"Hội nghị hợp tác số {i} giữa các tỉnh, thành phố",
            ["kind"] = "Conference",
            ["heldOn"] = day,
            ["provinceIds"] = new JsonArray(
                [.. Enumerable.Range(i, ProvincesPerMeeting).Select(n => (JsonNode)provinceIds[n % provinceIds.Count])]),
            ["participants"] = CreateParticipants(i % LargeMeetingInterval == 0 ? MaxParticipants : 1, officialId,
                provinceIds[i % provinceIds.Count]),
        };

        JsonObject CreateOrganization(int i)
        {
            var organization = new JsonObject
            {
                ["id"] = $"to-chuc-{i}",
                ["name"] = $"Tổ chức số {i}",
                ["kind"] = "Other",
                ["provinceId"] = i % 4 == 3 ? GetUnitId(i % unitCount) : provinceIds[0],
            };
            if (i % 8 == 1 && i > 8)
                organization["parentId"] = $"to-chuc-{i - 8}";
            return organization;
        }
    }

    /// <summary>Returns the JSON of a meeting of almost the maximum size.</summary>
    public static string CreateLargeMeeting(string title, string sourceId, string officialId, string provinceId, string day) =>
        new JsonObject
        {
            ["title"] = title,
            ["kind"] = "Conference",
            ["heldOn"] = day,
            ["provinceIds"] = new JsonArray(provinceId),
            ["participants"] = CreateParticipants(MaxParticipants, officialId, provinceId),
            ["citations"] = CreateCitations(sourceId, 0),
        }.ToJsonString(JsonOptions);

    private static JsonArray CreateParticipants(int count, string officialId, string provinceId) =>
    [
        .. Enumerable.Range(0, count).Select(i => new JsonObject
        {
            ["officialId"] = officialId,
            ["provinceId"] = provinceId,
            ["role"] = "Participant",
            ["title"] = count == 1 ? "Đại biểu" : new string('ế', LargeTitleLength),
        }),
    ];

    private static JsonArray CreateCitations(string sourceId, int page) => new(new JsonObject
    {
        ["sourceId"] = sourceId,
        ["locator"] = $"page {page}",
        ["supports"] = new JsonArray("citations"),
        ["basis"] = "Referenced",
        ["note"] = new string('ế', MaxNoteLength),
    });

    private static string GetUnitId(int index) => $"don-vi-{index}";

    /// <summary>Creates a unit that exists for one day; the last one still exists.</summary>
    private static JsonObject CreateUnit(int index, int count)
    {
        var (start, isLast) = (FirstUnitStart.AddDays(index), index == count - 1);
        var version = new JsonObject
        {
            ["name"] = $"Đơn vị {index}",
            ["nameEn"] = $"Unit {index}",
            ["kind"] = "Province",
            ["region"] = "Đồng bằng sông Hồng",
            ["validFrom"] = Format(start),
            ["legalBasis"] = "Nghị quyết",
        };
        if (!isLast)
            version["validTo"] = Format(start);
        var unit = version.DeepClone().AsObject();
        unit.Remove("legalBasis");
        (unit["id"], unit["code"], unit["versions"]) = (GetUnitId(index), "99", new JsonArray(version));
        if (index > 0)
            unit["predecessors"] = CreateSuccession(index - 1, start);
        if (!isLast)
            unit["successors"] = CreateSuccession(index + 1, start.AddDays(1));
        return unit;

        static string Format(DateOnly date) => date.ToString("O", CultureInfo.InvariantCulture);
        static JsonArray CreateSuccession(int otherIndex, DateOnly on) =>
            new(new JsonObject { ["id"] = GetUnitId(otherIndex), ["on"] = Format(on), ["legalBasis"] = "Nghị quyết" });
    }
}
