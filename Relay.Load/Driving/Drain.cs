using Relay.Load.Counting;

namespace Relay.Load.Driving;

/// <summary>Waits for what is under way.</summary>
internal static class Drain
{
    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(100);

    /// <summary>Returns when every accepted message is done with, or the time is over.</summary>
    public static async Task WaitAsync(Ledger ledger, TimeSpan atMost, CancellationToken cancellationToken)
    {
        TimeProvider time = TimeProvider.System;
        for (long start = time.GetTimestamp(); Settlement.Waiting(ledger) > 0 && time.GetElapsedTime(start) < atMost;)
        {
            await Task.Delay(Look, time, cancellationToken);
        }
    }
}
