using Microsoft.Extensions.Logging;
using Relay.Shared.Accounts;
using Relay.Shared.Primitives;
using Relay.Shared.Storage;

namespace Relay.Shared.Messaging;

/// <summary>
/// Queue <c>outbound</c>: encrypt, commit, then let the ciphertext leave (spec/storage.md §2). May run twice, concurrently, or die
/// anywhere: the session's ETag lets each ratchet step happen once, the INSERT of the message row lets each message be encrypted
/// once; a repeat finds that row and sends the same bytes. A dependency that is away puts the item back with a growing delay.
/// </summary>
public sealed partial class DeliverMessage(
    AccountDirectory accounts,
    OutboundBatches batches,
    DeliverBatch deliverBatch,
    WorkQueue queue,
    ILogger<DeliverMessage> logger)
{
    public async Task ExecuteAsync(string message, CancellationToken cancellationToken)
    {
        WorkItem item = WorkItem.Parse(message);
        try
        {
            await DeliverAsync(item, cancellationToken);
        }
        catch (Exception e) when (DependencyFaults.IsAway(e))
        {
            Log.DependencyAway(logger, item.Attempt, FaultKind.Of(e));
            await queue.RetryAsync(QueueNames.Outbound, item, cancellationToken);
        }
    }

    private async Task DeliverAsync(WorkItem item, CancellationToken cancellationToken)
    {
        if (await accounts.FindNumberAsync(item.Key.Business, item.Number, cancellationToken) is not { Credential: not null } number)
        {
            Log.NumberGone(logger);
            return;
        }

        OutboundBody? body = null;
        if (item.Body is not null)
        {
            if (await queue.OpenAsync(QueueNames.Outbound, item, cancellationToken) is not { } opened)
            {
                Log.Expired(logger);
                return;
            }

            body = OutboundBody.Decode(opened);
        }

        await batches.JoinAsync(new OutboundDelivery(item, body), (batch, token) => deliverBatch.ExecuteAsync(batch, number, token), cancellationToken);
    }

    private static partial class Log
    {
        [LoggerMessage(201, LogLevel.Information, "A dependency is away ({Fault}); attempt {Attempt} goes back into queue outbound.")]
        internal static partial void DependencyAway(ILogger logger, int attempt, FaultKind fault);

        [LoggerMessage(202, LogLevel.Warning, "An outbound item's number is not there any more.")]
        internal static partial void NumberGone(ILogger logger);

        [LoggerMessage(203, LogLevel.Information, "An outbound item outlived its key.")]
        internal static partial void Expired(ILogger logger);
    }
}
