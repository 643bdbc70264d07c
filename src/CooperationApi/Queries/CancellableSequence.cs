namespace CooperationApi.Queries;

/// <summary>Cancellation of loops over rows in memory. The database interrupts its statements, but not such a loop.</summary>
internal static class CancellableSequence
{
    /// <summary>
    /// Returns the items. After the cancellation, throws <see cref="OperationCanceledException"/> instead of the next item.
    /// </summary>
    public static IEnumerable<T> WithCancellation<T>(this IEnumerable<T> items, CancellationToken cancel)
    {
        foreach (var item in items)
        {
            cancel.ThrowIfCancellationRequested();
            yield return item;
        }
    }
}
