using CooperationApi.Http.Problems;
using CooperationApi.Queries;
using CooperationApi.Storage;

namespace CooperationApi.Features.Changes;

/// <summary>
/// A place in the feed: what comes after a number, in one life of the store. A run goes up to <see cref="EndRevision"/>, which was the head when it began; 0 begins a
/// new one. Who began with no cursor, at what is kept of the past, may go on while that is the same: up to <see cref="CompactedThrough"/>.
/// </summary>
internal sealed record FeedCursor(string Epoch, long Position, long EndRevision = 0, long CompactedThrough = 0)
{
    /// <summary>The cursor as it is sent, bound to a filter.</summary>
    public string Encode(FeedFilter filter) => PageCursor.Encode(filter.CursorScope, Epoch, Position, EndRevision, CompactedThrough);

    /// <summary>Reads a cursor; null and a fault for one that was altered, or made for another filter.</summary>
    public static FeedCursor? Decode(string text, FeedFilter filter, ICollection<RequestError> errors)
    {
        var values = PageCursor.Decode(text, filter.CursorScope, valueCount: 4, errors);
        if (values is [string epoch, long position, long endRevision, long compactedThrough] && position >= 0 && (endRevision == 0 || endRevision >= position))
            return new(epoch, position, endRevision, compactedThrough);
        if (values is not null)
            errors.Add(new("cursor_invalid") { Parameter = "cursor" });
        return null;
    }

    /// <summary>Refuses, with 410, a place that this store's feed doesn't have: never an empty page for it.</summary>
    public FeedCursor EnsureUsable(StoreVersion version)
    {
        if (Epoch != version.Epoch)
            throw CreateCursorProblem("epoch_changed", Epoch, version.Epoch);
        if (Position > version.Revision || EndRevision > version.Revision)
            throw CreateCursorProblem("cursor_ahead", Position, version.Revision);
        if (Position < version.CompactedThrough && CompactedThrough != version.CompactedThrough)
            throw CreateCursorProblem("cursor_expired", Position, version.CompactedThrough);
        return this;
    }

    private static ProblemException CreateCursorProblem(string code, params object[] values) =>
        new(410, code, values) { Headers = [("Link", "</v1/exports/latest>; rel=\"alternate\"")] };
}
