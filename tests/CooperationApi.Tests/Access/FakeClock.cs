namespace CooperationApi.Tests.Access;

/// <summary>A clock that a test moves. Timers go by the real one.</summary>
internal sealed class FakeClock : TimeProvider
{
    private long offsetTicks;

    public override DateTimeOffset GetUtcNow() => base.GetUtcNow() + TimeSpan.FromTicks(Volatile.Read(ref offsetTicks));

    public override long GetTimestamp() => base.GetTimestamp() + Volatile.Read(ref offsetTicks) * (TimestampFrequency / TimeSpan.TicksPerSecond);

    public void Advance(TimeSpan duration) => Interlocked.Add(ref offsetTicks, duration.Ticks);

    /// <summary>To the beginning of the next minute, so that what a test does then falls into one.</summary>
    public void AdvanceToNextMinute() => Advance(TimeSpan.FromTicks(TimeSpan.TicksPerMinute - GetUtcNow().Ticks % TimeSpan.TicksPerMinute));
}
