// spec/signal.md §4: Kyber pre-keys, one-time and last-resort alike, are signed over their 1569 bytes.

using System.Diagnostics;
using System.Text.Json.Serialization;

namespace Relay.Shared.Signal.Kem;

/// <summary>A Kyber-1024 pre-key, signed by the identity. A one-time one is deleted like a <see cref="PreKeyPair"/>; the last-resort one stays.</summary>
[DebuggerDisplay("[redacted]")]
[JsonConverter(typeof(RefusesJson<KyberPreKeyPair>))]
public sealed class KyberPreKeyPair : IDisposable
{
    private readonly byte[] _signature;

    /// <summary>From storage; takes ownership of <paramref name="keyPair"/>.</summary>
    public KyberPreKeyPair(uint id, KyberKeyPair keyPair, ReadOnlySpan<byte> signature)
    {
        ArgumentNullException.ThrowIfNull(keyPair);
        PreKeyPair.ThrowUnlessIssuable(id);
        ArgumentOutOfRangeException.ThrowIfNotEqual(signature.Length, SignalLimits.SignatureBytes, nameof(signature));
        Id = id;
        KeyPair = keyPair;
        _signature = signature.ToArray();
    }

    public uint Id { get; }

    public KyberKeyPair KeyPair { get; }

    public ReadOnlySpan<byte> Signature => _signature;

    /// <param name="identity">Who signs.</param>
    /// <param name="id">1 to <see cref="SignalLimits.MaxKeyId"/>.</param>
    public static KyberPreKeyPair Generate(IdentityKeyPair identity, uint id)
    {
        ArgumentNullException.ThrowIfNull(identity);
        PreKeyPair.ThrowUnlessIssuable(id);
        KyberKeyPair keyPair = KyberKeyPair.Generate();
        return new KyberPreKeyPair(id, keyPair, identity.Sign(keyPair.PublicKey.Serialized));
    }

    public void Dispose() => KeyPair.Dispose();

    public override string ToString() => "[redacted]";

    /// <summary>With the draws given: used by vectors.</summary>
    internal static KyberPreKeyPair Generate(IdentityKeyPair identity, uint id, KyberKeyPair keyPair, ReadOnlySpan<byte> nonce) =>
        new(id, keyPair, XEdDsa.Sign(identity.Keys, keyPair.PublicKey.Serialized, nonce));
}
