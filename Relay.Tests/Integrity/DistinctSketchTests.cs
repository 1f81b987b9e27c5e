using Relay.Shared.Transport.Integrity.Sketches;
using Relay.Tests.Support;
using Xunit;

namespace Relay.Tests.Integrity;

public sealed class DistinctSketchTests
{
    [Fact]
    public void Up_to_2000_it_counts_exactly_and_knows_who_was_counted()
    {
        SeededRandom random = new(1);
        DistinctSketch sketch = new();
        List<ulong> items = [];
        for (int i = 1; i <= DistinctSketch.MaxExact; i++)
        {
            items.Add(random.Next());
            Assert.True(sketch.Add(items[^1]));
            Assert.False(sketch.Add(items[random.Below(items.Count)]));
            Assert.Equal(i, sketch.Count);
        }

        Assert.True(sketch.IsExact);
        Assert.All(items, item => Assert.True(sketch.Contains(item)));
        Assert.False(sketch.Contains(random.Next()));
        Assert.Equal(16_003, sketch.Encode().Length);

        Assert.True(sketch.Add(random.Next()));
        Assert.False(sketch.IsExact);
        Assert.InRange(sketch.Count, 1_961, 2_041);
        Assert.Equal(DistinctSketch.MaxSize, sketch.Encode().Length);
        Assert.Throws<InvalidOperationException>(() => sketch.Contains(1));
    }

    [Fact]
    public void However_parts_are_merged_the_bytes_are_the_same()
    {
        SeededRandom random = new(2);
        foreach (int distinct in new[] { 0, 1, 1_999, 2_000, 2_001, 9_000 })
        {
            ulong[] items = [.. Enumerable.Range(0, distinct).Select(_ => random.Next())];
            byte[] whole = Of(items).Encode();
            for (int turn = 0; turn < 4; turn++)
            {
                random.Shuffle(items);
                DistinctSketch merged = new();
                foreach (ulong[] part in items.Chunk(Math.Max(1, 1 + random.Below(distinct + 1))))
                {
                    DistinctSketch delta = DistinctSketch.Decode(Of([.. part, .. items.Take(random.Below(10))]).Encode());
                    merged.Merge(delta);
                    Assert.False(merged.Merge(delta));
                }

                Assert.Equal(whole, merged.Encode());
            }
        }
    }

    [Theory]
    [InlineData("")]
    [InlineData("01")]
    [InlineData("0100")]
    [InlineData("010001")]
    [InlineData("0107D1")]
    [InlineData("02AABB")]
    [InlineData("030000")]
    public void What_it_never_writes_is_refused(string hex) =>
        Assert.Throws<InvalidDataException>(() => DistinctSketch.Decode(Convert.FromHexString(hex)));

    private static DistinctSketch Of(IEnumerable<ulong> items)
    {
        DistinctSketch sketch = new();
        foreach (ulong item in items)
        {
            sketch.Add(item);
        }

        return sketch;
    }
}
