using Microsoft.Extensions.Logging;
using Relay.Shared.Primitives;
using Relay.Shared.Storage;

namespace Relay.LocalHost;

/// <summary>
/// Takes the messages of one queue and lets them be delivered side by side, at most batch size plus threshold at once.
/// The background loop and a drain take through the same gate: when <see cref="TakeAsync"/> returns 0, no message of the
/// queue is visible and none is between the queue and <paramref name="everything"/>.
/// </summary>
internal sealed partial class QueueListener(
    QueueFunction function,
    IQueueStore store,
    QueueSettings settings,
    QueueDelivery delivery,
    LocalFunctionHostOptions options,
    InFlight everything,
    ILogger<QueueListener> logger) : IDisposable
{
    private readonly SemaphoreSlim _gate = new(1, 1);
    private readonly InFlight _running = new();
    private readonly WakeUp _wakeUp = new(options.Time);

    /// <summary>Says that a message may be there, so that the loop needn't wait for its next look.</summary>
    public void Wake() => _wakeUp.Set();

    /// <summary>Waits for room, takes one batch and starts its deliveries. Returns how many.</summary>
    /// <param name="stopping">Ends the waiting, but not a take under way: what the queue has hidden is to be delivered.</param>
    /// <param name="abandoned">Ends everything.</param>
    public async Task<int> TakeAsync(CancellationToken stopping, CancellationToken abandoned)
    {
        await _gate.WaitAsync(stopping);
        try
        {
            await _running.WhenAtMostAsync(settings.NewBatchThreshold, stopping);
            stopping.ThrowIfCancellationRequested();
            var items = await store.ReceiveAsync(function.Queue, settings.BatchSize, options.MessageHiddenFor, abandoned);
            foreach (var item in items)
            {
                _running.Enter();
                everything.Enter();
                _ = DeliverAsync(item, abandoned);
            }

            return items.Count;
        }
        finally
        {
            _gate.Release();
        }
    }

    /// <summary>Looks for messages until told to stop. A queue that can't be read is tried again like an empty one.</summary>
    public async Task RunAsync(CancellationToken stopping, CancellationToken abandoned)
    {
        var interval = new PollingInterval(settings.MaxPollingInterval);
        while (!stopping.IsCancellationRequested)
        {
            try
            {
                int taken = await TakeAsync(stopping, abandoned);
                if (taken > 0)
                {
                    interval.Reset();
                }

                if (taken == settings.BatchSize)
                {
                    continue;
                }

                // A batch that isn't full has emptied the queue. What comes next says so, or is found by polling.
            }
            catch (OperationCanceledException) when (stopping.IsCancellationRequested)
            {
                return;
            }
            catch (Exception fault)
            {
                Log.NotRead(logger, new QueueName(function.Queue), FaultKind.Of(fault));
            }

            await _wakeUp.SleepAsync(interval.Next(), stopping);
        }
    }

    public void Dispose() => _gate.Dispose();

    private async Task DeliverAsync(QueueItem item, CancellationToken abandoned)
    {
        // Started here, one after the other: up to its first wait each function runs in the order of the queue.
        if (await delivery.DeliverAsync(item, abandoned))
        {
            Wake();
        }

        _running.Exit();
        everything.Exit();
    }

    private static partial class Log
    {
        [LoggerMessage(9007, LogLevel.Warning, "Queue {Queue} could not be read: {Fault}.")]
        public static partial void NotRead(ILogger logger, QueueName queue, FaultKind fault);
    }
}
