using Relay.Shared.Primitives;
using Relay.Shared.Storage;
using Relay.Shared.Transport.Integrity.Sketches;
using Relay.Shared.Transport.Integrity.Standing;
using Relay.Shared.Transport.Integrity.Windows;
using Relay.Shared.Transport.Numbers;
using Relay.Tests.Support;
using Relay.Tests.Transport;
using Xunit;

namespace Relay.Tests.Integrity;

/// <summary>Distinct users of a moving day, over instances, restarts, lost races and midnight.</summary>
public sealed class RecipientWindowTests
{
    private const string Business = "100";

    private static CancellationToken None => CancellationToken.None;

    [Fact]
    public async Task At_250_it_stops_exactly_whoever_sends_however_often()
    {
        await using TransportHarness one = await TransportHarness.StartAsync();
        await using TransportHarness two = new(one);
        RecipientWindows[] instances = [one.Get<RecipientWindows>(), two.Get<RecipientWindows>()];
        SeededRandom random = new(1);
        int admitted = 0;
        for (int user = 0; user < 300; user++)
        {
            bool taken = await instances[random.Below(2)].TryAddAsync(Business, User(user), MessagingTier.Tier250, None);
            admitted += taken ? 1 : 0;
            Assert.Equal(taken, await instances[random.Below(2)].TryAddAsync(Business, User(user), MessagingTier.Tier250, None));
        }

        Assert.Equal(250, admitted);
        Assert.Equal((250, true), await instances[0].CountAsync(Business, None));
        await using TransportHarness restarted = new(one);
        Assert.Equal((250, true), await restarted.Get<RecipientWindows>().CountAsync(Business, None));
        Assert.False(await restarted.Get<RecipientWindows>().TryAddAsync(Business, User(1_000), MessagingTier.Tier250, None));
        Assert.True(await restarted.Get<RecipientWindows>().TryAddAsync(Business, User(7), MessagingTier.Tier250, None));
    }

    [Fact]
    public async Task Many_at_once_are_counted_as_if_they_came_one_by_one()
    {
        await using TransportHarness one = await TransportHarness.StartAsync();
        await using TransportHarness two = new(one);
        RecipientWindows[] instances = [one.Get<RecipientWindows>(), two.Get<RecipientWindows>()];
        bool[] taken = await Task.WhenAll(Enumerable.Range(0, 400).Select(i => instances[i % 2].TryAddAsync(Business, User(i % 320), MessagingTier.Tier250, None)));
        Assert.Equal((250, true), await instances[0].CountAsync(Business, None));
        int[] users = [.. taken.Select((was, i) => was ? i % 320 : -1).Where(user => user >= 0).Distinct()];
        Assert.Equal(250, users.Length);
    }

    [Fact]
    public async Task After_a_day_there_is_room_again_also_over_midnight()
    {
        await using TransportHarness transport = await TransportHarness.StartAsync();
        RecipientWindows windows = transport.Get<RecipientWindows>();
        for (int hour = 0; hour < 60; hour++)
        {
            for (int user = 0; user < 10; user++)
            {
                Assert.True(await windows.TryAddAsync(Business, User((hour * 10) + user), MessagingTier.Tier2K, None));
            }

            // The hour itself and the 24 before it.
            Assert.Equal((10 * Math.Min(hour + 1, 25), true), await windows.CountAsync(Business, None));
            transport.Time.Advance(TimeSpan.FromHours(1));
        }
    }

    [Fact]
    public async Task One_user_on_both_sides_of_midnight_is_one()
    {
        await using TransportHarness transport = await TransportHarness.StartAsync();
        RecipientWindows windows = transport.Get<RecipientWindows>();
        for (int hour = 0; hour < 20; hour++)
        {
            await windows.TryAddAsync(Business, User(1), MessagingTier.Tier250, None);
            transport.Time.Advance(TimeSpan.FromHours(1));
        }

        Assert.Equal((1, true), await windows.CountAsync(Business, None));
    }

    [Fact]
    public async Task Above_2000_it_is_within_two_percent_and_costs_next_to_nothing()
    {
        await using TransportHarness transport = await TransportHarness.StartAsync();
        RecipientWindows windows = transport.Get<RecipientWindows>();
        int calls = transport.Tables.Calls.Count;
        int admitted = 0;
        for (int user = 0; user < 12_000; user++)
        {
            admitted += await windows.TryAddAsync(Business, User(user), MessagingTier.Tier10K, None) ? 1 : 0;
            await windows.TryAddAsync(Business, User(user), MessagingTier.Tier10K, None);
        }

        // One run in a thousand comes further than 10,200.
        Assert.InRange(admitted, 9_950, 10_250);
        Assert.InRange(transport.Tables.Calls.Count - calls, 1, 1_200);
    }

    [Fact]
    public async Task What_waits_survives_the_end_of_the_host_and_a_storage_that_is_away()
    {
        await using TransportHarness one = await TransportHarness.StartAsync();
        RecipientWindows windows = one.Get<RecipientWindows>();
        for (int user = 0; user < 50; user++)
        {
            await windows.TryAddAsync(Business, User(user), MessagingTier.Tier100K, None);
        }

        await windows.DisposeAsync();
        await using TransportHarness two = new(one);
        Assert.Equal((50, true), await two.Get<RecipientWindows>().CountAsync(Business, None));
    }

    /// <summary>A copy of all tables with all keys of the third day: nobody can be looked up.</summary>
    [Fact]
    public async Task Two_days_later_no_key_says_who_was_counted()
    {
        await using TransportHarness transport = await TransportHarness.StartAsync();
        await transport.Get<RecipientWindows>().TryAddAsync(Business, User(1), MessagingTier.Tier250, None);
        UtcDay day = UtcDay.Today(transport.Time);
        ulong item = await transport.Get<SketchItems>().OfAsync(Business, day, User(1), None);
        Assert.Contains(await SketchesAsync(transport), sketch => sketch.Contains(item));

        transport.Time.Advance(TimeSpan.FromHours(48));
        await transport.Get<RateBusinesses>().ExecuteAsync(None);
        Assert.Empty(await SketchesAsync(transport));
        await using TransportHarness thief = new(transport);
        Assert.NotEqual(item, await thief.Get<SketchItems>().OfAsync(Business, day, User(1), None));
    }

    private static NumberHash User(int index) => NumberHash.FromBytes([.. new byte[28], .. BitConverter.GetBytes(index)]);

    private static async Task<List<DistinctSketch>> SketchesAsync(TransportHarness transport)
    {
        List<DistinctSketch> sketches = [];
        await foreach (TableRow row in transport.Tables.QueryAsync(TableNames.Signals, TableRange.Partition(Business, 1_000), None))
        {
            if (row.Columns.TryGetValue("sketch", out object? bytes))
            {
                sketches.Add(DistinctSketch.Decode((byte[])bytes));
            }
        }

        return sketches;
    }
}
