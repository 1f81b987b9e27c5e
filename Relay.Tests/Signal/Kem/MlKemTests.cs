using System.Security.Cryptography;
using Relay.Shared.Signal.Kem;
using Relay.Tests.Support;
using Xunit;

namespace Relay.Tests.Signal.Kem;

/// <summary>What every parameter set promises, vectors apart.</summary>
public sealed class MlKemTests
{
    internal static readonly MlKem[] Sets = [MlKem.MlKem512, MlKem.MlKem768, MlKem.MlKem1024];

    public static TheoryData<int> Indexes => [0, 1, 2];

    [Fact]
    public void Sizes_are_those_of_the_standard()
    {
        Assert.Equal([(800, 768, 1632), (1184, 1088, 2400), (1568, 1568, 3168)], Sets.Select(set => (set.EncapsulationKeyBytes, set.CiphertextBytes, set.DecapsulationKeyBytes)));
        Assert.Equal((1152, 960, 128), (MlKem.MlKem768.VectorBytes, MlKem.MlKem768.FirstCiphertextBytes, MlKem.MlKem768.SecondCiphertextBytes));
    }

    [Theory]
    [MemberData(nameof(Indexes))]
    public void Both_sides_agree(int index)
    {
        MlKem set = Sets[index];
        var random = new SeededRandom(11);
        for (int i = 0; i < 50; i++)
        {
            (byte[] seed, byte[] key) = Pair(set, random);
            byte[] ciphertext = new byte[set.CiphertextBytes];
            byte[] sent = new byte[32];
            byte[] received = new byte[32];

            Assert.True(set.TryEncapsulate(key, ciphertext, sent));
            Assert.True(set.TryDecapsulate(seed, ciphertext, received));
            Assert.Equal(sent, received);
        }
    }

    [Theory]
    [MemberData(nameof(Indexes))]
    public void The_two_halves_are_the_whole(int index)
    {
        MlKem set = Sets[index];
        var random = new SeededRandom(12);
        for (int i = 0; i < 20; i++)
        {
            (_, byte[] key) = Pair(set, random);
            byte[] m = random.Bytes(32);
            byte[] whole = new byte[set.CiphertextBytes];
            byte[] secret = new byte[32];
            Assert.True(set.TryEncapsulate(key, m, whole, secret));

            byte[] header = new byte[MlKem.HeaderBytes];
            byte[] first = new byte[set.FirstCiphertextBytes];
            byte[] second = new byte[set.SecondCiphertextBytes];
            byte[] early = new byte[32];
            set.WriteHeader(key, header);
            set.EncapsulateFirst(header, m, first, early);
            Assert.True(set.TryEncapsulateSecond(header, key.AsSpan(0, set.VectorBytes), m, second));

            Assert.Equal(secret, early);
            Assert.Equal(whole, first.Concat(second));
        }
    }

    [Fact]
    public void A_vector_that_is_not_the_headers_is_refused()
    {
        MlKem set = MlKem.MlKem768;
        (_, byte[] key) = Pair(set, new SeededRandom(13));
        byte[] header = new byte[MlKem.HeaderBytes];
        set.WriteHeader(key, header);
        byte[] vector = key[..set.VectorBytes];
        byte[] second = new byte[set.SecondCiphertextBytes];

        Assert.True(set.IsVectorOf(header, vector));
        Assert.False(set.IsVectorOf(header, vector.AsSpan(1)));
        for (int bit = 0; bit < 8 * vector.Length; bit += 97)
        {
            vector[bit / 8] ^= (byte)(1 << (bit % 8));
            Assert.False(set.TryEncapsulateSecond(header, vector, new byte[32], second));
            vector[bit / 8] ^= (byte)(1 << (bit % 8));
        }

        Assert.False(second.AsSpan().ContainsAnyExcept((byte)0));
    }

    [Fact]
    public void A_vector_with_a_coefficient_of_q_is_refused_although_its_hash_is_right()
    {
        MlKem set = MlKem.MlKem768;
        (_, byte[] key) = Pair(set, new SeededRandom(14));
        (key[0], key[1]) = (0x01, (byte)((key[1] & 0xF0) | 0x0D));
        byte[] header = new byte[MlKem.HeaderBytes];
        set.WriteHeader(key, header);

        Assert.False(set.IsVectorOf(header, key.AsSpan(0, set.VectorBytes)));
        key[0] = 0x00;
        set.WriteHeader(key, header);
        Assert.True(set.IsVectorOf(header, key.AsSpan(0, set.VectorBytes)));
    }

    [Theory]
    [MemberData(nameof(Indexes))]
    public void Any_flipped_bit_gives_the_rejection_secret(int index)
    {
        MlKem set = Sets[index];
        (byte[] seed, byte[] key) = Pair(set, new SeededRandom(15));
        byte[] ciphertext = new byte[set.CiphertextBytes];
        byte[] secret = new byte[32];
        byte[] received = new byte[32];
        Assert.True(set.TryEncapsulate(key, ciphertext, secret));
        for (int bit = 0; bit < 8 * ciphertext.Length; bit += 29)
        {
            ciphertext[bit / 8] ^= (byte)(1 << (bit % 8));
            Assert.True(set.TryDecapsulate(seed, ciphertext, received));
            Assert.Equal(Shake256.HashData([.. seed[32..], .. ciphertext], 32), received);
            ciphertext[bit / 8] ^= (byte)(1 << (bit % 8));
        }

        Assert.True(set.TryDecapsulate(seed, ciphertext, received));
        Assert.Equal(secret, received);
    }

    [Theory]
    [MemberData(nameof(Indexes))]
    public void Every_coefficient_of_a_key_is_checked(int index)
    {
        MlKem set = Sets[index];
        (_, byte[] key) = Pair(set, new SeededRandom(16));
        for (int i = 0; i < 256 * set.K; i++)
        {
            byte[] bad = [.. key];
            int at = i / 2 * 3;
            (bad[at + (i % 2)], bad[at + 1 + (i % 2)]) = i % 2 == 0
                ? ((byte)0x01, (byte)((bad[at + 1] & 0xF0) | 0x0D))
                : ((byte)((bad[at + 1] & 0x0F) | 0x10), (byte)0xD0);
            Assert.False(set.IsEncapsulationKey(bad));
        }

        Assert.True(set.IsEncapsulationKey(key));
    }

    [Fact]
    public void Buffers_of_a_wrong_size_are_a_fault_of_the_caller()
    {
        MlKem set = MlKem.MlKem768;
        Assert.Throws<ArgumentOutOfRangeException>(() => set.WriteEncapsulationKey(new byte[63], new byte[set.EncapsulationKeyBytes]));
        Assert.Throws<ArgumentOutOfRangeException>(() => set.WriteEncapsulationKey(new byte[64], new byte[set.EncapsulationKeyBytes - 1]));
        Assert.Throws<ArgumentOutOfRangeException>(() => set.TryEncapsulate(new byte[set.EncapsulationKeyBytes], new byte[set.CiphertextBytes], new byte[31]));
        Assert.Throws<ArgumentOutOfRangeException>(() => set.TryDecapsulate(new byte[64], new byte[set.CiphertextBytes], new byte[33]));
        Assert.False(set.TryDecapsulate(new byte[64], new byte[set.CiphertextBytes - 1], new byte[32]));
    }

    private static (byte[] Seed, byte[] Key) Pair(MlKem set, SeededRandom random)
    {
        byte[] seed = random.Bytes(MlKem.SeedBytes);
        byte[] key = new byte[set.EncapsulationKeyBytes];
        set.WriteEncapsulationKey(seed, key);
        return (seed, key);
    }
}
