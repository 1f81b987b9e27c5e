using Microsoft.Extensions.Logging;
using Relay.Shared.Primitives;
using Relay.Shared.Sealing;
using Relay.Shared.Storage;
using Relay.Shared.Telemetry;

namespace Relay.Shared.Messaging;

/// <summary>
/// Queue <c>inbound</c>: decrypts and tells, together with others of its conversation that are here at the same time. A dependency that is
/// away puts the item back with a growing delay.
/// </summary>
public sealed partial class ReceiveMessage(ConversationBatches<InboundDelivery> batches, ReceiveBatch receiveBatch, WorkQueue queue, RelayKeys keys, ILogger<ReceiveMessage> logger)
{
    public Task ExecuteAsync(string message, CancellationToken cancellationToken) => RelayTraces.RunAsync(SpanName.Receive, message, TakeAsync, cancellationToken);

    private async Task<SpanOutcome> TakeAsync(string message, CancellationToken cancellationToken)
    {
        WorkItem item = WorkItem.Parse(message);
        queue.NoteTaken(MeteredQueue.Inbound, item);
        try
        {
            // Nothing is waited for before: what was taken from the queue in order joins in order.
            await batches.JoinAsync(new InboundDelivery(item), receiveBatch.ExecuteAsync, cancellationToken);
            return SpanOutcome.Done;
        }
        catch (Exception e) when (DependencyFaults.IsAway(e))
        {
            Log.DependencyAway(logger, item.Attempt, FaultKind.Of(e));
            await queue.RetryAsync(QueueNames.Inbound, item, cancellationToken);
            return SpanOutcome.PutBack;
        }
        catch (SealBrokenException)
        {
            // Nothing of a business that is closed opens any more, and there is nobody left to tell.
            if (!await keys.Ring.IsClosedAsync(item.Business, cancellationToken))
            {
                throw;
            }

            Log.Closed(logger);
            return SpanOutcome.Refused;
        }
    }

    private static partial class Log
    {
        [LoggerMessage(217, LogLevel.Information, "An envelope of a business that was closed meanwhile is dropped.")]
        internal static partial void Closed(ILogger logger);

        [LoggerMessage(211, LogLevel.Information, "A dependency is away ({Fault}); attempt {Attempt} goes back into queue inbound.")]
        internal static partial void DependencyAway(ILogger logger, int attempt, FaultKind fault);
    }
}
