// spec/signal.md §3.3: HKDF(salt = root key, ikm = DH(ratchet keys), "WhisperRatchet") -> new root key || chain key.

using System.Diagnostics;
using System.Security.Cryptography;

namespace Relay.Shared.Signal;

/// <summary>The key every turn of the DH ratchet replaces.</summary>
[DebuggerDisplay("[redacted]")]
internal sealed class RootKey : IDisposable
{
    private readonly byte[] _key;

    internal RootKey(ReadOnlySpan<byte> key) => _key = key.ToArray();

    internal ReadOnlySpan<byte> Key => _key;

    /// <summary>Replaces the key and returns the new chain; null, with nothing changed, when their key is of low order.</summary>
    internal ChainKey? Turn(KeyPair ours, PublicKey theirs)
    {
        Span<byte> shared = stackalloc byte[Curve25519.SharedBytes];
        Span<byte> derived = stackalloc byte[2 * SignalKdf.KeyBytes];
        try
        {
            if (!Curve25519.TryAgree(ours, theirs, shared))
            {
                return null;
            }

            SignalKdf.Root(_key, shared, derived);
            derived[..SignalKdf.KeyBytes].CopyTo(_key);
            return new ChainKey(derived[SignalKdf.KeyBytes..], 0);
        }
        finally
        {
            CryptographicOperations.ZeroMemory(shared);
            CryptographicOperations.ZeroMemory(derived);
        }
    }

    internal RootKey Clone() => new(_key);

    public void Dispose() => CryptographicOperations.ZeroMemory(_key);

    public override string ToString() => "[redacted]";
}
