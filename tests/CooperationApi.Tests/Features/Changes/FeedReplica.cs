using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using CooperationApi.Tests.Access;

namespace CooperationApi.Tests.Features.Changes;

/// <summary>A copy of the data set that follows the feed like a client and is compared with the service's digest.</summary>
internal sealed class FeedReplica(AuthenticatedService service, string query, string filter = "")
{
    private readonly List<JsonNode> pendingChanges = [];
    private readonly Dictionary<string, (long Revision, string Hash)> rows = [];
    private string? cursor, committedCursor;
    private bool hasMorePages;

    /// <summary>The records by `type/id`.</summary>
    public Dictionary<string, JsonNode> Records { get; } = [];

    /// <summary>The number of pages read.</summary>
    public int PageCount { get; private set; }

    /// <summary>Follows the feed to its current head and invokes an action after each complete transaction.</summary>
    public async Task FollowToHead(Action? onConsistent = null)
    {
        // A run in progress ends at the head that it started with, so a second run follows.
        for (var runs = hasMorePages ? 2 : 1; runs > 0; runs--)
        {
            while (await ReadPage(onConsistent))
            {
            }
        }
    }

    /// <summary>Reads one page and returns false at the head. A lost response changes nothing.</summary>
    public async Task<bool> ReadPage(Action? onConsistent = null, bool isResponseLost = false)
    {
        using var response = await service.Get($"/v1/changes?{query}&{filter}{(cursor is null ? "" : $"&cursor={cursor}")}");
        if (isResponseLost)
            return true;
        if ((int)response.StatusCode == 410)
        {
            Clear();
            return true;
        }
        var page = JsonNode.Parse(await response.ReadText())!;
        Assert.True((int)response.StatusCode == 200, page.ToJsonString());
        PageCount++;
        pendingChanges.AddRange(page.GetItems());
        cursor = (string)page["next"]!;
        if ((bool?)page["open"] != true)
        {
            foreach (var change in pendingChanges)
                Apply(change);
            pendingChanges.Clear();
            committedCursor = cursor;
            onConsistent?.Invoke();
        }
        return hasMorePages = (bool)page["more"]!;
    }

    /// <summary>Simulates a crash: drops the changes of an incomplete transaction and returns to the last committed cursor.</summary>
    public void Crash()
    {
        pendingChanges.Clear();
        (cursor, hasMorePages) = (committedCursor, true);
    }

    /// <summary>Deletes the copy, to start from the beginning.</summary>
    public void Clear()
    {
        (cursor, committedCursor, hasMorePages, PageCount) = (null, null, false, 0);
        pendingChanges.Clear();
        rows.Clear();
        Records.Clear();
    }

    /// <summary>Asserts that the copy matches the service's digest of each type.</summary>
    public async Task AssertMatchesDigest()
    {
        using var response = await service.Get($"/v1/mirror/digest?{filter}");
        var digest = JsonNode.Parse(await response.ReadText())!;
        Assert.Equal(digest["types"]!.AsArray().Sum(type => (long)type!["rows"]!), rows.Count);
        foreach (var type in digest["types"]!.AsArray().Select(type => type!))
        {
            var typeRows = rows.Where(row => row.Key.StartsWith(type["type"] + "/", StringComparison.Ordinal))
                .Select(row => (Id: row.Key.Split('/')[1], row.Value.Revision, row.Value.Hash))
                .OrderBy(row => row.Id, StringComparer.Ordinal).ToList();
            var lines = string.Concat(
                typeRows.Select(row => string.Create(CultureInfo.InvariantCulture, $"{row.Id} {row.Revision} {row.Hash}\n")));
            Assert.Equal(((string)type["type"]!, (long)type["rows"]!, (string)type["digest"]!),
                ((string)type["type"]!, typeRows.Count, ComputeHash(lines)));
        }
    }

    /// <summary>Asserts that the copy equals the records of another copy that contain a value, such as a province id.</summary>
    public void AssertIsSubsetOf(FeedReplica fullReplica, IReadOnlyList<string> types, string value) => Assert.Equal(
        fullReplica.rows.Where(
            row => types.Contains(row.Key.Split('/')[0])
                && fullReplica.Records[row.Key].ToJsonString().Contains($"\"{value}\"", StringComparison.Ordinal))
                .OrderBy(row => row.Key, StringComparer.Ordinal),
        rows.OrderBy(row => row.Key, StringComparer.Ordinal));

    private void Apply(JsonNode change)
    {
        var recordKey = $"{change["type"]}/{change["id"]}";
        if ((string?)change["op"] == "remove")
        {
            Records.Remove(recordKey);
            rows.Remove(recordKey);
            return;
        }
        Records[recordKey] = change["data"]!;
        rows[recordKey] = ((long)change["revision"]!, (string)change["hash"]!);
    }

    private static string ComputeHash(string text) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)));
}
