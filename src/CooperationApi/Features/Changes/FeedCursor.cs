using CooperationApi.Contracts;
using CooperationApi.Http.Problems;
using CooperationApi.Queries;
using CooperationApi.Storage;
using CooperationApi.Text;

namespace CooperationApi.Features.Changes;

/// <summary>
/// A position in the feed: the changes after <see cref="Position"/> in one epoch. A run ends at <see cref="EndRevision"/>, the head when
/// the run began; 0 starts a new run. A client that started without a cursor can continue before the compaction point as long as
/// this point still is <see cref="CompactedThrough"/>.
/// </summary>
internal sealed record FeedCursor(string Epoch, long Position, long EndRevision = 0, long CompactedThrough = 0)
{
    /// <summary>Returns the opaque text of the cursor, bound to a filter.</summary>
    public string Encode(FeedFilter filter) => PageCursor.Encode(filter.CursorScope, Epoch, Position, EndRevision, CompactedThrough);

    /// <summary>Parses a cursor. Returns null and adds an error if the cursor was altered or belongs to another filter.</summary>
    public static FeedCursor? Decode(string text, FeedFilter filter, ICollection<RequestError> errors)
    {
        var values = PageCursor.Decode<(string Epoch, long Position, long EndRevision, long CompactedThrough)>(text, filter.CursorScope,
            cursor => AnchoredPattern.Compile(Patterns.Epoch).IsMatch(cursor.Epoch) && cursor.Position >= 0
                && (cursor.EndRevision == 0 || cursor.EndRevision >= cursor.Position) && cursor.CompactedThrough >= 0, errors);
        return values is var (epoch, position, endRevision, compactedThrough) ? new(epoch, position, endRevision, compactedThrough) : null;
    }

    /// <summary>Throws 410 if the feed of this store does not have the position.</summary>
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
