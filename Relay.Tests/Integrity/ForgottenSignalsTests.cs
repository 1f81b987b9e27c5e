using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;
using Relay.Shared.Storage;
using Relay.Shared.Transport.Integrity;
using Relay.Shared.Transport.Integrity.Standing;
using Relay.Shared.Transport.Integrity.Tallies;
using Relay.Shared.Transport.Integrity.Windows;
using Relay.Shared.Transport.Numbers;
using Relay.Tests.Support;
using Xunit;

namespace Relay.Tests.Integrity;

/// <summary>What was counted of a business ends with it, and an entry in the list of businesses when there is nothing to rate.</summary>
public sealed class ForgottenSignalsTests
{
    private const string Business = "102";

    private static readonly CancellationToken None = CancellationToken.None;

    [Fact]
    public async Task Closing_a_business_leaves_nothing_that_was_counted_of_it()
    {
        await using PairWorld world = await CountedAsync();
        Assert.Contains($"{world.Business.Id}/standing", Left(world));
        Assert.Contains($"all/{world.Business.Id}", Left(world));
        await CloseAsync(world);
        Assert.Equal([$"all/{world.Business.Id}"], Left(world));
        await RateAsync(world, TimeSpan.FromDays(8));
        Assert.Equal([$"all/{world.Business.Id}"], Left(world));
        await RateAsync(world, TimeSpan.FromDays(1));
        await RateAsync(world, TimeSpan.FromHours(1));
        Assert.Empty(Left(world));
        Assert.DoesNotContain(world.Transport.Rows(TableNames.ReportInbox), row => row.PartitionKey == world.Business.Id);
    }

    /// <summary>Also a window that is still in memory and half full, by which a business of its own would come to a higher tier.</summary>
    [Fact]
    public async Task What_an_instance_still_has_in_memory_brings_nothing_back()
    {
        await using PairWorld world = await CountedAsync();
        RecipientWindows windows = world.Running.Local.Services.GetRequiredService<RecipientWindows>();
        for (byte user = 1; user <= 130; user++)
        {
            Assert.True(await windows.TryAddAsync(world.Business.Id, NumberHash.FromBytes(Enumerable.Repeat(user, 32).ToArray()), MessagingTier.Tier250, None));
        }

        await world.SendAsync("And again");
        await world.DrainAsync();
        await CloseAsync(world);
        await world.Running.Local.Services.GetRequiredService<CountTraffic>().FlushAsync(None);
        Assert.InRange(Left(world).Length, 3, 5);
        await RateAsync(world, TimeSpan.FromMinutes(10));
        Assert.Equal([$"all/{world.Business.Id}"], Left(world));
        for (int day = 0; day < 12; day++)
        {
            await RateAsync(world, TimeSpan.FromDays(1));
        }

        Assert.Empty(Left(world));
    }

    [Fact]
    public async Task Whatever_is_written_of_a_business_can_be_found_by_the_timers()
    {
        await using PairWorld world = await PairWorld.StartAsync(PreparedPair.Strangers);
        await world.Device.Phone.BlockAsync(TestDevice.Of(world.Business.Number), blocked: true, None);
        await world.SendAsync("Dropped, and counted for the tier");
        await world.DrainAsync();
        Assert.Contains(Left(world), place => place.Contains("/i-", StringComparison.Ordinal));
        Assert.Contains($"all/{world.Business.Id}", Left(world));
    }

    [Fact]
    public async Task A_business_keeps_a_standing_that_somebody_gave_it_however_long_it_is_silent()
    {
        await using PairWorld world = await CountedAsync();
        for (int day = 0; day < 10; day++)
        {
            await RateAsync(world, TimeSpan.FromDays(4));
        }

        Assert.Equal([$"{world.Business.Id}/standing", $"all/{world.Business.Id}"], Left(world).Order());
    }

    /// <summary>Whoever writes something lists the business first, and may write it much later.</summary>
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Who_was_listed_since_yesterday_stays_listed(bool isInBetween)
    {
        FakeTimeProvider time = new(new DateTimeOffset(2026, 3, 2, 9, 0, 0, TimeSpan.Zero));
        MemoryAccount account = new(time);
        await account.Tables.EnsureTablesAsync([TableNames.Signals], None);
        InterruptedTables tables = new(account.Tables, TableNames.Signals);
        ListedBusinesses writer = new(new TransportStorage(account.Tables, account.Queues, account.Blobs), time);
        ListedBusinesses listed = new(new TransportStorage(tables, account.Queues, account.Blobs), time);
        StandingStore standings = new(new TransportStorage(tables, account.Queues, account.Blobs), listed, new NewBusinessTier(MessagingTier.Tier250), time);
        await writer.AddAsync(Business, None);
        time.Advance(TimeSpan.FromDays(2));
        if (isInBetween)
        {
            tables.InterruptCommit = async (_, _) =>
            {
                await writer.AddAsync(Business, None);
                return true;
            };
        }
        else
        {
            await writer.AddAsync(Business, None);
        }

        await standings.LetGoAsync(Business, None);
        time.Advance(TimeSpan.FromDays(1));
        await standings.LetGoAsync(Business, None);
        Assert.Equal([Business], await listed.ReadAsync(null, None).ToListAsync(None));
        time.Advance(TimeSpan.FromDays(1));
        await standings.LetGoAsync(Business, None);
        Assert.Empty(account.Tables.Everything());
    }

    /// <summary>A business of a tier of its own that has sent, with its counts written.</summary>
    private static async Task<PairWorld> CountedAsync()
    {
        PairWorld world = await PairWorld.StartAsync(PreparedPair.Strangers);
        await world.SendAsync("Hello");
        await world.DrainAsync();
        await world.Running.Local.Services.GetRequiredService<CountTraffic>().FlushAsync(None);
        await world.Running.AdminAsync(HttpMethod.Put, $"businesses/{world.Business.Id}/integrity", new { tier = "TIER_2K" });
        return world;
    }

    private static async Task CloseAsync(PairWorld world)
    {
        await world.Running.AdminAsync(HttpMethod.Delete, $"businesses/{world.Business.Id}", new { });
        await world.DrainAsync();
    }

    private static async Task RateAsync(PairWorld world, TimeSpan later)
    {
        world.Time.Advance(later);
        await world.Running.Local.InvokeTimerAsync("TransportRateBusinesses", None);
    }

    private static string[] Left(PairWorld world) =>
    [
        .. from row in world.Transport.Rows(TableNames.Signals)
           let place = $"{row.PartitionKey}/{row.RowKey}"
           where place.Contains(world.Business.Id, StringComparison.Ordinal)
           select place,
    ];
}
