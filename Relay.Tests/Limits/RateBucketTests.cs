using Microsoft.Extensions.Time.Testing;
using Relay.Shared.Primitives;
using Xunit;

namespace Relay.Tests.Limits;

public sealed class RateBucketTests
{
    private static readonly Rate Pair = new(45, TimeSpan.FromSeconds(6));

    private readonly FakeTimeProvider _time = new();

    [Fact]
    public void A_burst_is_borrowed_and_comes_back_one_by_one()
    {
        RateBuckets<string> buckets = new(_time, 100);
        Assert.Equal(45, Take(buckets, "a", 60));
        Assert.False(buckets.TryTake("a", Pair, out TimeSpan wait));
        Assert.Equal(TimeSpan.FromSeconds(6), wait);

        _time.Advance(TimeSpan.FromSeconds(5.5));
        Assert.False(buckets.TryTake("a", Pair, out wait));
        Assert.Equal(TimeSpan.FromSeconds(0.5), wait);

        _time.Advance(wait);
        Assert.Equal(1, Take(buckets, "a", 60));
        _time.Advance(TimeSpan.FromSeconds(60));
        Assert.Equal(10, Take(buckets, "a", 60));
        _time.Advance(TimeSpan.FromHours(1));
        Assert.Equal(45, Take(buckets, "a", 60));
    }

    [Fact]
    public void The_steady_rate_is_never_refused()
    {
        RateBuckets<string> buckets = new(_time, 100);
        for (int i = 0; i < 1_000; i++)
        {
            Assert.True(buckets.TryTake("a", Pair, out _));
            _time.Advance(Pair.Interval);
        }
    }

    [Fact]
    public void Keys_have_buckets_of_their_own()
    {
        RateBuckets<string> buckets = new(_time, 100);
        Assert.Equal(45, Take(buckets, "a", 60));
        Assert.Equal(45, Take(buckets, "b", 60));
    }

    [Fact]
    public void What_is_given_back_can_be_taken_again_and_no_more()
    {
        RateBuckets<string> buckets = new(_time, 100);
        buckets.GiveBack("a", Pair);
        Assert.Equal(45, Take(buckets, "a", 60));
        buckets.GiveBack("a", Pair);
        Assert.Equal(1, Take(buckets, "a", 60));
        for (int i = 0; i < 100; i++)
        {
            buckets.GiveBack("a", Pair);
        }

        Assert.Equal(45, Take(buckets, "a", 60));
    }

    [Fact]
    public void Draining_takes_what_is_there_and_owes_nothing()
    {
        RateBuckets<string> buckets = new(_time, 100);
        for (int i = 0; i < 40; i++)
        {
            buckets.Drain("a", Pair);
        }

        Assert.Equal(5, Take(buckets, "a", 60));
        for (int i = 0; i < 1_000; i++)
        {
            buckets.Drain("a", Pair);
        }

        Assert.False(buckets.TryTake("a", Pair, out TimeSpan wait));
        Assert.Equal(Pair.Interval, wait);
    }

    [Fact]
    public void Full_buckets_are_forgotten_before_any_that_is_in_use()
    {
        RateBuckets<int> buckets = new(_time, 160);
        for (int i = 0; i < 100_000; i++)
        {
            Assert.True(buckets.TryTake(i, Pair, out _));
            _time.Advance(TimeSpan.FromSeconds(1));
            Assert.InRange(buckets.Count, 1, 160);
        }

        Assert.Equal(45, Take(buckets, -1, 60));
        for (int i = 0; i < 200; i++)
        {
            Assert.True(buckets.TryTake(1_000_000 + i, Pair, out _));
            _time.Advance(TimeSpan.FromSeconds(0.01));
        }

        Assert.False(buckets.TryTake(-1, Pair, out _));
    }

    [Fact]
    public void Idle_buckets_are_forgotten_long_before_there_are_too_many()
    {
        RateBuckets<int> buckets = new(_time, 100_000);
        for (int i = 0; i < 10_000; i++)
        {
            Assert.True(buckets.TryTake(i, Pair, out _));
        }

        Assert.Equal(10_000, buckets.Count);
        _time.Advance(TimeSpan.FromMinutes(1));
        for (int i = 0; i < 16; i++)
        {
            Assert.True(buckets.TryTake(i, Pair, out _));
        }

        Assert.Equal(16, buckets.Count);
    }

    [Fact]
    public async Task Callers_at_once_get_exactly_what_there_is()
    {
        RateBuckets<string> buckets = new(_time, 100);
        Rate rate = new(1_000, TimeSpan.FromSeconds(1));
        int taken = 0;
        await Parallel.ForAsync(0, 8, (_, _) =>
        {
            for (int i = 0; i < 500; i++)
            {
                if (buckets.TryTake("a", rate, out TimeSpan _))
                {
                    Interlocked.Increment(ref taken);
                }
            }

            return ValueTask.CompletedTask;
        });
        Assert.Equal(1_000, taken);
    }

    private static int Take<TKey>(RateBuckets<TKey> buckets, TKey key, int tries)
        where TKey : notnull => Enumerable.Range(0, tries).Count(_ => buckets.TryTake(key, Pair, out TimeSpan _));
}
