using Microsoft.Extensions.Logging;
using Relay.Shared.Accounts;
using Relay.Shared.Conversations;
using Relay.Shared.Storage;

namespace Relay.Shared.Messaging;

/// <summary>
/// The outbound items of one conversation that were taken together: one read of its session, one commit for all that is new, then all
/// ciphertexts in the order of acceptance. What an earlier run has committed goes on from its row.
/// </summary>
public sealed partial class DeliverBatch(
    AccountDirectory accounts,
    ConversationStore conversations,
    EncryptBatch encryptBatch,
    EncryptAgain encryptAgain,
    EndOverdue endOverdue,
    HandOver handOver,
    WorkQueue queue,
    ILogger<DeliverBatch> logger)
{
    internal async Task ExecuteAsync(IReadOnlyList<OutboundDelivery> batch, CancellationToken cancellationToken)
    {
        WorkItem first = batch[0].Item;
        if (await accounts.FindNumberAsync(first.Key.Business, first.Number, cancellationToken) is not { } number)
        {
            Log.NumberGone(logger);
            return;
        }

        List<OutboundDelivery> fresh = [];
        List<OutboundDelivery> repeats = [];
        foreach (OutboundDelivery delivery in batch)
        {
            if (!await TryOpenAsync(delivery, cancellationToken))
            {
                Log.Expired(logger);
            }
            else if (queue.IsOverdue(delivery.Item, number))
            {
                await endOverdue.ExecuteAsync(delivery, number, cancellationToken);
            }
            else
            {
                (delivery.Body is null ? repeats : fresh).Add(delivery);
            }
        }

        List<HandOverItem> ready = await encryptBatch.ExecuteAsync(fresh, repeats, number, cancellationToken);
        foreach (OutboundDelivery repeat in repeats)
        {
            if (await FindAsync(repeat.Item, number, cancellationToken) is { } row && !await handOver.TryFinishAsync(repeat.Item, row, cancellationToken))
            {
                ready.Add(new HandOverItem(repeat.Item, row));
            }
        }

        await handOver.ExecuteAsync([.. ready.OrderBy(one => one.Work.AcceptedAt)], number, cancellationToken);
    }

    /// <summary>False when the key that the body lies under was destroyed.</summary>
    private async Task<bool> TryOpenAsync(OutboundDelivery delivery, CancellationToken cancellationToken)
    {
        if (delivery.Item.Body is null)
        {
            return true;
        }

        if (await queue.OpenAsync(QueueNames.Outbound, delivery.Item, cancellationToken) is not { } opened)
        {
            return false;
        }

        delivery.Body = OutboundBody.Decode(opened);
        return true;
    }

    private async Task<OutboundMessage?> FindAsync(WorkItem item, BusinessNumber number, CancellationToken cancellationToken)
    {
        OutboundMessage? row = await conversations.FindOutboundAsync(item.Key, item.Envelope, cancellationToken);
        return row is { Retry: RetryStep.Asked } ? await encryptAgain.ExecuteAsync(item, number, row, cancellationToken) : row;
    }

    private static partial class Log
    {
        [LoggerMessage(202, LogLevel.Warning, "An outbound item's number is not there any more.")]
        internal static partial void NumberGone(ILogger logger);

        [LoggerMessage(203, LogLevel.Information, "An outbound item outlived its key.")]
        internal static partial void Expired(ILogger logger);
    }
}
