using System.Net;
using Microsoft.Extensions.DependencyInjection;
using Relay.Shared.Primitives;
using Relay.Shared.Storage;
using Relay.Shared.Transport.Integrity;
using Relay.Shared.Transport.Integrity.Sketches;
using Relay.Shared.Transport.Integrity.Standing;
using Relay.Shared.Transport.Integrity.Tallies;
using Relay.Shared.Transport.Numbers;
using Relay.Tests.Administration;
using Relay.Tests.Support;
using Xunit;

namespace Relay.Tests.Integrity;

/// <summary>Counting holds up nothing that isn't counting, and one business's broken row no other business.</summary>
public sealed class CountingFaultTests
{
    private static readonly CancellationToken None = CancellationToken.None;

    [Fact]
    public async Task What_can_t_be_counted_is_taken_all_the_same()
    {
        bool isAway = false;
        FaultPlan plan = new(call => isAway && call is { Process: "transport", Target: TableNames.Dek } ? Fault.RequestLost : null);
        await using PairWorld world = await PairWorld.StartAsync(PreparedPair.Strangers, plan);
        await world.UserSendsAsync("Hi there");
        await world.DrainAsync();
        isAway = true;
        await world.SendAsync("Hello");
        await world.DrainAsync();
        isAway = false;
        await world.ReceiveAsync();
        Assert.NotEmpty(plan.Struck);
        Assert.Contains("Hello", world.Received);
        Assert.Single(plan.Calls, call => call is { Process: "relay", Name: "http:transport", Target: "envelopes" });
        Assert.Empty(world.Running.Faults);
    }

    [Fact]
    public async Task A_standing_that_is_none_of_ours_stops_no_other_rating()
    {
        await using AdminWorld world = await AdminWorld.StartAsync();
        string[] businesses = [.. new[] { await world.BusinessAsync(), await world.BusinessAsync() }.Order(StringComparer.Ordinal)];
        IServiceProvider services = world.Running.Local.Services;
        StandingStore standings = services.GetRequiredService<StandingStore>();
        await services.GetRequiredService<ListedBusinesses>().AddAsync(businesses[0], None);
        TableWrite broken = TableWrite.Upsert("standing", new Dictionary<string, object> { ["tier"] = "TIER_OF_ANOTHER_VERSION" });
        await services.GetRequiredService<TransportStorage>().Tables.CommitAsync(TableNames.Signals, businesses[0], [broken], None);
        DateTimeOffset halfUsed = world.Time.GetUtcNow().AddHours(-7);
        await standings.ChangeAsync(businesses[1], before => before with { TierSince = halfUsed, HalfUsedAt = halfUsed }, None);
        await world.Running.Local.InvokeTimerAsync("TransportRateBusinesses", None);
        Assert.Equal(MessagingTier.Tier2K, (await standings.FindAsync(businesses[1], None)).Tier);
    }

    [Fact]
    public async Task A_sketch_that_is_none_of_ours_stops_no_other_count()
    {
        await using AdminWorld world = await AdminWorld.StartAsync();
        IServiceProvider services = world.Running.Local.Services;
        UtcDay today = UtcDay.Today(world.Time);
        TableWrite broken = TableWrite.Upsert(SketchStore.RowKey(SketchKind.Messaged, today), new Dictionary<string, object> { ["sketch"] = new byte[] { 9 } });
        await services.GetRequiredService<TransportStorage>().Tables.CommitAsync(TableNames.Signals, "1", [broken], None);
        CountTraffic traffic = services.GetRequiredService<CountTraffic>();
        NumberHash user = NumberHash.FromBytes(new byte[32]);
        await traffic.AddSentAsync("1", user, isInitiated: true, isFirst: true, None);
        await traffic.AddSentAsync("2", user, isInitiated: true, isFirst: true, None);
        await traffic.FlushAsync(None);
        Assert.Equal(1, (await services.GetRequiredService<CloseDays>().ReadAsync("2", today, None))?.Messaged);
    }

    [Fact]
    public async Task Keys_are_destroyed_also_when_counts_can_t_be_written()
    {
        bool isAway = false;
        FaultPlan plan = new(call => isAway && call is { Process: "transport", Name: "table:get", Target: TableNames.Signals } ? Fault.RequestLost : null);
        await using PairWorld world = await PairWorld.StartAsync(PreparedPair.Strangers, plan);
        await world.SendAsync("Hello");
        await world.DrainAsync();
        Assert.Contains(world.Transport.Rows(TableNames.Dek), row => row.RowKey.StartsWith("sketch-", StringComparison.Ordinal));
        world.Time.Advance(TimeSpan.FromDays(2));
        isAway = true;
        await Assert.ThrowsAnyAsync<Exception>(() => world.Running.Local.InvokeTimerAsync("TransportRateBusinesses", None));
        Assert.NotEmpty(plan.Struck);
        Assert.DoesNotContain(world.Transport.Rows(TableNames.Dek), row => row.RowKey.StartsWith("sketch-202603", StringComparison.Ordinal) && string.CompareOrdinal(row.RowKey, "sketch-" + UtcDay.Today(world.Time).AddDays(-1).Key) < 0);
    }

    [Fact]
    public async Task A_transport_that_is_away_holds_no_closing_up()
    {
        bool isAway = false;
        FaultPlan plan = new(call => isAway && call.Name == "http:transport" ? Fault.RequestLost : null);
        await using PairWorld world = await PairWorld.StartAsync(PreparedPair.Strangers, plan);
        isAway = true;
        (HttpStatusCode status, _) = await world.Running.TryAdminAsync(HttpMethod.Delete, $"businesses/{world.Business.Id}", new { });
        Assert.Equal(HttpStatusCode.OK, status);
        Assert.Equal(1 + 3, plan.Struck.Count);
    }
}
