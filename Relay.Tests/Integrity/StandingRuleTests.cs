using Relay.Shared.Transport.Integrity.Standing;
using Xunit;

namespace Relay.Tests.Integrity;

public sealed class StandingRuleTests
{
    private static readonly DateTimeOffset Now = new(2026, 11, 26, 12, 0, 0, TimeSpan.Zero);

    [Theory]
    [InlineData(99, 50, QualityRating.Unknown)]
    [InlineData(100, 0, QualityRating.Green)]
    [InlineData(100, 1, QualityRating.Green)]
    [InlineData(100, 2, QualityRating.Yellow)]
    [InlineData(100, 4, QualityRating.Yellow)]
    [InlineData(100, 6, QualityRating.Red)]
    [InlineData(10_000, 60, QualityRating.Green)]
    [InlineData(10_000, 80, QualityRating.Yellow)]
    [InlineData(10_000, 240, QualityRating.Red)]
    [InlineData(200, 500, QualityRating.Red)]
    public void One_day_is_rated_by_what_is_certain(long delivered, long complained, QualityRating expected) =>
        Assert.Equal(expected, Quality.Rate([new QualityDay(delivered, complained)]));

    /// <summary>Of 100 and 10 the interval begins at 5.52 %, by the calculators of textbooks.</summary>
    [Fact]
    public void The_bound_is_Wilsons() => Assert.Equal(0.0552, Quality.LowerBound(10, 100), 4);

    [Fact]
    public void Old_days_weigh_less_and_the_eighth_nothing()
    {
        QualityDay good = new(1_000, 0);
        QualityDay bad = new(1_000, 100);
        Assert.Equal(QualityRating.Red, Quality.Rate([bad, good, good, good, good, good, good]));
        Assert.Equal(QualityRating.Yellow, Quality.Rate([good, good, good, bad, good, good, good]));
        Assert.Equal(QualityRating.Green, Quality.Rate([good, good, good, good, good, good, bad]));
        Assert.Equal(QualityRating.Green, Quality.Rate([good, good, good, good, good, good, good, bad]));
        Assert.Equal(QualityRating.Unknown, Quality.Rate([]));
    }

    /// <summary>Users complain on the day on which they read.</summary>
    [Fact]
    public void Complaints_of_a_day_without_messages_count() =>
        Assert.Equal(QualityRating.Red, Quality.Rate([new QualityDay(0, 300), new QualityDay(10_000, 0)]));

    [Theory]
    [InlineData(MessagingTier.Tier250, 249, true)]
    [InlineData(MessagingTier.Tier250, 250, false)]
    [InlineData(MessagingTier.Tier2K, 1_999, true)]
    [InlineData(MessagingTier.Tier2K, 2_000, false)]
    [InlineData(MessagingTier.Unlimited, long.MaxValue, true)]
    public void A_counted_business_stops_at_its_limit(MessagingTier tier, long messaged, bool admitted) => Assert.Equal(admitted, tier.Admits(messaged, isExact: true));

    [Theory]
    [InlineData(MessagingTier.Tier10K, 10_099, true)]
    [InlineData(MessagingTier.Tier10K, 10_100, false)]
    [InlineData(MessagingTier.Tier100K, 101_000, false)]
    public void An_estimated_one_a_percent_above(MessagingTier tier, long messaged, bool admitted) => Assert.Equal(admitted, tier.Admits(messaged, isExact: false));

    [Fact]
    public void Half_used_for_six_hours_raises_unless_quality_is_red()
    {
        BusinessStanding state = new() { Tier = MessagingTier.Tier250, Quality = QualityRating.Unknown, TierSince = Now.AddDays(-1), HalfUsedAt = Now.AddHours(-6) };
        Assert.Equal(MessagingTier.Tier2K, TierRules.Next(state, Now));
        Assert.Equal(MessagingTier.Tier250, TierRules.Next(state, Now.AddSeconds(-1)));
        Assert.Equal(MessagingTier.Tier250, TierRules.Next(state with { HalfUsedAt = Now.AddDays(-7) }, Now));
        Assert.Equal(MessagingTier.Tier250, TierRules.Next(state with { HalfUsedAt = null }, Now));
        Assert.Equal(MessagingTier.Tier250, TierRules.Next(state with { TierSince = Now.AddHours(-5) }, Now));
        Assert.Equal(MessagingTier.Tier250, TierRules.Next(state with { Quality = QualityRating.Red, RedSince = Now.AddHours(-1) }, Now));
        Assert.Equal(MessagingTier.Unlimited, TierRules.Next(state with { Tier = MessagingTier.Tier100K }, Now));
        Assert.False(TierRules.IsHalfUsed(MessagingTier.Tier250, 124));
        Assert.True(TierRules.IsHalfUsed(MessagingTier.Tier250, 125));
        Assert.False(TierRules.IsHalfUsed(MessagingTier.Unlimited, long.MaxValue));
    }

    [Fact]
    public void Seven_days_of_red_lower_and_seven_more_again()
    {
        BusinessStanding state = new() { Tier = MessagingTier.Tier10K, Quality = QualityRating.Red, TierSince = Now.AddDays(-90), RedSince = Now.AddDays(-7) };
        Assert.Equal(MessagingTier.Tier2K, TierRules.Next(state, Now));
        Assert.Equal(MessagingTier.Tier10K, TierRules.Next(state, Now.AddSeconds(-1)));
        BusinessStanding lowered = state with { Tier = MessagingTier.Tier2K, TierSince = Now };
        Assert.Equal(MessagingTier.Tier2K, TierRules.Next(lowered, Now.AddDays(6)));
        Assert.Equal(MessagingTier.Tier250, TierRules.Next(lowered, Now.AddDays(7)));
        Assert.Equal(MessagingTier.Tier250, TierRules.Next(lowered with { Tier = MessagingTier.Tier250 }, Now.AddDays(7)));
    }

    [Fact]
    public void Names_are_read_back()
    {
        Assert.All(Enum.GetValues<MessagingTier>(), tier => Assert.True(MessagingTiers.TryParse(tier.Name(), out MessagingTier read) && read == tier));
        Assert.False(MessagingTiers.TryParse("TIER_1K", out _));
        Assert.Equal(["UNKNOWN", "GREEN", "YELLOW", "RED"], Enum.GetValues<QualityRating>().Select(rating => rating.Name()));
    }
}
