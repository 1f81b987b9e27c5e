using Relay.Shared.Conversations;

namespace Relay.Shared.Messaging;

/// <summary>One queue item while this process works on it, alone or together with others of its conversation.</summary>
internal abstract class ConversationDelivery(WorkItem item)
{
    private readonly TaskCompletionSource _done = new(TaskCreationOptions.RunContinuationsAsynchronously);

    internal WorkItem Item { get; } = item;

    internal ConversationKey Key { get; } = item.Key;

    /// <summary>Ends when the item is dealt with, with the fault that stopped it if any.</summary>
    internal Task Done => _done.Task;

    /// <summary>About how much of a transaction its rows take at most, in bytes.</summary>
    internal abstract int CommitBytes { get; }

    internal void Finish() => _done.TrySetResult();

    internal void Fail(Exception fault) => _done.TrySetException(fault);
}
