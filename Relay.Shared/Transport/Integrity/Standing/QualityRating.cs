namespace Relay.Shared.Transport.Integrity.Standing;

/// <summary>What users think of a business's messages, in the Cloud API's words (<c>quality_rating</c>).</summary>
public enum QualityRating
{
    Unknown,
    Green,
    Yellow,
    Red,
}

/// <param name="Delivered">Distinct users that messages of a day were delivered to.</param>
/// <param name="Complained">Distinct users that reported or blocked the business on that day.</param>
public readonly record struct QualityDay(long Delivered, long Complained);

/// <summary>
/// Rates seven days of counts (spec/integrity.md §4.4): the lower end of Wilson's 95 % interval of complaints per user, so what is bad is bad for certain, a day weighing
/// half as much as the one two days after it. By the upper end, as the specification has it, a business with 100 users and no complaint would be red (3.7 %).
/// Fewer users than <see cref="FewestDelivered"/> say nothing. The thresholds are Relay's: Meta publishes none.
/// </summary>
public static class Quality
{
    public const int Days = 7;

    public const int FewestDelivered = 100;

    /// <summary>Green below it.</summary>
    public const double GreenBelow = 0.005;

    /// <summary>Yellow from <see cref="GreenBelow"/> on and below this, red from it on.</summary>
    public const double YellowBelow = 0.02;

    private const double HalfLifeDays = 2;

    /// <summary>The normal distribution's 97.5 % point.</summary>
    private const double Z = 1.959963984540054;

    /// <param name="days">Today first, at most <see cref="Days"/> of them count.</param>
    public static QualityRating Rate(IReadOnlyList<QualityDay> days)
    {
        double delivered = 0;
        double complained = 0;
        long all = 0;
        for (int age = 0; age < Math.Min(Days, days.Count); age++)
        {
            double weight = Math.Pow(2, -age / HalfLifeDays);
            delivered += weight * days[age].Delivered;
            complained += weight * days[age].Complained;
            all += days[age].Delivered;
        }

        return all < FewestDelivered
            ? QualityRating.Unknown
            : LowerBound(Math.Min(complained, delivered), delivered) switch
            {
                < GreenBelow => QualityRating.Green,
                < YellowBelow => QualityRating.Yellow,
                _ => QualityRating.Red,
            };
    }

    /// <summary>The lower end of Wilson's score interval (1927) of <paramref name="hits"/> in <paramref name="trials"/>; 0 without trials.</summary>
    internal static double LowerBound(double hits, double trials)
    {
        if (trials <= 0)
        {
            return 0;
        }

        double share = hits / trials;
        double square = Z * Z / trials;
        double root = Math.Sqrt(((share * (1 - share)) + (square / 4)) * square);
        return Math.Max(0, (share + (square / 2) - root) / (1 + square));
    }

    public static string Name(this QualityRating rating) => rating switch
    {
        QualityRating.Unknown => "UNKNOWN",
        QualityRating.Green => "GREEN",
        QualityRating.Yellow => "YELLOW",
        QualityRating.Red => "RED",
        _ => throw new ArgumentOutOfRangeException(nameof(rating)),
    };
}
