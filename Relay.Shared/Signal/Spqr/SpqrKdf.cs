// spec/signal.md §4.1: the derivations of SPQR v1. HKDF and HMAC are with SHA-256, "no salt" is 32 zero bytes, integers in
// labels are big endian. The two spaces in "Chain  Start" are on the wire of history: they stay.

using System.Buffers.Binary;
using System.Security.Cryptography;

namespace Relay.Shared.Signal.Spqr;

/// <summary>Each label of the post-quantum ratchet, written once.</summary>
internal static class SpqrKdf
{
    internal const int KeyBytes = SignalKdf.KeyBytes;
    internal const int MacBytes = 32;

    private static ReadOnlySpan<byte> ChainStartLabel => "Signal PQ Ratchet V1 Chain  Start"u8;

    private static ReadOnlySpan<byte> ChainAddEpochLabel => "Signal PQ Ratchet V1 Chain Add Epoch"u8;

    private static ReadOnlySpan<byte> ChainNextLabel => "Signal PQ Ratchet V1 Chain Next"u8;

    private static ReadOnlySpan<byte> UpdateLabel => "Signal_PQCKA_V1_MLKEM768:Authenticator Update"u8;

    private static ReadOnlySpan<byte> EpochSecretLabel => "Signal_PQCKA_V1_MLKEM768:SCKA Key"u8;

    private static ReadOnlySpan<byte> HeaderMacLabel => "Signal_PQCKA_V1_MLKEM768:ekheader"u8;

    private static ReadOnlySpan<byte> CiphertextMacLabel => "Signal_PQCKA_V1_MLKEM768:ciphertext"u8;

    /// <summary>Next root || initiator's chain || responder's chain.</summary>
    internal static void ChainStart(ReadOnlySpan<byte> pqrKey, Span<byte> derived) =>
        SignalKdf.Derive(pqrKey, [], ChainStartLabel, derived[..(3 * KeyBytes)]);

    /// <summary>Next root || initiator's chain || responder's chain.</summary>
    internal static void ChainAddEpoch(ReadOnlySpan<byte> root, ReadOnlySpan<byte> epochSecret, Span<byte> derived) =>
        SignalKdf.Derive(epochSecret, root, ChainAddEpochLabel, derived[..(3 * KeyBytes)]);

    /// <summary>Next chain key || message key.</summary>
    internal static void ChainNext(ReadOnlySpan<byte> chainKey, uint counter, Span<byte> derived)
    {
        Span<byte> info = stackalloc byte[sizeof(uint) + ChainNextLabel.Length];
        BinaryPrimitives.WriteUInt32BigEndian(info, counter);
        ChainNextLabel.CopyTo(info[sizeof(uint)..]);
        SignalKdf.Derive(chainKey, [], info, derived[..(2 * KeyBytes)]);
    }

    /// <summary>In place: authenticator root || MAC key.</summary>
    internal static void UpdateAuthenticator(Span<byte> rootAndMac, ReadOnlySpan<byte> key, ulong epoch)
    {
        Span<byte> info = stackalloc byte[UpdateLabel.Length + sizeof(ulong)];
        Span<byte> input = stackalloc byte[2 * KeyBytes];
        try
        {
            rootAndMac[..KeyBytes].CopyTo(input);
            key[..KeyBytes].CopyTo(input[KeyBytes..]);
            SignalKdf.Derive(input, [], Labelled(UpdateLabel, epoch, info), rootAndMac[..(2 * KeyBytes)]);
        }
        finally
        {
            CryptographicOperations.ZeroMemory(input);
        }
    }

    internal static void EpochSecret(ReadOnlySpan<byte> shared, ulong epoch, Span<byte> secret)
    {
        Span<byte> info = stackalloc byte[EpochSecretLabel.Length + sizeof(ulong)];
        SignalKdf.Derive(shared, [], Labelled(EpochSecretLabel, epoch, info), secret[..KeyBytes]);
    }

    internal static void HeaderMac(ReadOnlySpan<byte> macKey, ulong epoch, ReadOnlySpan<byte> header, Span<byte> mac)
    {
        Span<byte> start = stackalloc byte[HeaderMacLabel.Length + sizeof(ulong)];
        Sodium.HmacSha256(macKey, Labelled(HeaderMacLabel, epoch, start), header, [], mac);
    }

    internal static void CiphertextMac(
        ReadOnlySpan<byte> macKey, ulong epoch, ReadOnlySpan<byte> first, ReadOnlySpan<byte> second, Span<byte> mac)
    {
        Span<byte> start = stackalloc byte[CiphertextMacLabel.Length + sizeof(ulong)];
        Sodium.HmacSha256(macKey, Labelled(CiphertextMacLabel, epoch, start), first, second, mac);
    }

    private static Span<byte> Labelled(ReadOnlySpan<byte> label, ulong epoch, Span<byte> destination)
    {
        label.CopyTo(destination);
        BinaryPrimitives.WriteUInt64BigEndian(destination[label.Length..], epoch);
        return destination;
    }
}
