using Microsoft.Extensions.Time.Testing;
using Relay.Load.CommandLine;
using Relay.Load.Counting;
using Relay.Load.Driving;
using Relay.Load.Killing;
using Relay.Load.Measuring;
using Xunit;

namespace Relay.Tests.Load;

/// <summary>How load is made, how a rate is found and how recovery is measured.</summary>
public sealed class DrivingTests
{
    [Fact]
    public async Task An_open_loop_starts_calls_on_time_while_earlier_ones_still_run()
    {
        FakeTimeProvider time = new();
        long start = time.GetTimestamp();
        OpenLoop loop = new(perSecond: 4, TimeSpan.FromSeconds(2), time);
        TaskCompletionSource held = new();
        List<double> due = [];
        Task running = loop.RunAsync(
            (_, at) =>
            {
                lock (due)
                {
                    due.Add(time.GetElapsedTime(start, at).TotalSeconds);
                }

                return held.Task;
            },
            CancellationToken.None);
        while (Count() < 8)
        {
            time.Advance(TimeSpan.FromMilliseconds(50));
            await Task.Yield();
        }

        Assert.False(running.IsCompleted);
        held.SetResult();
        await running;
        Assert.Equal([0, 0.25, 0.5, 0.75, 1, 1.25, 1.5, 1.75], due.Order());
        Assert.Equal(8, loop.Lateness.Count);

        int Count()
        {
            lock (due)
            {
                return due.Count;
            }
        }
    }

    [Theory]
    [InlineData(3)]
    [InlineData(37)]
    [InlineData(410)]
    public async Task The_search_ends_close_below_what_is_sustained(double sustained)
    {
        double found = await FindRate.SearchAsync(rate => Task.FromResult(rate <= sustained));
        Assert.InRange(found, (sustained / 1.1) - 1, sustained);
    }

    [Fact]
    public async Task A_machine_that_sustains_nothing_is_told_so() =>
        Assert.Equal(0, await FindRate.SearchAsync(_ => Task.FromResult(false)));

    [Fact]
    public void A_seed_gives_the_same_lives_again_and_each_lasts_2_to_10_seconds()
    {
        KillTimes one = new(7);
        KillTimes same = new(7);
        KillTimes other = new(8);
        TimeSpan[] lives = [.. Enumerable.Range(0, 100).Select(_ => one.Next())];
        Assert.Equal(lives, Enumerable.Range(0, 100).Select(_ => same.Next()));
        Assert.NotEqual(lives, Enumerable.Range(0, 100).Select(_ => other.Next()));
        Assert.All(lives, life => Assert.InRange(life, TimeSpan.FromSeconds(2), TimeSpan.FromSeconds(10)));
        int[] victims = [.. Enumerable.Range(0, 100).Select(_ => one.NextOf(3))];
        Assert.Equal(victims, Enumerable.Range(0, 100).Select(_ => same.NextOf(3)));
        Assert.All(victims.Chunk(3).Take(33), round => Assert.Equal([0, 1, 2], round.Order()));
    }

    [Fact]
    public void Recovery_lasts_until_the_last_message_that_was_accepted_before_the_kill()
    {
        FakeTimeProvider time = new();
        Ledger ledger = new(time);
        Passage early = ToBusiness();
        early.Arrive(time.GetTimestamp(), "early");
        Passage waits = ToBusiness();
        Kill kill = new(time.GetTimestamp(), TimeSpan.FromSeconds(1), "host");
        time.Advance(TimeSpan.FromSeconds(12));
        Passage later = ToBusiness();
        waits.Arrive(time.GetTimestamp(), "waits");
        time.Advance(TimeSpan.FromSeconds(5));
        later.Arrive(time.GetTimestamp(), "later");
        Assert.Equal([12], Recovery.Of(ledger, [kill], time).Messages);

        Passage ToBusiness()
        {
            Passage passage = ledger.Begin(Way.ToBusiness, time.GetTimestamp(), isKeyed: true);
            passage.Accept(time.GetTimestamp(), null);
            return passage;
        }
    }

    [Fact]
    public void A_spread_of_nothing_is_zero() => Assert.Equal(new Spread(0, 0, 0, 0), Spread.Of([]));

    [Fact]
    public void Options_are_read_and_what_is_wrong_is_named()
    {
        LoadOptions options = LoadOptions.Parse(["--rate", "20", "--minutes=0.5", "--each-way", "--memory", "--seed", "3"]);
        Assert.Equal((20, 30, true, true, 3), (options.Rate, options.Duration.TotalSeconds, options.EachWay, options.Memory, options.Seed));
        Assert.True(options.UserCount > 20 * 6, "a user gets less than one message in six seconds");
        Assert.True(LoadOptions.Parse(["--rate", "max"]).Find);
        Assert.Contains("--rate", Assert.Throws<UsageException>(() => LoadOptions.Parse(["--rate", "many"])).Message, StringComparison.Ordinal);
        Assert.Contains("--users", Assert.Throws<UsageException>(() => LoadOptions.Parse(["--users"])).Message, StringComparison.Ordinal);
        Assert.Throws<UsageException>(() => LoadOptions.Parse(["--fast"]));
    }
}
