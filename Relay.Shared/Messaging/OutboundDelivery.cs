using Relay.Shared.Conversations;

namespace Relay.Shared.Messaging;

/// <summary>One outbound item while this process works on it, alone or together with others of its conversation.</summary>
/// <param name="item">The item.</param>
/// <param name="body">Null for a reference to a stored message.</param>
internal sealed class OutboundDelivery(WorkItem item, OutboundBody? body)
{
    /// <summary>What a stored message takes beside its content, in bytes of a transaction.</summary>
    private const int RowOverhead = 4 * 1024;

    private readonly TaskCompletionSource _done = new(TaskCreationOptions.RunContinuationsAsynchronously);

    internal WorkItem Item { get; } = item;

    internal ConversationKey Key { get; } = item.Key;

    internal OutboundBody? Body { get; } = body;

    /// <summary>Ends when the item is dealt with, with the fault that stopped it if any.</summary>
    internal Task Done => _done.Task;

    /// <summary>About how much of a transaction its row takes: content and ciphertext, each in base64.</summary>
    internal int CommitBytes => Body is null ? RowOverhead : RowOverhead + (Body.Content.Length * 8 / 3);

    internal void Finish() => _done.TrySetResult();

    internal void Fail(Exception fault) => _done.TrySetException(fault);
}
