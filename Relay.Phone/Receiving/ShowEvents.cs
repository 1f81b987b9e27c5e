using Relay.Phone.Events;
using Relay.Phone.State;

namespace Relay.Phone.Receiving;

/// <summary>
/// Keeps received events in the state until somebody has shown them: what a crash swallowed between saving and showing is
/// shown by the next run.
/// </summary>
internal sealed class ShowEvents(PhoneStore store)
{
    private long _handedOut;

    /// <summary>Everything that wasn't handed out before, or was by a run that ended without confirming it.</summary>
    internal async Task<IReadOnlyList<PhoneEvent>> TakeAsync(CancellationToken cancellationToken)
    {
        InboxEntry[] left = await store.ReadAsync(
            data => data.Inbox.Where(entry => entry.Number > _handedOut).ToArray(), cancellationToken);
        _handedOut = left.Length > 0 ? left[^1].Number : _handedOut;
        return [.. left.Select(entry => entry.Event)];
    }

    /// <summary>Forgets what was handed out.</summary>
    internal async Task ConfirmAsync(CancellationToken cancellationToken)
    {
        long shown = _handedOut;
        if (await store.ReadAsync(data => data.Inbox.Exists(entry => entry.Number <= shown), cancellationToken))
        {
            await store.ChangeAsync(data => data.Inbox.RemoveAll(entry => entry.Number <= shown), cancellationToken);
        }
    }
}
