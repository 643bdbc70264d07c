namespace CooperationApi.Tests.Access;

/// <summary>A clock that a test can advance. Timers use the system clock.</summary>
internal sealed class FakeClock : TimeProvider
{
    private long offsetTicks;

    public override DateTimeOffset GetUtcNow() => base.GetUtcNow() + TimeSpan.FromTicks(Volatile.Read(ref offsetTicks));

    public override long GetTimestamp() =>
        base.GetTimestamp() + Volatile.Read(ref offsetTicks) * (TimestampFrequency / TimeSpan.TicksPerSecond);

    public void Advance(TimeSpan duration) => Interlocked.Add(ref offsetTicks, duration.Ticks);

    /// <summary>Advances to the start of the next minute, so that a rate-limit window does not end during the test.</summary>
    public void AdvanceToNextMinute() => Advance(TimeSpan.FromTicks(TimeSpan.TicksPerMinute - GetUtcNow().Ticks % TimeSpan.TicksPerMinute));
}
