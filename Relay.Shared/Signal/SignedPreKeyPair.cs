using System.Diagnostics;
using System.Text.Json.Serialization;

namespace Relay.Shared.Signal;

/// <summary>A medium-term key, signed by the identity. Keep retired ones at least 30 days: late first messages name them.</summary>
[DebuggerDisplay("[redacted]")]
[JsonConverter(typeof(RefusesJson<SignedPreKeyPair>))]
public sealed class SignedPreKeyPair : IDisposable
{
    private readonly byte[] _signature;

    /// <summary>From storage; takes ownership of <paramref name="keyPair"/>.</summary>
    public SignedPreKeyPair(uint id, KeyPair keyPair, ReadOnlySpan<byte> signature)
    {
        ArgumentNullException.ThrowIfNull(keyPair);
        PreKeyPair.ThrowUnlessIssuable(id);
        ArgumentOutOfRangeException.ThrowIfNotEqual(signature.Length, SignalLimits.SignatureBytes, nameof(signature));
        Id = id;
        KeyPair = keyPair;
        _signature = signature.ToArray();
    }

    public uint Id { get; }

    public KeyPair KeyPair { get; }

    public ReadOnlySpan<byte> Signature => _signature;

    /// <param name="identity">Who signs.</param>
    /// <param name="id">1 to <see cref="SignalLimits.MaxKeyId"/>.</param>
    public static SignedPreKeyPair Generate(IdentityKeyPair identity, uint id)
    {
        ArgumentNullException.ThrowIfNull(identity);
        PreKeyPair.ThrowUnlessIssuable(id);
        KeyPair keyPair = KeyPair.Generate();
        return new SignedPreKeyPair(id, keyPair, identity.Sign(keyPair.PublicKey.Serialized));
    }

    public void Dispose() => KeyPair.Dispose();

    public override string ToString() => "[redacted]";

    /// <summary>With the draws given: used by vectors.</summary>
    internal static SignedPreKeyPair Generate(IdentityKeyPair identity, uint id, KeyPair keyPair, ReadOnlySpan<byte> nonce) =>
        new(id, keyPair, XEdDsa.Sign(identity.Keys, keyPair.PublicKey.Serialized, nonce));
}
