using System.Net.Http.Json;
using System.Text.Json.Nodes;
using CooperationApi.Bench.Processes;
using CooperationApi.Contracts;

namespace CooperationApi.Bench.Loads;

/// <summary>Finds places in lists as any client does: by following cursors.</summary>
internal static class ListPager
{
    private const int MaxPageSize = 200;

    /// <summary>All provinces, of all times.</summary>
    public static async Task<IReadOnlyList<Province>> GetProvinces(Server server, CancellationToken cancel) =>
        (await server.Client.GetFromJsonAsync<Page<Province>>(new Uri(server.Address, $"/v1/provinces?limit={MaxPageSize}"), ApiJson.Options, cancel))!.Items;

    /// <summary>How many rows a list has.</summary>
    public static async Task<int> GetCount(Server server, string list, CancellationToken cancel) =>
        (int)(await GetPage(server, $"{list}?limit=1&total=true", cancel))["total"]!;

    /// <summary>The cursors after every so many rows, as many as asked for or as the list has.</summary>
    public static async Task<List<string>> GetCursors(Server server, string list, int step, int maxCount, CancellationToken cancel)
    {
        var cursors = new List<string>();
        string? cursor = null;
        do
        {
            cursor = await GetNextCursor(server, list, cursor, step, cancel);
            if (cursor is not null)
                cursors.Add(cursor);
        }
        while (cursor is not null && cursors.Count < maxCount);
        return cursors;
    }

    /// <summary>The cursor after so many rows: there are more.</summary>
    public static async Task<string> GetCursorAfterRow(Server server, string list, int rows, CancellationToken cancel)
    {
        string? cursor = null;
        for (var remaining = rows; remaining > 0; remaining -= MaxPageSize)
            cursor = await GetNextCursor(server, list, cursor, Math.Min(remaining, MaxPageSize), cancel);
        return cursor ?? throw new MeasurementException($"{list} ends before row {rows}.");
    }

    private static async Task<string?> GetNextCursor(Server server, string list, string? cursor, int limit, CancellationToken cancel) =>
        (string?)(await GetPage(server, $"{list}?limit={limit}&fields=id{(cursor is null ? "" : $"&cursor={cursor}")}", cancel))["next"];

    private static async Task<JsonNode> GetPage(Server server, string address, CancellationToken cancel) =>
        (await server.Client.GetFromJsonAsync<JsonNode>(new Uri(server.Address, address), cancel))!;
}
