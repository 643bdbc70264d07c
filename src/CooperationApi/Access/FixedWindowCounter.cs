using System.Collections.Concurrent;

namespace CooperationApi.Access;

/// <summary>
/// Counts the calls of each caller in fixed time windows. The windows are aligned to the clock and equal for all callers, so that a retry
/// in the next window succeeds. The `FixedWindowRateLimiter` of .NET does not report the end of a window and does not accept a
/// `TimeProvider`.
/// </summary>
internal sealed class FixedWindowCounter(TimeProvider time, int windowSeconds)
{
    // More callers in one window indicate an attack. The counts then restart, to limit memory.
    private const int MaxCallers = 100_000;

    private Window window = new(0);

    /// <summary>Counts a call. Returns the caller's calls in the current window and the seconds until the next window.</summary>
    public (int Count, int SecondsUntilReset) Increment(object caller)
    {
        var now = time.GetUtcNow().ToUnixTimeSeconds();
        return (GetWindow(now / windowSeconds).Increment(caller), (int)(windowSeconds - now % windowSeconds));
    }

    private Window GetWindow(long index)
    {
        var existing = Volatile.Read(ref window);
        // A slow request, or a clock that was set back, has an earlier index; it must not restart the counts.
        if (existing.Index >= index && existing.CallerCount < MaxCallers)
            return existing;
        var created = new Window(index);
        var previous = Interlocked.CompareExchange(ref window, created, existing);
        return ReferenceEquals(previous, existing) ? created : previous;
    }

    private sealed class Window(long index)
    {
        private readonly ConcurrentDictionary<object, int> counts = new();
        private int callerCount;

        public long Index => index;

        public int CallerCount => Volatile.Read(ref callerCount);

        public int Increment(object caller)
        {
            var total = counts.AddOrUpdate(caller, 1, (_, count) => count + 1);
            if (total == 1)
                Interlocked.Increment(ref callerCount);
            return total;
        }
    }
}
