// spec/signal.md §4.1, "Chain": what one epoch secret gives. Limits: see SpqrChain.

using System.Diagnostics;

namespace Relay.Shared.Signal.Spqr;

/// <summary>The two chains of one epoch secret, and the keys the receiving one went past. Owns them.</summary>
[DebuggerDisplay("[redacted]")]
internal sealed class SpqrEpoch(SpqrChainKey? sending, SpqrChainKey receiving, SkippedKeys skipped) : IDisposable
{
    /// <summary>Null once a later epoch has been sent in: there's no way back.</summary>
    internal SpqrChainKey? Sending { get; private set; } = sending;

    internal SpqrChainKey Receiving { get; } = receiving;

    internal SkippedKeys Skipped { get; } = skipped;

    /// <summary>Nothing changes. Index 0 is no key's.</summary>
    internal SpqrOutcome Check(uint index)
    {
        if (index <= Receiving.Counter)
        {
            return Skipped.Counters.BinarySearch(index) >= 0 ? SpqrOutcome.Success : SpqrOutcome.Duplicate;
        }

        return index - Receiving.Counter > SignalLimits.MaxJump ? SpqrOutcome.TooFarAhead : SpqrOutcome.Success;
    }

    /// <summary>After a good <see cref="Check"/>.</summary>
    internal void Receive(uint index, Span<byte> messageKey)
    {
        if (index <= Receiving.Counter)
        {
            Skipped.TryTake(index, messageKey);
            return;
        }

        while (Receiving.Counter < index - 1)
        {
            // Of a long jump only the last 2,000 would survive: the others aren't even kept.
            bool kept = index - Receiving.Counter <= SignalLimits.MaxSkippedKeys + 1;
            Receiving.Next(kept ? Skipped.Add(Receiving.Counter + 1) : messageKey);
        }

        Receiving.Next(messageKey);
    }

    internal void EndSending()
    {
        Sending?.Dispose();
        Sending = null;
    }

    internal SpqrEpoch Clone() => new(Sending?.Clone(), Receiving.Clone(), Skipped.Clone());

    public void Dispose()
    {
        Sending?.Dispose();
        Receiving.Dispose();
        Skipped.Dispose();
    }

    public override string ToString() => "[redacted]";
}
