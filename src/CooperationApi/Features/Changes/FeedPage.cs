using CooperationApi.Storage;

namespace CooperationApi.Features.Changes;

/// <summary>A page of the feed: its changes as JSON, where to go on, and whether it ends amid a transaction.</summary>
internal sealed record FeedPage(IReadOnlyList<byte[]> Changes, FeedCursor Next, bool EndsInTransaction, StoreVersion Version)
{
    /// <summary>Up to which number the run goes.</summary>
    public required long EndRevision { get; init; }

    /// <summary>Whether the run goes on.</summary>
    public bool HasMore => Next.EndRevision > 0;
}
