using Relay.Load.Reporting;

namespace Relay.Load.Driving;

/// <summary>The search for the highest sustained rate: doubled until it isn't, then halved in between.</summary>
internal static class FindRate
{
    private const double First = 10;
    private const double Most = 5_000;

    /// <summary>When two neighbours are this close, the lower one is the answer.</summary>
    private const double CloseEnough = 1.1;

    /// <summary>A system that keeps up has no more than this many seconds' worth of messages under way.</summary>
    private const double BacklogSeconds = 2;

    public static async Task<double> SearchAsync(Func<double, Task<bool>> isSustained)
    {
        double low = 0;
        double high = First;
        while (high <= Most && await isSustained(high))
        {
            (low, high) = (high, high * 2);
        }

        while (high > (low == 0 ? 1 : low * CloseEnough))
        {
            double middle = (low + high) / 2;
            (low, high) = await isSustained(middle) ? (middle, high) : (low, middle);
        }

        return low;
    }

    public static FindStep Judge(LoadReport report, int backlog, bool eachWay)
    {
        int lost = report.ToUser.Lost + report.ToBusiness.Lost + report.ToUser.Untold;
        int refused = report.ToUser.Refused.Values.Sum() + report.ToBusiness.Refused.Values.Sum();
        return new FindStep(
            report.Rate,
            backlog,
            report.DrainSeconds,
            report.EndToEndToUser.P99,
            report.EndToEndToBusiness.P99,
            lost,
            report.IsKept && refused == 0 && backlog <= MostBacklog(report.Rate, eachWay));
    }

    /// <summary>How many messages a system that keeps up may have under way.</summary>
    public static int MostBacklog(double rate, bool eachWay) => (int)(rate * (eachWay ? 2 : 1) * BacklogSeconds);
}
