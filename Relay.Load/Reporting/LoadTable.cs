using System.Globalization;
using System.Text;
using Relay.Load.Counting;
using Relay.Load.Measuring;

namespace Relay.Load.Reporting;

/// <summary>Reports for people.</summary>
internal static class LoadTable
{
    public static string Of(LoadReport report)
    {
        StringBuilder text = new();
        text.Append(Line($"{report.What}, {report.Rate:0.##}/s for {report.Seconds:0} s, {report.Users} users, on {report.Machine}, load average {report.Load}"));
        text.Append('\n').Append(Row("", "to users", "to business"));
        text.Append(Row("accepted", report.ToUser.Accepted, report.ToBusiness.Accepted));
        text.Append(Row("refused", Refused(report.ToUser), Refused(report.ToBusiness)));
        text.Append(Row("calls without an answer (repeated)", report.ToUser.UnansweredCalls, report.ToBusiness.UnansweredCalls));
        text.Append(Row("messages never answered", report.ToUser.NeverAnswered, report.ToBusiness.NeverAnswered));
        text.Append(Row("delivered", report.ToUser.Delivered, report.ToBusiness.Delivered));
        text.Append(Row("ended as failed, and told", report.ToUser.Failed, report.ToBusiness.Failed));
        text.Append(Row("lost", report.ToUser.Lost, report.ToBusiness.Lost));
        text.Append(Row("copies that unanswered calls explain", report.ToUser.ExplainedCopies, report.ToBusiness.ExplainedCopies));
        text.Append(Row("copies that nothing explains", report.ToUser.UnexplainedCopies, report.ToBusiness.UnexplainedCopies));
        text.Append(Row("the same message twice at a device", report.DeviceRepeats, ""));
        text.Append(Row("statuses told: sent, delivered", $"{report.SentStatuses}, {report.DeliveredStatuses}", ""));
        text.Append(Row("delivered and never told so", report.ToUser.Untold, ""));
        text.Append(Row("webhook calls, repeats among them", "", $"{report.WebhookCalls}, {report.WebhookRepeats}"));
        text.Append(Row("envelopes a device could not read", report.Undecryptable, ""));
        text.Append(Row("ratchet counters seen", report.Counters, ""));
        text.Append('\n').Append(Row("milliseconds", "p50", "p99", "max"));
        text.Append(Row("accept", report.Accept));
        text.Append(Row("end to end, to users", report.EndToEndToUser));
        text.Append(Row("end to end, to business", report.EndToEndToBusiness));
        text.Append(Row("sent told, after accept", report.SentTold));
        text.Append(Row("delivered told, after delivery", report.DeliveredTold));
        text.Append(Row("the endpoint itself", report.WebhookHandling));
        text.Append(Row("generator behind its schedule", report.Lateness));
        if (report.Chaos is { } chaos)
        {
            text.Append('\n').Append(Row($"{Kills(chaos)}, milliseconds", "p50", "p99", "max"));
            text.Append(Row("until the process answered again", chaos.Away));
            text.Append(Row("until all accepted before was out", chaos.Messages));
            text.Append(Row("until all of it was told", chaos.Statuses));
        }

        text.Append(Line($"\nThe rest took {report.DrainSeconds:0.0} s after the load had ended."));
        foreach (IGrouping<string, string> violation in report.Violations.GroupBy(violation => violation))
        {
            text.Append(Line($"BROKEN ({violation.Count()}): {violation.Key}"));
        }

        return text.Append(report.IsKept ? "Every promise was kept.\n" : "A promise was broken.\n").ToString();
    }

    public static string Of(FindReport report)
    {
        StringBuilder text = new(Row("messages/s", "backlog", "p99 to users", "p99 to business", "lost", "sustained"));
        foreach (FindStep step in report.Steps)
        {
            text.Append(Row(Number(step.Rate), step.Backlog, Number(step.P99ToUser), Number(step.P99ToBusiness), step.Lost, step.IsSustained ? "yes" : "no"));
        }

        return text.Append('\n').Append(report.Confirmed is { } confirmed ? Of(confirmed) : "No rate could be confirmed.\n").ToString();
    }

    private static string Refused(Tally tally) =>
        tally.Refused.Count == 0 ? "0" : string.Join(", ", tally.Refused.OrderBy(pair => pair.Key, StringComparer.Ordinal).Select(pair => $"{pair.Value} ({pair.Key})"));

    private static string Row(string name, Spread spread) => Row(name, Number(spread.P50), Number(spread.P99), Number(spread.Max));

    private static string Row(string name, params object[] cells)
    {
        StringBuilder line = new("  ");
        line.Append(name.PadRight(38));
        foreach (object cell in cells)
        {
            line.Append(' ').Append(Convert.ToString(cell, CultureInfo.InvariantCulture)?.PadLeft(15));
        }

        return line.ToString().TrimEnd() + "\n";
    }

    private static string Number(double value) => value.ToString(value < 100 ? "0.0" : "#,0", CultureInfo.InvariantCulture);

    private static string Line(FormattableString text) => text.ToString(CultureInfo.InvariantCulture) + "\n";

    private static string Kills(ChaosFigures chaos) => chaos.KillsOf.Count > 1
        ? $"{chaos.Kills} kills ({string.Join(", ", chaos.KillsOf.Select(count => $"{count.Key} {count.Value}"))})"
        : $"{chaos.Kills} kills";
}
