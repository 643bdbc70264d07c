using System.Text.Json;

namespace CooperationApi.CrashTests;

/// <summary>A change of the feed with the JSON of its record.</summary>
internal sealed record FeedEntry(long Revision, string Type, string Id, string Name, string Data);

/// <summary>Reads the change feed.</summary>
internal static class ChangeFeed
{
    /// <summary>Reads all changes. Throws if their revisions are not consecutive from 1.</summary>
    public static async Task<List<FeedEntry>> Read(HttpClient client, CancellationToken cancel)
    {
        var entries = new List<FeedEntry>();
        foreach (var text in await ReadPages(client, cancel))
        {
            using var page = JsonDocument.Parse(text);
            foreach (var item in page.RootElement.GetProperty("items").EnumerateArray())
            {
                var data = item.TryGetProperty("data", out var value) ? value : default;
                var name = data.ValueKind == JsonValueKind.Object && data.TryGetProperty("name", out var nameValue)
                    ? nameValue.GetString()! : "";
                entries.Add(new(item.GetProperty("revision").GetInt64(), item.GetProperty("type").GetString()!,
                    item.GetProperty("id").GetString()!, name, data.ValueKind == JsonValueKind.Object ? data.GetRawText() : ""));
                AcknowledgedWrites.Ensure(entries[^1].Revision == entries.Count,
                    $"The feed has revision {entries[^1].Revision} in place of {entries.Count}.");
            }
        }
        return entries;
    }

    /// <summary>Reads the JSON of all pages.</summary>
    public static async Task<List<string>> ReadPages(HttpClient client, CancellationToken cancel)
    {
        var pages = new List<string>();
        for (var (address, hasMore) = ("/v1/changes?limit=500", true); hasMore;)
        {
            pages.Add(await client.GetStringAsync(address, cancel));
            using var page = JsonDocument.Parse(pages[^1]);
            hasMore = page.RootElement.GetProperty("more").GetBoolean();
            address = $"/v1/changes?limit=500&cursor={page.RootElement.GetProperty("next").GetString()}";
        }
        return pages;
    }
}
