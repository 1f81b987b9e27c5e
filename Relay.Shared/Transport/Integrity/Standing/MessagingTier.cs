namespace Relay.Shared.Transport.Integrity.Standing;

/// <summary>How many distinct users a business may message in a moving 24 hours outside of service windows (spec/integrity.md §4.1).</summary>
public enum MessagingTier
{
    Tier250,
    Tier2K,
    Tier10K,
    Tier100K,
    Unlimited,
}

/// <summary>Tiers as numbers and as the Cloud API names them.</summary>
public static class MessagingTiers
{
    /// <summary>In percent. An estimate is off by half of that as a rule: so few are stopped below the limit, and few come further than twice that above it.</summary>
    private const int Tolerance = 1;

    /// <summary>Null when there is none.</summary>
    public static long? Limit(this MessagingTier tier) => tier switch
    {
        MessagingTier.Tier250 => 250,
        MessagingTier.Tier2K => 2_000,
        MessagingTier.Tier10K => 10_000,
        MessagingTier.Tier100K => 100_000,
        MessagingTier.Unlimited => null,
        _ => throw new ArgumentOutOfRangeException(nameof(tier)),
    };

    /// <summary>Whether a business that has messaged so many may message one more.</summary>
    /// <param name="tier">The business's.</param>
    /// <param name="messaged">Distinct users of the last 24 hours.</param>
    /// <param name="isExact">Whether that was counted or estimated.</param>
    public static bool Admits(this MessagingTier tier, long messaged, bool isExact) =>
        tier.Limit() is not { } limit || messaged < (isExact ? limit : limit * (100 + Tolerance) / 100);

    /// <summary>As <c>whatsapp_business_manager_messaging_limit</c> says it.</summary>
    public static string Name(this MessagingTier tier) => tier switch
    {
        MessagingTier.Tier250 => "TIER_250",
        MessagingTier.Tier2K => "TIER_2K",
        MessagingTier.Tier10K => "TIER_10K",
        MessagingTier.Tier100K => "TIER_100K",
        MessagingTier.Unlimited => "TIER_UNLIMITED",
        _ => throw new ArgumentOutOfRangeException(nameof(tier)),
    };

    public static bool TryParse(string? name, out MessagingTier tier)
    {
        foreach (MessagingTier one in Enum.GetValues<MessagingTier>())
        {
            if (one.Name() == name)
            {
                tier = one;
                return true;
            }
        }

        tier = default;
        return false;
    }

    internal static MessagingTier Above(this MessagingTier tier) => tier == MessagingTier.Unlimited ? tier : tier + 1;

    internal static MessagingTier Below(this MessagingTier tier) => tier == MessagingTier.Tier250 ? tier : tier - 1;
}
