// spec/signal.md §4: the secret of a Kyber pre-key as it travels, 0x08 || Kyber-1024 ciphertext (1568 bytes).

using Relay.Shared.Signal.Kem;

namespace Relay.Shared.Signal;

/// <summary>What an initiator encapsulated to a Kyber pre-key: repeated in every message until the peer has answered. No secret.</summary>
internal sealed class KyberCapsule
{
    private readonly byte[] _ciphertext;

    /// <param name="preKeyId">The Kyber pre-key it is for.</param>
    /// <param name="ciphertext">With its type byte.</param>
    internal KyberCapsule(uint preKeyId, ReadOnlySpan<byte> ciphertext)
    {
        PreKeyId = preKeyId;
        _ciphertext = ciphertext.ToArray();
    }

    internal uint PreKeyId { get; }

    /// <summary>With its type byte.</summary>
    internal ReadOnlySpan<byte> Ciphertext => _ciphertext;

    internal static bool IsWellFormed(ReadOnlySpan<byte> ciphertext) =>
        ciphertext.Length == KyberPublicKey.CiphertextBytes && ciphertext[0] == KyberPublicKey.Kyber1024Type;
}
