using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;
using Relay.Shared.Storage;
using Relay.Shared.Transport.Integrity.Standing;
using Relay.Shared.Transport.Integrity.Tallies;
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
        Assert.Empty(Left(world));
        Assert.Empty(world.Transport.Rows(TableNames.ReportInbox).Where(row => row.PartitionKey == world.Business.Id));
    }

    [Fact]
    public async Task What_an_instance_writes_after_the_end_goes_with_its_days()
    {
        await using PairWorld world = await CountedAsync();
        await world.SendAsync("And again");
        await world.DrainAsync();
        await CloseAsync(world);
        await RateAsync(world, TimeSpan.FromMinutes(10));
        await world.Running.Local.Services.GetRequiredService<CountTraffic>().FlushAsync(None);
        Assert.InRange(Left(world).Length, 3, 5);
        for (int day = 0; day < 10; day++)
        {
            await RateAsync(world, TimeSpan.FromDays(3));
        }

        Assert.Empty(Left(world));
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

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Who_is_counted_at_the_moment_of_being_let_go_stays_listed(bool hasStanding)
    {
        MemoryAccount account = new(new FakeTimeProvider());
        await account.Tables.EnsureTablesAsync([TableNames.Signals, TableNames.ReportInbox], None);
        InterruptedTables tables = new(account.Tables, TableNames.Signals);
        StandingStore store = Store(tables, account);
        await store.ListAsync(Business, None);
        if (hasStanding)
        {
            await store.ChangeAsync(Business, before => before with { SetAt = DateTimeOffset.UnixEpoch }, None);
        }

        tables.InterruptCommit = async (partition, _) =>
        {
            if (partition == "all")
            {
                await Store(account.Tables, account).ListAsync(Business, None);
            }

            return partition == "all";
        };
        await store.LetGoAsync(Business, None);
        Assert.Equal([Business], await store.ListedAsync(null, None).ToListAsync(None));
        await store.LetGoAsync(Business, None);
        Assert.Empty(account.Tables.Everything());
    }

    private static StandingStore Store(ITableStore tables, MemoryAccount account) =>
        new(new TransportStorage(tables, account.Queues, account.Blobs), new NewBusinessTier(MessagingTier.Tier250), TimeProvider.System);

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
