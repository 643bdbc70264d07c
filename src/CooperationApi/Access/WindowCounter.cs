using System.Collections.Concurrent;

namespace CooperationApi.Access;

/// <summary>
/// Counts what each caller does in windows of time. A window begins with the clock's for everybody, so that waiting for the next one works.
/// .NET's own rate limiter says neither what is left nor when a window ends, and can't be told the time by a test.
/// </summary>
internal sealed class WindowCounter(TimeProvider time, int seconds)
{
    // So many callers in a window are an attack; it then begins anew rather than growing without end.
    private const int MostCallers = 100_000;

    private Window window = new(0);

    /// <summary>How often this caller came in this window, this time included, and the seconds until the next.</summary>
    public (int Used, int Reset) Count(object caller)
    {
        var now = time.GetUtcNow().ToUnixTimeSeconds();
        return (Current(now / seconds).Count(caller), (int)(seconds - now % seconds));
    }

    private Window Current(long number)
    {
        var current = Volatile.Read(ref window);
        if (current.Number == number && current.Callers < MostCallers)
            return current;
        var begun = new Window(number);
        var found = Interlocked.CompareExchange(ref window, begun, current);
        return ReferenceEquals(found, current) ? begun : found;
    }

    private sealed class Window(long number)
    {
        private readonly ConcurrentDictionary<object, int> counts = new();
        private int callers;

        public long Number => number;

        public int Callers => Volatile.Read(ref callers);

        public int Count(object caller)
        {
            var used = counts.AddOrUpdate(caller, 1, (_, count) => count + 1);
            if (used == 1)
                Interlocked.Increment(ref callers);
            return used;
        }
    }
}
