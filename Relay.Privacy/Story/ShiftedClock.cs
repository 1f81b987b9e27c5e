namespace Relay.Privacy.Story;

/// <summary>Real time, moved: what waits waits really, and the date is whatever the story says.</summary>
internal sealed class ShiftedClock(DateTimeOffset start) : TimeProvider
{
    private long _offset = (start - System.GetUtcNow()).Ticks;

    public override DateTimeOffset GetUtcNow() => System.GetUtcNow() + new TimeSpan(Interlocked.Read(ref _offset));

    /// <summary>Goes on from there; never back.</summary>
    public void MoveTo(DateTimeOffset time)
    {
        if (time > GetUtcNow())
        {
            Interlocked.Exchange(ref _offset, (time - System.GetUtcNow()).Ticks);
        }
    }
}
