namespace Relay.Load.Measuring;

internal static class Statistics
{
    /// <summary>The middle value, or the mean of the two.</summary>
    internal static double Median(IReadOnlyCollection<double> values) => Percentile(values, 50);

    /// <summary>Linear between neighbours.</summary>
    internal static double Percentile(IReadOnlyCollection<double> values, double percent)
    {
        ArgumentOutOfRangeException.ThrowIfZero(values.Count, nameof(values));
        double[] sorted = [.. values.Order()];
        double at = (sorted.Length - 1) * percent / 100;
        int below = (int)Math.Floor(at);
        int above = (int)Math.Ceiling(at);
        return sorted[below] + ((sorted[above] - sorted[below]) * (at - below));
    }
}
