using System.Runtime.Intrinsics;
using System.Security.Cryptography;
using Relay.Shared.Signal.Kem;
using Relay.Tests.Support;
using Xunit;

namespace Relay.Tests.Signal.Kem;

/// <summary>The arithmetic below ML-KEM against the slow and obvious way, for every input where that's possible.</summary>
public sealed class ArithmeticTests
{
    private const int Q = Zq.Q;

    [Theory]
    [InlineData(1)]
    [InlineData(4)]
    [InlineData(5)]
    [InlineData(10)]
    [InlineData(11)]
    public void Compression_rounds_every_coefficient_as_the_standard_says(int d)
    {
        for (int x = 0; x < Q; x++)
        {
            Assert.Equal((uint)Math.Round((double)x * (1 << d) / Q, MidpointRounding.AwayFromZero) % (1u << d), Zq.Compress((uint)x, d));
        }

        for (uint y = 0; y < 1u << d; y++)
        {
            Assert.Equal((int)Math.Round((double)y * Q / (1 << d), MidpointRounding.AwayFromZero), Zq.Decompress(y, d));
            Assert.Equal(y, Zq.Compress((uint)Zq.Decompress(y, d), d));
        }
    }

    [Fact]
    public void Every_16_bit_number_has_its_one_representative()
    {
        for (int a = short.MinValue; a <= short.MaxValue; a++)
        {
            int expected = ((a % Q) + Q) % Q;
            Assert.Equal((uint)expected, Zq.Canonical(a));
            Assert.InRange(Zq.Barrett(a), -Q / 2, Q / 2);
            Assert.Equal(expected, ((Zq.Barrett(a) % Q) + Q) % Q);
            Assert.Equal(Vector256.Create(Zq.Barrett(a)), Zq.Barrett(Vector256.Create(a)));
        }
    }

    [Fact]
    public void Montgomery_divides_by_two_to_the_sixteenth()
    {
        var random = new SeededRandom(21);
        for (int i = 0; i < 200_000; i++)
        {
            int a = i switch { 0 => (Q << 15) - 1, 1 => -((Q << 15) - 1), _ => random.Below(2 * (Q << 15)) - (Q << 15) };
            int reduced = Zq.Montgomery(a);
            Assert.InRange(reduced, -Q + 1, Q - 1);
            Assert.Equal(0, (((long)reduced << 16) - a) % Q);
            Assert.Equal(Vector256.Create(reduced), Zq.Montgomery(Vector256.Create(a)));
        }
    }

    [Fact]
    public void The_inverse_transform_undoes_the_transform()
    {
        var random = new SeededRandom(22);
        for (int i = 0; i < 100; i++)
        {
            int[] f = i < 4 ? Extreme(i) : Uniform(random);
            int[] g = [.. f];
            Ntt.Forward(g);
            Assert.All(g, x => Assert.InRange(x, -Q / 2, Q / 2));
            Ntt.Inverse(g);

            // The factor 2^16 it is meant to leave.
            Assert.Equal(f.Select(x => Modulo((long)x << 16)), g.Select(x => Modulo(x)));
        }
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    public void A_transformed_inner_product_is_that_of_the_ring(int count)
    {
        var random = new SeededRandom(23);
        for (int run = 0; run < 12; run++)
        {
            int[][] a = [.. Enumerable.Range(0, count).Select(i => run < 4 ? Extreme(run) : Uniform(random))];
            int[][] b = [.. Enumerable.Range(0, count).Select(i => run < 4 ? Extreme(run ^ 1) : Uniform(random))];
            long[] expected = new long[256];
            for (int i = 0; i < count; i++)
            {
                Multiply(a[i], b[i], expected);
                Ntt.Forward(a[i]);
                Ntt.Forward(b[i]);
            }

            int[] product = new int[256];
            Ntt.InnerProduct(product, a.SelectMany(f => f).ToArray(), 256, b.SelectMany(f => f).ToArray(), count);
            Ntt.Inverse(product);
            Assert.Equal(expected.Select(Modulo), product.Select(x => Modulo(x)));
        }
    }

    [Fact]
    public void The_largest_operands_do_not_overflow_an_inner_product()
    {
        foreach ((int left, int right) in new[] { (Q - 1, Q / 2), (Q - 1, -(Q / 2)), (1 - Q, Q / 2) })
        {
            int[] a = [.. Enumerable.Repeat(left, 1024)];
            int[] b = [.. Enumerable.Repeat(right, 1024)];
            int[] four = new int[256];
            int[] one = new int[256];
            Ntt.InnerProduct(four, a, 256, b, 4);
            Ntt.InnerProduct(one, a, 256, b, 1);
            Assert.Equal(one.Select(x => Modulo(4 * x)), four.Select(x => Modulo(x)));
        }
    }

    [Fact]
    public void Coefficients_survive_their_encoding()
    {
        var random = new SeededRandom(24);
        int[] f = Uniform(random);
        byte[] bytes = new byte[384];
        int[] again = new int[256];
        PolyCodec.Encode(f, bytes);
        Assert.True(PolyCodec.TryDecode(bytes, again));
        Assert.Equal(f, again);

        foreach (int d in new[] { 1, 4, 5, 10, 11 })
        {
            byte[] packed = random.Bytes(32 * d);
            byte[] repacked = new byte[32 * d];
            PolyCodec.Decompress(packed, d, again);
            PolyCodec.Compress(again, d, repacked);
            Assert.Equal(packed, repacked);
        }
    }

    [Fact]
    public void Hashes_are_those_of_the_platform_for_every_length_of_some_blocks()
    {
        byte[] input = new SeededRandom(28).Bytes(600);
        byte[] hash = new byte[64];
        for (int length = 0; length <= input.Length; length++)
        {
            ReadOnlySpan<byte> part = input.AsSpan(0, length);
            Sha3.Hash256(part, hash);
            Assert.Equal(SHA3_256.HashData(part), hash[..32]);
            Sha3.Hash512(part, hash);
            Assert.Equal(SHA3_512.HashData(part), hash);
            byte[] output = new byte[length];
            Sha3.Shake256(part, output);
            Assert.Equal(Shake256.HashData(part, length), output);
        }
    }

    [Fact]
    public void Four_permutations_at_once_are_four_times_shake()
    {
        var random = new SeededRandom(27);
        for (int run = 0; run < 50; run++)
        {
            byte[] seed = random.Bytes(32);
            byte[][] own = [random.Bytes(3), random.Bytes(3), random.Bytes(3), random.Bytes(3)];
            ulong[] suffixes = [.. own.Select(bytes => BitConverter.ToUInt64([.. bytes, 0, 0, 0, 0, 0]))];
            var state = new Vector256<ulong>[Keccak4.Lanes];
            Keccak4.Start(state, seed, Vector256.Create<ulong>(suffixes), 35, Keccak4.Shake128Rate);
            for (int block = 0; block < 5; block++)
            {
                Keccak4.Permute(state);
                for (int i = 0; i < 4; i++)
                {
                    byte[] bytes = new byte[168];
                    Keccak4.Extract(state, i, bytes);
                    Assert.Equal(Shake128.HashData([.. seed, .. own[i]], 168 * (block + 1)).Skip(168 * block), bytes);
                }
            }
        }
    }

    [Fact]
    public void The_matrix_is_what_sampling_entry_by_entry_gives()
    {
        var random = new SeededRandom(25);
        foreach (int k in new[] { 2, 3, 4 })
        {
            for (int run = 0; run < 100; run++)
            {
                byte[] rho = random.Bytes(32);
                int[] matrix = new int[k * k * 256];
                Sampling.Matrix(rho, k, matrix);
                for (int i = 0; i < k * k; i++)
                {
                    byte[] stream = Shake128.HashData([.. rho, (byte)(i % k), (byte)(i / k)], 4 * 168 * 3);
                    Assert.Equal(Candidates(stream).Where(x => x < Q).Take(256), matrix.Skip(i * 256).Take(256));
                }
            }
        }
    }

    [Theory]
    [InlineData(2, 1)]
    [InlineData(2, 3)]
    [InlineData(2, 4)]
    [InlineData(2, 9)]
    [InlineData(3, 2)]
    [InlineData(3, 5)]
    public void Noise_counts_bits_as_the_standard_says(int eta, int count)
    {
        byte[] seed = new SeededRandom(26).Bytes(32);
        int[] noise = new int[count * 256];
        Sampling.Noise(seed, 3, eta, noise);
        for (int i = 0; i < noise.Length; i++)
        {
            byte[] stream = Shake256.HashData([.. seed, (byte)(3 + (i / 256))], 64 * eta);
            int start = i % 256 * 2 * eta;
            int Ones(int from) => Enumerable.Range(from, eta).Count(bit => ((stream[bit / 8] >> (bit % 8)) & 1) == 1);
            Assert.Equal(Ones(start) - Ones(start + eta), noise[i]);
        }
    }

    private static IEnumerable<int> Candidates(byte[] stream)
    {
        for (int at = 0; at + 2 < stream.Length; at += 3)
        {
            yield return (stream[at] + (256 * (stream[at + 1] % 16)));
            yield return ((stream[at + 1] / 16) + (16 * stream[at + 2]));
        }
    }

    private static int[] Uniform(SeededRandom random) => [.. Enumerable.Range(0, 256).Select(_ => random.Below(Q))];

    private static int[] Extreme(int kind) =>
        [.. Enumerable.Range(0, 256).Select(i => (kind switch { 0 => Q - 1, 1 => 0, 2 => i % 2 == 0 ? Q - 1 : 0, _ => i == 255 ? Q - 1 : 1 }))];

    // Modulo X^256 + 1.
    private static void Multiply(int[] a, int[] b, long[] sum)
    {
        for (int i = 0; i < 256; i++)
        {
            for (int j = 0; j < 256; j++)
            {
                sum[(i + j) % 256] += (i + j < 256 ? 1 : -1) * (long)a[i] * b[j];
            }
        }
    }

    private static int Modulo(long x) => (int)(((x % Q) + Q) % Q);
}
