using Relay.Shared.Conversations;

namespace Relay.Shared.Messaging;

/// <summary>One queue item while this process works on it, alone or together with others of its conversation.</summary>
public abstract class ConversationDelivery
{
    private readonly TaskCompletionSource _done = new(TaskCreationOptions.RunContinuationsAsynchronously);

    private protected ConversationDelivery(WorkItem item) => (Item, Key) = (item, item.Key);

    internal WorkItem Item { get; }

    internal ConversationKey Key { get; }

    /// <summary>Ends when the item is dealt with, with the fault that stopped it if any.</summary>
    internal Task Done => _done.Task;

    /// <summary>About how much of a transaction its rows take at most, in bytes.</summary>
    internal abstract int CommitBytes { get; }

    internal void Finish() => _done.TrySetResult();

    internal void Fail(Exception fault) => _done.TrySetException(fault);
}
