using Relay.Shared.Primitives;
using Relay.Shared.Transport.Integrity;
using Relay.Shared.Transport.Integrity.Standing;
using Relay.Shared.Transport.Integrity.Tallies;
using Relay.Shared.Transport.Numbers;
using Relay.Tests.Transport;
using Xunit;

namespace Relay.Tests.Integrity;

/// <summary>What the hourly rating makes of what was counted.</summary>
public sealed class RatingTests
{
    private const string Business = "100";
    private const int Messaged = 250;

    private static CancellationToken None => CancellationToken.None;

    [Fact]
    public async Task What_its_own_instance_counted_a_moment_ago_is_rated_and_each_complainer_once()
    {
        await using TransportHarness transport = await TransportHarness.StartAsync();
        for (int user = 0; user < Messaged; user++)
        {
            await transport.Get<CountTraffic>().AddSentAsync(Business, User(user), isInitiated: true, isFirst: true, None);
        }

        Assert.Equal(QualityRating.Green, await RateAsync(transport, complainers: 0));
        Assert.Equal(QualityRating.Green, await RateAsync(transport, complainers: 3));
        Assert.Equal(QualityRating.Green, await RateAsync(transport, complainers: 3));
        Assert.Equal(QualityRating.Yellow, await RateAsync(transport, complainers: 4));
        Assert.Equal(QualityRating.Red, await RateAsync(transport, complainers: 10));
    }

    /// <summary>The first so many users complain, also those who did before.</summary>
    private static async Task<QualityRating> RateAsync(TransportHarness transport, int complainers)
    {
        for (int user = 0; user < complainers; user++)
        {
            await transport.Get<Complaints>().AddAsync(Business, User(user), UtcDay.Today(transport.Time), None);
        }

        await transport.Get<RateBusinesses>().ExecuteAsync(None);
        return (await transport.Get<StandingStore>().FindAsync(Business, None)).Quality;
    }

    private static NumberHash User(int index) => NumberHash.FromBytes([.. new byte[28], .. BitConverter.GetBytes(index)]);
}
