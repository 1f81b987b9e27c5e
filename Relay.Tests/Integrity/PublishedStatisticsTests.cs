using System.Text.Json;
using Relay.Shared.Primitives;
using Relay.Shared.Transport.Integrity.Standing;
using Relay.Shared.Transport.Integrity.Tallies;
using Relay.Shared.Transport.Numbers;
using Relay.Shared.Transport.Statistics;
using Relay.Shared.Transport.Wire;
using Relay.Tests.Support;
using Relay.Tests.Transport;
using Xunit;

namespace Relay.Tests.Integrity;

/// <summary>What leaves over all businesses: once, blurred, and nothing small.</summary>
public sealed class PublishedStatisticsTests
{
    private static CancellationToken None => CancellationToken.None;

    [Fact]
    public async Task A_week_is_published_once_with_one_noise_whoever_publishes()
    {
        await using TransportHarness transport = await TransportHarness.StartAsync();
        await TrafficAsync(transport, businesses: 6, users: 40);
        await NextMondayAsync(transport);
        await using TransportHarness other = new(transport);
        await Task.WhenAll(transport.Get<PublishStatistics>().ExecuteAsync(_ => 3, None), other.Get<PublishStatistics>().ExecuteAsync(_ => -13, None));
        IReadOnlyList<StatisticsNumber> first = (await ListAsync(transport)).Single(week => week.Numbers.Count > 0).Numbers;
        await transport.Get<PublishStatistics>().ExecuteAsync(_ => 50, None);
        Assert.Equal(first, (await ListAsync(other)).Single(week => week.Numbers.Count > 0).Numbers);

        // 40 users on one day, whom six businesses messaged each: 40 user-days, not 240.
        long expected = first[0].Users == 40 ? 40 : 30;
        Assert.Equal([(PublishStatistics.Messaged, "20261122", expected), (PublishStatistics.Messaged, "ALL", expected)], first.Select(one => (one.Measure, one.Day, one.Users)).Order());
    }

    [Theory]
    [InlineData(6, 19)]
    [InlineData(4, 400)]
    public async Task Too_few_users_or_businesses_are_not_published(int businesses, int users)
    {
        await using TransportHarness transport = await TransportHarness.StartAsync();
        await TrafficAsync(transport, businesses, users);
        await NextMondayAsync(transport);
        await transport.Get<PublishStatistics>().ExecuteAsync(None);
        IReadOnlyList<StatisticsWeek> weeks = await ListAsync(transport);
        Assert.NotEmpty(weeks);
        Assert.All(weeks, week => Assert.Empty(week.Numbers));
    }

    [Fact]
    public async Task An_operator_reads_them_and_a_wrong_day_is_refused()
    {
        await using TestRelay relay = await TestRelay.StartAsync();
        JsonElement answer = await relay.AdminAsync(HttpMethod.Get, "statistics?since=2026-11-01", new { });
        Assert.Equal(0, answer.GetProperty("data").GetArrayLength());
        (System.Net.HttpStatusCode status, JsonElement error) = await relay.TryAdminAsync(HttpMethod.Get, "statistics?since=yesterday", new { });
        Assert.Equal((System.Net.HttpStatusCode.BadRequest, 100), (status, error.GetProperty("error").GetProperty("code").GetInt32()));
    }

    [Fact]
    public void A_week_is_ISOs()
    {
        Assert.Equal("2026-W53", Week.Of(new UtcDay(new DateOnly(2027, 1, 3))).Key);
        Assert.Equal("2027-W01", Week.Of(new UtcDay(new DateOnly(2027, 1, 4))).Key);
        Assert.Equal(new DateOnly(2026, 11, 16), Week.Of(new UtcDay(new DateOnly(2026, 11, 22))).Monday.Date);
    }

    private static async Task TrafficAsync(TransportHarness transport, int businesses, int users)
    {
        for (int business = 0; business < businesses; business++)
        {
            for (int user = 0; user < users; user++)
            {
                NumberHash hash = NumberHash.FromBytes([.. new byte[28], .. BitConverter.GetBytes(user)]);
                await transport.Get<CountTraffic>().AddSentAsync($"{business}", hash, isInitiated: true, isFirst: false, None);
            }
        }

        await transport.Get<CountTraffic>().FlushAsync(None);
    }

    /// <summary>Sunday becomes Monday; the hourly timer closes the day.</summary>
    private static async Task NextMondayAsync(TransportHarness transport)
    {
        transport.Time.Advance(TimeSpan.FromDays(1));
        await transport.Get<RateBusinesses>().ExecuteAsync(None);
    }

    private static async Task<IReadOnlyList<StatisticsWeek>> ListAsync(TransportHarness transport) =>
        (await transport.Get<ListReleases>().ExecuteAsync(new StatisticsRequest("2026-10-01"), default, None)).Value!.Weeks;
}
