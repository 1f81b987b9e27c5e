namespace Relay.Load.Measuring;

/// <summary>A distribution of milliseconds in four numbers; all zero when there was nothing.</summary>
internal sealed record Spread(int Count, double P50, double P99, double Max)
{
    public static Spread Of(IEnumerable<double> milliseconds)
    {
        List<double> all = [.. milliseconds];
        return all.Count == 0
            ? new Spread(0, 0, 0, 0)
            : new Spread(all.Count, Statistics.Percentile(all, 50), Statistics.Percentile(all, 99), all.Max());
    }
}
