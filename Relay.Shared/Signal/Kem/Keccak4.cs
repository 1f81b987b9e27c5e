// FIPS 202 §3: Keccak-f[1600] on four states at once, lane by lane in vectors of four, for the many short inputs of one length
// that ML-KEM expands (FIPS 203 §4.1): four cost little more than one.
// Limits: no branch and no index depends on a state; who put a secret in wipes the state.

using System.Buffers.Binary;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Security.Cryptography;

namespace Relay.Shared.Signal.Kem;

/// <summary>The permutation below SHA-3 and SHAKE, four abreast.</summary>
internal static class Keccak4
{
    internal const int Lanes = 25;

    /// <summary>Bytes that come of each permutation.</summary>
    internal const int Shake128Rate = 168;

    internal const int Shake256Rate = 136;

    private const int SharedLanes = 4;

    private static readonly ulong[] RoundConstants =
    [
        0x0000000000000001, 0x0000000000008082, 0x800000000000808A, 0x8000000080008000, 0x000000000000808B, 0x0000000080000001,
        0x8000000080008081, 0x8000000000008009, 0x000000000000008A, 0x0000000000000088, 0x0000000080008009, 0x000000008000000A,
        0x000000008000808B, 0x800000000000008B, 0x8000000000008089, 0x8000000000008003, 0x8000000000008002, 0x8000000000000080,
        0x000000000000800A, 0x800000008000000A, 0x8000000080008081, 0x8000000000008080, 0x0000000080000001, 0x8000000080008008,
    ];

    /// <summary>Begins four times SHAKE, each of the same 32 bytes and then its own up to seven. The first bytes follow a permutation.</summary>
    /// <param name="state">25 lanes.</param>
    /// <param name="shared">32 bytes.</param>
    /// <param name="own">The bytes after those, the first one lowest.</param>
    /// <param name="length">32 and the number of the own bytes.</param>
    /// <param name="rate">Which SHAKE.</param>
    internal static void Start(Span<Vector256<ulong>> state, ReadOnlySpan<byte> shared, Vector256<ulong> own, int length, int rate)
    {
        state.Clear();
        for (int i = 0; i < SharedLanes; i++)
        {
            state[i] = Vector256.Create(BinaryPrimitives.ReadUInt64LittleEndian(shared[(i * sizeof(ulong))..]));
        }

        // The suffix 1111 of SHAKE and the padding's first bit come behind the input, the padding's last bit ends the block.
        state[SharedLanes] = own ^ Vector256.Create(0x1FUL << (8 * (length - (SharedLanes * sizeof(ulong)))));
        state[(rate / sizeof(ulong)) - 1] ^= Vector256.Create(1UL << 63);
    }

    /// <summary>The first bytes of one of the four states.</summary>
    internal static void Extract(ReadOnlySpan<Vector256<ulong>> state, int which, Span<byte> bytes)
    {
        ReadOnlySpan<ulong> words = MemoryMarshal.Cast<Vector256<ulong>, ulong>(state);
        for (int i = which; bytes.Length >= sizeof(ulong); i += Vector256<ulong>.Count)
        {
            BinaryPrimitives.WriteUInt64LittleEndian(bytes, words[i]);
            bytes = bytes[sizeof(ulong)..];
        }
    }

    /// <summary>In place. Lane (x, y) of the standard is number x + 5 y.</summary>
    internal static void Permute(Span<Vector256<ulong>> state)
    {
        Span<Vector256<ulong>> other = stackalloc Vector256<ulong>[Lanes];
        for (int i = 0; i + 1 < RoundConstants.Length; i += 2)
        {
            Round(state, other, RoundConstants[i]);
            Round(other, state, RoundConstants[i + 1]);
        }

        CryptographicOperations.ZeroMemory(MemoryMarshal.AsBytes(other));
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Round(ReadOnlySpan<Vector256<ulong>> a, Span<Vector256<ulong>> next, ulong constant)
    {
        // Theta: to each column the parity of its neighbours. The highest lane is touched first: one bounds check does for all.
        Vector256<ulong> c4 = a[24] ^ a[19] ^ a[14] ^ a[9] ^ a[4];
        Vector256<ulong> c0 = a[0] ^ a[5] ^ a[10] ^ a[15] ^ a[20];
        Vector256<ulong> c1 = a[1] ^ a[6] ^ a[11] ^ a[16] ^ a[21];
        Vector256<ulong> c2 = a[2] ^ a[7] ^ a[12] ^ a[17] ^ a[22];
        Vector256<ulong> c3 = a[3] ^ a[8] ^ a[13] ^ a[18] ^ a[23];
        Vector256<ulong> d0 = c4 ^ Rotate(c1, 1);
        Vector256<ulong> d1 = c0 ^ Rotate(c2, 1);
        Vector256<ulong> d2 = c1 ^ Rotate(c3, 1);
        Vector256<ulong> d3 = c2 ^ Rotate(c4, 1);
        Vector256<ulong> d4 = c3 ^ Rotate(c0, 1);

        // Rho and pi, each lane turned and moved; chi, the one step that isn't linear; iota. Row by row, the last one first.
        Chi(
            next.Slice(20, 5),
            Rotate(a[2] ^ d2, 62),
            Rotate(a[8] ^ d3, 55),
            Rotate(a[14] ^ d4, 39),
            Rotate(a[15] ^ d0, 41),
            Rotate(a[21] ^ d1, 2));
        Chi(
            next.Slice(15, 5),
            Rotate(a[4] ^ d4, 27),
            Rotate(a[5] ^ d0, 36),
            Rotate(a[11] ^ d1, 10),
            Rotate(a[17] ^ d2, 15),
            Rotate(a[23] ^ d3, 56));
        Chi(
            next.Slice(10, 5),
            Rotate(a[1] ^ d1, 1),
            Rotate(a[7] ^ d2, 6),
            Rotate(a[13] ^ d3, 25),
            Rotate(a[19] ^ d4, 8),
            Rotate(a[20] ^ d0, 18));
        Chi(
            next.Slice(5, 5),
            Rotate(a[3] ^ d3, 28),
            Rotate(a[9] ^ d4, 20),
            Rotate(a[10] ^ d0, 3),
            Rotate(a[16] ^ d1, 45),
            Rotate(a[22] ^ d2, 61));
        Chi(
            next.Slice(0, 5),
            a[0] ^ d0,
            Rotate(a[6] ^ d1, 44),
            Rotate(a[12] ^ d2, 43),
            Rotate(a[18] ^ d3, 21),
            Rotate(a[24] ^ d4, 14));
        next[0] ^= Vector256.Create(constant);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Chi(
        Span<Vector256<ulong>> row, Vector256<ulong> b0, Vector256<ulong> b1, Vector256<ulong> b2, Vector256<ulong> b3, Vector256<ulong> b4)
    {
        row[4] = b4 ^ Vector256.AndNot(b1, b0);
        row[3] = b3 ^ Vector256.AndNot(b0, b4);
        row[2] = b2 ^ Vector256.AndNot(b4, b3);
        row[1] = b1 ^ Vector256.AndNot(b3, b2);
        row[0] = b0 ^ Vector256.AndNot(b2, b1);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<ulong> Rotate(Vector256<ulong> lane, int count) => (lane << count) | (lane >>> (64 - count));
}
