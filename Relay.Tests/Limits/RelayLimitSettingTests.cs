using Relay.Shared.Hosting;
using Relay.Shared.Limits;
using Xunit;

namespace Relay.Tests.Limits;

public sealed class RelayLimitSettingTests
{
    [Fact]
    public void Unset_they_are_the_cloud_apis()
    {
        RelayLimits limits = RelaySettings.ReadLimits(_ => null, new RelayLimits());
        Assert.Equal((80, 1_000, 6, 45), (limits.MessagesPerSecond, limits.MessagesPerSecondHigh, limits.PairSeconds, limits.PairBurst));
        Assert.True(limits.BacklogHard > limits.BacklogSoft);
    }

    [Fact]
    public void Zero_lifts_and_what_is_not_set_stays()
    {
        RelayLimits limits = RelaySettings.ReadLimits(
            name => name is RelaySettings.MessagesPerSecond or RelaySettings.BacklogSoft ? "0" : null, new RelayLimits { PairSeconds = 7, BacklogHard = 5 });
        Assert.Equal((0, 7, 0, 5), (limits.MessagesPerSecond, limits.PairSeconds, limits.BacklogSoft, limits.BacklogHard));
        Assert.Null(limits.Throughput(ThroughputLevel.Standard));
        Assert.NotNull(limits.Throughput(ThroughputLevel.High));
    }

    [Theory]
    [InlineData(RelaySettings.MessagesPerSecond, "-1")]
    [InlineData(RelaySettings.MessagesPerSecondHigh, "many")]
    [InlineData(RelaySettings.PairSeconds, "3601")]
    [InlineData(RelaySettings.PairBurst, "0")]
    [InlineData(RelaySettings.BacklogHard, "20000")]
    [InlineData(RelaySettings.BacklogSoft, "1.5")]
    public void What_makes_no_sense_stops_the_start(string name, string value)
    {
        InvalidOperationException refused = Assert.Throws<InvalidOperationException>(
            () => RelaySettings.ReadLimits(asked => asked == name ? value : null, new RelayLimits()));
        Assert.Contains(name, refused.Message, StringComparison.Ordinal);
        Assert.DoesNotContain(value, refused.Message, StringComparison.Ordinal);
    }
}
