// spec/signal.md §4.1, "Chain": a key a message, from the newest epoch secret both sides know to have. Epoch 0 comes of the
// handshake. Sending never goes back an epoch; when it goes forward, epochs before the previous one are dropped.
// Limits: a jump of 25,000 as everywhere; 2,000 skipped keys over all epochs, the oldest going first; three epochs at most.

using System.Diagnostics;
using System.Security.Cryptography;

namespace Relay.Shared.Signal.Spqr;

/// <summary>The symmetric half of the post-quantum ratchet. Owns its keys.</summary>
[DebuggerDisplay("[redacted]")]
internal sealed class SpqrChain : IDisposable
{
    /// <summary>The one before the one sent in, the one sent in, and one that is agreed but not sent in yet.</summary>
    internal const int MaxEpochs = 3;

    private readonly bool _isInitiator;
    private readonly byte[] _root;
    private readonly List<SpqrEpoch> _epochs;

    /// <summary>From a stored state; takes ownership of the epochs, which end with <paramref name="current"/>.</summary>
    internal SpqrChain(bool isInitiator, ReadOnlySpan<byte> root, ulong current, ulong sendEpoch, IEnumerable<SpqrEpoch> epochs)
    {
        _isInitiator = isInitiator;
        _root = root[..SpqrKdf.KeyBytes].ToArray();
        _epochs = [.. epochs];
        Current = current;
        SendEpoch = sendEpoch;
    }

    internal ReadOnlySpan<byte> Root => _root;

    /// <summary>The newest epoch there is.</summary>
    internal ulong Current { get; private set; }

    /// <summary>The epoch last sent in.</summary>
    internal ulong SendEpoch { get; private set; }

    /// <summary>Oldest first.</summary>
    internal IReadOnlyList<SpqrEpoch> Epochs => _epochs;

    internal int SkippedCount
    {
        get
        {
            int count = 0;
            foreach (SpqrEpoch epoch in _epochs)
            {
                count += epoch.Skipped.Count;
            }

            return count;
        }
    }

    private ulong Oldest => Current + 1 - (ulong)_epochs.Count;

    internal static SpqrChain Start(bool isInitiator, ReadOnlySpan<byte> pqrKey)
    {
        Span<byte> derived = stackalloc byte[3 * SpqrKdf.KeyBytes];
        SpqrKdf.ChainStart(pqrKey, derived);
        var chain = new SpqrChain(isInitiator, derived, 0, 0, [Split(isInitiator, derived)]);
        CryptographicOperations.ZeroMemory(derived);
        return chain;
    }

    internal void AddEpoch(ReadOnlySpan<byte> epochSecret)
    {
        Span<byte> derived = stackalloc byte[3 * SpqrKdf.KeyBytes];
        SpqrKdf.ChainAddEpoch(_root, epochSecret, derived);
        derived[..SpqrKdf.KeyBytes].CopyTo(_root);
        _epochs.Add(Split(_isInitiator, derived));
        Current++;
        CryptographicOperations.ZeroMemory(derived);
    }

    /// <summary>The key of the next message in that epoch, and its index.</summary>
    internal uint Send(ulong epoch, Span<byte> messageKey)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(epoch, SendEpoch);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(epoch, Current);
        if (epoch > SendEpoch)
        {
            SendEpoch = epoch;
            while (Oldest + 1 < epoch)
            {
                _epochs[0].Dispose();
                _epochs.RemoveAt(0);
            }

            for (int i = 0; Oldest + (ulong)i < epoch; i++)
            {
                _epochs[i].EndSending();
            }
        }

        SpqrChainKey sending = _epochs[(int)(epoch - Oldest)].Sending ?? throw new InvalidOperationException("That chain has ended.");
        sending.Next(messageKey);
        return sending.Counter;
    }

    /// <summary>Whether <see cref="Receive"/> would give a key. Nothing changes.</summary>
    internal SpqrOutcome Check(ulong epoch, uint index) =>
        epoch < Oldest || epoch > Current ? SpqrOutcome.WrongEpoch : _epochs[(int)(epoch - Oldest)].Check(index);

    /// <summary>After a good <see cref="Check"/>: the key of a message, given out once.</summary>
    internal void Receive(ulong epoch, uint index, Span<byte> messageKey)
    {
        _epochs[(int)(epoch - Oldest)].Receive(index, messageKey);
        int excess = SkippedCount - SignalLimits.MaxSkippedKeys;
        for (int i = 0; excess > 0; i++)
        {
            int dropped = Math.Min(excess, _epochs[i].Skipped.Count);
            _epochs[i].Skipped.DropOldest(dropped);
            excess -= dropped;
        }
    }

    internal SpqrChain Clone() => new(_isInitiator, _root, Current, SendEpoch, _epochs.Select(epoch => epoch.Clone()));

    public void Dispose()
    {
        CryptographicOperations.ZeroMemory(_root);
        foreach (SpqrEpoch epoch in _epochs)
        {
            epoch.Dispose();
        }
    }

    public override string ToString() => "[redacted]";

    private static SpqrEpoch Split(bool isInitiator, ReadOnlySpan<byte> derived)
    {
        var ours = new SpqrChainKey(derived.Slice((isInitiator ? 1 : 2) * SpqrKdf.KeyBytes, SpqrKdf.KeyBytes), 0);
        var theirs = new SpqrChainKey(derived.Slice((isInitiator ? 2 : 1) * SpqrKdf.KeyBytes, SpqrKdf.KeyBytes), 0);
        return new SpqrEpoch(ours, theirs, new SkippedKeys());
    }
}
