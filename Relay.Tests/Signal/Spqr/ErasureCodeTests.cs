using Relay.Shared.Signal.Spqr;
using Relay.Tests.Support;
using Xunit;

namespace Relay.Tests.Signal.Spqr;

/// <summary>Any n of many chunks give the text back; the field below has the laws of a field.</summary>
public sealed class ErasureCodeTests
{
    [Theory]
    [InlineData(3)]
    [InlineData(5)]
    [InlineData(30)]
    [InlineData(36)]
    public void Any_chunks_that_are_enough_decode(int count)
    {
        var random = new SeededRandom(61);
        for (int run = 0; run < 60; run++)
        {
            byte[] text = random.Bytes(32 * count);
            List<(ushort Index, byte[] Chunk)> chunks = Chunks(new ChunkEncoder(text, 0), (run % 3) + (2 * count));
            if (run % 4 == 0)
            {
                chunks.AddRange(Chunks(new ChunkEncoder(text, 65_500), 36 + count));
            }

            random.Shuffle(chunks);
            Assert.Equal(text, Decode(count, chunks));
        }
    }

    [Fact]
    public void The_first_chunks_are_the_text_itself_and_the_index_wraps_around()
    {
        byte[] text = new SeededRandom(62).Bytes(160);
        var encoder = new ChunkEncoder(text, 65_535);
        byte[] chunk = new byte[32];
        Assert.Equal(65_535, encoder.Next(chunk));
        for (int i = 0; i < 5; i++)
        {
            Assert.Equal(i, encoder.Next(chunk));
            Assert.Equal(text.Skip(32 * i).Take(32), chunk);
        }

        Assert.Equal(5, encoder.Next(chunk));
    }

    [Fact]
    public void A_repair_chunk_is_the_value_of_the_interpolating_polynomials()
    {
        byte[] text = new SeededRandom(63).Bytes(96);
        foreach (ushort x in new ushort[] { 3, 4, 1000, 65_535 })
        {
            byte[] chunk = new byte[32];
            new ChunkEncoder(text, x).Next(chunk);
            for (int word = 0; word < 16; word++)
            {
                int expected = 0;
                for (int j = 0; j < 3; j++)
                {
                    int y = (text[(32 * j) + (2 * word)] << 8) | text[(32 * j) + (2 * word) + 1];
                    int above = 1;
                    int below = 1;
                    for (int k = 0; k < 3; k++)
                    {
                        above = k == j ? above : Slow(above, x ^ k);
                        below = k == j ? below : Slow(below, j ^ k);
                    }

                    int inverse = Enumerable.Range(1, 65_535).First(candidate => Slow(candidate, below) == 1);
                    expected ^= Slow(y, Slow(above, inverse));
                }

                Assert.Equal(expected, (chunk[2 * word] << 8) | chunk[(2 * word) + 1]);
            }
        }
    }

    [Fact]
    public void A_chunk_that_comes_twice_counts_once()
    {
        byte[] text = new SeededRandom(64).Bytes(96);
        List<(ushort Index, byte[] Chunk)> chunks = Chunks(new ChunkEncoder(text, 7), 3);
        ChunkDecoder one = new ChunkDecoder(3).With(chunks[0].Index, chunks[0].Chunk);
        Assert.Same(one, one.With(chunks[0].Index, chunks[0].Chunk));
        ChunkDecoder two = one.With(chunks[1].Index, chunks[1].Chunk);

        Assert.Equal(1, one.Indexes.Length);
        Assert.False(two.IsCompletedBy(chunks[1].Index));
        Assert.True(two.IsCompletedBy(chunks[2].Index));
        Assert.Equal(text, two.Complete(chunks[2].Index, chunks[2].Chunk));
    }

    [Fact]
    public void Products_and_inverses_are_those_of_the_field()
    {
        var random = new SeededRandom(65);
        for (int i = 0; i < 50_000; i++)
        {
            ushort a = (ushort)random.Below(65_536);
            ushort b = (ushort)random.Below(65_536);
            Assert.Equal(Slow(a, b), BinaryField.Multiply(a, b));
        }

        for (int a = 1; a <= 65_535; a++)
        {
            Assert.Equal(1, BinaryField.Multiply((ushort)a, BinaryField.Invert((ushort)a)));
        }

        Assert.Equal(0, BinaryField.Invert(0));
    }

    private static List<(ushort Index, byte[] Chunk)> Chunks(ChunkEncoder encoder, int count)
    {
        var chunks = new List<(ushort, byte[])>();
        for (int i = 0; i < count; i++)
        {
            byte[] chunk = new byte[32];
            chunks.Add((encoder.Next(chunk), chunk));
        }

        return chunks;
    }

    private static byte[] Decode(int needed, List<(ushort Index, byte[] Chunk)> chunks)
    {
        var decoder = new ChunkDecoder(needed);
        foreach ((ushort index, byte[] chunk) in chunks)
        {
            if (decoder.IsCompletedBy(index))
            {
                return decoder.Complete(index, chunk);
            }

            decoder = decoder.With(index, chunk);
        }

        throw new InvalidDataException("Too few chunks.");
    }

    // Polynomial multiplication, then division by the modulus.
    private static int Slow(int a, int b)
    {
        long product = 0;
        for (int i = 0; i < 16; i++)
        {
            product ^= ((b >> i) & 1) == 1 ? (long)a << i : 0;
        }

        for (int i = 31; i >= 16; i--)
        {
            product ^= ((product >> i) & 1) == 1 ? 0x1100BL << (i - 16) : 0;
        }

        return (int)product;
    }
}
