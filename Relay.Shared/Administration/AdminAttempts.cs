namespace Relay.Shared.Administration;

/// <summary>Counts credentials that were refused by this instance, minute by minute: past the limit nothing is read for another until the minute is over.</summary>
public sealed class AdminAttempts(TimeProvider time)
{
    internal const int MaxPerMinute = 30;

    private readonly Lock _gate = new();
    private DateTimeOffset _end = DateTimeOffset.MinValue;
    private int _refused;

    /// <summary>How long until the next may be looked into; null for now.</summary>
    internal TimeSpan? Wait
    {
        get
        {
            lock (_gate)
            {
                TimeSpan left = _end - time.GetUtcNow();
                return _refused >= MaxPerMinute && left > TimeSpan.Zero ? left : null;
            }
        }
    }

    internal void Refused()
    {
        lock (_gate)
        {
            DateTimeOffset now = time.GetUtcNow();
            if (now >= _end)
            {
                (_end, _refused) = (now + TimeSpan.FromMinutes(1), 0);
            }

            _refused++;
        }
    }
}
