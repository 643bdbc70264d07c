using CooperationApi.Storage;

namespace CooperationApi.Features.Changes;

/// <summary>
/// A page of the feed: the changes as JSON, the next cursor, a flag for a page that ends inside a transaction, and the revision at which
/// the run ends.
/// </summary>
internal sealed record FeedPage(IReadOnlyList<byte[]> Changes, FeedCursor Next, bool EndsInTransaction, StoreVersion Version,
    long EndRevision)
{

    /// <summary>True if the run has more pages.</summary>
    public bool HasMore => Next.EndRevision > 0;
}
