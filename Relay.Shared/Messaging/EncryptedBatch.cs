using Relay.Shared.Conversations;
using Relay.Shared.Graph;

namespace Relay.Shared.Messaging;

/// <summary>
/// What became of fresh items in memory: rows to insert, in order, with the session that follows the last of them; and what can't be
/// delivered. No ciphertext of it may leave before rows and session are durable. Wipes the sessions in between.
/// </summary>
internal sealed class EncryptedBatch : IDisposable
{
    private readonly List<EncryptedContent> _steps = [];

    internal List<HandOverItem> Rows { get; } = [];

    internal List<RefusedItem> Refused { get; } = [];

    /// <summary>The session after the last row; null when nothing was encrypted.</summary>
    internal SessionContent? Next => _steps.Count == 0 ? null : _steps[^1].Next;

    public void Dispose()
    {
        foreach (EncryptedContent step in _steps)
        {
            step.Dispose();
        }
    }

    internal void Add(WorkItem work, OutboundMessage message, EncryptedContent encrypted)
    {
        _steps.Add(encrypted);
        Rows.Add(new HandOverItem(work, message));
    }
}

/// <param name="Work">What is worked on.</param>
/// <param name="Message">Its row, as it is in storage or about to be.</param>
internal readonly record struct HandOverItem(WorkItem Work, OutboundMessage Message);

/// <param name="Work">What can't be delivered.</param>
/// <param name="Message">Its row, to be.</param>
/// <param name="Error">Why.</param>
internal readonly record struct RefusedItem(WorkItem Work, OutboundMessage Message, GraphError Error);
