using Microsoft.Extensions.Logging;
using Relay.Shared.Conversations;
using Relay.Shared.Conversations.Lookups;
using Relay.Shared.Media;
using Relay.Shared.Messaging;
using Relay.Shared.Primitives;
using Relay.Shared.Storage;

namespace Relay.Shared.Erasure;

/// <summary>
/// Queue <c>erasures</c>: deletes what is to be deleted before its time, a slice at a time. Every step may be repeated and may be done by two at once.
/// <code>
/// dies after               state left                          recovered by
/// queue message            nothing erased                      redelivery
/// some lookup rows erased  the others lead on for moments      redelivery; the erased ones are known by their time
/// session deleted          rows without a session              redelivery; nobody can open a session here any more
/// all deleted, no note     lookup rows that lead nowhere       redelivery; else they go with their epoch
/// </code>
/// A message that finds nothing left is followed by one more, so that what was being written meanwhile goes too.
/// </summary>
public sealed partial class RunErasure(
    LookupErasure lookups, ConversationDeletion conversations, RemoveFiles files, CloseBusiness closeBusiness, ErasureReceipts receipts, IQueueStore queues,
    ILogger<RunErasure> logger)
{
    private const int RowsPerSlice = 20_000;
    private const int LastPass = 1;

    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);

    /// <summary>Longer than any cache of accounts lives.</summary>
    private static readonly TimeSpan SecondLook = TimeSpan.FromMinutes(2);

    public async Task ExecuteAsync(string message, CancellationToken cancellationToken)
    {
        ErasureItem item = ErasureItem.Parse(message);
        try
        {
            (int rows, bool isDone) = item.Targets is null
                ? (0, await closeBusiness.ContinueAsync(item, cancellationToken))
                : await EraseAsync(item, RowsPerSlice, cancellationToken);
            item = item with { DeletedRows = item.DeletedRows + rows };
            if (!isDone)
            {
                await PutAsync(item with { Attempt = 0 }, Pause, cancellationToken);
            }
            else if (item.Pass < LastPass)
            {
                await PutAsync(item with { Attempt = 0, Pass = item.Pass + 1 }, SecondLook, cancellationToken);
            }
            else
            {
                if (item.Targets is not null)
                {
                    await receipts.IssueAsync(item, item.DeletedRows, cancellationToken);
                }

                Log.Done(logger, item.Owner);
            }
        }
        catch (Exception e) when (DependencyFaults.IsAway(e))
        {
            ErasureItem next = item with { Attempt = item.Attempt + 1 };
            await PutAsync(next, RetrySchedule.AfterDependencyFailure(Math.Min(next.Attempt, MaxDelayStep)), cancellationToken);
        }
    }

    /// <summary>Ten minutes at most: whoever asked for an erasure is waiting.</summary>
    private const int MaxDelayStep = 5;

    /// <summary>Erases the user of an item; about so many rows at most.</summary>
    internal async Task<(int Rows, bool IsDone)> EraseAsync(ErasureItem item, int limit, CancellationToken cancellationToken)
    {
        int rows = 0;
        foreach (ErasureTarget target in item.Targets ?? [])
        {
            ConversationKey[] keys = [.. target.Keys(item.Owner)];
            foreach (string row in target.Rows)
            {
                await lookups.EraseAsync(item.Owner, row, keys[0].Conversation, item.At, cancellationToken);
            }

            foreach (ConversationKey key in keys)
            {
                (int deleted, bool isDone) = await conversations.DeleteAsync(key, limit - rows, item.At, cancellationToken);
                (int filesDeleted, bool isLast) = await files.ExecuteAsync(key, cancellationToken);
                rows += deleted + filesDeleted;
                isDone &= isLast;
                if (!isDone || rows >= limit)
                {
                    return (rows, false);
                }

                await conversations.NoteAsync(key, target.Number, target.Rows, cancellationToken);
            }
        }

        return (rows, true);
    }

    private Task PutAsync(ErasureItem item, TimeSpan delay, CancellationToken cancellationToken) =>
        queues.SendAsync(QueueNames.Erasures, item.Encode(), delay, QueueItems.TimeToLive, cancellationToken);

    private static partial class Log
    {
        [LoggerMessage(241, LogLevel.Information, "An erasure of business {Business} is done.")]
        internal static partial void Done(ILogger logger, BusinessId business);
    }
}
