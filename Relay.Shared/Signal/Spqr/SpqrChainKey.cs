// spec/signal.md §4.1: ctr += 1; HKDF(next, BE4(ctr) || "…Chain Next") -> next || message key. The first key has index 1.

using System.Diagnostics;
using System.Security.Cryptography;

namespace Relay.Shared.Signal.Spqr;

/// <summary>One direction of one epoch: moves forward only, and forgets where it was.</summary>
[DebuggerDisplay("[redacted]")]
internal sealed class SpqrChainKey : IDisposable
{
    private readonly byte[] _key;

    internal SpqrChainKey(ReadOnlySpan<byte> key, uint counter)
    {
        _key = key.ToArray();
        Counter = counter;
    }

    /// <summary>The index of the last key given out; 0 when there was none.</summary>
    internal uint Counter { get; private set; }

    internal ReadOnlySpan<byte> Key => _key;

    internal void Next(Span<byte> messageKey)
    {
        Span<byte> derived = stackalloc byte[2 * SpqrKdf.KeyBytes];
        Counter++;
        SpqrKdf.ChainNext(_key, Counter, derived);
        derived[..SpqrKdf.KeyBytes].CopyTo(_key);
        derived[SpqrKdf.KeyBytes..].CopyTo(messageKey);
        CryptographicOperations.ZeroMemory(derived);
    }

    internal SpqrChainKey Clone() => new(_key, Counter);

    public void Dispose() => CryptographicOperations.ZeroMemory(_key);

    public override string ToString() => "[redacted]";
}
