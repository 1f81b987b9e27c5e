// FIPS 202 §4 and §6: the sponge over Keccak-f[1600], for the hashes of FIPS 203 §4.1: G is SHA3-512, H is SHA3-256, J is
// SHAKE256. .NET has them only where its operating system does, which not every macOS and Windows are; and as fast as this.
// Limits: no branch and no index depends on the input, but for its length. One of the four states is used.

using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Security.Cryptography;

namespace Relay.Shared.Signal.Kem;

/// <summary>Hashes that wipe what they worked on.</summary>
internal static class Sha3
{
    private const int Hash256Rate = 136;
    private const int Hash512Rate = 72;
    private const byte HashSuffix = 0x06;
    private const byte ShakeSuffix = 0x1F;

    /// <summary>SHA3-256: 32 bytes.</summary>
    internal static void Hash256(ReadOnlySpan<byte> input, Span<byte> hash) => Sponge(input, HashSuffix, Hash256Rate, hash[..32]);

    /// <summary>SHA3-512: 64 bytes.</summary>
    internal static void Hash512(ReadOnlySpan<byte> input, Span<byte> hash) => Sponge(input, HashSuffix, Hash512Rate, hash[..64]);

    /// <summary>SHAKE256: as many bytes as there is room for.</summary>
    internal static void Shake256(ReadOnlySpan<byte> input, Span<byte> output) => Sponge(input, ShakeSuffix, Keccak4.Shake256Rate, output);

    private static void Sponge(ReadOnlySpan<byte> input, byte suffix, int rate, Span<byte> output)
    {
        Span<Vector256<ulong>> state = stackalloc Vector256<ulong>[Keccak4.Lanes];
        Span<byte> block = stackalloc byte[Keccak4.Shake256Rate];
        block = block[..rate];
        state.Clear();
        block.Clear();
        try
        {
            for (; input.Length >= rate; input = input[rate..])
            {
                Absorb(state, input[..rate]);
                Keccak4.Permute(state);
            }

            input.CopyTo(block);
            block[input.Length] = suffix;
            block[^1] |= 0x80;
            Absorb(state, block);
            while (!output.IsEmpty)
            {
                Keccak4.Permute(state);
                Keccak4.Extract(state, 0, block);
                int taken = Math.Min(rate, output.Length);
                block[..taken].CopyTo(output);
                output = output[taken..];
            }
        }
        finally
        {
            CryptographicOperations.ZeroMemory(MemoryMarshal.AsBytes(state));
            CryptographicOperations.ZeroMemory(block);
        }
    }

    private static void Absorb(Span<Vector256<ulong>> state, ReadOnlySpan<byte> block)
    {
        for (int i = 0; block.Length >= sizeof(ulong); i++)
        {
            state[i] ^= Vector256.CreateScalar(BinaryPrimitives.ReadUInt64LittleEndian(block));
            block = block[sizeof(ulong)..];
        }
    }
}
