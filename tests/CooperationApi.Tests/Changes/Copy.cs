using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using CooperationApi.Tests.Access;

namespace CooperationApi.Tests.Changes;

/// <summary>A copy of the record that is kept by following the feed, as any stranger's program would, and held against the service's own digest.</summary>
internal sealed class Copy(Guarded service, string query)
{
    private readonly List<JsonNode> waiting = [];
    private readonly Dictionary<string, (long Revision, string Hash)> rows = [];
    private string? cursor;

    /// <summary>The records, by `type/id`.</summary>
    public Dictionary<string, JsonNode> Records { get; } = [];

    /// <summary>How many pages have been read.</summary>
    public int Pages { get; private set; }

    /// <summary>Follows the feed to the end of a run. Each time that the copy is whole, it can be looked at.</summary>
    public async Task Follow(Action? look = null)
    {
        while (await Step(look))
        {
        }
    }

    /// <summary>Takes one page; false if there was no more.</summary>
    public async Task<bool> Step(Action? look = null)
    {
        using var answer = await service.Get($"/v1/changes?{query}{(cursor is null ? "" : $"&cursor={cursor}")}");
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
            look?.Invoke();
        }
        return (bool)page["more"]!;
    }

    /// <summary>Forgets all that it has, to begin anew.</summary>
    public void Clear()
    {
        (cursor, Pages) = (null, 0);
        waiting.Clear();
        rows.Clear();
        Records.Clear();
    }

    /// <summary>Whether it is what the service says that it must be, per type.</summary>
    public async Task IsTheRecord()
    {
        using var answer = await service.Get("/v1/mirror/digest");
        var digest = JsonNode.Parse(await answer.Text())!;
        foreach (var type in digest["types"]!.AsArray().Select(type => type!))
        {
            var its = rows.Where(row => row.Key.StartsWith(type["type"] + "/", StringComparison.Ordinal)).Select(row => (Id: row.Key.Split('/')[1], row.Value.Revision, row.Value.Hash))
                .OrderBy(row => row.Id, StringComparer.Ordinal).ToList();
            var lines = string.Concat(its.Select(row => string.Create(CultureInfo.InvariantCulture, $"{row.Id} {row.Revision} {row.Hash}\n")));
            Assert.Equal(((string)type["type"]!, (long)type["rows"]!, (string)type["digest"]!), ((string)type["type"]!, its.Count, Hash(lines)));
        }
    }

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
