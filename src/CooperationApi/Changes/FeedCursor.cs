using CooperationApi.Faults;
using CooperationApi.Resources;
using CooperationApi.Storage;

namespace CooperationApi.Changes;

/// <summary>
/// A place in the feed: what comes after a number, in one life of the store. A run goes up to <see cref="End"/>, which was the head when it began; 0 begins a
/// new one. Who began with no cursor, at what is kept of the past, may go on while that is the same: up to <see cref="Horizon"/>.
/// </summary>
internal sealed record FeedCursor(string Epoch, long Number, long End = 0, long Horizon = 0)
{
    /// <summary>The cursor as it is sent, bound to a filter.</summary>
    public string In(FeedFilter filter) => Cursor.Write(filter.Binding, Epoch, Number, End, Horizon);

    /// <summary>Reads a cursor; null and a fault for one that was altered, or made for another filter.</summary>
    public static FeedCursor? Read(string text, FeedFilter filter, ICollection<Fault> faults)
    {
        var after = Cursor.Read(text, filter.Binding, values: 4, faults);
        if (after is [string epoch, long number, long end, long horizon] && number >= 0 && (end == 0 || end >= number))
            return new(epoch, number, end, horizon);
        if (after is not null)
            faults.Add(new("cursor_invalid") { Parameter = "cursor" });
        return null;
    }

    /// <summary>Refuses, with 410, a place that this store's feed doesn't have: never an empty page for it.</summary>
    public FeedCursor Demand(Mark mark)
    {
        if (Epoch != mark.Epoch)
            throw Gone("epoch_changed", Epoch, mark.Epoch);
        if (Number > mark.Revision || End > mark.Revision)
            throw Gone("cursor_ahead", Number, mark.Revision);
        if (Number < mark.Horizon && Horizon != mark.Horizon)
            throw Gone("cursor_expired", Number, mark.Horizon);
        return this;
    }

    private static ProblemException Gone(string code, params object[] values) =>
        new(410, code, values) { Headers = [("Link", "</v1/exports/latest>; rel=\"alternate\"")] };
}
