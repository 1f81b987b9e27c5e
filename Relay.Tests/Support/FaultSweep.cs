using Xunit;

namespace Relay.Tests.Support;

/// <summary>
/// Runs a scenario once for each call it makes and each way that call can fail, until a run ends without its fault having struck.
/// </summary>
public static class FaultSweep
{
    /// <summary>The one that also reads are tried with comes first: from it the others know what is a read.</summary>
    private static readonly Fault[] Faults = [Fault.RequestLost, Fault.ReplyLost, Fault.LandsLate, Fault.CrashBefore, Fault.CrashAfter];

    /// <param name="scenario">
    /// Builds everything anew over the plan, runs it, recovers (<see cref="FaultPlan.Restart()"/>, <see cref="FaultPlan.LandLateAsync"/>)
    /// and asserts. An exception of it is told with the case that failed.
    /// </param>
    /// <param name="most">A scenario of more calls than this isn't ending.</param>
    /// <returns>Every call that was struck, by name and target: compare it with the calls you know.</returns>
    public static async Task<IReadOnlySet<string>> RunAsync(Func<FaultPlan, Task> scenario, int most = 500)
    {
        SortedSet<string> covered = new(StringComparer.Ordinal);
        Dictionary<int, FaultyCall> known = [];
        foreach (Fault fault in Faults)
        {
            for (int k = 0; IsSameAsAnother(known.GetValueOrDefault(k), fault) || await RunOneAsync(scenario, k, fault, covered, known); k++)
            {
                Assert.True(k < most, $"The scenario makes more than {most} calls under {fault}.");
            }
        }

        return covered;
    }

    /// <summary>A read that was done and lost is a read that wasn't done, and a crash at it is the crash after the call before.</summary>
    private static bool IsSameAsAnother(FaultyCall? call, Fault fault) =>
        call is { Name: "table:get" or "table:query" or "queue:count" } && fault != Fault.RequestLost;

    private static async Task<bool> RunOneAsync(
        Func<FaultPlan, Task> scenario, int k, Fault fault, SortedSet<string> covered, Dictionary<int, FaultyCall> known)
    {
        FaultPlan plan = FaultPlan.At(k, fault);
        try
        {
            await scenario(plan);
        }
        catch (Exception e)
        {
            string struck = plan.Struck is [FaultyCall call] ? call.ToString() : $"call {k}, which wasn't reached";
            throw new InvalidOperationException($"Failed with {fault} at {struck}. Calls: {string.Join("; ", plan.Calls)}", e);
        }

        foreach (FaultyCall call in plan.Struck)
        {
            known.TryAdd(k, call);
            covered.Add($"{call.Process} {call.Name} {call.Target}");
        }

        return plan.Struck.Count > 0;
    }
}
