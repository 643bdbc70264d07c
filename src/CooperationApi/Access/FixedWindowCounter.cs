using System.Collections.Concurrent;

namespace CooperationApi.Access;

/// <summary>
/// Counts what each caller does in windows of time. A window begins with the clock's for everybody, so that waiting for the next one works.
/// .NET's own rate limiter says neither what is left nor when a window ends, and can't be told the time by a test.
/// </summary>
internal sealed class FixedWindowCounter(TimeProvider time, int windowSeconds)
{
    // So many callers in a window are an attack; it then begins anew rather than growing without end.
    private const int MaxCallers = 100_000;

    private Window window = new(0);

    /// <summary>How often this caller came in this window, this time included, and the seconds until the next.</summary>
    public (int Used, int Reset) Increment(object caller)
    {
        var now = time.GetUtcNow().ToUnixTimeSeconds();
        return (GetWindow(now / windowSeconds).Increment(caller), (int)(windowSeconds - now % windowSeconds));
    }

    private Window GetWindow(long index)
    {
        var existing = Volatile.Read(ref window);
        if (existing.Index == index && existing.CallerCount < MaxCallers)
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
