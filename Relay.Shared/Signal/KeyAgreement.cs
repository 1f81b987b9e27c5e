// X3DH and PQXDH (spec/signal.md §3.3 and §4), F = FF^32:
//   X3DH:  HKDF(0^32, F || DH1 || DH2 || DH3 [|| DH4], "WhisperText") -> root key || chain key
//   PQXDH: HKDF(0^32, F || DH1 || DH2 || DH3 [|| DH4] || Kyber secret, "WhisperText_X25519_SHA-256_CRYSTALS-KYBER-1024")
//          -> root key || chain key || post-quantum ratchet key
//   initiator: DH1 = DH(IKa, SPKb)  DH2 = DH(EKa, IKb)  DH3 = DH(EKa, SPKb)  DH4 = DH(EKa, OPKb)
//   responder: DH1 = DH(SPKb, IKa)  DH2 = DH(IKb, EKa)  DH3 = DH(SPKb, EKa)  DH4 = DH(OPKb, EKa)

using System.Security.Cryptography;

namespace Relay.Shared.Signal;

/// <summary>The first secrets of a session. False for any low-order key; then the output is not written.</summary>
internal static class KeyAgreement
{
    /// <summary>X3DH: root key || chain key.</summary>
    internal const int ClassicBytes = 2 * SignalKdf.KeyBytes;

    /// <summary>PQXDH: root key || chain key || post-quantum ratchet key.</summary>
    internal const int PostQuantumBytes = 3 * SignalKdf.KeyBytes;

    private const int MaxInputBytes = 6 * SignalKdf.KeyBytes;

    /// <param name="identity">Ours.</param>
    /// <param name="baseKey">Drawn for this session.</param>
    /// <param name="theirIdentity">From the bundle.</param>
    /// <param name="theirSigned">From the bundle.</param>
    /// <param name="theirOneTime">From the bundle, if it has one.</param>
    /// <param name="kyberSecret">Empty for X3DH.</param>
    /// <param name="output"><see cref="ClassicBytes"/> or <see cref="PostQuantumBytes"/>.</param>
    internal static bool TryInitiate(
        KeyPair identity,
        KeyPair baseKey,
        PublicKey theirIdentity,
        PublicKey theirSigned,
        PublicKey? theirOneTime,
        ReadOnlySpan<byte> kyberSecret,
        Span<byte> output)
    {
        Span<byte> input = stackalloc byte[MaxInputBytes];
        try
        {
            return Curve25519.TryAgree(identity, theirSigned, input[32..])
                && Curve25519.TryAgree(baseKey, theirIdentity, input[64..])
                && Curve25519.TryAgree(baseKey, theirSigned, input[96..])
                && (theirOneTime is null || Curve25519.TryAgree(baseKey, theirOneTime, input[128..]))
                && Finish(input, theirOneTime is not null, kyberSecret, output);
        }
        finally
        {
            CryptographicOperations.ZeroMemory(input);
        }
    }

    /// <param name="identity">Ours.</param>
    /// <param name="signed">The signed pre-key the message names.</param>
    /// <param name="oneTime">The one-time pre-key it names, if any.</param>
    /// <param name="theirIdentity">From the message.</param>
    /// <param name="theirBase">From the message.</param>
    /// <param name="kyberSecret">Empty for X3DH.</param>
    /// <param name="output"><see cref="ClassicBytes"/> or <see cref="PostQuantumBytes"/>.</param>
    internal static bool TryRespond(
        KeyPair identity,
        KeyPair signed,
        KeyPair? oneTime,
        PublicKey theirIdentity,
        PublicKey theirBase,
        ReadOnlySpan<byte> kyberSecret,
        Span<byte> output)
    {
        Span<byte> input = stackalloc byte[MaxInputBytes];
        try
        {
            return Curve25519.TryAgree(signed, theirIdentity, input[32..])
                && Curve25519.TryAgree(identity, theirBase, input[64..])
                && Curve25519.TryAgree(signed, theirBase, input[96..])
                && (oneTime is null || Curve25519.TryAgree(oneTime, theirBase, input[128..]))
                && Finish(input, oneTime is not null, kyberSecret, output);
        }
        finally
        {
            CryptographicOperations.ZeroMemory(input);
        }
    }

    private static bool Finish(Span<byte> input, bool withOneTime, ReadOnlySpan<byte> kyberSecret, Span<byte> output)
    {
        input[..32].Fill(0xFF);
        int agreed = withOneTime ? 160 : 128;
        kyberSecret.CopyTo(input[agreed..]);
        if (kyberSecret.IsEmpty)
        {
            SignalKdf.Agreement(input[..agreed], output);
        }
        else
        {
            SignalKdf.PostQuantumAgreement(input[..(agreed + kyberSecret.Length)], output);
        }

        return true;
    }
}
