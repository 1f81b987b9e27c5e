// spec/signal.md §3.3: seed = HMAC(ck, 01), next ck = HMAC(ck, 02).

using System.Diagnostics;
using System.Security.Cryptography;

namespace Relay.Shared.Signal;

/// <summary>A symmetric chain: it moves forward only, and forgets where it was.</summary>
[DebuggerDisplay("[redacted]")]
internal sealed class ChainKey : IDisposable
{
    private readonly byte[] _key;

    internal ChainKey(ReadOnlySpan<byte> key, uint index)
    {
        _key = key.ToArray();
        Index = index;
    }

    /// <summary>The counter of the message whose seed comes next.</summary>
    internal uint Index { get; private set; }

    internal ReadOnlySpan<byte> Key => _key;

    internal void WriteSeed(Span<byte> seed) => SignalKdf.ChainSeed(_key, seed);

    internal void Advance()
    {
        Span<byte> next = stackalloc byte[SignalKdf.KeyBytes];
        SignalKdf.ChainNext(_key, next);
        next.CopyTo(_key);
        CryptographicOperations.ZeroMemory(next);
        Index++;
    }

    internal ChainKey Clone() => new(_key, Index);

    public void Dispose() => CryptographicOperations.ZeroMemory(_key);

    public override string ToString() => "[redacted]";
}
