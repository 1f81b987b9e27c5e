using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using Microsoft.Extensions.DependencyInjection;
using Relay.Shared.Storage;
using Relay.Shared.Telemetry;
using Relay.Shared.Transport.Integrity.Standing;
using Relay.Shared.Transport.Integrity.Windows;
using Relay.Shared.Transport.Numbers;
using Relay.Tests.Support;
using Xunit;

namespace Relay.Tests.Telemetry;

/// <summary>What the alarms of a stamp go by is measured when it happens, and stays quiet when all is well.</summary>
[Collection(nameof(TelemetryCollection))]
public sealed class AlarmMetricsTests : IDisposable
{
    private const string Timer = "DeleteExpired";
    private const double Day = 86_400;

    private readonly ConcurrentQueue<(string Name, double Value, string Tag)> _measured = [];
    private readonly MeterListener _listener = new();

    public AlarmMetricsTests()
    {
        _listener.InstrumentPublished = (instrument, listener) =>
        {
            if (instrument.Meter.Name == RelayMetrics.MeterName)
            {
                listener.EnableMeasurementEvents(instrument);
            }
        };
        _listener.SetMeasurementEventCallback<long>((instrument, value, tags, _) => Keep(instrument, value, tags));
        _listener.SetMeasurementEventCallback<double>((instrument, value, tags, _) => Keep(instrument, value, tags));
        _listener.Start();
    }

    public void Dispose() => _listener.Dispose();

    [Fact]
    public async Task A_run_that_deletes_all_measures_that_nothing_is_left()
    {
        await using PairWorld world = await PairWorld.StartAsync(PreparedPair.Strangers);
        await world.SendAsync("Hello");
        await world.SettleAsync();
        world.Time.Advance(TimeSpan.FromDays(29));
        await world.TimerAsync(Timer);

        Assert.Equal([0], Values(RelayMetrics.OldestLeft));
        Assert.Empty(Values(RelayMetrics.Lost));
        Assert.Contains("one", _measured.Where(one => one.Name == RelayMetrics.SessionCommits.Name).Select(one => one.Tag));
    }

    [Fact]
    public async Task Rows_that_cannot_be_deleted_show_their_age()
    {
        bool isBroken = false;
        FaultPlan plan = new(call => isBroken && call is { Process: "relay", Target: TableNames.Conversations, Name: "table:commit" } ? Fault.RequestLost : null);
        await using PairWorld world = await PairWorld.StartAsync(PreparedPair.Strangers, plan);
        await world.SendAsync("Hello");
        await world.SettleAsync();
        isBroken = true;
        world.Time.Advance(TimeSpan.FromDays(31));
        await world.TimerAsync(Timer);

        Assert.InRange(Assert.Single(Values(RelayMetrics.OldestLeft)), 31 * Day, 32 * Day);
    }

    [Fact]
    public async Task A_committed_message_that_cannot_leave_shows_how_long_it_waits()
    {
        bool isAway = true;
        FaultPlan plan = new(call => isAway && call is { Name: "http:transport", Target: "envelopes" } ? Fault.RequestLost : null);
        await using PairWorld world = await PairWorld.StartAsync(PreparedPair.Strangers, plan);
        await world.SendAsync("Hello");
        await world.DrainAsync();
        world.Time.Advance(TimeSpan.FromMinutes(10));
        await world.DrainAsync();
        Assert.InRange(Values(RelayMetrics.Unsent).Max(), 600, Day);

        isAway = false;
        world.Time.Advance(TimeSpan.FromHours(5));
        int before = Values(RelayMetrics.Unsent).Length;
        await world.DrainAsync();
        Assert.Equal(before, Values(RelayMetrics.Unsent).Length);
    }

    /// <summary>Somebody empties the queue: nothing will ever take the message up, and nobody is told.</summary>
    [Fact]
    public async Task A_message_that_is_lost_is_counted()
    {
        FaultPlan plan = new(call => call is { Name: "http:transport", Target: "envelopes" } ? Fault.RequestLost : null);
        await using PairWorld world = await PairWorld.StartAsync(PreparedPair.Strangers, plan);
        await world.SendAsync("Hello");
        await world.DrainAsync();
        world.Time.Advance(TimeSpan.FromHours(5));
        foreach (QueueItem item in await world.Relay.Queues.ReceiveAsync(QueueNames.Outbound, 10, TimeSpan.FromMinutes(1), CancellationToken.None))
        {
            await world.Relay.Queues.DeleteAsync(QueueNames.Outbound, item, CancellationToken.None);
        }

        world.Time.Advance(TimeSpan.FromDays(29));
        await world.TimerAsync(Timer);
        Assert.Equal([1], Values(RelayMetrics.Lost));
    }

    [Fact]
    public async Task A_restricted_business_is_seen_in_what_is_not_taken_of_it_and_every_rating_is_counted()
    {
        await using PairWorld world = await PairWorld.StartAsync(PreparedPair.Strangers);
        await world.SendAsync("Hello");
        await world.DrainAsync();
        Assert.Empty(Values(RelayMetrics.Stopped));
        await world.Running.AdminAsync(HttpMethod.Put, $"businesses/{world.Business.Id}/integrity", new { restricted = true });
        await world.SendAsync("Hello again");
        await world.DrainAsync();
        Assert.Equal([("restricted", 1d)], _measured.Where(one => one.Name == RelayMetrics.Stopped.Name).Select(one => (one.Tag, one.Value)));
        await world.TimerAsync("TransportRateBusinesses");
        Assert.Equal([("unknown", 1d)], _measured.Where(one => one.Name == RelayMetrics.Rated.Name).Select(one => (one.Tag, one.Value)));
    }

    [Fact]
    public async Task A_business_at_its_limit_is_seen_in_what_is_not_taken_of_it()
    {
        await using PairWorld world = await PairWorld.StartAsync(PreparedPair.Strangers);
        RecipientWindows windows = world.Running.Local.Services.GetRequiredService<RecipientWindows>();
        for (int user = 1; user <= 250; user++)
        {
            await windows.TryAddAsync(world.Business.Id, NumberHash.FromBytes(Enumerable.Repeat((byte)user, 32).ToArray()), MessagingTier.Tier250, CancellationToken.None);
        }

        await world.SendAsync("Hello");
        await world.DrainAsync();
        Assert.Equal([("tier_limit", 1d)], _measured.Where(one => one.Name == RelayMetrics.Stopped.Name).Select(one => (one.Tag, one.Value)));
    }

    [Theory]
    [InlineData(0, CommitAttempts.One)]
    [InlineData(1, CommitAttempts.Few)]
    [InlineData(4, CommitAttempts.Few)]
    [InlineData(5, CommitAttempts.Many)]
    public void Attempts_are_the_lost_races_and_the_one_that_was_won(int lost, CommitAttempts attempts) => Assert.Equal(attempts, CommitAttemptsOf.Races(lost));

    private double[] Values(MeteredInstrument one) => [.. _measured.Where(measured => measured.Name == one.Name).Select(measured => measured.Value)];

    private void Keep(Instrument instrument, double value, ReadOnlySpan<KeyValuePair<string, object?>> tags) =>
        _measured.Enqueue((instrument.Name, value, tags.Length == 0 ? "" : $"{tags[0].Value}"));
}
