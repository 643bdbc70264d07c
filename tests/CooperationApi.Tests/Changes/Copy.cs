using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using CooperationApi.Tests.Access;

namespace CooperationApi.Tests.Changes;

/// <summary>A copy of the record that is kept by following the feed, as any stranger's program would, and held against the service's own digest.</summary>
internal sealed class Copy(Guarded service, string query, string filter = "")
{
    private readonly List<JsonNode> waiting = [];
    private readonly Dictionary<string, (long Revision, string Hash)> rows = [];
    private string? cursor, kept;
    private bool isAmidRun;

    /// <summary>The records, by `type/id`.</summary>
    public Dictionary<string, JsonNode> Records { get; } = [];

    /// <summary>How many pages have been read.</summary>
    public int Pages { get; private set; }

    /// <summary>Follows the feed to where its head is now. Each time that the copy is whole, it can be looked at.</summary>
    public async Task Follow(Action? look = null)
    {
        // A run that was begun before ends where the head was then.
        for (var runs = isAmidRun ? 2 : 1; runs > 0; runs--)
        {
            while (await Step(look))
            {
            }
        }
    }

    /// <summary>Takes one page; false if there was no more. An answer that is lost on its way is as if it hadn't been asked for.</summary>
    public async Task<bool> Step(Action? look = null, bool isLost = false)
    {
        using var answer = await service.Get($"/v1/changes?{query}&{filter}{(cursor is null ? "" : $"&cursor={cursor}")}");
        if (isLost)
            return true;
        if ((int)answer.StatusCode == 410)
        {
            Clear();
            return true;
        }
        var page = JsonNode.Parse(await answer.Text())!;
        Assert.True((int)answer.StatusCode == 200, page.ToJsonString());
        Pages++;
        waiting.AddRange(page.Items());
        cursor = (string)page["next"]!;
        if ((bool?)page["open"] != true)
        {
            foreach (var change in waiting)
                Apply(change);
            waiting.Clear();
            kept = cursor;
            look?.Invoke();
        }
        return isAmidRun = (bool)page["more"]!;
    }

    /// <summary>Loses what it has of a transaction that is open, as its process ends; what it has of whole ones is on its disk, with their cursor.</summary>
    public void Crash()
    {
        waiting.Clear();
        (cursor, isAmidRun) = (kept, true);
    }

    /// <summary>Forgets all that it has, to begin anew.</summary>
    public void Clear()
    {
        (cursor, kept, isAmidRun, Pages) = (null, null, false, 0);
        waiting.Clear();
        rows.Clear();
        Records.Clear();
    }

    /// <summary>Whether it is what the service says that it must be, per type.</summary>
    public async Task IsTheRecord()
    {
        using var answer = await service.Get($"/v1/mirror/digest?{filter}");
        var digest = JsonNode.Parse(await answer.Text())!;
        Assert.Equal(digest["types"]!.AsArray().Sum(type => (long)type!["rows"]!), rows.Count);
        foreach (var type in digest["types"]!.AsArray().Select(type => type!))
        {
            var its = rows.Where(row => row.Key.StartsWith(type["type"] + "/", StringComparison.Ordinal)).Select(row => (Id: row.Key.Split('/')[1], row.Value.Revision, row.Value.Hash))
                .OrderBy(row => row.Id, StringComparer.Ordinal).ToList();
            var lines = string.Concat(its.Select(row => string.Create(CultureInfo.InvariantCulture, $"{row.Id} {row.Revision} {row.Hash}\n")));
            Assert.Equal(((string)type["type"]!, (long)type["rows"]!, (string)type["digest"]!), ((string)type["type"]!, its.Count, Hash(lines)));
        }
    }

    /// <summary>Whether it is that part of another copy which names a word, such as a province.</summary>
    public void IsThePartOf(Copy whole, IReadOnlyList<string> types, string word) => Assert.Equal(
        whole.rows.Where(row => types.Contains(row.Key.Split('/')[0]) && whole.Records[row.Key].ToJsonString().Contains($"\"{word}\"", StringComparison.Ordinal)).OrderBy(row => row.Key, StringComparer.Ordinal),
        rows.OrderBy(row => row.Key, StringComparer.Ordinal));

    private void Apply(JsonNode change)
    {
        var name = $"{change["type"]}/{change["id"]}";
        if ((string?)change["op"] == "remove")
        {
            Records.Remove(name);
            rows.Remove(name);
            return;
        }
        Records[name] = change["data"]!;
        rows[name] = ((long)change["revision"]!, (string)change["hash"]!);
    }

    private static string Hash(string text) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)));
}
