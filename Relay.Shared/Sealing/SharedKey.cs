using Relay.Shared.Primitives;

namespace Relay.Shared.Sealing;

/// <summary>A key of the cache, and who uses it: it is wiped when it has left the cache and the last user is done, neither earlier nor later.</summary>
internal sealed class SharedKey(SecretBytes key)
{
    private readonly Lock _gate = new();

    /// <summary>By number, so that one user who is done twice doesn't end another's use.</summary>
    private readonly HashSet<long> _users = [];

    private long _tickets;
    private bool _hasLeft;

    internal KeyLease Lend()
    {
        lock (_gate)
        {
            ObjectDisposedException.ThrowIf(_hasLeft, this);
            _users.Add(++_tickets);
            return new KeyLease(this, _tickets);
        }
    }

    internal ReadOnlySpan<byte> Reveal(long ticket)
    {
        lock (_gate)
        {
            ObjectDisposedException.ThrowIf(!_users.Contains(ticket), this);
            return key.Reveal();
        }
    }

    internal void Return(long ticket)
    {
        lock (_gate)
        {
            if (_users.Remove(ticket))
            {
                WipeIfUnused();
            }
        }
    }

    /// <summary>The cache gives it up.</summary>
    internal void Leave()
    {
        lock (_gate)
        {
            _hasLeft = true;
            WipeIfUnused();
        }
    }

    private void WipeIfUnused()
    {
        if (_hasLeft && _users.Count == 0)
        {
            key.Dispose();
        }
    }
}
