// X3DH (spec/signal.md §3.3): OKM64 = HKDF(0^32, FF^32 || DH1 || DH2 || DH3 [|| DH4], "WhisperText") -> root key || chain key.
//   initiator: DH1 = DH(IKa, SPKb)  DH2 = DH(EKa, IKb)  DH3 = DH(EKa, SPKb)  DH4 = DH(EKa, OPKb)
//   responder: DH1 = DH(SPKb, IKa)  DH2 = DH(IKb, EKa)  DH3 = DH(SPKb, EKa)  DH4 = DH(OPKb, EKa)

using System.Security.Cryptography;

namespace Relay.Shared.Signal;

/// <summary>The first secret of a session. False for any low-order key; then the output is zero.</summary>
internal static class KeyAgreement
{
    internal const int OutputBytes = 2 * SignalKdf.KeyBytes;

    internal static bool TryInitiate(
        KeyPair identity, KeyPair baseKey, PublicKey theirIdentity, PublicKey theirSigned, PublicKey? theirOneTime, Span<byte> output)
    {
        Span<byte> input = stackalloc byte[160];
        try
        {
            Span<byte> used = Start(input, theirOneTime is not null);
            return Curve25519.TryAgree(identity, theirSigned, input[32..])
                && Curve25519.TryAgree(baseKey, theirIdentity, input[64..])
                && Curve25519.TryAgree(baseKey, theirSigned, input[96..])
                && (theirOneTime is null || Curve25519.TryAgree(baseKey, theirOneTime, input[128..]))
                && Finish(used, output);
        }
        finally
        {
            CryptographicOperations.ZeroMemory(input);
        }
    }

    internal static bool TryRespond(
        KeyPair identity, KeyPair signed, KeyPair? oneTime, PublicKey theirIdentity, PublicKey theirBase, Span<byte> output)
    {
        Span<byte> input = stackalloc byte[160];
        try
        {
            Span<byte> used = Start(input, oneTime is not null);
            return Curve25519.TryAgree(signed, theirIdentity, input[32..])
                && Curve25519.TryAgree(identity, theirBase, input[64..])
                && Curve25519.TryAgree(signed, theirBase, input[96..])
                && (oneTime is null || Curve25519.TryAgree(oneTime, theirBase, input[128..]))
                && Finish(used, output);
        }
        finally
        {
            CryptographicOperations.ZeroMemory(input);
        }
    }

    private static Span<byte> Start(Span<byte> input, bool withOneTime)
    {
        input[..32].Fill(0xFF);
        return input[..(withOneTime ? 160 : 128)];
    }

    private static bool Finish(ReadOnlySpan<byte> input, Span<byte> output)
    {
        SignalKdf.Agreement(input, output);
        return true;
    }
}
