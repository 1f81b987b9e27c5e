using Microsoft.Extensions.Logging;

namespace Relay.LocalHost;

/// <summary>
/// All queues and timers of a host: runs them in the background, drains them on demand, and stops without dropping what
/// it has begun.
/// </summary>
internal sealed partial class Pump(IReadOnlyList<QueueListener> queues, IReadOnlyList<ScheduledTimer> timers, InFlight everything, ILogger<Pump> logger) : IDisposable
{
    /// <summary>How long functions get to notice that they have been abandoned, before the services go away under them.</summary>
    private static readonly TimeSpan LastGrace = TimeSpan.FromSeconds(2);

    private readonly CancellationTokenSource _stopping = new();
    private readonly CancellationTokenSource _abandoned = new();
    private Task _loops = Task.CompletedTask;

    public void Start() => _loops = Task.WhenAll(
    [
        .. queues.Select(queue => InBackgroundAsync(queue.RunAsync)),
        .. timers.Select(timer => InBackgroundAsync(timer.RunAsync)),
    ]);

    /// <summary>
    /// Goes round all queues (and, when the loops run, the timers that are due) until a whole round finds nothing, and
    /// nothing ran from before the round to its end. Then no function can have sent anything behind the round's back.
    /// </summary>
    public async Task DrainAsync(CancellationToken cancellationToken)
    {
        var timersRun = _loops != Task.CompletedTask;
        while (true)
        {
            await everything.WhenAtMostAsync(0, cancellationToken);
            if (!everything.IsIdle(out var before))
            {
                continue;
            }

            if (timersRun)
            {
                await Task.WhenAll(timers.Select(timer => timer.RunIfDueAsync(cancellationToken, _abandoned.Token)));
            }

            await Task.WhenAll(queues.Select(queue => queue.TakeAsync(cancellationToken, _abandoned.Token)));
            if (everything.IsIdle(out var after) && after == before)
            {
                return;
            }
        }
    }

    public Task RunTimerAsync(string name, CancellationToken cancellationToken) =>
        timers.FirstOrDefault(timer => string.Equals(timer.Name, name, StringComparison.OrdinalIgnoreCase)) is { } found
            ? found.RunNowAsync(cancellationToken)
            : throw new ArgumentException($"There is no timer function '{name}'.", nameof(name));

    /// <summary>
    /// Takes nothing more and waits for what runs, at most <paramref name="patience"/> of real time. What has not finished
    /// by then is told to stop; its messages are left hidden and come back.
    /// </summary>
    public async Task StopAsync(TimeSpan patience)
    {
        await _stopping.CancelAsync();
        var finished = FinishedAsync();
        if (!await EndsWithinAsync(finished, patience))
        {
            Log.Abandoned(logger, patience);
            await _abandoned.CancelAsync();
            await EndsWithinAsync(finished, LastGrace);
        }
    }

    public void Dispose()
    {
        foreach (var part in queues.Concat<IDisposable>(timers))
        {
            part.Dispose();
        }

        _stopping.Dispose();
        _abandoned.Dispose();
    }

    private async Task FinishedAsync()
    {
        await _loops;
        await everything.WhenAtMostAsync(0, CancellationToken.None);
    }

    private async Task InBackgroundAsync(Func<CancellationToken, CancellationToken, Task> loop)
    {
        // On to the thread pool first: a loop must not live on the context of whoever started the host.
        await Task.CompletedTask.ConfigureAwait(ConfigureAwaitOptions.ForceYielding);
        await loop(_stopping.Token, _abandoned.Token);
    }

    private static async Task<bool> EndsWithinAsync(Task task, TimeSpan time) =>
        await Task.WhenAny(task, Task.Delay(time)) == task;

    private static partial class Log
    {
        [LoggerMessage(9009, LogLevel.Warning, "Some functions did not finish within {Patience} and were abandoned.")]
        public static partial void Abandoned(ILogger logger, TimeSpan patience);
    }
}
