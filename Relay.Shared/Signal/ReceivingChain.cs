// spec/signal.md §3.9 step 3: find the key of one counter, keeping the keys that are passed over.

using System.Diagnostics;

namespace Relay.Shared.Signal;

/// <summary>The messages of one turn of the peer's, in whatever order they arrive.</summary>
[DebuggerDisplay("[redacted]")]
internal sealed class ReceivingChain : IDisposable
{
    internal ReceivingChain(PublicKey ratchetKey, ChainKey chain, SkippedKeys skipped)
    {
        RatchetKey = ratchetKey;
        Chain = chain;
        Skipped = skipped;
    }

    internal PublicKey RatchetKey { get; }

    internal ChainKey Chain { get; }

    internal SkippedKeys Skipped { get; }

    internal SessionOutcome TakeSeed(uint counter, Span<byte> seed)
    {
        if (counter < Chain.Index)
        {
            return Skipped.TryTake(counter, seed) ? SessionOutcome.Success : SessionOutcome.Duplicate;
        }

        uint jump = counter - Chain.Index;
        if (jump > SignalLimits.MaxJump || counter == uint.MaxValue)
        {
            return SessionOutcome.TooFarAhead;
        }

        // Seeds that the cap would drop again at once are not even computed.
        for (uint left = jump; left > 0; left--)
        {
            if (left <= SignalLimits.MaxSkippedKeys)
            {
                Chain.WriteSeed(Skipped.Add(Chain.Index));
            }

            Chain.Advance();
        }

        Chain.WriteSeed(seed);
        Chain.Advance();
        return SessionOutcome.Success;
    }

    internal ReceivingChain Clone() => new(RatchetKey, Chain.Clone(), Skipped.Clone());

    public void Dispose()
    {
        Chain.Dispose();
        Skipped.Dispose();
    }

    public override string ToString() => "[redacted]";
}
