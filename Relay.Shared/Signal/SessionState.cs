// spec/signal.md §3.5 and §4. One session with one peer device. Mutable: only ever changed on a copy (Clone) that is
// adopted after the MAC was right, or thrown away.

using System.Diagnostics;
using Relay.Shared.Signal.Spqr;
using Relay.Shared.Signal.Wire;

namespace Relay.Shared.Signal;

/// <summary>The state of one session. Owns every key in it.</summary>
[DebuggerDisplay("[redacted]")]
internal sealed class SessionState : IDisposable
{
    private readonly List<ReceivingChain> _receiving = new(SignalLimits.MaxReceivingChains + 1);

    internal SessionState(RootKey root, KeyPair sendingRatchet, ChainKey sending)
    {
        Root = root;
        SendingRatchet = sendingRatchet;
        Sending = sending;
    }

    internal required byte Version { get; init; }

    internal required PublicKey LocalIdentity { get; init; }

    internal required PublicKey RemoteIdentity { get; init; }

    internal required uint LocalRegistrationId { get; init; }

    internal required uint RemoteRegistrationId { get; init; }

    /// <summary>The initiator's base key: the session's name on both sides.</summary>
    internal required PublicKey BaseKey { get; init; }

    internal RootKey Root { get; }

    internal KeyPair SendingRatchet { get; private set; }

    internal ChainKey Sending { get; private set; }

    /// <summary>Index of the last message of the previous sending chain, 0 if there was none (§3.9).</summary>
    internal uint PreviousCounter { get; set; }

    /// <summary>Set on the initiator's side until the first message of the peer was read.</summary>
    internal PendingPreKey? Pending { get; set; }

    /// <summary>
    /// SPQR, when the session was opened with it (§4.2): every message must carry it then, and every key is salted by it. Owned.
    /// </summary>
    internal SpqrState? PostQuantum { get; set; }

    /// <summary>
    /// The peer opened a session with SPQR by messages that have no SPQR key yet. True while that chain, the oldest, is kept.
    /// </summary>
    internal bool IsFirstChainKeyless { get; set; }

    /// <summary>Reads what still arrives and never sends again (<see cref="SessionRecord.RetireSending"/>).</summary>
    internal bool IsRetired { get; set; }

    internal SessionProtocols Protocol => Version != WireVersion.PostQuantum ? SessionProtocols.X3dh
        : PostQuantum is null ? SessionProtocols.Pqxdh
        : SessionProtocols.PqxdhSpqr;

    /// <summary>Oldest first.</summary>
    internal IReadOnlyList<ReceivingChain> Receiving => _receiving;

    internal int SkippedCount
    {
        get
        {
            int count = 0;
            foreach (ReceivingChain chain in _receiving)
            {
                count += chain.Skipped.Count;
            }

            return count;
        }
    }

    internal ReceivingChain? FindReceiving(PublicKey ratchetKey)
    {
        foreach (ReceivingChain chain in _receiving)
        {
            if (chain.RatchetKey.Equals(ratchetKey))
            {
                return chain;
            }
        }

        return null;
    }

    internal void AddReceiving(ReceivingChain chain)
    {
        _receiving.Add(chain);
        if (_receiving.Count > SignalLimits.MaxReceivingChains)
        {
            _receiving[0].Dispose();
            _receiving.RemoveAt(0);
            IsFirstChainKeyless = false;
        }
    }

    /// <summary>Keeps the session's total of skipped keys under the cap; the oldest chain loses first.</summary>
    internal void TrimSkipped()
    {
        int excess = SkippedCount - SignalLimits.MaxSkippedKeys;
        for (int i = 0; excess > 0; i++)
        {
            int dropped = Math.Min(excess, _receiving[i].Skipped.Count);
            _receiving[i].Skipped.DropOldest(dropped);
            excess -= dropped;
        }
    }

    /// <summary>Starts our next turn. Takes ownership of both.</summary>
    internal void ReplaceSending(KeyPair ratchet, ChainKey chain)
    {
        PreviousCounter = Sending.Index == 0 ? 0 : Sending.Index - 1;
        SendingRatchet.Dispose();
        Sending.Dispose();
        SendingRatchet = ratchet;
        Sending = chain;
    }

    internal SessionState Clone()
    {
        var copy = new SessionState(Root.Clone(), SendingRatchet.Clone(), Sending.Clone())
        {
            Version = Version,
            LocalIdentity = LocalIdentity,
            RemoteIdentity = RemoteIdentity,
            LocalRegistrationId = LocalRegistrationId,
            RemoteRegistrationId = RemoteRegistrationId,
            BaseKey = BaseKey,
            PreviousCounter = PreviousCounter,
            Pending = Pending,
            PostQuantum = PostQuantum?.Clone(),
            IsRetired = IsRetired,
            IsFirstChainKeyless = IsFirstChainKeyless,
        };
        foreach (ReceivingChain chain in _receiving)
        {
            copy._receiving.Add(chain.Clone());
        }

        return copy;
    }

    public void Dispose()
    {
        Root.Dispose();
        SendingRatchet.Dispose();
        Sending.Dispose();
        PostQuantum?.Dispose();
        foreach (ReceivingChain chain in _receiving)
        {
            chain.Dispose();
        }
    }

    public override string ToString() => "[redacted]";
}
