using System.Collections.Concurrent;
using Relay.Load.Measuring;

namespace Relay.Benchmarks.Measuring;

/// <summary>
/// A closed loop: each caller makes its next call when its last one has ended, until the window is over. The rate counts every call
/// over the time until the last one ended.
/// </summary>
internal sealed class LoadWindow(int callers, TimeSpan window)
{
    private static readonly TimeProvider Time = TimeProvider.System;

    /// <param name="call">Gets the caller's number.</param>
    /// <param name="cancellationToken">Cancels.</param>
    internal async Task<WindowResult> RunAsync(Func<int, CancellationToken, Task> call, CancellationToken cancellationToken)
    {
        ConcurrentBag<List<double>> latencies = [];
        long start = Time.GetTimestamp();
        await Task.WhenAll(Enumerable.Range(0, callers).Select(async caller =>
        {
            await Task.Yield();
            List<double> mine = [];
            for (long before = Time.GetTimestamp(); Time.GetElapsedTime(start) < window; before = Time.GetTimestamp())
            {
                await call(caller, cancellationToken);
                mine.Add(Time.GetElapsedTime(before).TotalMilliseconds);
            }

            latencies.Add(mine);
        }));
        TimeSpan took = Time.GetElapsedTime(start);
        List<double> all = [.. latencies.SelectMany(mine => mine)];
        return new WindowResult(all.Count, all.Count / took.TotalSeconds, Statistics.Median(all), Statistics.Percentile(all, 99));
    }
}

/// <param name="Calls">How many.</param>
/// <param name="PerSecond">Calls.</param>
/// <param name="MedianMilliseconds">Of a call.</param>
/// <param name="P99Milliseconds">Of a call.</param>
internal readonly record struct WindowResult(int Calls, double PerSecond, double MedianMilliseconds, double P99Milliseconds);
