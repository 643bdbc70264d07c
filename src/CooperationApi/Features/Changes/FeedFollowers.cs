using System.Collections.Concurrent;
using CooperationApi.Access;
using CooperationApi.Storage;

namespace CooperationApi.Features.Changes;

/// <summary>
/// The followers of the feed with their positions, for metrics. A follower is a caller, or the address of anonymous callers, that read the
/// feed with one filter and with a cursor, or as an event stream, within the last hour. Its position is that of its last cursor: the
/// changes before it have arrived. Several anonymous callers behind one address are one follower.
/// </summary>
internal sealed class FeedFollowers(TimeProvider time)
{
    // Limits the memory that callers with many filters can use. Above it, new followers are not recorded.
    private const int MaxFollowers = 1000;

    private static readonly TimeSpan Lifetime = TimeSpan.FromHours(1);

    private readonly ConcurrentDictionary<(string Reader, string Scope), Follower> followers = new();

    /// <summary>Records the position of the caller of a request.</summary>
    public void Record(HttpContext context, FeedFilter filter, FeedCursor cursor)
    {
        var reader = Caller.Find(context)?.Id ?? ClientNetwork.GetRateLimitKey(context.Connection.RemoteIpAddress).ToString();
        var (key, follower) = ((reader, filter.CursorScope), new Follower(cursor.Epoch, cursor.Position, time.GetUtcNow()));
        if (followers.ContainsKey(key) || followers.Count < MaxFollowers)
            followers[key] = follower;
        else
            RemoveExpired();
    }

    /// <summary>Returns the number of followers, and the number of revisions that the slowest one has not read; null without one.</summary>
    public (int Count, long? MaxLag) Measure(StoreVersion version)
    {
        RemoveExpired();
        var lags = followers.Values.Where(follower => follower.Epoch == version.Epoch)
            .Select(follower => Math.Max(0, version.Revision - follower.Position)).ToList();
        return (lags.Count, lags.Count == 0 ? null : lags.Max());
    }

    private void RemoveExpired()
    {
        var oldest = time.GetUtcNow() - Lifetime;
        foreach (var follower in followers)
        {
            if (follower.Value.ReadAt < oldest)
                followers.TryRemove(follower);
        }
    }

    private sealed record Follower(string Epoch, long Position, DateTimeOffset ReadAt);
}
