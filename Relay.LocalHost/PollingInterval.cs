namespace Relay.LocalHost;

/// <summary>The pause before the next look at an empty queue: doubles up to a bound, starts again when work was found.</summary>
internal sealed class PollingInterval(TimeSpan longest)
{
    public static readonly TimeSpan Shortest = TimeSpan.FromMilliseconds(100);

    private TimeSpan _next = Shortest;

    public void Reset() => _next = Shortest;

    public TimeSpan Next()
    {
        var current = _next;
        _next = current * 2 < longest ? current * 2 : longest;
        return current;
    }
}
