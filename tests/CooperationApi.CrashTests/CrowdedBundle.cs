using System.Text.Json;
using System.Text.Json.Nodes;

namespace CooperationApi.CrashTests;

/// <summary>
/// Records that make requests expensive: half of them are meetings of many provinces with one common participant, so that a few records
/// have thousands of references; the others are organizations, of which a quarter forms a chain of parents.
/// </summary>
internal static class CrowdedBundle
{
    private const int ProvincesPerMeeting = 20, MaxNoteLength = 1000;

    /// <summary>Writes the records to an NDJSON file. The provinces and the official exist on the day of the meetings.</summary>
    public static async Task Write(string path, int recordCount, string sourceId, string officialId, IReadOnlyList<string> provinceIds,
        string day, CancellationToken cancel)
    {
        await using var file = new StreamWriter(path);
        for (var i = 0; i < recordCount; i++)
        {
            var (type, record) = i % 2 == 0 ? ("meetings", CreateMeeting(i)) : ("organizations", CreateOrganization(i));
            record["citations"] = new JsonArray(new JsonObject
            {
                ["sourceId"] = sourceId,
                ["locator"] = $"page {i}",
                ["supports"] = new JsonArray("citations"),
                ["basis"] = "Referenced",
                ["note"] = new string('ế', MaxNoteLength),
            });
            var line = new JsonObject { ["type"] = type, ["data"] = record };
            await file.WriteLineAsync(line.ToJsonString(JsonSerializerOptions.Default).AsMemory(), cancel);
        }

        JsonObject CreateMeeting(int i) => new()
        {
            ["id"] = $"cuoc-hop-{i}",
            ["title"] = $"Hội nghị hợp tác số {i} giữa các tỉnh, thành phố",
            ["kind"] = "Conference",
            ["heldOn"] = day,
            ["provinceIds"] = new JsonArray(
                [.. Enumerable.Range(i, ProvincesPerMeeting).Select(n => (JsonNode)provinceIds[n % provinceIds.Count])]),
            ["participants"] = new JsonArray(new JsonObject
            {
                ["officialId"] = officialId,
                ["provinceId"] = provinceIds[i % provinceIds.Count],
                ["role"] = "Participant",
                ["title"] = "Đại biểu",
            }),
        };

        JsonObject CreateOrganization(int i)
        {
            var organization = new JsonObject
            {
                ["id"] = $"to-chuc-{i}",
                ["name"] = $"Tổ chức số {i}",
                ["kind"] = "Other",
                ["provinceId"] = provinceIds[0],
            };
            if (i % 8 == 1 && i > 8)
                organization["parentId"] = $"to-chuc-{i - 8}";
            return organization;
        }
    }
}
