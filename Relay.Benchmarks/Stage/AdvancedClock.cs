namespace Relay.Benchmarks.Stage;

/// <summary>The system's time, and what was added to it. Timers run in the system's.</summary>
internal sealed class AdvancedClock : TimeProvider
{
    private long _added;

    public override DateTimeOffset GetUtcNow() => System.GetUtcNow() + TimeSpan.FromTicks(Interlocked.Read(ref _added));

    public void Advance(TimeSpan by) => Interlocked.Add(ref _added, by.Ticks);
}
