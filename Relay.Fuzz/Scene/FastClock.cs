namespace Relay.Fuzz.Scene;

/// <summary>A clock twenty times as fast, for dates and for whoever waits: a long poll ends soon, and limits by the second fill up again.</summary>
internal sealed class FastClock : TimeProvider
{
    internal const int Speed = 20;

    private readonly DateTimeOffset _start = System.GetUtcNow();
    private readonly long _began = System.GetTimestamp();

    public override DateTimeOffset GetUtcNow() => _start + (System.GetElapsedTime(_began) * Speed);

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period) =>
        System.CreateTimer(callback, state, Faster(dueTime), Faster(period));

    private static TimeSpan Faster(TimeSpan time) => time > TimeSpan.Zero ? TimeSpan.FromTicks(Math.Max(TimeSpan.TicksPerMillisecond, time.Ticks / Speed)) : time;
}
