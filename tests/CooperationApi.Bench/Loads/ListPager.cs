using System.Net.Http.Json;
using System.Text.Json.Nodes;
using CooperationApi.Bench.Processes;
using CooperationApi.Contracts;

namespace CooperationApi.Bench.Loads;

/// <summary>Reads lists by following cursors, as any client does.</summary>
internal static class ListPager
{
    private const int MaxPageSize = 200;

    /// <summary>Returns all provinces, current and former.</summary>
    public static async Task<IReadOnlyList<Province>> GetProvinces(Server server, CancellationToken cancel) =>
        (await server.Client.GetFromJsonAsync<Page<Province>>(new Uri(server.Address, $"/v1/provinces?limit={MaxPageSize}"),
            ApiJson.Options, cancel))!.Items;

    /// <summary>Returns the number of rows of a list.</summary>
    public static async Task<int> GetCount(Server server, string list, CancellationToken cancel) =>
        (int)(await GetPage(server, $"{list}?limit=1&total=true", cancel))["total"]!;

    /// <summary>Returns the cursor after every <paramref name="step"/> rows, up to a maximum count or the end of the list.</summary>
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

    /// <summary>Returns the cursor after this number of rows. Throws if the list has no more rows than that.</summary>
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
