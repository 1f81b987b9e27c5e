// The sealed blob (spec/storage.md §4):
//
//   ver(1)=1 | alg(1)=1 | day(4, yyyyMMdd big endian, 0 = long-lived key) | salt(32) | commitment(32) | nonce(12) | ciphertext | tag(16)
//
// HKDF-SHA256(key, salt, info = place) gives a 32-byte AES-256-GCM key and the 32-byte commitment. The authenticated data is
// the whole header and the place. AES-GCM alone doesn't commit to its key; the commitment does, and is compared first.
using System.Buffers.Binary;
using System.Security.Cryptography;
using Relay.Shared.Primitives;

namespace Relay.Shared.Sealing;

/// <summary>Seals bytes to one key and one place, and opens them nowhere else. Every failure is the same failure.</summary>
internal static class SealedBlob
{
    internal const byte Version = 1;
    internal const byte Aes256Gcm = 1;
    internal const int KeySize = 32;
    internal const int HeaderSize = 1 + 1 + 4 + SaltSize + CommitmentSize + NonceSize;
    internal const int Overhead = HeaderSize + TagSize;

    private const int SaltSize = 32;
    private const int CommitmentSize = 32;
    private const int NonceSize = 12;
    private const int TagSize = BlobCipher.TagSize;
    private const int SaltAt = 6;
    private const int CommitmentAt = SaltAt + SaltSize;
    private const int NonceAt = CommitmentAt + CommitmentSize;

    /// <summary>Authenticated data up to this size needs no array.</summary>
    private const int UsualData = 512;

    internal static byte[] Seal(ReadOnlySpan<byte> key, uint day, ReadOnlySpan<byte> place, ReadOnlySpan<byte> plaintext)
    {
        byte[] blob = new byte[Overhead + plaintext.Length];
        Seal(key, day, place, plaintext, blob);
        return blob;
    }

    /// <summary>The same into <paramref name="blob"/>, which is longer than the plaintext by <see cref="Overhead"/> and no part of it.</summary>
    internal static void Seal(ReadOnlySpan<byte> key, uint day, ReadOnlySpan<byte> place, ReadOnlySpan<byte> plaintext, Span<byte> blob)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(blob.Length, Overhead + plaintext.Length);
        blob[0] = Version;
        blob[1] = Aes256Gcm;
        BinaryPrimitives.WriteUInt32BigEndian(blob[2..], day);

        // Salt and nonce in one draw: what a draw costs is the call.
        Span<byte> draw = stackalloc byte[SaltSize + NonceSize];
        BlobCipher.Random(draw);
        draw[..SaltSize].CopyTo(blob[SaltAt..]);
        draw[SaltSize..].CopyTo(blob[NonceAt..]);

        Span<byte> derived = stackalloc byte[KeySize + CommitmentSize];
        try
        {
            HKDF.DeriveKey(HashAlgorithmName.SHA256, key, derived, blob.Slice(SaltAt, SaltSize), place);
            derived[KeySize..].CopyTo(blob[CommitmentAt..]);
            int length = HeaderSize + place.Length;
            Span<byte> data = length <= UsualData ? stackalloc byte[length] : new byte[length];
            Authenticate(data, blob, place);
            BlobCipher.Encrypt(
                derived[..KeySize],
                blob.Slice(NonceAt, NonceSize),
                plaintext,
                blob.Slice(HeaderSize, plaintext.Length),
                blob[(HeaderSize + plaintext.Length)..],
                data);
        }
        finally
        {
            CryptographicOperations.ZeroMemory(derived);
        }
    }

    /// <summary>The plaintext, or null: forged, moved, truncated or of an unknown version.</summary>
    internal static byte[]? Open(ReadOnlySpan<byte> key, ReadOnlySpan<byte> place, ReadOnlySpan<byte> blob)
    {
        byte[] plaintext = new byte[Math.Max(0, blob.Length - Overhead)];
        return TryOpen(key, place, blob, plaintext) ? plaintext : null;
    }

    /// <summary>The same into <paramref name="plaintext"/>, which is shorter than the blob by <see cref="Overhead"/>; false, and then it says nothing.</summary>
    internal static bool TryOpen(ReadOnlySpan<byte> key, ReadOnlySpan<byte> place, ReadOnlySpan<byte> blob, Span<byte> plaintext)
    {
        if (blob.Length < Overhead || blob[0] != Version || blob[1] != Aes256Gcm)
        {
            return false;
        }

        ArgumentOutOfRangeException.ThrowIfNotEqual(plaintext.Length, blob.Length - Overhead);

        Span<byte> derived = stackalloc byte[KeySize + CommitmentSize];
        try
        {
            HKDF.DeriveKey(HashAlgorithmName.SHA256, key, derived, blob.Slice(SaltAt, SaltSize), place);
            if (!CryptographicOperations.FixedTimeEquals(derived[KeySize..], blob.Slice(CommitmentAt, CommitmentSize)))
            {
                return false;
            }

            int length = HeaderSize + place.Length;
            Span<byte> data = length <= UsualData ? stackalloc byte[length] : new byte[length];
            Authenticate(data, blob, place);
            return BlobCipher.TryDecrypt(derived[..KeySize], blob.Slice(NonceAt, NonceSize), blob[HeaderSize..^TagSize], blob[^TagSize..], plaintext, data);
        }
        finally
        {
            CryptographicOperations.ZeroMemory(derived);
        }
    }

    /// <summary>The day whose key sealed a blob; null for the long-lived key. False for what is no blob of a known version.</summary>
    internal static bool TryReadDay(ReadOnlySpan<byte> blob, out UtcDay? day)
    {
        day = null;
        if (blob.Length < Overhead || blob[0] != Version || blob[1] != Aes256Gcm)
        {
            return false;
        }

        uint number = BinaryPrimitives.ReadUInt32BigEndian(blob[2..]);
        if (number == 0)
        {
            return true;
        }

        bool valid = UtcDay.TryFromNumber(number, out UtcDay parsed);
        day = parsed;
        return valid;
    }

    private static void Authenticate(Span<byte> data, ReadOnlySpan<byte> blob, ReadOnlySpan<byte> place)
    {
        blob[..HeaderSize].CopyTo(data);
        place.CopyTo(data[HeaderSize..]);
    }
}
