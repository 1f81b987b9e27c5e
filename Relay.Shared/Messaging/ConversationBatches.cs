using Relay.Shared.Conversations;

namespace Relay.Shared.Messaging;

/// <summary>
/// Brings the items of one conversation together that this process holds at the same time: whoever gets the conversation's turn
/// takes all that wait, in the order of their acceptance, and the others find theirs done. So a burst costs one session read and one
/// commit for many messages, and stays in order. Within one process only: between processes the session's ETag decides.
/// </summary>
public sealed class ConversationBatches<T>(ConversationGate gate)
    where T : ConversationDelivery
{
    /// <summary>Of what goes out, a batch takes at most two rows per item in a transaction, and with its session stays below 100.</summary>
    internal const int MaxItems = 32;

    /// <summary>What the rows of a batch may take of a transaction's 3 MiB; a session takes up to 1 MB more.</summary>
    internal const int MaxBytes = 2_000_000;

    private readonly Lock _lock = new();
    private readonly Dictionary<ConversationKey, Entry> _entries = [];

    /// <summary>Ends when this item is dealt with. A batch that fails for a fault of ours is done again one by one, so that each fault stays with its item.</summary>
    internal async Task JoinAsync(
        T delivery, Func<IReadOnlyList<T>, CancellationToken, Task> deliver, CancellationToken cancellationToken)
    {
        Add(delivery);
        try
        {
            // Joined in the caller's order, worked on beside it.
            await Task.Yield();
            using IDisposable turn = await gate.EnterAsync(delivery.Key, cancellationToken);
            while (!delivery.Done.IsCompleted)
            {
                await RunAsync(Take(delivery.Key), deliver, cancellationToken);
            }
        }
        finally
        {
            Remove(delivery);
        }

        await delivery.Done;
    }

    private static async Task RunAsync(
        List<T> batch, Func<IReadOnlyList<T>, CancellationToken, Task> deliver, CancellationToken cancellationToken)
    {
        try
        {
            await deliver(batch, cancellationToken);
            Settle(batch, null);
        }
        catch (Exception e) when (batch.Count == 1 || e is OperationCanceledException || DependencyFaults.IsAway(e))
        {
            Settle(batch, e);
        }
        catch (Exception)
        {
            foreach (T one in batch)
            {
                await RunAsync([one], deliver, cancellationToken);
            }
        }
    }

    private static void Settle(List<T> batch, Exception? fault)
    {
        foreach (T delivery in batch)
        {
            if (fault is null)
            {
                delivery.Finish();
            }
            else
            {
                delivery.Fail(fault);
            }
        }
    }

    private void Add(T delivery)
    {
        lock (_lock)
        {
            if (!_entries.TryGetValue(delivery.Key, out Entry? entry))
            {
                _entries[delivery.Key] = entry = new Entry();
            }

            entry.Users++;
            entry.Waiting.Add(delivery);
        }
    }

    /// <summary>The oldest that fit into one batch, each message once: a second delivery of the same message waits for the next.</summary>
    private List<T> Take(ConversationKey key)
    {
        lock (_lock)
        {
            List<T> waiting = _entries[key].Waiting;
            List<T> batch = [];
            HashSet<string> ids = new(StringComparer.Ordinal);
            int bytes = 0;
            foreach (T delivery in waiting.OrderBy(one => one.Item.AcceptedAt))
            {
                if (batch.Count == MaxItems || (batch.Count > 0 && bytes + delivery.CommitBytes > MaxBytes))
                {
                    break;
                }

                if (ids.Add(delivery.Item.Id))
                {
                    batch.Add(delivery);
                    bytes += delivery.CommitBytes;
                }
            }

            waiting.RemoveAll(batch.Contains);
            return batch;
        }
    }

    private void Remove(T delivery)
    {
        lock (_lock)
        {
            Entry entry = _entries[delivery.Key];
            entry.Waiting.Remove(delivery);
            if (--entry.Users == 0)
            {
                _entries.Remove(delivery.Key);
            }
        }
    }

    private sealed class Entry
    {
        public List<T> Waiting { get; } = [];

        public int Users { get; set; }
    }
}
