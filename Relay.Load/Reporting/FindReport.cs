namespace Relay.Load.Reporting;

/// <summary>The search for the highest rate that is sustained: every step, and the long run that confirmed the last one.</summary>
/// <param name="Steps">In the order in which they were tried.</param>
/// <param name="Confirmed">Null: no rate could be confirmed.</param>
internal sealed record FindReport(IReadOnlyList<FindStep> Steps, LoadReport? Confirmed)
{
    public string ToJson() => System.Text.Json.JsonSerializer.Serialize(this, LoadJson.Default.FindReport);
}

/// <param name="Rate">Messages a second, each way where both are driven.</param>
/// <param name="Backlog">Messages under way when the step ended.</param>
/// <param name="DrainSeconds">Until they were out.</param>
/// <param name="P99ToUser">Milliseconds, end to end.</param>
/// <param name="P99ToBusiness">The same the other way.</param>
/// <param name="Lost">Messages.</param>
/// <param name="IsSustained">Nothing lost or refused, and no more than two seconds' worth under way at the end.</param>
internal sealed record FindStep(double Rate, int Backlog, double DrainSeconds, double P99ToUser, double P99ToBusiness, int Lost, bool IsSustained);
