using Relay.Shared.Conversations;

namespace Relay.Shared.Messaging;

/// <summary>
/// Lets one handler at a time work on a conversation within this process, so that neighbours don't race each other into
/// repeated work. An optimisation only: the session's ETag is the guarantee.
/// </summary>
public sealed class ConversationGate
{
    private readonly Lock _lock = new();
    private readonly Dictionary<ConversationKey, Entry> _entries = [];

    public async Task<IDisposable> EnterAsync(ConversationKey key, CancellationToken cancellationToken)
    {
        Entry entry;
        lock (_lock)
        {
            if (!_entries.TryGetValue(key, out Entry? found))
            {
                _entries[key] = found = new Entry();
            }

            found.Users++;
            entry = found;
        }

        try
        {
            await entry.Turn.WaitAsync(cancellationToken);
        }
        catch (OperationCanceledException)
        {
            Leave(key, entry, held: false);
            throw;
        }

        return new Holder(this, key, entry);
    }

    private void Leave(ConversationKey key, Entry entry, bool held)
    {
        if (held)
        {
            entry.Turn.Release();
        }

        lock (_lock)
        {
            if (--entry.Users == 0)
            {
                _entries.Remove(key);
            }
        }
    }

    private sealed class Entry
    {
        public SemaphoreSlim Turn { get; } = new(1, 1);

        public int Users { get; set; }
    }

    private sealed class Holder(ConversationGate gate, ConversationKey key, Entry entry) : IDisposable
    {
        private bool _left;

        public void Dispose()
        {
            if (!_left)
            {
                _left = true;
                gate.Leave(key, entry, held: true);
            }
        }
    }
}
