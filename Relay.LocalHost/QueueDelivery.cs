using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;
using Relay.Shared.Primitives;
using Relay.Shared.Storage;

namespace Relay.LocalHost;

/// <summary>
/// What becomes of one taken message, as in Azure: deleted after success, back after a delay when its function failed,
/// parked in "-poison" after the last allowed delivery. A failing message of a poison queue is never parked again; it
/// stays hidden for a while, and is not run any more once its deliveries are used up. Always at least once.
/// </summary>
internal sealed partial class QueueDelivery(
    QueueFunction function,
    IQueueStore store,
    QueueSettings settings,
    FunctionInvoker invoker,
    LocalFunctionHostOptions options,
    ILogger<QueueDelivery> logger)
{
    /// <summary>What the Functions host gives to a message that it parks: the queue service's default.</summary>
    private static readonly TimeSpan PoisonTimeToLive = TimeSpan.FromDays(7);

    private readonly ConcurrentDictionary<string, bool> _delivered = [];

    private bool IsPoisonQueue => function.Queue.EndsWith(QueueNames.PoisonSuffix, StringComparison.Ordinal);

    /// <summary>True when the message can be taken again at once.</summary>
    public async Task<bool> DeliverAsync(QueueItem item, CancellationToken abandoned)
    {
        try
        {
            return await RunAsync(item, abandoned);
        }
        catch (Exception fault)
        {
            // The storage failed while the message was settled; it comes back when its hidden time is over.
            Log.NotSettled(logger, new QueueName(function.Queue), FaultKind.Of(fault));
            return false;
        }
    }

    private async Task<bool> RunAsync(QueueItem item, CancellationToken abandoned)
    {
        var deliveries = item.DequeueCount - (_delivered.ContainsKey(item.Id) ? 1 : 0);
        if (deliveries > settings.MaxDequeueCount)
        {
            await ParkAsync(item, deliveries);
            return false;
        }

        using var lease = new MessageLease(store, function.Queue, item, options.MessageHiddenFor, options.Time, logger);
        Exception? failure = null;
        try
        {
            await invoker.InvokeQueueAsync(function, item.Body, abandoned);
        }
        catch (Exception exception)
        {
            failure = exception;
        }

        var held = await lease.ReleaseAsync();
        if (failure is null)
        {
            return await CompleteAsync(held);
        }

        if (failure is OperationCanceledException && abandoned.IsCancellationRequested)
        {
            return false;
        }

        Log.Failed(logger, new FunctionName(function.Name), FaultKind.Of(failure), deliveries);
        options.OnFault?.Invoke(function.Name, failure);
        return await RetryAsync(held, deliveries);
    }

    private async Task<bool> CompleteAsync(QueueItem item)
    {
        if (options.DeliverTwice && _delivered.TryAdd(item.Id, true))
        {
            return await store.HideAsync(function.Queue, item, TimeSpan.Zero, CancellationToken.None) is not null;
        }

        _delivered.TryRemove(item.Id, out _);
        if (!await store.DeleteAsync(function.Queue, item, CancellationToken.None))
        {
            Log.LostToAnother(logger, new QueueName(function.Queue));
        }

        return false;
    }

    private async Task<bool> RetryAsync(QueueItem item, long deliveries)
    {
        if (IsPoisonQueue)
        {
            return false;
        }

        if (deliveries >= settings.MaxDequeueCount)
        {
            await ParkAsync(item, deliveries);
            return false;
        }

        return await store.HideAsync(function.Queue, item, settings.VisibilityTimeout, CancellationToken.None) is not null
            && settings.VisibilityTimeout == TimeSpan.Zero;
    }

    private async Task ParkAsync(QueueItem item, long deliveries)
    {
        Log.Parked(logger, new QueueName(function.Queue), deliveries);
        if (!IsPoisonQueue)
        {
            // Copy before delete: a crash in between makes a second copy, never a loss.
            await store.SendAsync(function.Queue + QueueNames.PoisonSuffix, item.Body, TimeSpan.Zero, PoisonTimeToLive, CancellationToken.None);
            await store.DeleteAsync(function.Queue, item, CancellationToken.None);
        }
    }

    private static partial class Log
    {
        [LoggerMessage(9002, LogLevel.Warning, "Function {Function} failed with {Fault} on delivery {Delivery}.")]
        public static partial void Failed(ILogger logger, FunctionName function, FaultKind fault, long delivery);

        [LoggerMessage(9003, LogLevel.Error, "A message of {Queue} has used up its deliveries ({Deliveries}).")]
        public static partial void Parked(ILogger logger, QueueName queue, long deliveries);

        [LoggerMessage(9004, LogLevel.Warning, "A message of {Queue} was handled, but another delivery had it by then.")]
        public static partial void LostToAnother(ILogger logger, QueueName queue);

        [LoggerMessage(9005, LogLevel.Warning, "A message of {Queue} could not be settled: {Fault}.")]
        public static partial void NotSettled(ILogger logger, QueueName queue, FaultKind fault);
    }
}
