using System.Collections.Concurrent;

namespace Relay.Load.Driving;

/// <summary>
/// Starts calls at fixed times, whether or not earlier ones have ended: what is slow doesn't make the load smaller. Each call is told
/// when it was due, so that waiting for its turn counts too.
/// </summary>
internal sealed class OpenLoop(double perSecond, TimeSpan duration, TimeProvider time)
{
    private readonly ConcurrentQueue<double> _lateness = new();

    /// <summary>How long after its time each call was started, in milliseconds: what the generator itself was behind.</summary>
    public IReadOnlyCollection<double> Lateness => _lateness;

    /// <summary>Ends when the last call has.</summary>
    /// <param name="call">Gets its number and when it was due; keeps its faults to itself.</param>
    /// <param name="cancellationToken">Starts no more.</param>
    public async Task RunAsync(Func<int, long, Task> call, CancellationToken cancellationToken)
    {
        long start = time.GetTimestamp();
        int count = (int)(perSecond * duration.TotalSeconds);
        List<Task> calls = new(count);
        for (int i = 0; i < count && !cancellationToken.IsCancellationRequested; i++)
        {
            long due = start + (long)(i / perSecond * time.TimestampFrequency);
            TimeSpan left = time.GetElapsedTime(time.GetTimestamp(), due);
            if (left > TimeSpan.Zero)
            {
                await Task.WhenAny(Task.Delay(left, time, cancellationToken));
            }

            calls.Add(StartAsync(call, i, due));
        }

        await Task.WhenAll(calls);
    }

    private async Task StartAsync(Func<int, long, Task> call, int number, long due)
    {
        // Off this loop first: a call that computes before it waits must not hold up the next.
        await Task.CompletedTask.ConfigureAwait(ConfigureAwaitOptions.ForceYielding);
        _lateness.Enqueue(Math.Max(0, time.GetElapsedTime(due).TotalMilliseconds));
        await call(number, due);
    }
}
