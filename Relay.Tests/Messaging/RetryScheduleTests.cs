using Relay.Shared.Messaging;
using Relay.Shared.Storage;
using Relay.Shared.Webhooks;
using Xunit;

namespace Relay.Tests.Messaging;

public sealed class RetryScheduleTests
{
    private static readonly RetryJitter NoJitter = new(percent: 0);

    [Theory]
    [InlineData(1, 0, 5)]
    [InlineData(1, 7, 7)]
    [InlineData(1, 3600, 10)]
    [InlineData(3, 180, 180)]
    public void An_endpoint_may_ask_for_up_to_twice_the_delay(int failures, int asked, int seconds) => Assert.Equal(
        TimeSpan.FromSeconds(seconds), RetrySchedule.AfterWebhookFailure(failures, TimeSpan.FromSeconds(asked), new RetryJitter()));

    [Fact]
    public void Retries_are_spread_by_a_fifth_either_way()
    {
        TimeSpan[] delays = [.. Enumerable.Range(0, 200).Select(_ => RetrySchedule.AfterWebhookFailure(3, null, new RetryJitter()))];
        Assert.All(delays, delay => Assert.InRange(delay.TotalSeconds, 96, 144));
        Assert.True(delays.Max() - delays.Min() > TimeSpan.FromSeconds(20));
    }

    [Theory]
    [InlineData(1, 1)]
    [InlineData(2, 5)]
    [InlineData(3, 30)]
    [InlineData(4, 120)]
    [InlineData(5, 600)]
    [InlineData(6, 1_800)]
    [InlineData(7, 3_600)]
    [InlineData(8, 7_200)]
    [InlineData(9, 14_400)]
    [InlineData(10, 14_400)]
    [InlineData(int.MaxValue, 14_400)]
    public void A_dependency_is_tried_again_after(int failures, int seconds) =>
        Assert.Equal(TimeSpan.FromSeconds(seconds), RetrySchedule.AfterDependencyFailure(failures));

    [Theory]
    [InlineData(1, 5)]
    [InlineData(2, 30)]
    [InlineData(3, 120)]
    [InlineData(4, 600)]
    [InlineData(5, 1_800)]
    [InlineData(6, 3_600)]
    [InlineData(7, 7_200)]
    [InlineData(8, 14_400)]
    [InlineData(9, 28_800)]
    [InlineData(10, 43_200)]
    [InlineData(11, 43_200)]
    public void An_endpoint_is_tried_again_after(int failures, int seconds) =>
        Assert.Equal(TimeSpan.FromSeconds(seconds), RetrySchedule.AfterWebhookFailure(failures, null, NoJitter));

    [Fact]
    public void Delays_only_grow_and_fit_a_queue()
    {
        for (int failures = 1; failures < 200; failures++)
        {
            Assert.True(RetrySchedule.AfterDependencyFailure(failures) <= RetrySchedule.AfterDependencyFailure(failures + 1));
            Assert.True(RetrySchedule.AfterWebhookFailure(failures, null, NoJitter) <= RetrySchedule.AfterWebhookFailure(failures + 1, null, NoJitter));
            Assert.InRange(RetrySchedule.AfterWebhookFailure(failures, null, NoJitter), TimeSpan.FromSeconds(1), QueueLimits.MaxDelay);
        }

        Assert.Equal(TimeSpan.FromDays(7), RetrySchedule.WebhookLife);
    }
}
