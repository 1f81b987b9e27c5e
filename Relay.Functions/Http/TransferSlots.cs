using System.Diagnostics.CodeAnalysis;

namespace Relay.Functions.Http;

/// <summary>Bounds how many files an instance takes at once, so that slow senders can't hold more of its memory than so many buffers.</summary>
public sealed class TransferSlots
{
    /// <summary>Some 100 MB of buffers.</summary>
    internal const int Max = 64;

    private int _taken;

    internal bool TryTake([NotNullWhen(true)] out IDisposable? slot)
    {
        slot = null;
        if (Interlocked.Increment(ref _taken) > Max)
        {
            Interlocked.Decrement(ref _taken);
            return false;
        }

        slot = new Slot(this);
        return true;
    }

    private sealed class Slot(TransferSlots slots) : IDisposable
    {
        private int _left;

        public void Dispose()
        {
            if (Interlocked.Exchange(ref _left, 1) == 0)
            {
                Interlocked.Decrement(ref slots._taken);
            }
        }
    }
}
