using Relay.Shared.Transport.Integrity.Sketches;
using Relay.Tests.Support;
using Xunit;

namespace Relay.Tests.Integrity;

public sealed class HyperLogLogTests
{
    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(100)]
    [InlineData(2_001)]
    [InlineData(10_000)]
    [InlineData(40_000)]
    [InlineData(100_000)]
    [InlineData(1_000_000)]
    public void An_estimate_is_within_two_percent(int distinct)
    {
        foreach (ulong seed in new ulong[] { 1, 2, 3 })
        {
            SeededRandom random = new(seed);
            HyperLogLog sketch = new();
            for (int i = 0; i < distinct; i++)
            {
                sketch.Add(random.Next());
            }

            Assert.InRange(sketch.Estimate(), distinct - (distinct * 0.02) - 0.5, distinct + (distinct * 0.02) + 0.5);
        }
    }

    [Fact]
    public void Duplicates_order_and_repeated_merges_change_nothing()
    {
        SeededRandom random = new(4);
        ulong[] hashes = [.. Enumerable.Range(0, 5_000).Select(_ => random.Next())];
        HyperLogLog whole = Of(hashes);
        HyperLogLog merged = Of(hashes[3_000..]);
        Assert.True(merged.Merge(Of(hashes[..4_000].Reverse())));
        Assert.False(merged.Merge(Of(hashes[..4_000])));
        Assert.False(merged.Merge(whole));
        Assert.False(merged.Add(hashes[17]));
        Assert.Equal(whole.Encode(), merged.Encode());
    }

    [Fact]
    public void It_reads_what_it_wrote_and_refuses_what_it_never_writes()
    {
        SeededRandom random = new(5);
        HyperLogLog sketch = Of(Enumerable.Range(0, 70_000).Select(_ => random.Next()));
        byte[] encoded = sketch.Encode();
        Assert.Equal(24_576, encoded.Length);
        HyperLogLog read = HyperLogLog.Decode(encoded);
        Assert.Equal(sketch.Estimate(), read.Estimate());
        Assert.Equal(encoded, read.Encode());

        Assert.Throws<InvalidDataException>(() => HyperLogLog.Decode(encoded.AsSpan(1)));
        encoded[0] = 0xFF;
        Assert.Throws<InvalidDataException>(() => HyperLogLog.Decode(encoded));
    }

    private static HyperLogLog Of(IEnumerable<ulong> hashes)
    {
        HyperLogLog sketch = new();
        foreach (ulong hash in hashes)
        {
            sketch.Add(hash);
        }

        return sketch;
    }
}
