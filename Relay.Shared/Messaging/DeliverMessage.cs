using Microsoft.Extensions.Logging;
using Relay.Shared.Primitives;
using Relay.Shared.Sealing;
using Relay.Shared.Storage;
using Relay.Shared.Telemetry;

namespace Relay.Shared.Messaging;

/// <summary>
/// Queue <c>outbound</c>: encrypt, commit session and message in one transaction, and only then hand the ciphertext over
/// (spec/storage.md §2), together with others of its conversation that are here at the same time. May run twice, concurrently, or die
/// anywhere: the INSERT of the message row lets one encryption win; a repeat finds that row and sends the same bytes. A dependency that
/// is away puts the item back with a growing delay.
/// </summary>
public sealed partial class DeliverMessage(ConversationBatches<OutboundDelivery> batches, DeliverBatch deliverBatch, WorkQueue queue, RelayKeys keys, ILogger<DeliverMessage> logger)
{
    public Task ExecuteAsync(string message, CancellationToken cancellationToken) => RelayTraces.RunAsync(SpanName.Deliver, message, TakeAsync, cancellationToken);

    private async Task<SpanOutcome> TakeAsync(string message, CancellationToken cancellationToken)
    {
        WorkItem item = WorkItem.Parse(message);
        queue.NoteTaken(MeteredQueue.Outbound, item);
        try
        {
            // Nothing is waited for before: what was taken from the queue in order joins in order.
            await batches.JoinAsync(new OutboundDelivery(item), deliverBatch.ExecuteAsync, cancellationToken);
            return SpanOutcome.Done;
        }
        catch (Exception e) when (DependencyFaults.IsAway(e))
        {
            Log.DependencyAway(logger, item.Attempt, FaultKind.Of(e));
            await queue.RetryAsync(QueueNames.Outbound, item, cancellationToken);
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
        [LoggerMessage(204, LogLevel.Information, "A message of a business that was closed meanwhile is dropped.")]
        internal static partial void Closed(ILogger logger);

        [LoggerMessage(201, LogLevel.Information, "A dependency is away ({Fault}); attempt {Attempt} goes back into queue outbound.")]
        internal static partial void DependencyAway(ILogger logger, int attempt, FaultKind fault);
    }
}
